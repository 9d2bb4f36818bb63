"""The life cycles of the changes: lock, look up the step, take the status, journal, mail."""

from collections.abc import Iterable
from typing import Any, TypeVar

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees.models import Modification
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.journal import cycle
from segurnum.notifications import services as notifications
from segurnum.regles import calendrier
from segurnum.regles.cycles_coordonnees import GesteModification, Passage

M = TypeVar("M", bound=Modification)


def verrouiller(sorte: type[M], cle: int) -> M:
    """The change, held until the end of the transaction: the second of two gestures sees what the first did."""
    ligne: M = sorte._default_manager.select_for_update(of=("self",)).select_related("entreprise").get(pk=cle)
    return ligne


def verrouiller_entreprise(entreprise: Entreprise) -> Entreprise:
    """Held while a change is opened or applied: two tabs of a company act one after the other."""
    return Entreprise.objects.select_for_update(no_key=True).get(pk=entreprise.pk)


def passage(ligne: Modification, geste: GesteModification, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(ligne.TABLE, ligne.statut, geste, auteur, motif, objet=ligne)


def franchir(
    ligne: Modification,
    pas: Passage,
    auteur: Auteur,
    *,
    destinataires: Iterable[str] = (),
    motif: str = "",
    details: dict[str, Any] | None = None,
    **valeurs: Any,
) -> None:
    """Make the step, and write its mail to each address once. `valeurs` are the mail's."""
    ligne.motif = motif or ligne.motif
    cycle.franchir(ligne, pas, auteur, motif=motif, details=details)
    if pas.courriel:
        ecrire_a(ligne, pas.courriel, destinataires, motif=motif, **valeurs)
    notifications.noter_geste(entreprise=ligne.entreprise, geste=pas.geste, page=ligne.PAGE)


def ecrire_a(ligne: Modification, code: str, destinataires: Iterable[str], **valeurs: Any) -> None:
    """Write one of the mails about a change, once per address."""
    texte = rediger(
        code,
        siret=ligne.entreprise.siret,
        denomination=ligne.entreprise.denomination,
        depose_le=calendrier.date_fr(ligne.depose_le),
        **valeurs,
    )
    adresses = {adresse.lower(): adresse for adresse in destinataires if adresse}
    courriels.envoyer(
        courriels.Envoi(code=code, texte=texte, destinataire=adresse, sujet=ligne.objet)
        for adresse in adresses.values()
    )
