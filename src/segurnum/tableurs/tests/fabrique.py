"""Spreadsheets of invented requests, right but for what a test changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.workbook import Workbook

from segurnum.controles import Anomalie, Contexte, Rapport, verifier
from segurnum.couloirs import trouver
from segurnum.couloirs.vierges import exemple
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import Conversion, convertir, plan_de, situer
from segurnum.tableurs.demandes import ecrite
from segurnum.tableurs.grille import grille

AVANCE = TypeDemande.AVANCE
Lignes = list[list[Any]]


def lignes(code: str = "MDV-LGC-Va1", type_demande: TypeDemande = AVANCE) -> Lignes:
    """Headings and rows of the published example."""
    plan = plan_de(trouver(code), type_demande)
    contenu = grille(plan, exemple(plan.couloir, type_demande), complete=False)
    colonnes = plan.proposees
    corps = [[ecrite(ligne.get(c, "")) for c in colonnes] for ligne in contenu.lignes]
    return [[colonne.intitule for colonne in colonnes], *corps]


def intitule(nom: str, code: str = "MDV-LGC-Va1") -> str:
    """The heading of a field, by its name."""
    colonnes = plan_de(trouver(code), AVANCE).colonnes
    return next(colonne.intitule for colonne in colonnes if colonne.champ.nom == nom)


def changer(table: Lignes, titre: str, valeur: Any, ligne: int = 1) -> Lignes:
    """The same rows, with another value in one cell."""
    table[ligne][table[0].index(titre)] = valeur
    return table


def xlsx(
    table: Lignes, *, nom: str = "Demandes", apres: Callable[[Workbook], object] = lambda _: None
) -> bytes:
    """A workbook of one sheet. `apres`: what else is done to it."""
    tampon = io.BytesIO()
    classeur = Workbook(tampon, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    feuille = classeur.add_worksheet(nom)
    for rang, ligne in enumerate(table):
        for place, valeur in enumerate(ligne):
            if valeur != "":
                feuille.write(rang, place, valeur) if not isinstance(valeur, str) else feuille.write_string(
                    rang, place, valeur
                )
    apres(classeur)
    classeur.close()
    return tampon.getvalue()


def csv(table: Lignes, separateur: str = ";") -> str:
    return "\n".join(separateur.join(str(valeur) for valeur in ligne) for ligne in table) + "\n"


def ods(table: Lignes, formule: str = "") -> bytes:
    """The least document that is one."""
    rangees = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{formule}><text:p>{escape(str(valeur))}</text:p>'
            "</table:table-cell>"
            for valeur in ligne
        )
        + "</table:table-row>"
        for ligne in table
    )
    contenu = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Demandes">{rangees}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", contenu)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return tampon.getvalue()


def lire(
    octets: bytes | str, code: str | None = "MDV-LGC-Va1", type_demande: TypeDemande | None = AVANCE
) -> Conversion:
    brut = octets.encode() if isinstance(octets, str) else octets
    return convertir(io.BytesIO(brut), code and trouver(code).dsr, type_demande)


def rapport(octets: bytes | str, code: str = "MDV-LGC-Va1", type_demande: TypeDemande = AVANCE) -> Rapport:
    """The whole report, the engine's part included."""
    lue = lire(octets, code, type_demande)
    contexte = Contexte(dsr=lue.dsr, type=lue.type)
    return situer(lue, verifier(lue.octets, contexte) if lue.octets else None)


def codes(lue: Conversion) -> list[str]:
    """Without the note on the pieces, which every sheet without pieces gets."""
    return sorted(r.code for r in lue.remarques if "aucune pièce" not in r.message)


def dite(anomalies: Sequence[Anomalie], code: str) -> Anomalie:
    """The only anomaly of this code."""
    (une,) = [anomalie for anomalie in anomalies if anomalie.code == code]
    return une
