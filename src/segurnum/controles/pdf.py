"""A PDF is judged by its pages: readable to all, with nothing that acts by itself. Its making may be unusual.

A cross-reference that is wrong, octets after the end, a signature, a protection that asks for no password: every
reader shows such a document without a word, and to correct it would destroy its signature.
"""

from __future__ import annotations

import io
import logging
from typing import Any, BinaryIO

import pikepdf

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.filtres import FluxAbime, TropDeTravail
from segurnum.controles.images import IMAGE_GEANTE
from segurnum.controles.pdf_actions import contenus_actifs
from segurnum.controles.pdf_pages import ImageGeante, LecteurDePages
from segurnum.controles.pdf_structure import (
    STRUCTURE_MAX,
    compter_les_noeuds,
    neutraliser_lzw,
    pages_annoncees,
    reparable,
    verifier_sans_perte,
    verifier_structure,
)
from segurnum.controles.problemes import Probleme, nombre_fr, probleme
from segurnum.controles.travail import trop_de_travail

PDF_ABIME = declarer(
    "4112",
    "PDF illisible, tronqué ou vide",
    ERREUR,
    "Le PDF ne s'ouvre pas, il est tronqué ou abîmé au point d'avoir perdu une partie, ou il n'a aucune page.",
    "Produisez à nouveau le PDF à partir du document d'origine.",
)
PDF_CHIFFRE = declarer(
    "4113",
    "PDF protégé par un mot de passe",
    ERREUR,
    "Le PDF demande un mot de passe à l'ouverture, ou il est chiffré pour certaines personnes seulement : tous ne "
    "pourraient pas le lire. Un PDF protégé contre la modification seule est accepté.",
    "Retirez le mot de passe d'ouverture du document et joignez-le à nouveau.",
)
PDF_ACTIF = declarer(
    "4114",
    "PDF avec du contenu actif",
    ERREUR,
    "Le PDF contient ce qui agit sur le poste de qui l'ouvre : un script, une action qui ouvre un programme, un autre "
    "fichier ou un partage réseau, un formulaire XFA, un contenu multimédia, ou une pièce incorporée exécutable. Sont "
    "acceptés les liens vers le web, les champs de formulaire et leur format (une date par exemple), les signatures et "
    "les données jointes ordinaires (le XML d'une facture Factur-X par exemple).",
    "Imprimez le document dans un nouveau PDF : le contenu actif disparaît.",
)
PAGE_ILLISIBLE = declarer(
    "4119",
    "Page de PDF illisible",
    ERREUR,
    "Une page du PDF ne peut être affichée par aucun lecteur : ce qui la dessine, ou une image qu'elle montre, est "
    "abîmé.",
    "Produisez à nouveau le PDF, ou numérisez à nouveau la page, puis ouvrez-le pour vérifier cette page.",
)

PAGES_MAX = 2_000
_PAGES_CITEES = 5
_REPARABLES = frozenset({PDF_ABIME.code, PAGE_ILLISIBLE.code})

# What qpdf says of a file is said in its report.
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
# A few compressed octets must not become gigabytes. These limits are those of the whole process.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=STRUCTURE_MAX,
    run_length_max_memory=STRUCTURE_MAX,
    png_max_memory=STRUCTURE_MAX,
    tiff_max_memory=STRUCTURE_MAX,
    max_stream_filters=4,
    parser_max_nesting=100,
    doc_max_warnings=10_000,
)


def verifier_pdf(flux: BinaryIO, nom: str, _taille: int) -> list[Probleme]:
    """Problems of a PDF. It is opened as it is; when that fails, once more with its damage repaired, and judged so."""
    try:
        octets = neutraliser_lzw(flux.read())
        compter_les_noeuds(octets)
        tel_quel = _ouvrir(octets, nom, reparer=False)
        if tel_quel is not None and not {code for code, _ in tel_quel} & _REPARABLES:
            return tel_quel
        repare = _ouvrir(octets, nom, reparer=True) if reparable(octets) else None
    except TropDeTravail:
        return [trop_de_travail(nom)]
    if repare == []:
        return []
    return (
        tel_quel
        or repare
        or [probleme(PDF_ABIME, f"le PDF « {nom} » est tronqué ou abîmé ; il ne s'ouvre pas sans perte.")]
    )


