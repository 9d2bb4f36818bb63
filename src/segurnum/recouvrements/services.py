"""Every write of the recovery orders: proposed, issued by another person, settled, given up (GST-019).

Each gesture holds the requests, then the order, then the envelope: two gestures on it happen one after the other, and
the second is told. Functions raise `TransitionRefusee`, `DroitRefuse` or `GesteImpossible` with a sentence.
"""

import io
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller as verrouiller_demande
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import solde_vivant, verse
from segurnum.fichiers import services as fichiers
from segurnum.grand_livre.plan import Operation
from segurnum.paiements import enveloppes, lettres
from segurnum.paiements.models import Decision
from segurnum.recouvrements import cycle, documents, ecritures
from segurnum.recouvrements.calculs import lignes_d_un_versement
from segurnum.recouvrements.models import Recouvrement, Reglement, SerieTitres
from segurnum.recouvrements.permissions import exiger_une_autre_personne
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.cycles_recouvrements import (
    GenreReglement,
    GesteRecouvrement,
    Passage,
    StatutRecouvrement,
)
from segurnum.regles.erreurs import GesteImpossible, exiger_motif

_OPERATIONS = {
    GenreReglement.REMBOURSEMENT: Operation.REMBOURSEMENT,
    GenreReglement.COMPENSATION: Operation.COMPENSATION_RECUE,
}


@reserve(GesteRecouvrement.PROPOSER)
@transaction.atomic
def proposer(*, demande: int, auteur: Auteur, montant: Decimal | None, motif: str) -> Recouvrement:
    """Propose to ask back part of what was paid of a request (euros), or all of it when `montant` is None."""
    ligne = verrouiller_demande(demande)
    exiger_motif(motif)
    decision = Decision.objects.filter(demande=ligne).first()
    versee = verse(ligne)
    if ligne.statut is not StatutDemande.DECIDEE or decision is None or not versee:
        raise GesteImpossible(
            f"Rien n'est à recouvrer : rien n'a été versé de la demande {ligne.numero}, ou tout est déjà demandé."
        )
    decision.demande = ligne
    demandee = versee if montant is None else montant
    nouveau = Recouvrement(
        demande=ligne,
        decision=decision,
        entreprise=ligne.entreprise,
        statut=StatutRecouvrement.PROPOSE,
        total=demandee == versee,
        motif=motif,
        montant=demandee,
        calcul=lignes_d_un_versement(decision, versee, demandee),
        proposant_id=auteur.personne,
        propose_le=calendrier.maintenant(),
    )
    _exiger_recouvrable(nouveau)
    with contraintes_dites():
        return cycle.ouvrir(nouveau, auteur)


def _exiger_recouvrable(ligne: Recouvrement) -> None:
    """Never more than what was paid and is not asked back yet; not the avance that a solde lives on."""
    demande = ligne.decision.demande
    versee = verse(demande) or Decimal(0)
    if not 0 < ligne.montant <= versee:
        raise GesteImpossible(
            f"Le montant à recouvrer ({en_euros(ligne.montant)}) doit être positif et ne pas dépasser ce qui a été "
            f"versé et n'est pas encore demandé : {en_euros(versee)}.",
            champ="montant",
        )
    avance = demande.type is TypeDemande.AVANCE
    if avance and ligne.demande_id == demande.pk and ligne.montant == versee and solde_vivant(demande):
        raise GesteImpossible(
            "L'avance ne peut pas être recouvrée en totalité tant que le solde de ce dossier existe : "
            "recouvrez, rejetez ou annulez d'abord le solde."
        )


@transaction.atomic
def emettre(*, recouvrement: int, auteur: Auteur) -> Recouvrement:
    """Issue the title: its number, its due date, its letter, and the mail that leads to it. By another person."""
    ligne = cycle.verrouiller(recouvrement)
    pas = cycle.passage(ligne, GesteRecouvrement.EMETTRE, auteur)
    exiger_une_autre_personne(auteur, ligne, GesteRecouvrement.EMETTRE)
    _exiger_recouvrable(ligne)
    # What else was asked back may have been given up since the proposal.
    ligne.total = ligne.total and ligne.montant == verse(ligne.decision.demande)
    instant = calendrier.maintenant()
    ligne.emetteur_id, ligne.emis_le = auteur.personne, instant
    limite = calendrier.jours_apres(instant, settings.RECOUVREMENT_ECHEANCE_JOURS)
    ligne.echeance = calendrier.jour_de_paris(limite)
    ligne.relance_le = calendrier.fin_de_journee(limite)
    ligne.numero = _numero(calendrier.jour_de_paris(instant).year)
    ligne.lettre = fichiers.deposer(flux=io.BytesIO(documents.titre_de_recette(ligne)))
    ecritures.ordre(ligne, auteur)
    cycle.franchir(ligne, pas, auteur)
    cycle.le_verse_change(ligne.decision)
    return ligne


