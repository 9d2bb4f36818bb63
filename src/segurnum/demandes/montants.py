"""The amounts of a request, from what was declared, the scale in force and, for a solde, its avance."""

from decimal import Decimal

from segurnum.couloirs.baremes import Assiette, PlafondCalcule
from segurnum.couloirs.grilles import Grille
from segurnum.demandes import baremes
from segurnum.demandes.models import Demande, Octroi
from segurnum.demandes.queries import avance_du_dossier, donnees_courantes, octroi_vivant, verse
from segurnum.referentiel.grilles import grille
from segurnum.regles.argent import Calcul, calculer_avance, calculer_solde, en_euros
from segurnum.regles.calendrier import date_fr, jour_de_paris
from segurnum.regles.cycles import EtatPaiement, StatutDemande, StatutOctroi, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

_EN_INSTRUCTION = (
    StatutDemande.EN_COURS,
    StatutDemande.EN_ATTENTE_PIECE,
    StatutDemande.A_MODIFIER,
    StatutDemande.VALIDEE,
)


def assiette_de(demande: Demande) -> Assiette:
    """What its ceiling is computed on; what is declared is read only where the scale reads it."""
    return Assiette(
        demande.type,
        tuple(i for beneficiaire in demande.beneficiaires.all() for i in beneficiaire.identifiants),
        donnees_courantes(demande) if demande.couloir.bareme.chemins else {},
    )


def plafond_de(demande: Demande) -> PlafondCalcule:
    """The ceiling of this request: the scale in force on the day of its deposit, and what was granted beside it."""
    return _chiffrer(demande, None)[0]


def plafond_connu(demande: Demande) -> PlafondCalcule:
    """The same, before anything is granted."""
    return _du_bareme(demande, None)[0]


def octroi_de(demande: Demande, plafond: PlafondCalcule) -> Octroi | None:
    """The approved grant that holds for what this ceiling does not know; that of the avance holds for its solde."""
    if not plafond.inconnu:
        return None
    avance = avance_du_dossier(demande) if demande.type is TypeDemande.SOLDE else None
    for ligne in filter(None, (demande, avance)):
        octroi = octroi_vivant(ligne)
        if octroi is not None and octroi.statut is StatutOctroi.APPROUVE and _tient(octroi, ligne, plafond):
            return octroi
    return None


def _tient(octroi: Octroi, de: Demande, plafond: PlafondCalcule) -> bool:
    return octroi.version == de.version_courante and set(plafond.manquants) <= set(octroi.manquants)


def _du_bareme(demande: Demande, figures: Grille | None) -> tuple[PlafondCalcule, Decimal]:
    """The ceiling, and the part of the engagement that an avance is."""
    assiette, jour = assiette_de(demande), jour_de_paris(demande.depose_le)
    utiles = figures or grille(demande.couloir, assiette.identifiants)
    return utiles.plafond(assiette, jour), utiles.taux_avance(jour)


def textes_appliques(demande: Demande) -> tuple[str, ...]:
    """What the amounts of this request are known from: the texts in force on the day of its deposit."""
    assiette = assiette_de(demande)
    return grille(demande.couloir, assiette.identifiants).textes(assiette, jour_de_paris(demande.depose_le))


def _chiffrer(demande: Demande, figures: Grille | None) -> tuple[PlafondCalcule, Decimal]:
    plafond, taux = _du_bareme(demande, figures)
    octroi = octroi_de(demande, plafond)
    if octroi is not None:
        plafond = plafond.avec(octroi.montant_ht, detail_de(octroi))
    return plafond, taux


def detail_de(octroi: Octroi) -> str:
    return f"montant octroyé le {date_fr(octroi.cree_le)}, approuvé le {date_fr(octroi.approuve_le or octroi.cree_le)}"


