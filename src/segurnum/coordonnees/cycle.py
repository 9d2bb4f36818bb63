"""The one way through the life cycles of the changes: lock, look up the step, take the status, journal, mail."""

from collections.abc import Iterable
from typing import Any, TypeVar

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees.models import Modification
from segurnum.courriels import services as courriels
from segurnum.courriels.modeles import rediger
from segurnum.journal import services as journal
from segurnum.regles import calendrier
from segurnum.regles.cycles import transition
from segurnum.regles.cycles_coordonnees import Etape, GesteModification, StatutModification
from segurnum.regles.erreurs import exiger_motif

M = TypeVar("M", bound=Modification)


def verrouiller(modele: type[M], cle: int) -> M:
    """The change, held until the end of the transaction: the second of two gestures sees what the first did."""
    ligne: M = (
        modele._default_manager.select_for_update(of=("self",)).select_related("entreprise").get(pk=cle)
    )
    return ligne


def verrouiller_entreprise(entreprise: Entreprise) -> Entreprise:
    """Held while a change is opened or applied: two tabs of a company act one after the other."""
    return Entreprise.objects.select_for_update(no_key=True).get(pk=entreprise.pk)


def etape(ligne: Modification, geste: GesteModification, auteur: Auteur, motif: str = "") -> Etape:
    """The table's row for this gesture. Raises TransitionRefusee or GesteImpossible with the reason why not."""
    trouvee = transition(ligne.TABLE, ligne.statut_enum, geste, auteur.role)
    if trouvee.motif_obligatoire:
        exiger_motif(motif)
    return trouvee


def franchir(
    ligne: Modification,
    pas: Etape,
    auteur: Auteur,
    *,
    destinataires: Iterable[str] = (),
    motif: str = "",
    details: dict[str, Any] | None = None,
    **valeurs: Any,
) -> None:
    """Make the step: the change is saved whole, journalled, and its mail written to each address once.

    `details` go to the journal, which is never erased: no personal data in them. `valeurs` are the mail's.
    """
    if pas.vers is None:
        raise AssertionError("aucun geste ne supprime une modification")
    ligne.statut, ligne.statut_depuis = pas.vers, calendrier.maintenant()
    ligne.motif = motif or ligne.motif
    ligne.save()
    noter(ligne, pas.geste, auteur, avant=pas.depuis, motif=motif, details=details)
    if pas.courriel:
        ecrire_a(ligne, pas.courriel, destinataires, motif=motif, **valeurs)


def noter(
    ligne: Modification,
    geste: str,
    auteur: Auteur,
    *,
    avant: StatutModification | None = None,
    motif: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    journal.consigner(
        [
            journal.Fait(
                chaine=ligne.chaine,
                objet=ligne.objet,
                geste=geste,
                role=auteur.role,
                acteur=auteur.cle,
                avant=avant or "",
                apres=ligne.statut,
                motif=motif,
                details=details or {},
            )
        ]
    )


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