def _numero(annee: int) -> str:
    """The next of the year, given with what it names or not at all: the series has no gap."""
    SerieTitres.objects.get_or_create(annee=annee)
    serie = SerieTitres.objects.select_for_update().get(annee=annee)
    serie.dernier += 1
    serie.save(update_fields=["dernier"])
    return f"TR{annee}-{serie.dernier:05d}"


@transaction.atomic
def ecarter(*, recouvrement: int, auteur: Auteur, motif: str) -> Recouvrement:
    """The decider does not issue it, and says why."""
    return _abandonner(recouvrement, GesteRecouvrement.ECARTER, auteur, motif)


@transaction.atomic
def retirer(*, recouvrement: int, auteur: Auteur, motif: str) -> Recouvrement:
    """The officer takes the proposal back."""
    return _abandonner(recouvrement, GesteRecouvrement.RETIRER, auteur, motif)


@transaction.atomic
def annuler(*, recouvrement: int, auteur: Auteur, motif: str) -> Recouvrement:
    """Give up what is still owed of a title; what came in stays in."""
    return _abandonner(recouvrement, GesteRecouvrement.ANNULER, auteur, motif)


def _abandonner(recouvrement: int, geste: GesteRecouvrement, auteur: Auteur, motif: str) -> Recouvrement:
    # Held too: none is decided meanwhile on what this title says.
    soldes = Demande.objects.filter(dossier__demandes__recouvrements=recouvrement, type=TypeDemande.SOLDE)
    ligne = cycle.verrouiller(recouvrement, *soldes.values_list("pk", flat=True))
    pas = cycle.passage(ligne, geste, auteur, motif)
    ligne.commentaire = motif
    if geste is GesteRecouvrement.ANNULER:
        _exiger_hors_d_un_solde(ligne)
        ecritures.reglement(ligne, Operation.ORDRE_ANNULE, ligne.reste, auteur)
    cycle.franchir(ligne, pas, auteur, motif=motif)
    cycle.le_verse_change(ligne.decision)
    return ligne


def _exiger_hors_d_un_solde(ligne: Recouvrement) -> None:
    """A solde that was decided since counted this title as given back (RUL-011): given up, it would be paid twice.

    What is asked back of that solde makes up for it. A solde that paid nothing paid nothing twice.
    """
    solde = Decision.objects.filter(
        demande__dossier=ligne.demande.dossier_id,
        demande__type=TypeDemande.SOLDE,
        demande__statut=StatutDemande.DECIDEE,
        prise_le__gt=ligne.emis_le,
        montant__gt=0,
    ).first()
    if solde is None or ligne.decision.demande.type is not TypeDemande.AVANCE:
        return
    autres = solde.recouvrements.filter(emis_le__isnull=False).exclude(statut=StatutRecouvrement.ANNULE)
    if (autres.aggregate(s=Sum("montant"))["s"] or Decimal(0)) < ligne.reste:
        raise GesteImpossible(
            f"Le solde {solde.demande.numero} a été décidé en comptant ce titre comme rendu : l'annuler laisserait "
            f"{en_euros(ligne.reste)} payés au-dessus de l'engagement. Faites d'abord émettre un titre du même montant "
            "sur le solde, une fois payé, ou annulez le solde tant qu'il ne l'est pas."
        )


