"""How it is settled which of several dossiers a beneficiary is of."""

from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.essais.vies.gestes import joue, motif
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.tirage import Tirage
from segurnum.financements import contestations
from segurnum.financements.models import Partie
from segurnum.regles.cycles_contestation import GesteContestation, PositionPartie
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteUnicite


@joue(GesteUnicite.ACCORDER_AJOUT)
def _accorder(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.accorder_ajout(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteUnicite.CONTESTER)
def _contester(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.contester(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteContestation.OUVRIR, poids=3)
def _ouvrir(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.ouvrir(contestation=partie.pk, auteur=qui, motif=motif(tirage))


@joue(GesteContestation.ECARTER)
def _ecarter(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.ecarter(contestation=partie.pk, auteur=qui, motif=motif(tirage))


@joue(GesteContestation.REPONDRE, poids=3, quand=lambda une: une.repondue_le is None)
def _repondre(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.repondre(
        partie=_ouverte(partie),
        auteur=qui,
        position=tirage.parmi(tuple(PositionPartie)),
        texte="Voici le bon de commande.",
    )


@joue(GesteContestation.ATTRIBUER, poids=3)
def _attribuer(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    demande = Partie.objects.values_list("demande", flat=True).get(pk=_ouverte(partie))
    contestations.attribuer(contestation=partie.pk, auteur=qui, motif=motif(tirage), demande=demande)


@joue(GesteContestation.N_ATTRIBUER)
def _n_attribuer(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.n_attribuer(contestation=partie.pk, auteur=qui, motif=motif(tirage))


@joue(GesteContestation.REJETER)
def _rejeter(_: Monde, partie: Any, qui: Auteur, tirage: Tirage) -> None:
    contestations.rejeter(contestation=partie.pk, auteur=qui, motif=motif(tirage))


def _ouverte(partie: Any) -> int:
    """The request's part in it, which only an open contest has."""
    if partie.partie is None:
        raise GesteImpossible("Cette contestation n'est pas ouverte.")
    cle: int = partie.partie
    return cle
