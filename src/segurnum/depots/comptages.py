"""What the national directory counts for a solde: shown at the deposit, settled at the closing date (MSS-009)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from segurnum import couloirs
from segurnum.annuaire_sante import arretes
from segurnum.annuaire_sante import queries as annuaire
from segurnum.annuaire_sante.queries import Comptage
from segurnum.annuaire_sante.verrous import lire_les_comptes
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.couloirs.baremes import BoitesComptees
from segurnum.demandes import baremes, cycle, services
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier, donnees_courantes
from segurnum.enrolements.models import Enrolement
from segurnum.entretien.balayages import un_par_un
from segurnum.referentiel import queries as referentiel
from segurnum.regles.calendrier import date_longue, jour_de_paris
from segurnum.regles.cycles import StatutDemande, TypeDemande

# The fields of the normal form where the counts are written.
_NOMBRES, _SOURCE = BoitesComptees.comptes, BoitesComptees.source_comptes
_ARRETES = BoitesComptees.comptes_arretes
EN_INSTRUCTION = (StatutDemande.EN_COURS, StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER)


@dataclass(frozen=True)
class Comptes:
    """The counts of an operator in the normal form, and the instant at which they are settled (None: unknown)."""

    donnees: dict[str, Any]
    arretes_le: datetime | None
    comptage: Comptage | None = None

    @property
    def connus(self) -> bool:
        return all(self.donnees[nom] is not None for nom in _NOMBRES)

    @property
    def avertissement(self) -> str:
        """What is not known yet, and that the deposit is possible all the same; empty once all is settled."""
        if self.arretes_le is None:
            return ""
        jour = date_longue(self.arretes_le)
        if not self.connus:
            return (
                f"L'Annuaire Santé n'a pas encore donné vos nombres de BAL au {jour}. Vous pouvez déposer votre "
                "demande : le portail la complétera dès qu'il les aura."
            )
        if not self.donnees[_ARRETES]:
            return (
                f"Ces nombres sont les derniers connus : ceux du {jour}, date de clôture du financement, les "
                "remplaceront et fixeront le montant."
            )
        return ""


def comptes_de(enrolement: Enrolement) -> Comptes:
    """What is counted for this ANS number as of the closing date, or the last known before it."""
    fenetre = referentiel.fenetre(enrolement.referencement.dsr, TypeDemande.SOLDE)
    if fenetre is None:
        return Comptes(_en_donnees(None), None)
    comptage = annuaire.comptage(enrolement.referencement.numero_ans, fenetre.compte_le)
    return comptes_du(comptage, fenetre.compte_le)


def comptes_du(comptage: Comptage | None, compte_le: datetime) -> Comptes:
    return Comptes(_en_donnees(comptage), compte_le, comptage)


def garder_la_preuve(demande: int, comptes: Comptes) -> None:
    """Keep the addresses behind counts that are settled, beside the request that they are written in."""
    arretes.garder(demande=demande, comptage=comptes.comptage, source=comptes.donnees[_SOURCE] or "")


def arreter() -> int:
    """Complete the soldes with what is counted for them now, settled or at last known. Returns how many changed.

    Run every hour: late or twice, it gives the same result. One that cannot be completed does not stop the others.
    """
    cles = list(soldes_comptes(*EN_INSTRUCTION).values_list("pk", flat=True))
    prouves = arretes.deja_gardes(cles)
    return un_par_un(cles, lambda cle: _arreter(cle, prouve=cle in prouves))


def soldes_comptes(*statuts: StatutDemande) -> QuerySet[Demande]:
    """The soldes of these statuses whose amount depends on counts."""
    comptes = [couloir.dsr for couloir in couloirs.tous() if couloir.bareme.comptes]
    lignes = Demande.objects.filter(dsr__in=comptes, type=TypeDemande.SOLDE, statut__in=statuts)
    return lignes.select_related("dossier__enrolement__referencement", "entreprise").order_by("pk")


def _arreter(cle: int, *, prouve: bool) -> bool:
    """Provisional numbers are written once; settled ones whenever they differ, until the request is validated."""
    lire_les_comptes()
    demande = cycle.verrouiller(cle)
    if (
        demande.statut not in EN_INSTRUCTION
    ):  # validated since the sweep began: a person's gesture only moves it
        return False
    donnees = donnees_courantes(demande)
    comptes = comptes_de(demande.dossier.enrolement)
    appris = not baremes.comptes_connus(demande.couloir, TypeDemande.SOLDE, donnees)
    if not comptes.connus or not (comptes.donnees[_ARRETES] or appris):
        return False
    if all(donnees.get(nom) == comptes.donnees[nom] for nom in (*_NOMBRES, _ARRETES)):
        if not prouve and donnees == donnees | comptes.donnees:
            garder_la_preuve(demande.pk, comptes)
        return False
    avance = avance_du_dossier(demande)
    montant = baremes.montant_demande(
        demande.couloir,
        TypeDemande.SOLDE,
        jour=jour_de_paris(demande.depose_le),
        donnees=donnees | comptes.donnees,
        avance_ht=avance.engagement_ht if avance else None,
    )
    if montant is None:
        raise AssertionError("des nombres connus donnent un montant")
    ecrire(demande=demande.pk, comptes=comptes, montant=montant, motif=_motif(comptes), auteur=PORTAIL)
    return True


@transaction.atomic
def ecrire(*, demande: int, comptes: Comptes, montant: Decimal | None, motif: str, auteur: Auteur) -> None:
    """These counts in this request, with the amount that they give (euros HT), and their proof once settled."""
    services.arreter_comptes(
        demande=demande, comptes=comptes.donnees, montant_declare=montant, motif=motif, auteur=auteur
    )
    garder_la_preuve(demande, comptes)


def _motif(comptes: Comptes) -> str:
    if comptes.donnees[_ARRETES] and comptes.arretes_le is not None:
        return f"Nombres de BAL arrêtés au {date_longue(comptes.arretes_le)}"
    return "Nombres de BAL connus, pas encore arrêtés"


def _en_donnees(comptage: Comptage | None) -> dict[str, Any]:
    if comptage is None:
        return dict.fromkeys((*_NOMBRES, _SOURCE)) | {_ARRETES: False}
    nombres = (comptage.applicatives, comptage.organisationnelles, comptage.nominatives)
    return {
        **dict(zip(_NOMBRES, nombres, strict=True)),
        _SOURCE: _source(comptage),
        _ARRETES: comptage.definitif,
    }


def _source(comptage: Comptage) -> str:
    """Where the three numbers come from, each source said once."""
    sources = (
        comptage.source_applicatives,
        comptage.source_organisationnelles,
        comptage.source_nominatives,
    )
    return " ; ".join(dict.fromkeys(sources))
