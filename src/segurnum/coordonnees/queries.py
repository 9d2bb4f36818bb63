"""Reading the persons, the bank accounts and their changes. The supplier's reads start from its company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Count, Min, QuerySet

from segurnum.comptes.models import CoordonneesBancaires, Entreprise, Utilisateur
from segurnum.comptes.queries import agit_ailleurs, membre_par_courriel, membres, par_courriel
from segurnum.coordonnees.models import (
    PERSONNES_OUVERTES,
    Modification,
    ModificationBancaire,
    ModificationPersonnes,
    PieceModification,
)
from segurnum.coordonnees.personnes import Personne, Personnes, RolePersonne, demandeur, ecrire
from segurnum.courriels.queries import adresses_en_echec
from segurnum.regles import secrets
from segurnum.regles.calendrier import instant_juge
from segurnum.regles.cycles_coordonnees import StatutModification

# What waits for an officer: to be instructed, or accepted once and to be confirmed by another.
INSTRUITES = (StatutModification.EN_COURS, StatutModification.A_CONTRESIGNER)
A_INSTRUIRE = "A_INSTRUIRE"


def par_statut(lignes: QuerySet[Any], statut: str) -> QuerySet[Any]:
    return lignes.filter(statut__in=INSTRUITES if statut == A_INSTRUIRE else (statut,))


def personnes_de(entreprise: Entreprise) -> dict[str, Personne]:
    """Role -> person, the legal representative first."""
    lignes = {ligne.role: ligne.personne for ligne in entreprise.personnes_physiques.all()}
    return {role: lignes[role] for role in RolePersonne.values if role in lignes}


def adresses_qui_ne_recoivent_pas(entreprise: Entreprise) -> list[str]:
    """The addresses of the company's people that the portal's mails do not reach: its accounts, and its persons."""
    comptes = [m.personne.email for m in membres(entreprise) if m.personne.is_active]
    return adresses_en_echec(comptes + [personne.courriel for personne in personnes_de(entreprise).values()])


def adresses_de(entreprise: Entreprise) -> list[str]:
    """Where mails about the company's own data go: who asks, and the legal representative."""
    personnes = personnes_de(entreprise)
    demande = demandeur(personnes)
    return list(
        dict.fromkeys(
            personne.courriel
            for personne in (demande, personnes.get(RolePersonne.REPRESENTANT))
            if personne is not None
        )
    )


class Suite(Enum):
    """What an accepted change of persons does to the account of who asks for the financing."""

    SUIVRE = "the same person: the account takes the new address"
    CEDER = "another person: the account changes hands"
    REMPLACER = "another person, who cannot take that account: the access of the former one ends"


@dataclass(frozen=True)
class SuiteDuCompte:
    suite: Suite
    compte: Utilisateur
    personne: Personne


def suite_du_compte(entreprise: Entreprise, avant: Personnes, apres: Personnes) -> SuiteDuCompte | None:
    """What becomes of the account that had the address of the former « demandeur » (ACC-013); None for nothing.

    An account that also opens another company keeps its address, as does one whose new address opens another account:
    neither can be handed over, but a person who left does not keep the access to this company by it.
    """
    ancien, nouveau = demandeur(avant), demandeur(apres)
    if ancien is None or nouveau is None:
        return None
    compte = membre_par_courriel(entreprise, ancien.courriel)
    if compte is None:
        return None
    meme_adresse = ancien.comparable.courriel == nouveau.comparable.courriel
    prise = par_courriel(nouveau.courriel) not in (None, compte)
    cessible = not agit_ailleurs(compte, entreprise) and (meme_adresse or not prise)
    if not ancien.est(nouveau):
        return SuiteDuCompte(Suite.CEDER if cessible else Suite.REMPLACER, compte, nouveau)
    return SuiteDuCompte(Suite.SUIVRE, compte, nouveau) if cessible and not meme_adresse else None


def soumises(sorte: type[Modification], *liees: str) -> QuerySet[Any]:
    """The changes of a kind; what is being prepared is nobody's business but the company's.

    `liees`: what one statement must bring with each row, beside who asks.
    """
    return sorte._default_manager.exclude(statut=StatutModification.EN_PREPARATION).select_related(
        "entreprise", "demandeur", *liees
    )


def en_attente(sorte: type[Modification]) -> tuple[int, datetime | None]:
    """How many changes of a kind wait for an officer, and since when."""
    attendues = sorte._default_manager.filter(statut__in=INSTRUITES)
    compte = attendues.aggregate(nombre=Count("pk"), ancienne=Min("depose_le"))
    return compte["nombre"], compte["ancienne"]


def historique(entreprise: Entreprise) -> QuerySet[ModificationPersonnes]:
    """The changes of persons that were submitted, the last first (ACC-006)."""
    return (
        ModificationPersonnes.objects.filter(entreprise=entreprise)
        .exclude(statut=StatutModification.EN_PREPARATION)
        .order_by("-depose_le", "-pk")
    )


def modification_ouverte(entreprise: Entreprise) -> ModificationPersonnes | None:
    """The one being prepared or instructed, if any."""
    return ModificationPersonnes.objects.filter(entreprise=entreprise, statut__in=PERSONNES_OUVERTES).first()


def marque(entreprise: Entreprise) -> str:
    """What a page showed of the persons, to tell later whether it still is so."""
    derniere = historique(entreprise).first()
    return f"{derniere.pk}.{derniere.statut}" if derniere else "initiale"


def pieces_de(entreprise: Entreprise) -> QuerySet[PieceModification]:
    return PieceModification.objects.filter(modification__entreprise=entreprise).select_related(
        "fichier", "modification__entreprise"
    )


def comptes_de(entreprise: Entreprise) -> QuerySet[CoordonneesBancaires]:
    """Every account given, the last first, with the change that brought it (ACC-002)."""
    return entreprise.comptes_bancaires.select_related(
        "modification__rib", "modification__entreprise", "entreprise"
    ).order_by("-cree_le", "-pk")


def comptes() -> QuerySet[CoordonneesBancaires]:
    """Every account, of whichever company: the officers' reads."""
    return CoordonneesBancaires.objects.select_related("entreprise")


def changement_par_jeton(jeton: str, *, recu_le: datetime | None = None) -> ModificationBancaire | None:
    """The change that the link of a mail answers for, if it was good for use when the gesture began to arrive."""
    return (
        ModificationBancaire.objects.filter(
            empreinte_jeton=secrets.empreinte(jeton),
            jeton_expire_le__gt=instant_juge(recu_le),
            statut=StatutModification.A_CONFIRMER,
        )
        .select_related("entreprise", "compte", "remplace")
        .first()
    )


def changements_de(entreprise: Entreprise) -> QuerySet[ModificationBancaire]:
    """The changes of bank account that the company asked for."""
    return ModificationBancaire.objects.filter(entreprise=entreprise).select_related("rib", "entreprise")


def roles_de(entreprise: Entreprise) -> list[str]:
    """A legal representative always; a « dépositaire » where there is one."""
    return list(dict.fromkeys([RolePersonne.REPRESENTANT.value, *personnes_de(entreprise)]))


def valeurs_de(entreprise: Entreprise) -> Mapping[str, Mapping[str, str]]:
    """What is being prepared, else the persons of today: role -> field -> text."""
    ouverte = modification_ouverte(entreprise)
    return ouverte.donnees if ouverte else ecrire(personnes_de(entreprise))
