"""May this person open this document, for this purpose? One table, one predicate, for every face (XCT-005, XCT-009).

The table is printed in `docs/droits.md`, and a test keeps it so. A reader looks after its company's business: neither
who stands for it nor where its money goes is needed for that. Among officers, identities are for who instructs;
bank details for who instructs, who pays and who audits; who decides needs neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from django.contrib.auth.models import AnonymousUser

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import (
    AGENTS,
    COLONNES,
    ENTREPRISES,
    FOURNISSEURS,
    INSTRUCTEURS,
    RESPONSABLES,
    Droit,
    cellules,
    en_markdown,
)
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.fichiers.documents import Document, Genre

BANQUE = INSTRUCTEURS | {Profil.COMPTABLE, Profil.AUDITEUR}


class Usage(StrEnum):
    """What for: to look at it in the page, or to leave with it."""

    VOIR = "VOIR"
    TELECHARGER = "TELECHARGER"


@dataclass(frozen=True, kw_only=True)
class DroitDocument(Droit):
    """Who opens one kind of document, and for what. `possede`: a company's people, their own company's alone.

    `suivi`: each opening is a gesture, written in the journal before anything is shown.
    """

    usages: frozenset[Usage] = frozenset(Usage)
    possede: bool = True
    suivi: bool = False


_EXPORT = frozenset({Usage.TELECHARGER})
DROITS: dict[Genre, DroitDocument] = {
    Genre.PIECE_DEMANDE: DroitDocument(profils=ENTREPRISES | AGENTS),
    Genre.LETTRE: DroitDocument(profils=ENTREPRISES | AGENTS),
    Genre.REPONSE: DroitDocument(profils=FOURNISSEURS | AGENTS),
    Genre.PIECE_ENROLEMENT: DroitDocument(profils=ENTREPRISES | AGENTS),
    Genre.PIECE_PERSONNES: DroitDocument(profils=ENTREPRISES | AGENTS, roles=RESPONSABLES),
    Genre.IDENTITE: DroitDocument(profils=ENTREPRISES | INSTRUCTEURS, roles=RESPONSABLES, suivi=True),
    Genre.RIB: DroitDocument(profils=ENTREPRISES | BANQUE, roles=RESPONSABLES, suivi=True),
    Genre.IBAN: DroitDocument(
        profils=ENTREPRISES | BANQUE,
        roles=RESPONSABLES,
        usages=frozenset({Usage.VOIR}),
        suivi=True,
    ),
    Genre.MODELE: DroitDocument(profils=FOURNISSEURS | AGENTS),
    Genre.IMPORT: DroitDocument(profils=FOURNISSEURS),
    Genre.RECEPISSE: DroitDocument(profils=ENTREPRISES),
    Genre.EXPORT: DroitDocument(profils=FOURNISSEURS, usages=_EXPORT, suivi=True),
    Genre.REFERENTIEL: DroitDocument(profils=AGENTS, usages=_EXPORT, possede=False, suivi=True),
    Genre.LISTE: DroitDocument(profils=AGENTS, usages=_EXPORT, possede=False, suivi=True),
    Genre.LIVRE: DroitDocument(
        profils=frozenset({Profil.COMPTABLE, Profil.AUDITEUR, Profil.ADMINISTRATION}),
        usages=_EXPORT,
        possede=False,
        suivi=True,
    ),
    Genre.TETES: DroitDocument(
        profils=frozenset({Profil.AUDITEUR, Profil.ADMINISTRATION}), usages=_EXPORT, possede=False, suivi=True
    ),
    Genre.ADRESSES: DroitDocument(
        profils=INSTRUCTEURS | {Profil.AUDITEUR}, usages=_EXPORT, possede=False, suivi=True
    ),
    Genre.MESSAGE: DroitDocument(profils=INSTRUCTEURS, possede=False),
    Genre.ACTUALITE: DroitDocument(profils=ENTREPRISES, possede=False),
    Genre.EXEMPLE: DroitDocument(profils=FOURNISSEURS, possede=False),
    # Found by the session of who types it, and by nothing else: there is nobody's account yet.
    Genre.BROUILLON: DroitDocument(public=True, possede=False),
    Genre.PUBLIE: DroitDocument(public=True, possede=False),
}


class Refus(Enum):
    """Why not: for this person the document does not exist, or it is for others of the same house."""

    INCONNU = auto()
    RESERVE = auto()


def refus(personne: Utilisateur | AnonymousUser, document: Document, usage: Usage) -> Refus | None:
    """None when this person may open this document for this purpose."""
    droit = DROITS[document.genre]
    if usage not in droit.usages:
        return Refus.RESERVE
    if droit.public:
        return None
    if not isinstance(personne, Utilisateur):
        return Refus.RESERVE
    possede = not personne.est_agent and droit.possede
    if possede and (document.entreprise is None or document.entreprise != personne.entreprise_id):
        return Refus.INCONNU
    return None if droit.admet(auteur(personne)) else Refus.RESERVE


def peut_ouvrir(personne: Utilisateur | AnonymousUser, document: Document, usage: Usage) -> bool:
    return refus(personne, document, usage) is None


def est_suivi(genre: Genre) -> bool:
    """Whether each opening of such a document is written in the journal."""
    return DROITS[genre].suivi


TITRES = ("Document", *COLONNES, "Public", "Au journal")


def lignes() -> Iterator[tuple[str, ...]]:
    """The whole table under TITRES, « oui » where the document opens."""
    for genre, droit in DROITS.items():
        public, suivi = ("oui" if dit else "" for dit in (droit.public, droit.suivi))
        yield (genre.libelle, *cellules(droit), public, suivi)


def en_tableau() -> str:
    """The table of rights as `docs/droits.md` prints it."""
    return en_markdown(TITRES, lignes())
