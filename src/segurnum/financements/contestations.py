"""The procedure of a contested beneficiary: opened, answered, reminded, gathered, settled.

Functions take keyword arguments only and raise `TransitionRefusee` or `GesteImpossible` with a sentence.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import exiger
from segurnum.demandes import cycle as demandes_cycle
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.entretien.balayages import un_par_un
from segurnum.fichiers.models import Fichier
from segurnum.financements import cycle, lettres
from segurnum.financements.models import (
    Accord,
    Contestation,
    Financement,
    Partie,
    PiecePartie,
    Revendication,
)
from segurnum.financements.queries import ajouts, concurrences, parties_de, revendiquees
from segurnum.financements.services import transmettre
from segurnum.journal import pieces
from segurnum.journal import services as journal
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.cycles_contestation import (
    DELAI_RAPPEL,
    DELAI_REPONSE,
    GesteContestation,
    PositionPartie,
    StatutContestation,
)
from segurnum.regles.erreurs import GesteImpossible, exiger_motif
from segurnum.regles.gestes import GesteUnicite
from segurnum.regles.jours_ouvres import echeance_ouvree

PIECES_MAX = 10


# --- The officers' side


@transaction.atomic
def contester(*, demande: int, auteur: Auteur, motif: str) -> list[Contestation]:
    """Open a procedure on each beneficiary of the request that another dossier claims: all are opened, or none."""
    ligne = demandes_cycle.verrouiller(demande)
    exiger(auteur, GesteUnicite.CONTESTER, ligne)
    exiger_motif(motif)
    disputes = {c.financement.pk: c.financement for c in concurrences(ligne) if not c.ecartee}
    if not disputes:
        raise GesteImpossible(
            "Aucun autre dossier ne demande un bénéficiaire de cette demande : rien n'est à contester."
        )
    transmettre([ligne])
    proposees = Contestation.objects.filter(
        financement__in=disputes, statut=StatutContestation.PROPOSEE
    ).values_list("pk", flat=True)
    ouvertes = [ouvrir(contestation=cle, auteur=auteur, motif=motif) for cle in sorted(proposees)]
    if not ouvertes:
        raise GesteImpossible("Une procédure est déjà ouverte sur chacun de ces bénéficiaires.")
    return ouvertes


@transaction.atomic
def ouvrir(*, contestation: int, auteur: Auteur, motif: str) -> Contestation:
    """Write to each supplier, about its own request: they have ten working days to answer."""
    ligne = cycle.verrouiller(contestation)
    pas = cycle.passage(ligne, GesteContestation.OUVRIR, auteur, motif)
    instant = calendrier.maintenant()
    ligne.ouverte_le, ligne.motif, ligne.instructeur_id = instant, motif, auteur.personne
    ligne.rappel_le = echeance_ouvree(instant, DELAI_RAPPEL)
    ligne.echeance = echeance_ouvree(instant, DELAI_REPONSE)
    Partie.objects.bulk_create(
        Partie(contestation=ligne, demande=revendication.demande)
        for revendication in revendiquees(ligne.financement)
        if not revendication.ecartee
    )
    cycle.franchir(ligne, pas, auteur, motif=motif)
    lettres.joindre(ligne.pk, lettres.OUVERTURE, auteur=auteur)
    return ligne


@transaction.atomic
def ecarter(*, contestation: int, auteur: Auteur, motif: str) -> Contestation:
    """There is nothing to contest: the first request that is validated holds the beneficiary."""
    ligne = cycle.verrouiller(contestation)
    pas = cycle.passage(ligne, GesteContestation.ECARTER, auteur, motif)
    ligne.motif, ligne.instructeur_id = motif, auteur.personne
    cycle.franchir(ligne, pas, auteur, motif=motif)
    return ligne


@transaction.atomic
def attribuer(*, contestation: int, auteur: Auteur, motif: str, demande: int) -> Contestation:
    """The beneficiary is this request's: no other that claims it today is validated with it."""
    ligne = cycle.verrouiller(contestation)
    partie = ligne.parties.select_related("demande").filter(demande=demande).first()
    if partie is None or not ligne.financement.revendications.filter(demande=demande).exists():
        raise GesteImpossible(
            "Cette demande ne porte plus ce bénéficiaire : il ne peut pas lui être attribué."
        )
    ligne.attribuee_a_id = partie.demande.dossier_id
    return _trancher(ligne, GesteContestation.ATTRIBUER, auteur, motif)


