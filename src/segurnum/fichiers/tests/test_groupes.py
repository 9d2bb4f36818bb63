"""Files stored together: all of them or none, each once, the disk and the database waited for once."""

import hashlib
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from segurnum.essais.concurrence import ensemble
from segurnum.fichiers import groupes, services
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.queries import rapprocher
from segurnum.fichiers.services import deposer_ensemble, lire
from segurnum.fichiers.stockage import Contenu

pytestmark = pytest.mark.django_db


def _contenus(*textes: str) -> list[Contenu]:
    return [
        Contenu(io.BytesIO(octets), hashlib.sha256(octets).hexdigest(), len(octets))
        for octets in (texte.encode() for texte in textes)
    ]


@pytest.mark.usefixtures("stockage")
def test_un_groupe_se_relit_et_le_meme_contenu_n_y_est_garde_qu_une_fois() -> None:
    connu = services.deposer(flux=io.BytesIO(b"connu"))
    contenus = _contenus("un", "deux", "un", "connu")
    lignes = deposer_ensemble(contenus)
    assert [lire(lignes[contenu.empreinte]) for contenu in contenus] == [b"un", b"deux", b"un", b"connu"]
    assert lignes[connu.empreinte] == connu
    assert Fichier.objects.count() == 3
    assert rapprocher().intact


@pytest.mark.usefixtures("stockage")
def test_un_groupe_rend_au_stockage_ce_qu_il_avait_perdu() -> None:
    perdu = services.deposer(flux=io.BytesIO(b"perdu"))
    default_storage.delete(perdu.cle)
    deposer_ensemble(_contenus("perdu", "autre"))
    assert rapprocher(relire=True).intact


def test_un_arret_entre_les_octets_et_les_lignes_ne_laisse_rien_de_faux(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mourir(_contenus: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "_inscrire", mourir)
    with pytest.raises(KeyboardInterrupt):
        deposer_ensemble(_contenus("un", "deux"))
    assert not Fichier.objects.exists()
    cles = sorted(contenu.cle for contenu in _contenus("un", "deux"))
    assert (rapprocher().intact, set(cles) <= set(rapprocher().orphelins)) == (True, True)
    monkeypatch.undo()
    deposer_ensemble(_contenus("un", "deux"))
    assert not set(cles) & set(rapprocher().orphelins)


def test_les_lignes_d_un_groupe_ne_coutent_pas_une_requete_chacune() -> None:
    nombres = []
    for textes in (["seul"], [f"texte {rang}" for rang in range(30)]):
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            deposer_ensemble(_contenus(*textes))
        nombres.append(len(requetes))
    assert nombres[0] == nombres[1]


def test_rien_n_est_nomme_avant_que_le_disque_tienne_tout_le_groupe(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DONNEES = tmp_path
    settings.STORAGES = {**settings.STORAGES}
    suite: list[str] = []
    remplacer, graver = os.replace, os.fsync

    def noter(poignee: int) -> None:
        suite.append("dossier" if stat.S_ISDIR(os.fstat(poignee).st_mode) else "octets")
        graver(poignee)

    def nommer(*chemins: Any) -> None:
        suite.append("nom")
        remplacer(*chemins)

    monkeypatch.setattr(os, "fsync", noter)
    monkeypatch.setattr(os, "replace", nommer)
    contenus = _contenus("un", "deux", "trois")
    deposer_ensemble(contenus)
    dossiers = {c.cle[:2] for c in contenus} | {c.cle[:5] for c in contenus} | {""}
    assert suite == ["octets"] * 3 + ["nom"] * 3 + ["dossier"] * len(dossiers)


@pytest.mark.django_db(transaction=True)
def test_deux_groupes_au_meme_instant_partagent_leurs_lignes() -> None:
    textes = [f"texte {rang}" for rang in range(40)]
    uns, autres = ensemble(
        lambda: deposer_ensemble(_contenus(*textes)), lambda: deposer_ensemble(_contenus(*reversed(textes)))
    )
    assert uns == autres
    assert Fichier.objects.count() == 40


@pytest.mark.parametrize(("borne", "valeur"), [("NOMBRE", 2), ("OCTETS", 8)])
def test_un_groupe_se_range_des_qu_il_est_grand(
    borne: str, valeur: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groupes, borne, valeur)
    lus = groupes.Groupes()
    ranges = []
    for contenu in _contenus("4 o1", "4 o2", "4 o3"):
        lus.ajouter(contenu)
        ranges.append(len(lus.fichiers))
    lus.ranger()
    assert [*ranges, len(lus.fichiers)] == [0, 2, 2, 3]
