"""Loading the demonstration: all of it or nothing, once."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from segurnum.comptes.models import Utilisateur
from segurnum.demonstration import (
    annuaire_sante,
    constat,
    modeles,
    parcours,
    parcours_banque,
    parcours_enrolements,
    parcours_operateurs,
    publications,
    reference,
    reglages,
    repertoires,
)
from segurnum.demonstration.base import BaseDAutrui
from segurnum.installation.models import Temoin
from segurnum.installation.queries import est_une_demonstration
from segurnum.installation.services import noter
from segurnum.regles import calendrier

_VERROU = 71_717_171  # any number that nothing else locks


class DemonstrationInterdite(RuntimeError):
    """The installation did not say that it is a demonstration: accounts with a published password stay out."""

    def __init__(self) -> None:
        super().__init__(
            "Les données de démonstration ne se chargent que dans une installation de démonstration : "
            "la variable SEGURNUM_DEMO=1 est attendue."
        )


@transaction.atomic
def charger(dire: Callable[[str], None] = lambda _phrase: None) -> bool:
    """Load the demonstration unless it is there; False when it was. Raises DemonstrationInterdite or BaseDAutrui.

    One transaction: an interrupted loading leaves no row, and a second one running beside waits for the first.
    """
    if not settings.DEMONSTRATION:
        raise DemonstrationInterdite
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])
    if est_une_demonstration():
        return False
    if Utilisateur.objects.exists():
        raise BaseDAutrui
    noter(Temoin.Nom.DEMONSTRATION)
    dire("Comptes, entreprises, enrôlements, fenêtres et barèmes")
    reference.charger(calendrier.maintenant())
    dire("Annuaire Santé : extrait, domaines et comptages")
    annuaire_sante.charger(calendrier.maintenant())
    dire("Répertoires FINESS et RPPS")
    repertoires.charger(calendrier.maintenant())
    parcours.jouer(dire)
    dire("Messagerie sécurisée : avances et soldes des opérateurs")
    parcours_operateurs.jouer()
    dire("Médico-social (DUI) : deux bénéficiaires demandés par deux fournisseurs")
    parcours.disputer()
    parcours_enrolements.jouer(dire)
    dire("Changements de compte bancaire")
    parcours_banque.jouer()
    dire("Modèles de documents de la vague 2")
    modeles.soumettre(
        Utilisateur.objects.get(username=reference.COMPTE_TEMOIN),
        Utilisateur.objects.get(username="demo-gestionnaire"),
    )
    constat.constater()
    reglages.proposer(Utilisateur.objects.get(username="demo-admin"))
    dire("Actualités, document et messages à l'assistance")
    publications.publier(
        Utilisateur.objects.get(username="demo-gestionnaire"),
        Utilisateur.objects.get(username=reference.COMPTE_TEMOIN),
    )
    return True
