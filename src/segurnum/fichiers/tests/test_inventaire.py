"""What a store holds, read in order and a page at a time, whatever the store."""

import io
import os
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from pytest_django import Settings

from segurnum.fichiers import services
from segurnum.fichiers.queries import rapprocher
from segurnum.fichiers.stockage import inventaire

pytestmark = pytest.mark.django_db
CLES = ["ab/cd/1", "ab/ce/2", "ab-c", "zz"]


@pytest.mark.usefixtures("stockage")
def test_l_inventaire_va_dans_l_ordre_des_cles() -> None:
    for cle in reversed(CLES):
        default_storage.save(cle, ContentFile(cle.encode() * 2))
    nouvelles = [(cle, taille) for cle, taille in inventaire(default_storage) if cle in CLES]
    assert nouvelles == [(cle, 2 * len(cle)) for cle in sorted(CLES)]


def test_un_autre_stockage_se_parcourt_par_ses_noms() -> None:
    memoire = InMemoryStorage()
    for cle in CLES:
        memoire.save(cle, ContentFile(b"x"))
    assert list(inventaire(memoire)) == [(cle, 1) for cle in sorted(CLES)]


@pytest.mark.usefixtures("stockage")
def test_le_rapprochement_ne_demande_rien_de_chaque_fichier() -> None:
    for rang in range(5):
        services.deposer(flux=io.BytesIO(bytes([rang])))
    demandes: Counter[str] = Counter()
    client = getattr(default_storage, "connection", None)
    if client is not None:
        evenements = client.meta.client.meta.events
        evenements.register("before-call.s3", lambda model, **_: demandes.update([model.name]))
    assert rapprocher().intact
    assert demandes["HeadObject"] == 0
    assert demandes["ListObjects"] == (1 if client is not None else 0)


@pytest.mark.usefixtures("stockage")
def test_le_rapprochement_distingue_perdus_alteres_et_orphelins_melanges() -> None:
    fichiers = [services.deposer(flux=io.BytesIO(b"%d" % rang)) for rang in range(6)]
    fichiers.sort(key=lambda fichier: fichier.empreinte)
    perdus, change = fichiers[::3], fichiers[1]
    for fichier in perdus:
        default_storage.delete(fichier.cle)
    default_storage.save(change.cle, ContentFile(b"plus long"))
    oublies = ["00/00/" + "0" * 64, "ff/ff/" + "f" * 64]
    for cle in oublies:
        default_storage.save(cle, ContentFile(b"x"))
    resultat = rapprocher()
    assert resultat.perdus == [fichier.empreinte for fichier in perdus]
    assert resultat.alteres == [change.empreinte]
    assert set(oublies) <= set(resultat.orphelins)
    assert resultat.lignes == 6


def test_le_disque_garde_aussi_les_noms_des_dossiers(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DONNEES = tmp_path
    settings.STORAGES = {**settings.STORAGES}
    graves: list[Any] = []
    remplacer, graver = os.replace, os.fsync

    def note(poignee: int) -> None:
        if stat.S_ISDIR(os.fstat(poignee).st_mode):
            graves.append(Path(os.readlink(f"/proc/self/fd/{poignee}")))
        graver(poignee)

    def nommer(*chemins: Any) -> None:
        graves.append("nommé")
        remplacer(*chemins)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(os, "replace", nommer)
    racine = tmp_path / "fichiers"
    default_storage.save("ab/cd/abcd", ContentFile(b"x"))
    assert graves[0] == "nommé"
    assert sorted(graves[1:]) == [racine, racine / "ab", racine / "ab" / "cd"]
