"""The embedded list of communes, and the words of an address."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from segurnum.referentiel import communes


@pytest.mark.exigence("ENR-035")
@pytest.mark.parametrize(
    ("code_postal", "attendues"),
    [
        ("87000", ["Limoges"]),
        ("75008", ["Paris"]),
        (
            "87200",
            ["Chaillac-sur-Vienne", "Saint-Brice-sur-Vienne", "Saint-Junien", "Saint-Martin-de-Jussac"],
        ),
        ("97410", ["Saint-Pierre"]),
        ("98714", ["Papeete"]),
        ("87039", []),
        ("", []),
        ("8700", []),
    ],
)
def test_les_communes_dependent_du_code_postal(code_postal: str, attendues: list[str]) -> None:
    assert communes.communes(code_postal) == attendues


def test_la_liste_officielle_est_entiere() -> None:
    par_code = communes._par_code()
    assert len(par_code) > 6_000
    assert len({nom for noms in par_code.values() for nom in noms}) > 30_000
    assert all(len(code) == 5 and code.isdigit() and noms for code, noms in par_code.items())


@pytest.mark.exigence("ENR-031", "ENR-035")
@pytest.mark.parametrize(
    ("code_postal", "ecrite", "commune"),
    [
        ("87200", "ST JUNIEN", "Saint-Junien"),
        ("87200", "SAINT-JUNIEN CEDEX 2", "Saint-Junien"),
        ("87200", "AILLEURS", ""),
        ("75008", "PARIS 8E ARRONDISSEMENT", "Paris"),
        ("69003", "LYON 3EME", "Lyon"),
        ("87000", "N'IMPORTE", "Limoges"),
        ("87039", "LIMOGES CEDEX 1", ""),
    ],
)
def test_la_commune_d_un_annuaire_est_retrouvee_dans_la_liste(
    code_postal: str, ecrite: str, commune: str
) -> None:
    assert communes.commune_officielle(code_postal, ecrite) == commune


@pytest.mark.exigence("ENR-031", "ENR-035")
@pytest.mark.parametrize(
    ("code_postal", "ecrite", "attendue"),
    [
        ("87039", "LIMOGES CEDEX 1", ("87000", "Limoges")),
        ("59777", "LILLE", ("59777", "Lille")),
        ("59020", "LILLE CEDEX", ("59000", "Lille")),
        ("75379", "PARIS CEDEX 08", ("75008", "Paris")),
        ("87000", "LIMOGES", ("87000", "Limoges")),
        ("99999", "AILLEURS", ("99999", "AILLEURS")),
        ("59020", "NULLE PART CEDEX", ("59020", "NULLE PART CEDEX")),
    ],
)
def test_un_cedex_donne_la_commune_qu_il_dessert(
    code_postal: str, ecrite: str, attendue: tuple[str, str]
) -> None:
    assert communes.adresse_officielle(code_postal, ecrite) == attendue


@pytest.mark.exigence("ENR-032", "ENR-033")
def test_types_de_voie_et_extensions_sont_proposes_et_reconnus() -> None:
    assert {"Rue", "Avenue", "Boulevard", "Place"} <= set(communes.types_de_voie())
    assert communes.types_de_voie() == sorted(communes.types_de_voie(), key=communes._simplifie)
    assert communes.extensions()[:2] == ["bis", "ter"]
    for ecrit, propose in (("AV", "Avenue"), ("allée", "Allée"), ("LIEU DIT", "Lieu-dit"), ("PORCHE", "")):
        assert communes.type_de_voie_officiel(ecrit) == propose
    for ecrit, propose in (("B", "bis"), ("Ter", "ter"), ("", ""), ("Z", "")):
        assert communes.extension_officielle(ecrit) == propose


def test_la_liste_embarquee_se_refait_a_partir_du_fichier_publie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publie, faite = tmp_path / "communes.json", tmp_path / "communes.txt.gz"
    lignes = [
        {"nom": "Écrille", "type": "commune-actuelle", "codesPostaux": ["39270", "39271"]},
        {"nom": "Zède", "type": "commune-actuelle", "codesPostaux": ["39270"]},
        {"nom": "Ancienne", "type": "commune-deleguee", "codesPostaux": ["39270"]},
        {"nom": "Déserte", "type": "commune-actuelle"},
    ]
    publie.write_text(json.dumps(lignes), "utf-8")
    call_command("actualiser_communes", str(publie), vers=faite, stdout=io.StringIO())
    monkeypatch.setattr(communes, "files", lambda _: tmp_path.parent)
    monkeypatch.setattr(communes, "_FICHIER", faite)
    assert communes._par_code.__wrapped__() == {"39270": ("Écrille", "Zède"), "39271": ("Écrille",)}
    publie.write_text("[1]", "utf-8")
    with pytest.raises(CommandError, match="n'est pas la liste"):
        call_command("actualiser_communes", str(publie), vers=faite)
