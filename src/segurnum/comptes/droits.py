"""Who may do what: one table, object × gesture × profile × role, and one predicate, for services and screens alike.

The gestures of the life cycles are not said again: their rows come from `regles.cycles*`, and this table adds which of
the company's people stand for it. What a status allows is the cycles' to say; what a document shows is in
`fichiers.permissions`. Printed in `docs/droits.md` and on the page « Droits »; tests hold all of them together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from segurnum.comptes.auteurs import ROLES, Auteur, auteur
from segurnum.comptes.models import (
    PROFILS_ENTREPRISE,
    PROFILS_INSTRUCTEURS,
    Entreprise,
    Profil,
    Role,
    Utilisateur,
)
from segurnum.regles.cycles import (
    DEMANDE,
    PAIEMENT,
    Acteur,
    EnumLibelle,
    GesteDemande,
    GestePaiement,
    Transition,
)
from segurnum.regles.cycles_annuaire import COMPTAGES, EXTRAIT, GesteComptages, GesteExtrait
from segurnum.regles.cycles_contestation import CONTESTATION, GesteContestation
from segurnum.regles.cycles_coordonnees import BANCAIRE, PERSONNES, GesteModification
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement
from segurnum.regles.cycles_enveloppes import MOUVEMENT, GesteMouvement
from segurnum.regles.cycles_modeles import MODELE, GesteModele
from segurnum.regles.cycles_recouvrements import RECOUVREMENT, GesteRecouvrement
from segurnum.regles.cycles_reglages import PROJET, GesteProjet
from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.gestes import (
    GesteDepot,
    GesteDepotEnrolement,
    GesteEditorial,
    GesteEntreprise,
    GesteEspace,
    GesteReference,
    GesteSupervision,
    GesteUnicite,
)

P = ParamSpec("P")
R = TypeVar("R")

TOUS = frozenset(Role)
ACTIFS = frozenset({Role.ADMINISTRATEUR, Role.DEPOSANT})
RESPONSABLES = frozenset({Role.ADMINISTRATEUR})
ENTREPRISES = frozenset(PROFILS_ENTREPRISE)
FOURNISSEURS = frozenset({Profil.FOURNISSEUR})
AGENTS = frozenset(Profil) - ENTREPRISES
INSTRUCTEURS = frozenset(PROFILS_INSTRUCTEURS)


@dataclass(frozen=True, kw_only=True)
class Droit:
    """Who may do one thing: people of these profiles, for their own company those who have one of `roles` in it.

    `lien`: also who acts for a company without an account, by the link of a mail or the public form. `portail`: also
    the portal itself, by its tasks and the commands of its machine. `public`: everybody.
    """

    profils: frozenset[Profil] = frozenset()
    roles: frozenset[Role] = TOUS
    lien: bool = False
    portail: bool = False
    public: bool = False

    def admet(self, qui: Auteur) -> bool:
        if self.public:
            return True
        if not qui.profil:
            sans_compte = {Acteur.SYSTEME: self.portail, Acteur.FOURNISSEUR: self.lien}
            return sans_compte.get(qui.role, False)
        return qui.profil in self.profils and (not qui.fonction or qui.fonction in self.roles)


@dataclass(frozen=True)
class Objet:
    """What gestures are made on, and who may make each."""

    libelle: str
    droits: Mapping[EnumLibelle, Droit]


class DroitRefuse(RefusMetier):
    """The gesture is for others, and the message says for whom."""


def _du_cycle(
    table: Iterable[Transition[Any, Any]], entreprise: Droit, **autrement: Droit
) -> dict[EnumLibelle, Droit]:
    """The rows of a life cycle. `entreprise`: who stands for the company, unless `autrement` says otherwise."""
    return {
        ligne.geste: autrement.get(ligne.geste.value, _de_l_acteur(acteur, entreprise))
        for ligne in table
        for acteur in ligne.acteurs
    }


def _de_l_acteur(role: Acteur, entreprise: Droit) -> Droit:
    if role is Acteur.FOURNISSEUR:
        return entreprise
    profils = frozenset(profil for profil, sien in ROLES.items() if sien is role)
    return Droit(profils=profils, portail=role is Acteur.SYSTEME)


_ACTIFS = Droit(profils=ENTREPRISES, roles=ACTIFS)
_FOURNISSEURS = Droit(profils=FOURNISSEURS, roles=ACTIFS)
_RESPONSABLES = Droit(profils=ENTREPRISES, roles=RESPONSABLES)
_ACTIFS_OU_LIEN = Droit(profils=ENTREPRISES, roles=ACTIFS, lien=True)
_LIEN = Droit(lien=True)
_GESTIONNAIRES = Droit(profils=frozenset({Profil.GESTIONNAIRE}))
_INSTRUCTEURS = Droit(profils=INSTRUCTEURS)
_OCTROI = Droit(profils=frozenset({Profil.GESTIONNAIRE, Profil.DECIDEUR}))
# Who reads everything and does nothing: no other row names that profile.
_CONTROLE = Droit(profils=frozenset({Profil.AUDITEUR, Profil.ADMINISTRATION}))
_ADMINISTRATION = Droit(profils=frozenset({Profil.ADMINISTRATION}))


def _et_le_portail(droit: Droit) -> Droit:
    return Droit(profils=droit.profils, roles=droit.roles, lien=droit.lien, portail=True)


TABLE: Mapping[type[EnumLibelle], Objet] = {
    GesteEspace: Objet(
        "Pages",
        {
            GesteEspace.ENTREPRISE: Droit(profils=ENTREPRISES),
            GesteEspace.GESTION: Droit(profils=AGENTS),
        },
    ),
    GesteDepot: Objet(
        "Dépôt de demandes",
        {
            GesteDepot.IMPORTER: _FOURNISSEURS,
            GesteDepot.SAISIR: _ACTIFS,
            GesteDepot.COMPLETER: _ACTIFS,
            GesteDepot.RECONTROLER: Droit(profils=FOURNISSEURS | INSTRUCTEURS, roles=ACTIFS),
        },
    ),
    GesteDemande: Objet(
        "Demande de financement",
        # Two roles of the table approve a grant or set it aside: neither row hides the other.
        _du_cycle(DEMANDE, _ACTIFS, APPROUVER_OCTROI=_OCTROI, ECARTER_OCTROI=_OCTROI),
    ),
    GesteUnicite: Objet(
        "Bénéficiaires d'une demande",
        {GesteUnicite.ACCORDER_AJOUT: _GESTIONNAIRES, GesteUnicite.CONTESTER: _GESTIONNAIRES},
    ),
    GesteContestation: Objet("Bénéficiaire contesté", _du_cycle(CONTESTATION, _FOURNISSEURS)),
    GestePaiement: Objet("Paiement", _du_cycle(PAIEMENT, _ACTIFS)),
    GesteRecouvrement: Objet(
        "Recouvrement",
        {GesteRecouvrement.PROPOSER: _et_le_portail(_GESTIONNAIRES)} | _du_cycle(RECOUVREMENT, _ACTIFS),
    ),
    GesteDepotEnrolement: Objet(
        "Dépôt d'un enrôlement",
        {
            GesteDepotEnrolement.DEPOSER: _ACTIFS_OU_LIEN,
            GesteDepotEnrolement.COMPLETER: _ACTIFS_OU_LIEN,
            GesteDepotEnrolement.CONFIRMER_ENTREPRISE: _et_le_portail(_GESTIONNAIRES),
            GesteDepotEnrolement.RENVOYER_LIEN: Droit(profils=_GESTIONNAIRES.profils, lien=True),
            GesteDepotEnrolement.CORRIGER_COURRIEL: _GESTIONNAIRES,
            GesteDepotEnrolement.CHANGER_REGIME: _GESTIONNAIRES,
        },
    ),
    GesteEnrolement: Objet("Enrôlement", _du_cycle(ENROLEMENT, _ACTIFS_OU_LIEN)),
    GesteEntreprise: Objet(
        "Entreprise",
        {
            GesteEntreprise.PREPARER_PERSONNES: _RESPONSABLES,
            GesteEntreprise.AJOUTER_COMPTE: _RESPONSABLES,
            GesteEntreprise.RENVOYER_CONFIRMATION: _RESPONSABLES,
            GesteEntreprise.GERER_UTILISATEURS: _RESPONSABLES,
            GesteEntreprise.IMPORTER_MODELE: _FOURNISSEURS,
            GesteEntreprise.EXPORTER: Droit(profils=FOURNISSEURS),
        },
    ),
    GesteModification: Objet(
        "Changement de personnes ou de compte",
        # The legal representative answers by the link of a mail, and nobody else in the company's place.
        _du_cycle((*PERSONNES, *BANCAIRE), _RESPONSABLES, CONFIRMER=_LIEN, CONTESTER=_LIEN),
    ),
    GesteModele: Objet("Modèle de pièce justificative", _du_cycle(MODELE, _FOURNISSEURS)),
    GesteReference: Objet(
        "Données de référence",
        {
            GesteReference.TENIR_REFERENTIEL: _INSTRUCTEURS,
            GesteReference.TENIR_ANNUAIRE: _et_le_portail(_INSTRUCTEURS),
            GesteReference.TENIR_REPERTOIRES: _et_le_portail(_ADMINISTRATION),
            GesteReference.PROPOSER_REGLAGE: _ADMINISTRATION,
            GesteReference.CHARGER_REGLAGE: Droit(portail=True),
            GesteReference.REGLER_CONTROLES: _ADMINISTRATION,
            GesteReference.REGLER_ENVELOPPE: _ADMINISTRATION,
        },
    ),
    GesteProjet: Objet("Projet de réglage", _du_cycle(PROJET, _RESPONSABLES)),
    GesteExtrait: Objet("Extrait de l'Annuaire Santé", {ligne.geste: _INSTRUCTEURS for ligne in EXTRAIT}),
    GesteComptages: Objet("Comptages donnés", {ligne.geste: _INSTRUCTEURS for ligne in COMPTAGES}),
    GesteMouvement: Objet("Mouvement de crédits", _du_cycle(MOUVEMENT, _RESPONSABLES)),
    GesteEditorial: Objet(
        "Publications et assistance",
        {
            GesteEditorial.PUBLIER: _INSTRUCTEURS,
            GesteEditorial.ECRIRE: Droit(profils=frozenset(Profil), public=True),
            GesteEditorial.REPONDRE: _INSTRUCTEURS,
        },
    ),
    GesteSupervision: Objet(
        "Portail",
        {
            GesteSupervision.SUPERVISER: _ADMINISTRATION,
            GesteSupervision.GERER_AGENTS: _et_le_portail(_ADMINISTRATION),
            GesteSupervision.REPRENDRE_COURRIELS: _ADMINISTRATION,
            GesteSupervision.LIRE_GRAND_LIVRE: Droit(
                profils=frozenset({Profil.COMPTABLE, Profil.AUDITEUR, Profil.ADMINISTRATION})
            ),
            GesteSupervision.CONTROLER: _CONTROLE,
            GesteSupervision.LIRE_COMPTAGES: Droit(profils=INSTRUCTEURS | {Profil.AUDITEUR}),
            GesteSupervision.BASCULER: _ADMINISTRATION,
        },
    ),
}


def peut(personne: Utilisateur | Auteur, geste: EnumLibelle, objet: Any = None) -> bool:
    """Whether this person may make this gesture – on this object, where one of a company is given: on its own alone."""
    qui = personne if isinstance(personne, Auteur) else auteur(personne)
    return droit_de(geste).admet(qui) and not _est_a_une_autre(qui, objet)


def exiger(personne: Utilisateur | Auteur, geste: EnumLibelle, objet: Any = None) -> None:
    """Raise DroitRefuse when this person may not: what services ask before they change anything."""
    if not peut(personne, geste, objet):
        raise DroitRefuse(f"Le geste « {geste.libelle} » est réservé {pour_qui(droit_de(geste))}.")


def droit_de(geste: EnumLibelle) -> Droit:
    return TABLE[type(geste)].droits[geste]


def _est_a_une_autre(qui: Auteur, objet: Any) -> bool:
    """Only who acts for a company is bound to one: the administration's people act on every company's."""
    if objet is None or qui.entreprise is None:
        return False
    sienne: int | None = objet.pk if isinstance(objet, Entreprise) else objet.entreprise_id
    return sienne != qui.entreprise


def reserve(geste: EnumLibelle, *, sur: str = "entreprise") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A service of this gesture: refused, before anything else, to an `auteur` whom the table does not name.

    `sur`: the argument that is of one company, where the service has it: refused on another's.
    """

    def decorer(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def garde(*args: P.args, **kwargs: P.kwargs) -> R:
            nommes: dict[str, Any] = kwargs
            exiger(nommes["auteur"], geste, nommes.get(sur))
            return service(*args, **kwargs)

        garde.__dict__["geste"] = geste
        return garde

    return decorer


# --- As people read it

_PERSONNES = {
    TOUS: "personnes",
    ACTIFS: "administrateurs et déposants",
    RESPONSABLES: "administrateurs",
}
_DES_AGENTS = {
    Profil.GESTIONNAIRE: "aux gestionnaires",
    Profil.DECIDEUR: "aux décideurs",
    Profil.COMPTABLE: "aux comptables",
    Profil.AUDITEUR: "aux auditeurs",
    Profil.ADMINISTRATION: "à l'administration",
}
COLONNES = (*(role.label for role in Role), *(profil.label for profil in _DES_AGENTS))


def pour_qui(droit: Droit) -> str:
    """« aux gestionnaires et à l'administration », after « réservé »."""
    qui = []
    if entreprises := droit.profils & ENTREPRISES:
        des = "d'un fournisseur" if entreprises == FOURNISSEURS else "de l'entreprise"
        qui.append(f"aux {_PERSONNES[droit.roles]} {des}")
    qui += [agents for profil, agents in _DES_AGENTS.items() if profil in droit.profils]
    if droit.lien:
        qui.append("à qui répond par le lien d'un courriel")
    if not qui:
        return "au portail lui-même"
    *premiers, dernier = qui
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier


def cellules(droit: Droit) -> tuple[str, ...]:
    """What a row says under COLONNES."""
    entreprises = droit.profils & ENTREPRISES
    oui = "fournisseurs" if entreprises == FOURNISSEURS else "oui"
    return (
        *(oui if entreprises and role in droit.roles else "" for role in Role),
        *("oui" if profil in droit.profils else "" for profil in _DES_AGENTS),
    )


TITRES = ("Objet", "Geste", *COLONNES, "Sans compte", "Le portail")


def lignes() -> list[tuple[str, ...]]:
    """The whole table under TITRES, « oui » where the gesture is made."""
    return [
        (
            objet.libelle,
            geste.libelle,
            *cellules(droit),
            "oui" if droit.lien or droit.public else "",
            "oui" if droit.portail else "",
        )
        for objet in TABLE.values()
        for geste, droit in objet.droits.items()
    ]


def en_markdown(titres: Sequence[str], lignes: Iterable[Sequence[str]]) -> str:
    """A table as `docs/droits.md` prints it."""
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in (titres, ["---"] * len(titres), *lignes))
