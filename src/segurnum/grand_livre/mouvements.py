"""Movements of credits: what one person proposes of the amount of an envelope, and another approves."""

from decimal import Decimal

from django.db import transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.grand_livre.models import Mouvement
from segurnum.grand_livre.plan import Operation
from segurnum.grand_livre.services import Ligne, ecrire
from segurnum.journal.cycle import franchir, noter, passage
from segurnum.paiements.models import Enveloppe
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles_enveloppes import MOUVEMENT, GenreMouvement, GesteMouvement, StatutMouvement
from segurnum.regles.erreurs import GesteImpossible, exiger_motif
from segurnum.regles.gestes import GesteReference

PROPOSER = "PROPOSER"
SIEN = "Qui a proposé un mouvement ne le juge pas : une autre personne de l'administration doit le faire."
D_UN_AUTRE = "Ce mouvement est proposé par {} : c'est à cette personne de le retirer."


@reserve(GesteReference.REGLER_ENVELOPPE)
@transaction.atomic
def proposer(
    *,
    genre: GenreMouvement,
    enveloppe: int,
    montant: Decimal,
    motif: str,
    auteur: Auteur,
    destination: int | None = None,
) -> Mouvement:
    """Propose a movement (euros); nothing moves before it is approved. Raises GesteImpossible, with its field."""
    exiger_motif(motif)
    if montant <= 0:
        raise GesteImpossible("Le montant doit être positif.", champ="montant")
    _exiger_la_destination(genre, enveloppe, destination)
    instant = calendrier.maintenant()
    propose = Mouvement(
        genre=genre,
        enveloppe_id=enveloppe,
        destination_id=destination,
        montant=montant,
        motif=motif.strip(),
        statut=StatutMouvement.A_APPROUVER,
        statut_depuis=instant,
        auteur_id=auteur.personne,
        cree_le=instant,
    )
    _exiger_ce_qui_reste(propose, propose.enveloppe, champ="montant")
    propose.save()
    noter(propose, PROPOSER, auteur, motif=propose.motif, details=_details(propose))
    return propose


def _exiger_la_destination(genre: GenreMouvement, enveloppe: int, destination: int | None) -> None:
    if (genre is GenreMouvement.VIREMENT) != (destination is not None):
        raise GesteImpossible(
            "Choisissez l'enveloppe à créditer pour un virement, et pour un virement seulement.",
            champ="destination",
        )
    if destination == enveloppe:
        raise GesteImpossible("Un virement va vers une autre enveloppe.", champ="destination")


def _exiger_ce_qui_reste(mouvement: Mouvement, enveloppe: Enveloppe, champ: str | None = None) -> None:
    if mouvement.genre is not GenreMouvement.CREDIT and mouvement.montant > enveloppe.reste:
        raise GesteImpossible(
            f"Il ne reste que {en_euros(enveloppe.reste)} sur l'enveloppe « {enveloppe} » : ce qui est décidé "
            "n'en sort pas.",
            champ=champ,
        )


@transaction.atomic
def approuver(*, mouvement: int, auteur: Auteur) -> Mouvement:
    """Move the credits, whole, and write them in the ledger. Raises GesteImpossible when too little is left."""
    ligne = _verrouiller(mouvement)
    pas = passage(MOUVEMENT, ligne.statut, GesteMouvement.APPROUVER, auteur, objet=ligne)
    _exiger_un_autre(ligne, auteur)
    touchees = [cle for cle in (ligne.enveloppe_id, ligne.destination_id) if cle is not None]
    enveloppes = {
        une.pk: une
        for une in Enveloppe.objects.select_for_update().filter(pk__in=touchees).order_by("rang", "pk")
    }
    source = enveloppes[ligne.enveloppe_id]
    _exiger_ce_qui_reste(ligne, source)
    if ligne.genre is not GenreMouvement.CREDIT:
        source.montant -= ligne.montant
    if (creditee := _creditee(ligne)) is not None:
        enveloppes[creditee].montant += ligne.montant
    with contraintes_dites():
        Enveloppe.objects.bulk_update(enveloppes.values(), ["montant"])
    ecrire(lignes=_lignes(ligne), auteur=auteur)
    ligne.approbateur_id = auteur.personne
    franchir(ligne, pas, auteur, details=_details(ligne))
    return ligne


def _creditee(mouvement: Mouvement) -> int | None:
    return {
        GenreMouvement.CREDIT: mouvement.enveloppe_id,
        GenreMouvement.REDUCTION: None,
        GenreMouvement.VIREMENT: mouvement.destination_id,
    }[mouvement.genre]


def _lignes(mouvement: Mouvement) -> list[Ligne]:
    """A transfer takes from an envelope what it gives to the other: two entries."""
    sorties = (
        [] if mouvement.genre is GenreMouvement.CREDIT else [(Operation.REDUCTION, mouvement.enveloppe_id)]
    )
    creditee = _creditee(mouvement)
    entrees = [] if creditee is None else [(Operation.CREDIT, creditee)]
    return [
        Ligne(
            operation=operation, montant=mouvement.montant, enveloppe=enveloppe, reference=mouvement.reference
        )
        for operation, enveloppe in sorties + entrees
    ]


@transaction.atomic
def refuser(*, mouvement: int, motif: str, auteur: Auteur) -> Mouvement:
    ligne = _verrouiller(mouvement)
    pas = passage(MOUVEMENT, ligne.statut, GesteMouvement.REFUSER, auteur, motif, objet=ligne)
    _exiger_un_autre(ligne, auteur)
    ligne.approbateur_id, ligne.commentaire = auteur.personne, motif
    franchir(ligne, pas, auteur, motif=motif, details=_details(ligne))
    return ligne


@transaction.atomic
def retirer(*, mouvement: int, auteur: Auteur) -> Mouvement:
    """Take one's own proposal back."""
    ligne = _verrouiller(mouvement)
    pas = passage(MOUVEMENT, ligne.statut, GesteMouvement.RETIRER, auteur, objet=ligne)
    if ligne.auteur_id != auteur.personne:
        raise GesteImpossible(D_UN_AUTRE.format(ligne.auteur.get_username()))
    franchir(ligne, pas, auteur, details=_details(ligne))
    return ligne


def _verrouiller(cle: int) -> Mouvement:
    return Mouvement.objects.select_for_update(of=("self",)).select_related("auteur", "enveloppe").get(pk=cle)


def _exiger_un_autre(ligne: Mouvement, auteur: Auteur) -> None:
    if ligne.auteur_id == auteur.personne:
        raise GesteImpossible(SIEN)


def _details(mouvement: Mouvement) -> dict[str, str]:
    return {
        "genre": mouvement.genre,
        "montant": str(mouvement.montant),
        "destination": str(mouvement.destination_id or ""),
    }
