"""A request in writing: its title, and what it is known by, each value under its label."""

from decimal import Decimal

from segurnum.comptes.models import Entreprise
from segurnum.demandes import montants
from segurnum.demandes.models import Demande
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import en_euros, en_taux
from segurnum.regles.calendrier import date_fr, instant_fr
from segurnum.regles.cycles import TypeDemande

Lignes = tuple[tuple[str, str], ...]


def titre(demande: Demande) -> str:
    """« Détails de la demande numéro FINMDV005046 - Avance - Statut : En cours - Faite le 03/06/2022 » (REQ-032)."""
    verbe = "Faite" if demande.type is TypeDemande.AVANCE else "Déposée"
    return (
        f"Détails de la demande numéro {demande.dossier.numero} - {demande.type.libelle} - "
        f"Statut : {demande.statut.libelle} - {verbe} le {date_fr(demande.depose_le)}"
    )


def recapitulatif(demande: Demande) -> Lignes:
    """The six lines of the left block (REQ-033, REQ-034)."""
    referencement = demande.dossier.enrolement.referencement
    if demande.couloir.par_formulaire:
        return _recapitulatif_operateur(demande)
    effet = referencement.date_effet
    return (
        ("N° unique de référencement (ANS)", referencement.numero_ans),
        ("Date de prise d'effet", date_fr(effet) if effet else "Non renseignée"),
        ("SIRET", demande.entreprise.siret),
        ("Dénomination sociale", demande.entreprise.denomination),
        ("Adresse", demande.entreprise.adresse_complete),
        ("Date de changement de statut", instant_fr(demande.statut_depuis)),
    )


def _recapitulatif_operateur(demande: Demande) -> Lignes:
    """The left block of a form's request (MSS-022, MSS-023, MSS-028, MOD-006)."""
    lignes = [
        *qui_depose(demande.dossier.enrolement.referencement, demande.entreprise),
        ("Numéro de dossier", demande.dossier.numero),
        ("Déposé le", date_fr(demande.depose_le)),
        ("Statut", demande.statut.libelle),
        ("Date du changement de statut", date_fr(demande.statut_depuis)),
    ]
    if demande.type is TypeDemande.AVANCE:
        lignes += plus_haut(demande.taux_tva, montants.maximum_du_bareme(demande))
    return tuple(lignes)


def qui_depose(reference: Referencement, entreprise: Entreprise) -> Lignes:
    """The first lines of the left block, before the deposit as after it (MSS-005, MSS-022)."""
    return (
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("SIRET", entreprise.siret),
        ("Dénomination sociale", entreprise.denomination),
        ("Adresse", entreprise.adresse_complete),
    )


def plus_haut(taux: Decimal, maximum: Decimal) -> Lignes:
    """The last lines of that block, for an avance (MSS-023). `maximum`: euros, VAT regime included."""
    return (
        ("Taux de TVA applicable", en_taux(taux)),
        ("Montant max éligible pour l'opérateur", en_euros(maximum)),
    )