@transaction.atomic
def n_attribuer(*, contestation: int, auteur: Auteur, motif: str) -> Contestation:
    """None of them: each has to remove the beneficiary, or is rejected."""
    return _trancher(cycle.verrouiller(contestation), GesteContestation.N_ATTRIBUER, auteur, motif)


@transaction.atomic
def rejeter(*, contestation: int, auteur: Auteur, motif: str) -> Contestation:
    """None of them, and every request that still claims it is rejected for this reason."""
    portees = Demande.objects.filter(contestee_dans__contestation=contestation).order_by("pk")
    tenues = demandes_cycle.verrouiller_lot(list(portees.values_list("pk", flat=True)))
    ligne = cycle.verrouiller(contestation)
    rejetables = [d for d in tenues if d.revendications.filter(financement=ligne.financement_id).exists()]
    ailleurs = [d for d in rejetables if d.statut is not StatutDemande.EN_COURS]
    if ailleurs:
        raise GesteImpossible(
            f"La demande {ailleurs[0].numero} est au statut « {ailleurs[0].statut.libelle} » : seules des demandes "
            "« En cours » peuvent être rejetées. Attribuez le bénéficiaire à aucune demande, puis instruisez chacune."
        )
    _trancher(ligne, GesteContestation.REJETER, auteur, motif)
    for demande in rejetables:
        demandes.rejeter(demande=demande.pk, auteur=auteur, motif=motif)
    return ligne


def _trancher(ligne: Contestation, geste: GesteContestation, auteur: Auteur, motif: str) -> Contestation:
    pas = cycle.passage(ligne, geste, auteur, motif)
    _exiger_discret(ligne, motif)
    ligne.motif, ligne.instructeur_id = motif, auteur.personne
    perdantes = Revendication.objects.filter(
        financement=ligne.financement_id, demande__in=ligne.parties.values("demande")
    )
    perdantes.exclude(demande__dossier=ligne.attribuee_a_id).update(ecartee=True)
    cycle.franchir(ligne, pas, auteur, motif=motif)
    lettres.joindre(ligne.pk, lettres.ISSUE, auteur=auteur)
    return ligne


def _exiger_discret(contestation: Contestation, motif: str) -> None:
    """What is written goes to every supplier: it names none of them, nor what they deposited."""
    for partie in parties_de(contestation):
        demande = partie.demande
        for nom in (demande.entreprise.denomination, demande.entreprise.siret, demande.dossier.numero):
            if nom.casefold() in motif.casefold():
                raise GesteImpossible(
                    f"Le motif est envoyé à chaque fournisseur et ne doit nommer personne : retirez « {nom} ».",
                    champ="motif",
                )


