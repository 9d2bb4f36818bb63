"""The amounts of a request, from what was declared, the scale in force and, for a solde, its avance."""

from decimal import Decimal

from segurnum.demandes import baremes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier, donnees_courantes
from segurnum.referentiel.queries import PlafondCalcule, plafond
from segurnum.regles.argent import Calcul, calculer_avance, calculer_solde
from segurnum.regles.calendrier import jour_de_paris
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


def plafond_de(demande: Demande) -> PlafondCalcule:
    """The ceiling that the scale in force on the day of the deposit gives to this request."""
    if demande.couloir.par_formulaire:
        return baremes.maximum(demande.couloir, demande.type, jour_de_paris(demande.depose_le))
    identifiants = [i for lus in demande.beneficiaires.values_list("identifiants", flat=True) for i in lus]
    return plafond(demande.couloir, identifiants, jour_de_paris(demande.depose_le))


def calculer(demande: Demande, *, retenu_ht: Decimal | None = None) -> Calcul:
    """Every amount of the request, explained line by line.

    Raises GesteImpossible when the officer's amount is out of bounds, or when a solde has no avance to start from.
    """
    if demande.couloir.par_formulaire:
        return _calculer_du_bareme(demande, retenu_ht)
    declare = _connu(demande.montant_declare, demande)
    maximum = plafond_de(demande).montant_ht
    try:
        if demande.type is TypeDemande.AVANCE:
            return calculer_avance(declare, maximum, demande.taux_tva, retenu_ht=retenu_ht)
        avance = _avance(demande)
        return calculer_solde(
            declare,
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


def _calculer_du_bareme(demande: Demande, retenu_ht: Decimal | None) -> Calcul:
    """The portal's own amounts: the officer retains them or refuses, and reduces nothing."""
    if retenu_ht is not None:
        raise GesteImpossible("Le montant de ce couloir est calculé par le portail : il ne se réduit pas.")
    versee = None
    if demande.type is TypeDemande.SOLDE:
        avance = _avance(demande)
        versee = avance.montant_decide if avance.statut is StatutDemande.DECIDEE else None
    return baremes.calculer_du_bareme(
        demande.couloir,
        demande.type,
        taux_tva=demande.taux_tva,
        jour=jour_de_paris(demande.depose_le),
        donnees=donnees_courantes(demande),
        avance_versee=versee,
    )


def maximum_du_bareme(avance: Demande) -> Decimal:
    """The most that a form's avance can give, VAT regime included (MSS-023)."""
    return baremes.calculer_du_bareme(
        avance.couloir, TypeDemande.AVANCE, taux_tva=avance.taux_tva, jour=jour_de_paris(avance.depose_le)
    ).decide


def avance_decidee(solde: Demande) -> bool:
    return _avance(solde).statut is StatutDemande.DECIDEE


def _avance(solde: Demande) -> Demande:
    avance = avance_du_dossier(solde)
    if avance is None:
        raise Demande.DoesNotExist(f"Le dossier du solde {solde.numero} n'a pas d'avance.")
    return avance


def _connu(montant: Decimal | None, solde: Demande) -> Decimal:
    if montant is None:
        raise GesteImpossible(
            f"Le solde {solde.numero} ne peut pas être calculé : l'avance de son dossier n'est pas encore instruite."
        )
    return montant
