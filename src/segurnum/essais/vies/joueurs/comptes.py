"""How a company changes its bank account."""

from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.coordonnees import banque
from segurnum.courriels.models import Courriel
from segurnum.essais.vies.gestes import joue, motif
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.tirage import Tirage
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.erreurs import GesteImpossible


@joue(GesteModification.CONFIRMER, poids=3)
def _confirmer(_: Monde, _changement: Any, _qui: Auteur, _tirage: Tirage) -> None:
    banque.confirmer(jeton=_dernier_jeton())


@joue(GesteModification.CONTESTER)
def _contester(_: Monde, _changement: Any, _qui: Auteur, _tirage: Tirage) -> None:
    banque.contester(jeton=_dernier_jeton())


# One gesture of the officer: what is still to be paid says which of the two it is.
@joue(GesteModification.ACCEPTER, GesteModification.PROPOSER, poids=3)
def _accepter(_: Monde, changement: Any, qui: Auteur, _tirage: Tirage) -> None:
    banque.accepter(modification=changement.pk, auteur=qui)


@joue(GesteModification.CONTRESIGNER, poids=3)
def _contresigner(_: Monde, changement: Any, qui: Auteur, _tirage: Tirage) -> None:
    banque.contresigner(modification=changement.pk, auteur=qui)


@joue(GesteModification.REPRENDRE)
def _reprendre(_: Monde, changement: Any, qui: Auteur, tirage: Tirage) -> None:
    banque.reprendre(modification=changement.pk, auteur=qui, motif=motif(tirage))


@joue(GesteModification.REFUSER)
def _refuser(_: Monde, changement: Any, qui: Auteur, tirage: Tirage) -> None:
    banque.refuser(modification=changement.pk, auteur=qui, motif=motif(tirage))


@joue(GesteModification.ANNULER)
def _annuler(_: Monde, changement: Any, qui: Auteur, _tirage: Tirage) -> None:
    banque.annuler(modification=changement.pk, auteur=qui)


def _dernier_jeton() -> str:
    """Of the last link that was sent: whoever reads the mail has it."""
    courriel = Courriel.objects.filter(code="M19").order_by("-pk").first()
    if courriel is None:
        raise GesteImpossible("Aucun lien n'a été envoyé.")
    return courriel.corps.partition("?jeton=")[2].split()[0]
