"""Closing and opening again what the administration may close."""

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.journal.services import Fait, consigner
from segurnum.limites import queries
from segurnum.limites.models import Interrupteur
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteSupervision

FERMER, ROUVRIR = "FERMER", "ROUVRIR"
OUVERT, FERME = "OUVERT", "FERME"
MOTIF_MAX = 300  # characters


@reserve(GesteSupervision.BASCULER)
@transaction.atomic
def basculer(*, cle: Interrupteur.Cle, fermer: bool, motif: str, auteur: Auteur) -> None:
    """Close or open again. Raises GesteImpossible without a reason to close.

    Doing what is already done changes the reason only.
    """
    propre = motif.strip()
    if fermer and not propre:
        raise GesteImpossible("Dites pourquoi : ce motif est lu par tous sur le bandeau.", champ="motif")
    Interrupteur.objects.get_or_create(cle=cle)
    ligne = Interrupteur.objects.select_for_update(of=("self",)).get(cle=cle)
    avant = ligne.actif
    ligne.actif, ligne.motif = fermer, propre if fermer else ""
    ligne.auteur_id, ligne.change_le = auteur.personne, maintenant()
    ligne.save()
    consigner(
        [
            Fait(
                chaine=f"interrupteur:{cle}",
                objet=f"interrupteur:{cle}",
                geste=FERMER if fermer else ROUVRIR,
                auteur=auteur,
                avant=FERME if avant else OUVERT,
                apres=FERME if fermer else OUVERT,
                motif=propre,
            )
        ]
    )


def exiger_fichiers_ouverts() -> None:
    """Raise GesteImpossible while no file is taken."""
    motif = queries.fermes().get(Interrupteur.Cle.FICHIERS)
    if motif is not None:
        raise GesteImpossible(
            f"Aucun nouveau fichier n'est reçu pour le moment : {motif} Le reste de votre saisie n'est pas perdu ; "
            "joignez ce fichier plus tard."
        )