def calculer(demande: Demande, *, retenu_ht: Decimal | None = None, figures: Grille | None = None) -> Calcul:
    """Every amount of the request, explained line by line; with `figures` rather than those of the base if it is said.

    Raises GesteImpossible when the officer's amount is out of bounds, or when a solde has no avance to start from.
    """
    if demande.couloir.bareme.calcule:
        return _calculer_du_bareme(demande, retenu_ht, figures)
    declare = _connu(demande.montant_declare, demande)
    plafond, taux_avance = _chiffrer(demande, figures)
    try:
        if demande.type is TypeDemande.AVANCE:
            return calculer_avance(
                declare,
                plafond.montant_ht,
                demande.taux_tva,
                retenu_ht=retenu_ht,
                avant=plafond.lignes,
                taux_avance=taux_avance,
            )
        avance = _avance(demande)
        return calculer_solde(
            declare,
            _connu(avance.engagement_ht, demande),
            plafond.montant_ht,
            demande.taux_tva,
            avance_versee(avance),
            retenu_ht=retenu_ht,
            avant=plafond.lignes,
        )
    except GesteImpossible:
        raise
    except ValueError as erreur:
        raise GesteImpossible(str(erreur)) from erreur


def _calculer_du_bareme(demande: Demande, retenu_ht: Decimal | None, figures: Grille | None) -> Calcul:
    """The portal's own amounts: the officer retains them or refuses, and reduces nothing."""
    if retenu_ht is not None:
        raise GesteImpossible("Le montant de ce couloir est calculé par le portail : il ne se réduit pas.")
    versee = None
    if demande.type is TypeDemande.SOLDE:
        avance = _avance(demande)
        versee = avance_versee(avance) if avance.statut is StatutDemande.DECIDEE else None
    return baremes.calculer_du_bareme(
        demande.couloir,
        demande.type,
        taux_tva=demande.taux_tva,
        jour=jour_de_paris(demande.depose_le),
        donnees=donnees_courantes(demande),
        avance_versee=versee,
        figures=figures,
    )


def maximum_du_bareme(avance: Demande) -> Decimal:
    """The most that a form's avance can give, VAT regime included (MSS-023)."""
    return baremes.calculer_du_bareme(
        avance.couloir, TypeDemande.AVANCE, taux_tva=avance.taux_tva, jour=jour_de_paris(avance.depose_le)
    ).decide


def avance_decidee(solde: Demande) -> bool:
    return _avance(solde).statut is StatutDemande.DECIDEE


def avance_versee(avance: Demande) -> Decimal:
    """What a solde starts from: what was really paid of its avance, less what was ordered back (RUL-011).

    Raises GesteImpossible while it is not paid: a solde waits for the payment, it never guesses it.
    """
    versee = verse(avance)
    if versee is None:
        pourquoi = (
            "a été rejeté par la banque"
            if avance.etat_paiement is EtatPaiement.REJETE
            else "n'est pas encore fait"
        )
        raise GesteImpossible(
            f"Le solde attend : il se calcule sur ce qui a été versé, et le paiement de l'avance {avance.numero} "
            f"{pourquoi}. Il se calculera une fois l'avance payée."
        )
    if versee == 0:
        raise GesteImpossible(
            f"L'avance {avance.numero} fait l'objet d'un recouvrement total : son solde ne peut pas être calculé."
        )
    return versee


def exiger_le_verse(solde: Demande) -> None:
    """What is decided was computed on what is paid of the avance today.

    Raises GesteImpossible when the payment came back, or part of it was recovered, since the validation.
    """
    versee = avance_versee(_avance(solde))
    attendu = _connu(solde.engagement, solde) - versee
    if attendu != solde.montant_decide:
        raise GesteImpossible(
            f"Ce qui a été versé de l'avance a changé depuis la validation : {en_euros(versee)} aujourd'hui. "
            f"Le solde serait de {en_euros(attendu)} et non de {en_euros(solde.montant_decide or Decimal(0))} : "
            "reprenez la validation."
        )


def attente_de_l_avance(solde: Demande) -> str:
    """Why a solde that is being instructed waits for its avance, in a sentence; empty when it does not."""
    avance = avance_du_dossier(solde) if solde.type is TypeDemande.SOLDE else None
    if avance is None or avance.statut is not StatutDemande.DECIDEE or solde.statut not in _EN_INSTRUCTION:
        return ""
    try:
        avance_versee(avance)
    except GesteImpossible as attente:
        return str(attente)
    return ""


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