@transaction.atomic
def rembourser(
    *, recouvrement: int, auteur: Auteur, montant: Decimal, jour: date, reference: str, payeur: str
) -> Recouvrement:
    """Record a transfer that came in (euros): once by its reference, from who owes it, never more than what is owed.

    `payeur`: SIRET of who paid, as the transfer says it.
    """
    ligne = cycle.verrouiller(recouvrement)
    dernier = montant >= ligne.reste
    geste = GesteRecouvrement.SOLDER if dernier else GesteRecouvrement.REMBOURSER
    pas = cycle.passage(ligne, geste, auteur)
    exiger_une_autre_personne(auteur, ligne, geste)
    _exiger_le_debiteur(ligne, payeur)
    _exiger_le_jour(ligne, jour)
    exiger_du(ligne, montant)
    reglement = Reglement(
        recouvrement=ligne,
        genre=GenreReglement.REMBOURSEMENT,
        montant=montant,
        jour=jour,
        reference=" ".join(reference.split()),
    )
    phrase = f"Un remboursement de {en_euros(montant)}, reçu le {calendrier.date_fr(jour)}, est enregistré."
    encaisser(ligne, reglement, pas, auteur=auteur, phrase=phrase)
    return ligne


def encaisser(
    ligne: Recouvrement, reglement: Reglement, pas: Passage, *, auteur: Auteur, phrase: str
) -> None:
    """Settle part of an order, which is held: the envelope is credited now, not when the order was issued."""
    reglement.auteur_id, reglement.enregistre_le = auteur.personne, calendrier.maintenant()
    with contraintes_dites():
        reglement.save()
    ligne.recu += reglement.montant
    enveloppes.rendre(ligne.decision.enveloppe_id, reglement.montant)
    ecritures.reglement(ligne, _OPERATIONS[reglement.genre], reglement.montant, auteur)
    details = {"reglement": reglement.pk, "regle": f"{reglement.montant:.2f}"}
    annule = _tout_est_revenu(ligne)
    if annule:
        numero = ligne.decision.demande.numero
        phrase += f" Tout ce qui avait été versé de la demande {numero} est revenu : elle est annulée."
    cycle.franchir(ligne, pas, auteur, details=details, phrase=phrase)
    if annule:
        _annuler_la_demande(ligne)


def _tout_est_revenu(ligne: Recouvrement) -> bool:
    """Then the request is cancelled (REQ-026), unless a solde was deposited on it meanwhile."""
    demande: Demande = ligne.decision.demande
    avec_solde = demande.type is TypeDemande.AVANCE and solde_vivant(demande) is not None
    return ligne.total and ligne.reste == 0 and not avec_solde


def _annuler_la_demande(ligne: Recouvrement) -> None:
    motif = f"Recouvrement total, titre {ligne.numero}"
    demandes.passer_annulee(
        demande=ligne.decision.demande,
        auteur=PORTAIL,
        motif=motif,
        geste=GesteDemande.ANNULER_RECOUVREE,
    )
    lettres.marquer_annulee(ligne.decision, motif, auteur=PORTAIL)


def exiger_du(ligne: Recouvrement, montant: Decimal) -> None:
    if not 0 < montant <= ligne.reste:
        raise GesteImpossible(
            f"Il reste {en_euros(ligne.reste)} à recouvrer sur le titre {ligne.numero} : "
            f"{en_euros(montant)} ne peuvent pas y être enregistrés.",
            champ="montant",
        )


def _exiger_le_debiteur(ligne: Recouvrement, payeur: str) -> None:
    """The same legal unit: any of its establishments may pay."""
    siret = "".join(payeur.split())
    if siret[:9] != ligne.entreprise.siret[:9] or len(siret) != len(ligne.entreprise.siret):
        raise GesteImpossible(
            f"Le débiteur de ce titre est {ligne.entreprise.denomination} (SIRET {ligne.entreprise.siret}). "
            "Une somme versée par une autre entreprise ne s'y enregistre pas : rendez-la à son émetteur.",
            champ="payeur",
        )


def _exiger_le_jour(ligne: Recouvrement, jour: date) -> None:
    if ligne.emis_le is None:
        raise AssertionError("un titre qui se rembourse est émis")
    if (
        not calendrier.jour_de_paris(ligne.emis_le)
        <= jour
        <= calendrier.jour_de_paris(calendrier.maintenant())
    ):
        raise GesteImpossible(
            "La date du remboursement doit être comprise entre l'émission du titre "
            f"({calendrier.date_fr(ligne.emis_le)}) et aujourd'hui.",
            champ="jour",
        )
