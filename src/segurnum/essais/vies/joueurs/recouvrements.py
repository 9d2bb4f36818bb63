"""How money that was paid is asked back, and comes back."""

from decimal import Decimal
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.essais.vies.gestes import joue, motif
from segurnum.essais.vies.joueurs.argent import aujourd_hui
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.tirage import Tirage
from segurnum.recouvrements import compensations
from segurnum.recouvrements import services as recouvrements
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.queries import compensables, reglements_de
from segurnum.regles.cycles_recouvrements import GenreReglement, GesteRecouvrement
from segurnum.regles.erreurs import GesteImpossible

CENTIME = Decimal("0.01")


@joue(GesteRecouvrement.PROPOSER)
def _proposer(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    """All that was paid, or a part, or more than it."""
    montant = tirage.parmi(
        (None, Decimal("100.00"), None, CENTIME, demande.montant_decide, Decimal("99999.00"))
    )
    recouvrements.proposer(demande=demande.pk, auteur=qui, montant=montant, motif=motif(tirage))


@joue(GesteRecouvrement.EMETTRE, poids=6)
def _emettre(_: Monde, titre: Any, qui: Auteur, _tirage: Tirage) -> None:
    recouvrements.emettre(recouvrement=titre.pk, auteur=qui)


@joue(GesteRecouvrement.ECARTER)
def _ecarter(_: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    recouvrements.ecarter(recouvrement=titre.pk, auteur=qui, motif=motif(tirage))


@joue(GesteRecouvrement.RETIRER)
def _retirer(_: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    recouvrements.retirer(recouvrement=titre.pk, auteur=qui, motif=motif(tirage))


@joue(GesteRecouvrement.ANNULER)
def _annuler(_: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    recouvrements.annuler(recouvrement=titre.pk, auteur=qui, motif=motif(tirage))


@joue(GesteRecouvrement.REMBOURSER, poids=2)
def _rembourser(monde: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    moitie = ((titre.montant - titre.recu) / 2).quantize(CENTIME)
    montant = tirage.parmi((moitie, CENTIME, moitie, titre.montant - titre.recu + CENTIME, -CENTIME))
    _encaisser(monde, titre, qui, tirage, montant)


@joue(GesteRecouvrement.SOLDER, poids=5)
def _solder(monde: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    _encaisser(monde, titre, qui, tirage, titre.montant - titre.recu)


def _encaisser(monde: Monde, titre: Any, qui: Auteur, tirage: Tirage, montant: Decimal) -> None:
    """A transfer: of who owes, or now and then of another; of a reference that may have been seen already."""
    sien = monde.entreprise(titre.entreprise_id).siret
    autre = next(un for un in monde.enrolements if un.entreprise_id != titre.entreprise_id).entreprise.siret
    recouvrements.rembourser(
        recouvrement=titre.pk,
        auteur=qui,
        montant=montant,
        payeur=tirage.parmi((sien, sien, sien, sien, autre)),
        jour=aujourd_hui(tirage),
        reference=f"VIR {tirage.parmi(range(20))}",
    )


@joue(GesteRecouvrement.COMPENSER, GesteRecouvrement.COMPENSER_LE_RESTE, poids=3)
def _compenser(_: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    """On a payment of the same company, of what is owed or what is to be paid, less, or more."""
    ligne = Recouvrement.objects.get(pk=titre.pk)
    versement = compensables(ligne).first()
    if versement is None:
        raise GesteImpossible("Rien n'est à payer à cette entreprise.")
    possible = min(ligne.reste, versement.net)
    montant = tirage.parmi((possible, possible, CENTIME, ligne.reste, ligne.reste + CENTIME))
    compensations.compenser(recouvrement=ligne.pk, auteur=qui, versement=versement.pk, montant=montant)


@joue(GesteRecouvrement.RETABLIR, GesteRecouvrement.RETABLIR_TOUT)
def _retablir(_: Monde, titre: Any, qui: Auteur, tirage: Tirage) -> None:
    retenues = reglements_de(Recouvrement.objects.get(pk=titre.pk)).filter(genre=GenreReglement.COMPENSATION)
    choisie = tirage.parmi(list(retenues) or [None])
    compensations.retirer_compensation(
        recouvrement=titre.pk, auteur=qui, reglement=choisie.pk if choisie else 0, motif=motif(tirage)
    )