def _ouvrir(octets: bytes, nom: str, *, reparer: bool) -> list[Probleme] | None:
    """The problems of the document, None when it does not open so. Raises TropDeTravail."""
    try:
        with pikepdf.open(io.BytesIO(octets), attempt_recovery=reparer, suppress_warnings=True) as document:
            return _juger(document, octets, nom, reparer)
    except pikepdf.PasswordError:
        return [_pdf_chiffre(nom)]
    except (TropDeTravail, MemoryError):  # neither says anything of the file's soundness
        raise
    except Exception as erreur:  # qpdf reports damage through many types; each means that it does not open
        if "encrypt" in str(erreur).lower():
            return [_pdf_chiffre(nom)]
        return [_sans_page(nom)] if "no pages found" in str(erreur) else None


def _juger(document: pikepdf.Pdf, octets: bytes, nom: str, repare: bool) -> list[Probleme]:
    verifier_structure(document)
    annoncees = pages_annoncees(document, octets)
    pages = list(document.pages)
    if not pages:
        return [_sans_page(nom)]
    if len(pages) > PAGES_MAX:
        raise TropDeTravail
    if annoncees > len(pages):
        return [_pages_perdues(nom, annoncees, len(pages))]
    if repare:
        verifier_sans_perte(document)
    illisibles = _pages_illisibles(pages, nom)
    if illisibles:
        return illisibles
    actifs = contenus_actifs(document)
    if actifs:
        return [
            probleme(PDF_ACTIF, f"le PDF « {nom} » contient {' et '.join(actifs)} ; joignez-le sans cela.")
        ]
    return []


def _pages_illisibles(pages: list[Any], nom: str) -> list[Probleme]:
    lecteur = LecteurDePages()
    abimees, geantes = [], []
    for rang, page in enumerate(pages, start=1):
        try:
            lecteur.lire(page.obj)
        except FluxAbime:
            abimees.append(rang)
        except ImageGeante:
            geantes.append(rang)
    problemes = []
    if abimees:
        suite = (
            "est illisible : aucun lecteur ne peut l'afficher"
            if len(abimees) == 1
            else "sont illisibles : aucun lecteur ne peut les afficher"
        )
        phrase = f"{_les_pages(abimees)} du PDF « {nom} » {suite} ; produisez le PDF à nouveau."
        problemes.append(probleme(PAGE_ILLISIBLE, phrase))
    if geantes:
        problemes.append(
            probleme(
                IMAGE_GEANTE,
                f"{_les_pages(geantes)} du PDF « {nom} » porte{'nt' if len(geantes) > 1 else ''} une image aux "
                "dimensions excessives ; numérisez en 200 ou 300 points par pouce.",
            )
        )
    return problemes


def _les_pages(rangs: list[int]) -> str:
    """« la page 3 », « les pages 3 et 5 », « les pages 1, 2, 3, 4, 5 et 7 autres »."""
    if len(rangs) == 1:
        return f"la page {rangs[0]}"
    cites = [str(rang) for rang in rangs[:_PAGES_CITEES]]
    autres = len(rangs) - len(cites)
    *debut, fin = [*cites, f"{autres} autre{'s' if autres > 1 else ''}"] if autres else cites
    return f"les pages {', '.join(debut)} et {fin}"


def _sans_page(nom: str) -> Probleme:
    return probleme(PDF_ABIME, f"le PDF « {nom} » n'a aucune page.")


def _pages_perdues(nom: str, annoncees: int, presentes: int) -> Probleme:
    return probleme(
        PDF_ABIME,
        f"le PDF « {nom} » annonce {nombre_fr(annoncees)} pages, {nombre_fr(presentes)} seulement s'y "
        f"trouve{'nt' if presentes > 1 else ''} ; produisez-le à nouveau.",
    )


def _pdf_chiffre(nom: str) -> Probleme:
    return probleme(
        PDF_CHIFFRE,
        f"le PDF « {nom} » est protégé : il demande un mot de passe à l'ouverture ; joignez-le sans ce mot de passe.",
    )
