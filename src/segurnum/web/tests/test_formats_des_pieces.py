"""What a screen says that it takes is what it takes, for each type of piece."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from segurnum.controles.tests import fabrique_pieces
from segurnum.web.tests.a_modifier import solde_a_modifier
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("type_piece", "nom", "octets", "recue"),
    [
        ("MSS_RESU_TEST_TECH", "preuve-bis.txt", b"Appels : 20 sur 20\n", True),
        ("AUTRE_S", "autre.txt", b"Un texte\n", False),
        ("AUTRE_S", "autre.pdf", fabrique_pieces.pdf(), True),
    ],
)
def test_une_piece_ajoutee_suit_les_formats_annonces_pour_son_type(
    type_piece: str, nom: str, octets: bytes, *, recue: bool
) -> None:
    ecran, solde = solde_a_modifier()
    page = mots(ecran.lire("modifier", solde.numero))
    annonce = page.partition("Formats acceptés : ")[2].partition(" 4 Mo au plus")[0]
    groupes = {groupe.partition(" pour ")[2]: groupe for groupe in annonce.split(" ; ")}
    (de_l_autre,) = (groupe for dits, groupe in groupes.items() if "« Autre pièce" in dits)
    (de_la_preuve,) = (groupe for dits, groupe in groupes.items() if "preuve de déploiement" in dits)
    assert ".txt" not in de_l_autre
    assert ".txt" in de_la_preuve
    page = ecran.faire(
        "modifier",
        solde.numero,
        geste="importer_piece",
        type_piece=type_piece,
        fichier=SimpleUploadedFile(nom, octets),
    )
    assert (page.status_code == 302) is recue
    assert solde.pieces.filter(nom=nom).exists() is recue
