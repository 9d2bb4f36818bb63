"""The stores that files are kept in: a folder, an S3-compatible one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from segurnum.essais.s3 import serveur_s3
from segurnum.fichiers.adresse import options_s3


@pytest.fixture(scope="package")
def adresse_s3() -> Iterator[str]:
    with serveur_s3() as adresse:
        yield adresse


@pytest.fixture(params=["disque", "s3"])
def stockage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    settings.DONNEES = tmp_path
    parties: dict[str, Any] = {"BACKEND": "segurnum.fichiers.stockage.StockageLocal"}
    if request.param == "s3":
        adresse = request.getfixturevalue("adresse_s3")
        parties = {"BACKEND": "segurnum.fichiers.stockage_s3.StockageS3", "OPTIONS": options_s3(adresse)}
    settings.STORAGES = settings.STORAGES | {"default": parties}