@transaction.atomic
def accorder_ajout(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Admit the beneficiaries that a solde brings in and that its avance did not have."""
    ligne = demandes_cycle.verrouiller(demande)
    exiger(auteur, GesteUnicite.ACCORDER_AJOUT, ligne)
    exiger_motif(motif)
    admis = [ajout for ajout in ajouts(ligne) if ajout.accord_donne is None]
    if not admis:
        raise GesteImpossible("Ce solde n'ajoute aucun bénéficiaire qui attende un accord.")
    Accord.objects.bulk_create(
        Accord(
            revendication=ajout.revendication,
            auteur_id=auteur.personne,
            motif=motif,
            donne_le=calendrier.maintenant(),
        )
        for ajout in admis
    )
    fait = journal.Fait(
        chaine=ligne.dossier.chaine,
        objet=ligne.objet,
        geste=GesteUnicite.ACCORDER_AJOUT,
        auteur=auteur,
        avant=ligne.statut,
        apres=ligne.statut,
        motif=motif,
        details={
            "numero": ligne.numero,
            "financements": [str(ajout.revendication.financement_id) for ajout in admis],
        },
    )
    journal.consigner([fait])
    return ligne


# --- The supplier's side


@transaction.atomic
def repondre(
    *,
    partie: int,
    auteur: Auteur,
    position: str,
    texte: str,
    piece: tuple[str, Fichier] | None = None,
    recu_le: datetime | None = None,
) -> Partie:
    """Answer, or complete one's answer, until the last instant or until everybody has answered.

    `piece`: the name and the file of a piece that comes with it.
    """
    cle = Partie.objects.values_list("contestation", flat=True).get(pk=partie)
    contestation = cycle.verrouiller(cle)
    ligne = Partie.objects.select_related("demande").get(pk=partie)
    cycle.passage(contestation, GesteContestation.REPONDRE, auteur, pour=ligne.demande)
    instant = calendrier.instant_juge(recu_le)
    if contestation.echeance is None or instant > contestation.echeance:
        raise GesteImpossible("Le délai de réponse est passé : le gestionnaire tranche avec ce qu'il a reçu.")
    ligne.position, ligne.texte = PositionPartie(position), texte
    ligne.repondue_le, ligne.auteur_id = instant, auteur.personne
    ligne.save()
    details = _joindre(ligne, *piece, instant) if piece else {}
    cycle.noter(contestation, auteur, ligne, position=ligne.position, **details)
    if not contestation.parties.filter(repondue_le__isnull=True).exists():
        _recueillir(contestation)
    return ligne


def _joindre(partie: Partie, nom: str, fichier: Fichier, instant: datetime) -> dict[str, object]:
    if lettres.est_le_nom_d_une_lettre(nom):
        raise GesteImpossible(
            f"« {nom} » est un nom de lettre de l'administration : renommez le fichier.", champ="fichier"
        )
    if partie.pieces.filter(nom__iexact=nom).exists():
        raise GesteImpossible(
            f"Votre réponse a déjà une pièce nommée « {nom} » : renommez le fichier.", champ="fichier"
        )
    if partie.pieces.filter(lettre=False).count() >= PIECES_MAX:
        raise GesteImpossible(f"{PIECES_MAX} pièces au plus accompagnent une réponse.", champ="fichier")
    PiecePartie.objects.create(partie=partie, nom=nom, fichier=fichier, deposee_le=instant)
    return pieces.identite(nom=nom, type_piece="REPONSE", libelle="Pièce de la réponse", fichier=fichier)


# --- What time does


def _recueillir(contestation: Contestation) -> None:
    pas = cycle.passage(contestation, GesteContestation.RECUEILLIR, PORTAIL)
    cycle.franchir(contestation, pas, PORTAIL)


def relancer(*, instant: datetime) -> int:
    """Remind, once, who has not answered. Returns of how many contests."""

    def rappeler(contestation: Contestation) -> None:
        pas = cycle.passage(contestation, GesteContestation.RELANCER, PORTAIL)
        contestation.rappel_le = None
        cycle.franchir(contestation, pas, PORTAIL)

    return _balayer(Q(rappel_le__lte=instant, echeance__gt=instant), rappeler)


def echoir(*, instant: datetime) -> int:
    """Hand over to the officers the contests whose time to answer is over."""
    return _balayer(Q(echeance__lt=instant), _recueillir)


def _balayer(condition: Q, geste: Callable[[Contestation], None]) -> int:
    dues = Contestation.objects.filter(condition, statut=StatutContestation.EN_REPONSE)

    def passer(cle: int) -> bool:
        ligne = cycle.verrouiller(cle)
        due = dues.filter(pk=cle).exists()
        if due:
            geste(ligne)
        return due

    return un_par_un(list(dues.order_by("pk").values_list("pk", flat=True)), passer)


def proposer_les_oubliees() -> int:
    """Propose a contest of what several dossiers claim and that no deposit has shown: found again each night."""
    partages = (
        Revendication.objects.filter(ecartee=False)
        .values("financement")
        .annotate(dossiers=Count("demande__dossier", distinct=True))
        .filter(dossiers__gt=1)
        .values_list("financement", flat=True)
    )

    def passer(cle: int) -> bool:
        Financement.objects.select_for_update(no_key=True).get(pk=cle)
        avant = Contestation.objects.filter(financement=cle).exists()
        if not avant:
            transmettre(list(_demandes_sur(cle)))
        return not avant

    return un_par_un(sorted(partages), passer)


def _demandes_sur(financement: int) -> Collection[Demande]:
    return list(Demande.objects.filter(revendications__financement=financement))
