"""« Télécharger les pièces »: those of the chosen dossiers in one ZIP, under names that say what they are."""

import csv
import hashlib
import io
import tracemalloc
import zipfile

import pytest

from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.exports import pieces
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.fichiers.services import deposer
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.depot import Fournisseur, Reponse, en_cours
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _zip(reponse: Reponse) -> zipfile.ZipFile:
    assert reponse.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(reponse.streaming_content)))


def test_les_pieces_des_demandes_cochees_viennent_dans_un_zip_avec_leurs_empreintes():
    fournisseur = Fournisseur()
    cochee, autre = en_cours(fournisseur.deposant, 2)
    archive = _zip(fournisseur.faire("pieces_zip", demande=[cochee.pk]))
    assert archive.testzip() is None
    noms = [n for n in archive.namelist() if "/" in n]
    assert len(noms) == cochee.pieces.count()
    assert {n.split("/")[0] for n in noms} == {cochee.dossier.numero}
    assert {n.split("/")[1] for n in noms} == {f"Avance {cochee.numero}"}
    piece = cochee.pieces.order_by("pk")[0]
    assert f"{cochee.dossier.numero}/Avance {cochee.numero}/{piece.type} - {piece.nom}" in noms
    texte = archive.read("manifeste.csv").decode("utf-8-sig")
    titre, *lignes = csv.reader(io.StringIO(texte), delimiter=";")
    for ligne in lignes:
        lue = dict(zip(titre, ligne, strict=True))
        octets = archive.read(lue["Fichier de ce ZIP"])
        assert hashlib.sha256(octets).hexdigest() == lue["SHA-256"]
        assert str(len(octets)) == lue["Taille (octets)"]
    sommes = archive.read("empreintes.sha256").decode().splitlines()
    assert sorted(somme.split("  ")[1] for somme in sommes) == sorted(noms)
    tout = _zip(fournisseur.faire("pieces_zip"))
    assert {n.split("/")[0] for n in tout.namelist() if "/" in n} == {
        cochee.dossier.numero,
        autre.dossier.numero,
    }


def test_ce_que_personne_n_ouvre_est_nomme_dans_le_manifeste_et_n_est_pas_dans_le_zip():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    retenue = demande.pieces.get()
    doublon = demande.pieces.create(
        nom="double.pdf", type=retenue.type, fichier=usines.fichier(), depose_le=maintenant()
    )
    assert retenue.fichier is not None
    Fichier.objects.filter(pk=retenue.fichier.pk).update(analyse=Analyse.INFECTE)
    attendue = demande.pieces.create(nom="attendue.pdf", type="AUTRE")
    archive = _zip(fournisseur.faire("pieces_zip", demande=[demande.pk]))
    lignes = list(csv.reader(io.StringIO(archive.read("manifeste.csv").decode("utf-8-sig")), delimiter=";"))
    remarques = {ligne[4]: ligne[9] for ligne in lignes[1:]}
    assert remarques[retenue.nom] == "absente : l'antivirus y a trouvé une menace"
    assert remarques[attendue.nom] == "absente : elle n'est pas encore déposée"
    assert remarques[doublon.nom] == ""
    assert not [n for n in archive.namelist() if retenue.nom in n or attendue.nom in n]


def test_un_zip_ne_porte_ni_les_pieces_d_une_autre_entreprise_ni_trop_de_demandes(
    monkeypatch: pytest.MonkeyPatch,
):
    fournisseur, autre = Fournisseur(), Fournisseur()
    (etrangere,) = en_cours(autre.deposant)
    page = fournisseur.suivre(fournisseur.faire("pieces_zip", demande=[etrangere.pk]))
    assert "Ces demandes n'ont aucune pièce" in mots(page)
    monkeypatch.setattr(pieces, "DEMANDES_MAX", 0)
    page = autre.suivre(autre.faire("pieces_zip"))
    assert "0 demande au plus" in mots(page)


@pytest.mark.parametrize(
    ("choix", "phrase"),
    [
        ({"demande": ["x"]}, "Cochez au moins une demande."),
        ({"demande": ["1"], "toutes": "7"}, "La liste a changé depuis que vous l'avez ouverte"),
    ],
)
def test_une_selection_qui_ne_vaut_plus_est_dite_sur_la_liste(choix: dict[str, object], phrase: str):
    fournisseur = Fournisseur()
    en_cours(fournisseur.deposant)
    assert phrase in mots(fournisseur.suivre(fournisseur.faire("pieces_zip", **choix)))


def test_un_zip_s_ecrit_sans_tenir_ses_pieces_en_memoire():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    gros = deposer(flux=io.BytesIO(b"%PDF-" + b"0" * 8_000_000))
    demande.pieces.update(fichier=gros)
    reponse = fournisseur.faire("pieces_zip")
    tracemalloc.start()
    try:
        taille = sum(len(lot) for lot in reponse.streaming_content)
        pic = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taille > 8_000_000 > pic


def test_un_zip_au_dela_des_bornes_du_format_se_lit_encore(monkeypatch: pytest.MonkeyPatch):
    """4 GiB, 65 535 entries: brought down here to what three pieces pass."""
    fournisseur = Fournisseur()
    en_cours(fournisseur.deposant, 3)
    with monkeypatch.context() as bornes:
        bornes.setattr(zipfile, "ZIP64_LIMIT", 1_000)
        bornes.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
        octets = b"".join(fournisseur.faire("pieces_zip").streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(octets))
    assert archive.testzip() is None
    assert {nom.split("/")[0] for nom in archive.namelist()} == {
        *(demande.dossier.numero for demande in Demande.objects.all()),
        "manifeste.csv",
        "empreintes.sha256",
    }
    assert b"PK\x06\x06" in octets, "la fin du répertoire est celle des grands ZIP"
