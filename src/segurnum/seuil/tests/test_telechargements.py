"""What leaves the portal as a file: its name, and the type that is its own."""

import pytest
from django.http import HttpResponse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.textes import NOM_MAX, nom_de_fichier
from segurnum.seuil.telechargements import proteger
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, octets


@pytest.mark.exigence("XCT-009")
@pytest.mark.django_db
def test_le_type_est_celui_du_document_et_non_de_ses_octets():
    """Whoever stores the same bytes first, as something else, decides nothing for the others."""
    demande = instruction.demande()
    contenu = b"<script>alert(1)</script>"
    agent = Agent(Profil.GESTIONNAIRE)
    for nom, attendu in (
        ("note.txt", "text/plain; charset=utf-8"),
        ("piece.PDF", "application/pdf"),
        ("page.html", "application/octet-stream"),
        ("sans extension", "application/octet-stream"),
    ):
        piece = demande.pieces.create(
            nom=nom, type="AUTRE", fichier=usines.fichier(contenu), depose_le=maintenant()
        )
        reponse = agent.lire("piece", demande.numero, piece.pk)
        assert octets(reponse) == contenu
        assert reponse["Content-Type"] == attendu
        assert reponse["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("nom", "ecrit"),
    [
        ("bdc.pdf", 'attachment; filename="bdc.pdf"'),
        ("élève à.pdf", "attachment; filename*=utf-8''%C3%A9l%C3%A8ve%20%C3%A0.pdf"),
        ('a"; filename="evil.html', 'attachment; filename="a_; filename=_evil.html"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'attachment; filename="a__Set-Cookie_ x=1.pdf"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("\u202efdp.exe", 'attachment; filename="_fdp.exe"'),
        ("a\x00b.pdf", 'attachment; filename="a_b.pdf"'),
        ("\ud800.pdf", 'attachment; filename="_.pdf"'),
        ("   ", 'attachment; filename="document"'),
        ("", 'attachment; filename="document"'),
        ("...", 'attachment; filename="document"'),
    ],
)
def test_un_nom_etrange_ne_sort_ni_de_l_en_tete_ni_du_dossier(nom: str, ecrit: str):
    assert proteger(HttpResponse(), nom)["Content-Disposition"] == ecrit


def test_un_nom_trop_long_garde_son_extension():
    ecrit = nom_de_fichier("é" * 300 + ".pdf")
    assert len(ecrit) == NOM_MAX
    assert ecrit.endswith("é.pdf")
    assert len(nom_de_fichier("a." + "x" * 300)) <= NOM_MAX
