"""May this person open this document, for this purpose? One table, one predicate, for every face (XCT-005, XCT-009).

The table is printed in `docs/droits.md`, and a test keeps it so. A reader looks after its company's business: neither
who stands for it nor where its money goes is needed for that. Among officers, identities are for who instructs;
bank details for who instructs and who pays; who decides needs neither.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from django.contrib.auth.models import AnonymousUser

from segurnum.comptes.models import PROFILS_ENTREPRISE, PROFILS_INSTRUCTEURS, Profil, Role, Utilisateur
from segurnum.fichiers.documents import Document, Genre

ROLES = frozenset(Role)
RESPONSABLES = frozenset({Role.ADMINISTRATEUR})
ENTREPRISES = frozenset(PROFILS_ENTREPRISE)
FOURNISSEURS = frozenset({Profil.FOURNISSEUR})
AGENTS = frozenset(Profil) - ENTREPRISES
INSTRUCTEURS = frozenset(PROFILS_INSTRUCTEURS)
BANQUE = INSTRUCTEURS | {Profil.COMPTABLE}


class Usage(StrEnum):
    """What for: to look at it in the page, or to leave with it."""

    VOIR = "VOIR"
    TELECHARGER = "TELECHARGER"


@dataclass(frozen=True, kw_only=True)
class Droit:
    """Who opens one kind of document.

    `entreprises`: the profiles of a company's people, of whom only `roles`; `possede`: for their own company alone.
    `suivi`: each opening is a gesture, written in the journal before anything is shown.
    """

    entreprises: frozenset[Profil] = frozenset()
    roles: frozenset[Role] = ROLES
    agents: frozenset[Profil] = frozenset()
    usages: frozenset[Usage] = frozenset(Usage)
    public: bool = False
    possede: bool = True
    suivi: bool = False


_EXPORT = frozenset({Usage.TELECHARGER})
DROITS: dict[Genre, Droit] = {
    Genre.PIECE_DEMANDE: Droit(entreprises=ENTREPRISES, agents=AGENTS),
    Genre.LETTRE: Droit(entreprises=ENTREPRISES, agents=AGENTS),
    Genre.PIECE_ENROLEMENT: Droit(entreprises=ENTREPRISES, agents=AGENTS),
    Genre.PIECE_PERSONNES: Droit(entreprises=ENTREPRISES, roles=RESPONSABLES, agents=AGENTS),
    Genre.IDENTITE: Droit(entreprises=ENTREPRISES, roles=RESPONSABLES, agents=INSTRUCTEURS, suivi=True),
    Genre.RIB: Droit(entreprises=ENTREPRISES, roles=RESPONSABLES, agents=BANQUE, suivi=True),
    Genre.IBAN: Droit(
        entreprises=ENTREPRISES,
        roles=RESPONSABLES,
        agents=BANQUE,
        usages=frozenset({Usage.VOIR}),
        suivi=True,
    ),
    Genre.MODELE: Droit(entreprises=FOURNISSEURS, agents=AGENTS),
    Genre.IMPORT: Droit(entreprises=FOURNISSEURS),
    Genre.EXPORT: Droit(entreprises=FOURNISSEURS, usages=_EXPORT, suivi=True),
    Genre.REFERENTIEL: Droit(agents=AGENTS, usages=_EXPORT, possede=False, suivi=True),
    Genre.LISTE: Droit(agents=AGENTS, usages=_EXPORT, possede=False, suivi=True),
    Genre.MESSAGE: Droit(agents=INSTRUCTEURS, possede=False),
    Genre.ACTUALITE: Droit(entreprises=ENTREPRISES, possede=False),
    Genre.EXEMPLE: Droit(entreprises=FOURNISSEURS, possede=False),
    Genre.PUBLIE: Droit(public=True, possede=False),
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
    if personne.est_agent:
        return None if personne.profil in droit.agents else Refus.RESERVE
    if droit.possede and (document.entreprise is None or document.entreprise != personne.entreprise_id):
        return Refus.INCONNU
    permis = personne.profil in droit.entreprises and personne.role in droit.roles
    return None if permis else Refus.RESERVE


def peut_ouvrir(personne: Utilisateur | AnonymousUser, document: Document, usage: Usage) -> bool:
    return refus(personne, document, usage) is None


def est_suivi(genre: Genre) -> bool:
    """Whether each opening of such a document is written in the journal."""
    return DROITS[genre].suivi


def en_tableau() -> str:
    """The table of rights as `docs/droits.md` prints it."""
    agents = [profil for profil in Profil if profil in AGENTS]
    titres = ("Document", *(r.label for r in Role), *(p.label for p in agents), "Public", "Au journal")
    lignes = [titres, ("---",) * len(titres)]
    for genre, droit in DROITS.items():
        entreprise = "fournisseurs" if droit.entreprises == FOURNISSEURS else "oui"
        lignes.append(
            (
                genre.libelle,
                *(entreprise if droit.entreprises and role in droit.roles else "" for role in Role),
                *("oui" if profil in droit.agents else "" for profil in agents),
                "oui" if droit.public else "",
                "oui" if droit.suivi else "",
            )
        )
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in lignes)
