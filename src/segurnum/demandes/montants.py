"""The amounts of a request, from what was declared, the scale in force and, for a solde, its avance."""

from decimal import Decimal

from segurnum.demandes.models import Demande
from segurnum.referentiel.queries import PlafondCalcule, plafond
from segurnum.regles.argent import Calcul, calculer_avance, calculer_solde
from segurnum.regles.calendrier import jour_de_paris
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


def plafond_de(demande: Demande) -> PlafondCalcule:
    """The ceiling that the scale in force on the day of the deposit gives to this request's beneficiaries."""
    identifiants = [i for lus in demande.beneficiaires.values_list("identifiants", flat=True) for i in lus]
    return plafond(demande.couloir, identifiants, jour_de_paris(demande.depose_le))


def calculer(demande: Demande, *, retenu_ht: Decimal | None = None) -> Calcul:
    """Every amount of the request, explained line by line.

    Raises GesteImpossible when the officer's amount is out of bounds, or when a solde has no avance to start from.
    """
    maximum = plafond_de(demande).montant_ht
    try:
        if demande.type_enum is TypeDemande.AVANCE:
            return calculer_avance(demande.montant_declare, maximum, demande.taux_tva, retenu_ht=retenu_ht)
        avance = _avance(demande)
        return calculer_solde(
            demande.montant_declare,
            _connu(avance.engagement_ht, demande),
            maximum,
            demande.taux_tva,
            _connu(avance.montant_decide, demande),
            retenu_ht=retenu_ht,
        )
    except GesteImpossible:
        raise
    except ValueError as erreur:
        raise GesteImpossible(str(erreur)) from erreur


def avance_decidee(solde: Demande) -> bool:
    return _avance(solde).statut_enum is StatutDemande.DECIDEE


def _avance(solde: Demande) -> Demande:
    return (
        Demande.objects.filter(dossier=solde.dossier_id, type=TypeDemande.AVANCE)
        .exclude(statut=StatutDemande.HISTORISEE)
        .latest("pk")
    )


def _connu(montant: Decimal | None, solde: Demande) -> Decimal:
    if montant is None:
        raise GesteImpossible(
            f"Le solde {solde.numero} ne peut pas être calculé : l'avance de son dossier n'est pas encore instruite."
        )
    return montant
