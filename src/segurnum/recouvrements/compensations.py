"""Settling an order with what the same company is about to be paid (« compensation »), and taking that back."""

from decimal import Decimal

from django.db import transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.grand_livre.plan import Operation
from segurnum.paiements import compensations as paiements
from segurnum.paiements import enveloppes
from segurnum.paiements.models import Versement
from segurnum.recouvrements import cycle, ecritures
from segurnum.recouvrements.models import Recouvrement, Reglement
from segurnum.recouvrements.permissions import exiger_une_autre_personne
from segurnum.recouvrements.queries import compensables
from segurnum.recouvrements.services import encaisser, exiger_du
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, StatutDemande
from segurnum.regles.cycles_recouvrements import GenreReglement, GesteRecouvrement
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def compenser(*, recouvrement: int, auteur: Auteur, versement: int, montant: Decimal) -> Recouvrement:
    """Keep this amount (euros) on a payment of the same company that is not handed to the bank yet."""
    demande = Versement.objects.values_list("decision__demande", flat=True).filter(pk=versement).first()
    ligne = cycle.verrouiller(recouvrement, *([demande] if demande else []))
    geste = GesteRecouvrement.COMPENSER_LE_RESTE if montant >= ligne.reste else GesteRecouvrement.COMPENSER
    pas = cycle.passage(ligne, geste, auteur)
    exiger_une_autre_personne(auteur, ligne, geste)
    if not compensables(ligne).filter(pk=versement).exists():
        raise GesteImpossible(
            "Choisissez un versement de la même entreprise, décidé et pas encore mis en paiement.",
            champ="versement",
        )
    exiger_du(ligne, montant)
    paye = paiements.imputer(
        versement=versement, auteur=auteur, montant=montant, motif=f"Compensation du titre {ligne.numero}"
    )
    numero = paye.decision.demande.numero
    reglement = Reglement(
        recouvrement=ligne,
        genre=GenreReglement.COMPENSATION,
        montant=montant,
        jour=calendrier.jour_de_paris(calendrier.maintenant()),
        versement=paye,
    )
    phrase = (
        f"{en_euros(montant)} sont retenus sur le paiement de votre demande {numero}, dont {en_euros(paye.net)} "
        "vous seront versés."
    )
    encaisser(ligne, reglement, pas, auteur=auteur, phrase=phrase)
    return ligne


@transaction.atomic
def retirer_compensation(*, recouvrement: int, auteur: Auteur, reglement: int, motif: str) -> Recouvrement:
    """Give back to the payment what was kept on it: it is owed again. As long as it is not handed to the bank."""
    lu = Reglement.objects.select_related("versement__decision").filter(
        pk=reglement, recouvrement=recouvrement, genre=GenreReglement.COMPENSATION
    )
    retenue = lu.first()
    if retenue is None or retenue.versement is None:
        raise GesteImpossible("Choisissez une compensation de ce titre.", champ="reglement")
    decision = retenue.versement.decision
    ligne = cycle.verrouiller(recouvrement, decision.demande_id)
    seule = ligne.recu == retenue.montant
    geste = GesteRecouvrement.RETABLIR_TOUT if seule else GesteRecouvrement.RETABLIR
    pas = cycle.passage(ligne, geste, auteur, motif)
    exiger_une_autre_personne(auteur, ligne, geste)
    if lu.filter(retire_le__isnull=False).exists():
        raise GesteImpossible("Cette compensation est déjà retirée.", champ="reglement")
    _exiger_encore_decidee(ligne)
    vivant = decision.versements.exclude(etat=EtatPaiement.REJETE).first()
    if vivant is None:
        raise GesteImpossible("Ce paiement est rejeté : réémettez-le avant de retirer la compensation.")
    rendu = paiements.desimputer(versement=vivant.pk, auteur=auteur, montant=retenue.montant, motif=motif)
    retenue.retire_le = calendrier.maintenant()
    retenue.save(update_fields=["retire_le"])
    ligne.recu -= retenue.montant
    with contraintes_dites():  # the envelope may have been committed to something else since
        enveloppes.rendre(ligne.decision.enveloppe_id, -retenue.montant)
    ecritures.reglement(ligne, Operation.COMPENSATION_RETIREE, retenue.montant, auteur)
    if ligne.echeance is not None:
        ligne.relance_le = max(calendrier.fin_de_journee(ligne.echeance), calendrier.maintenant())
    phrase = (
        f"La retenue de {en_euros(retenue.montant)} sur le paiement de votre demande "
        f"{rendu.decision.demande.numero} est retirée."
    )
    details = {"reglement": retenue.pk, "regle": f"{-retenue.montant:.2f}"}
    return cycle.franchir(ligne, pas, auteur, motif=motif, details=details, phrase=phrase)


def _exiger_encore_decidee(ligne: Recouvrement) -> None:
    """All came back and the request was cancelled for it: its beneficiaries may be another's, it does not owe again."""
    demande = ligne.decision.demande
    if demande.statut is not StatutDemande.DECIDEE:
        raise GesteImpossible(
            f"La demande {demande.numero} est « {demande.statut.libelle} » depuis que tout en est recouvré : cette "
            "compensation ne se retire plus. Si le paiement qui la porte n'est pas dû, versez-le, puis recouvrez-le."
        )
