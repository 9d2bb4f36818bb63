"""The documents that the portal makes from its own rules: guides, models, examples (PUB-044 to PUB-048)."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from segurnum import editique
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import par_fichier
from segurnum.couloirs.vierges import fichier_vierge
from segurnum.editique import attestation_hds, contrat_prestation, exemple_pieces, mandat_signature
from segurnum.editorial.queries import documents
from segurnum.regles.cycles import TypeDemande

DOSSIER = Path(__file__).resolve().parents[3] / "docs" / "guides"
_DATE_ZIP = (2024, 1, 1, 0, 0, 0)  # the same declarations give the same octets

# In the order of « Documents utiles », where each is a PDF too (PUB-044, PUB-047): name -> title there, what it tells.
GUIDES = {
    "presentation": (
        "Présentation officielle du Ségur du numérique en santé",
        "Ce que l'État finance, pour qui, et comment une demande chemine.",
    ),
    "enroler": (
        "Guide utilisateur - L'enrôlement auprès de l'ASP",
        "Premier enrôlement, enrôlement anticipé, pièces demandées, demande complémentaire.",
    ),
    "identifiants": (
        "Guide utilisateur - Retrouver son identifiant ou mot de passe de connexion",
        "Identifiant ou mot de passe perdu, lien expiré, second facteur.",
    ),
    "ecrans": (
        "Guide utilisateur - Les écrans du portail",
        "Les pages publiques, la page d'accueil, les menus et les tableaux.",
    ),
    "simuler": (
        "Guide utilisateur - Simulateur de dépôt JSON",
        "Contrôler un fichier avec ou sans compte, lire le rapport.",
    ),
    "deposer": (
        "Guide utilisateur - Dépôt d'une demande de financement",
        "Simulation, import, pièces, demandes incomplètes.",
    ),
    "suivre": (
        "Guide utilisateur - Suivi des demandes, exports et modèles de pièces",
        "Les statuts, les paiements, ce qui se reverse, les fichiers à exporter.",
    ),
    "modifier": (
        "Guide utilisateur - La modification d'une demande d'avance ou de solde",
        "Corriger une avance ou un solde « A modifier », ajouter une pièce, les délais.",
    ),
    "operateur": (
        "Guide utilisateur - Opérateur MSS, dépôt d'une demande de solde",
        "Avance et solde d'un opérateur, pièces selon le profil, calcul du montant.",
    ),
    "banque": (
        "Guide utilisateur - Ajouter de nouvelles coordonnées bancaires",
        "Saisie, confirmation par le représentant légal, délai.",
    ),
    "personnes": (
        "Guide utilisateur - Modifier les coordonnées des personnes physiques",
        "Représentant légal, dépositaire, pièces demandées.",
    ),
}


@cache
def guide_en_html(nom: str) -> tuple[str, str]:
    """The title of a guide and its text. The texts are the project's own, so they are trusted."""
    titre, texte = _source(nom)
    html = MarkdownIt("commonmark").enable("table").render(texte)
    for balise, entoure in (
        ("<table>", '<div class="portail-tableau" tabindex="0" role="group" aria-label="Tableau"><table>'),
        ("</table>", "</table></div>"),
        ("<pre>", '<pre tabindex="0">'),
    ):
        html = html.replace(balise, entoure)
    return titre, html


def guide_en_pdf(nom: str) -> bytes:
    """The same guide, to keep or to print."""
    return editique.guide(*_source(nom))


def _source(nom: str) -> tuple[str, str]:
    entete, texte = (DOSSIER / f"{nom}.md").read_text("utf-8").split("\n", 1)
    return entete.removeprefix("# "), texte


@dataclass(frozen=True)
class DocumentDuPortail:
    """A document that the portal makes: always in step with what it checks."""

    titre: str
    description: str
    faire: Callable[[], bytes]
    guide: str = ""  # read on screen too


def _modeles_json(type_demande: TypeDemande) -> bytes:
    """The blank model of every couloir, in one archive."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for couloir in par_fichier():
            nom = zipfile.ZipInfo(f"{couloir.prefixe}-{type_demande.value.lower()}-vierge.json", _DATE_ZIP)
            archive.writestr(nom, ecrire_json(fichier_vierge(couloir, type_demande)))
    return tampon.getvalue()


def _guide(nom: str, titre: str, description: str) -> DocumentDuPortail:
    return DocumentDuPortail(titre, description, lambda: guide_en_pdf(nom), guide=nom)


PROPOSES = {
    "exemple-bon-de-commande-mom-va.pdf": DocumentDuPortail(
        "Exemple de bon de commande, MOM, VA",
        "Ce que ces pièces contiennent, sur des données inventées.",
        exemple_pieces,
    ),
    **{f"guide-{nom}.pdf": _guide(nom, *textes) for nom, textes in GUIDES.items()},
    "attestation-hebergement-hds.pdf": DocumentDuPortail(
        "Attestation sur l'honneur - hébergement de données de santé (HDS)",
        "À remplir et signer, quand l'enrôlement la demande.",
        attestation_hds,
    ),
    "contrat-prestation.pdf": DocumentDuPortail(
        "Modèle contrat de prestation",
        "Pour un centre de gestion ou un expert-comptable qui s'enrôle au nom de l'entreprise.",
        contrat_prestation,
    ),
    "mandat-delegation-signature.pdf": DocumentDuPortail(
        "Modèle de mandat",
        "Pour un employé qui s'enrôle au nom du représentant légal.",
        mandat_signature,
    ),
    "modeles-avance.zip": DocumentDuPortail(
        "Modèles de fichiers - Demande d'avance",
        "Le modèle JSON vierge de chaque couloir.",
        lambda: _modeles_json(TypeDemande.AVANCE),
    ),
    "modeles-solde.zip": DocumentDuPortail(
        "Modèles de fichiers - Demande de solde",
        "Le modèle JSON vierge de chaque couloir.",
        lambda: _modeles_json(TypeDemande.SOLDE),
    ),
}


@cache
def octets(nom: str) -> bytes:
    """Of one of these documents, by the name of its file."""
    return PROPOSES[nom].faire()


@dataclass(frozen=True)
class DocumentPropose:
    """A line of « Documents utiles »: one that officers published, by its key, or one of the portal's, by its name."""

    titre: str
    description: str
    nom: str
    taille: int
    cle: int | None = None
    guide: str = ""


def proposes() -> list[DocumentPropose]:
    """What officers publish takes the place of the portal's own of the same title."""
    publies = [
        DocumentPropose(lu.titre, lu.description, lu.nom_fichier, lu.fichier.taille, lu.pk)
        for lu in documents()
        if lu.fichier.taille and not lu.fichier.retenu
    ]
    titres = {publie.titre for publie in publies}
    return publies + [
        DocumentPropose(fait.titre, fait.description, nom, len(octets(nom)), guide=fait.guide)
        for nom, fait in PROPOSES.items()
        if fait.titre not in titres
    ]
