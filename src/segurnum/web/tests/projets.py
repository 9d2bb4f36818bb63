"""Proposals of windows, scales and ceilings, as two people of the administration make and judge them."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum import couloirs
from segurnum.couloirs.baremes import Assiette, PlafondCalcule
from segurnum.referentiel.grilles import grille
from segurnum.referentiel.models import Projet
from segurnum.referentiel.projets import REGLAGES
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage
from segurnum.web.tests.instruction import Agent, Reponse

DSR = "DSR-MS1-DUI-Va1"
DATES = {
    "ouverture": "2026-06-01T09:00",
    "affichee": "2026-12-15T14:00",
    "fermeture": "2026-12-15T14:00",
    "source": "Arrêté du 1er mai 2026",
}


def proposer(admin: Agent, route: str, saisie: Mapping[str, object], *args: object) -> Reponse:
    return admin.client.post(reverse(f"gestion:{route}", args=args), saisie)


def importer(admin: Agent, genre: str, *lignes: str, nom: str = "lignes.csv") -> Reponse:
    colonnes = REGLAGES[GenreReglage(genre.upper())].table.colonnes
    octets = "\n".join((";".join(colonnes), *lignes)).encode()
    adresse = reverse("gestion:importer_projet", args=[genre])
    return admin.client.post(adresse, {"fichier": SimpleUploadedFile(nom, octets)})


def geste(agent: Agent, projet: Projet, code: str, **saisie: str) -> Reponse:
    return agent.client.post(reverse("gestion:geste_projet", args=[projet.pk, code]), saisie)


def approuver(admin: Agent, autre: Agent) -> Projet:
    """The last draft, through the hands of both."""
    projet = Projet.objects.latest("pk")
    assert geste(admin, projet, "soumettre").status_code == 302
    assert geste(autre, projet, "approuver").status_code == 302
    projet.refresh_from_db()
    return projet


def plafond(code: str, identifiants: list[str], jour: date) -> PlafondCalcule:
    assiette = Assiette(TypeDemande.AVANCE, tuple(identifiants))
    return grille(couloirs.par_code(code)).plafond(assiette, jour)


def classeur(*lignes: list[str]) -> bytes:
    """The least workbook: one sheet of texts."""
    cellules = ('<c t="inlineStr"><is><t>{}</t></is></c>' * len(lignes[0])).join(("<row>", "</row>"))
    rangs = "".join(cellules.format(*ligne) for ligne in lignes)
    ici = "http://schemas.openxmlformats.org"
    relation = f"{ici}/officeDocument/2006/relationships"
    contenus = {
        "[Content_Types].xml": f'<Types xmlns="{ici}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{ici}/package/2006/relationships"><Relationship Id="a" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ici}/spreadsheetml/2006/main" xmlns:r="{relation}"><sheets>'
        '<sheet name="F" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{ici}/package/2006/relationships"><Relationship Id="b" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ici}/spreadsheetml/2006/main"><sheetData>{rangs}'
        "</sheetData></worksheet>",
    }
    sortie = BytesIO()
    with ZipFile(sortie, "w") as archive:
        for nom, contenu in contenus.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()
