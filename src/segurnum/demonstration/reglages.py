"""A proposal that waits for a second person, and changes something: what its page tells is then seen."""

from datetime import timedelta

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Utilisateur
from segurnum.demonstration.reference import DEBUT, SOURCE
from segurnum.referentiel import projets
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles_reglages import GenreReglage


def proposer(administrateur: Utilisateur) -> None:
    """A higher rate for the avances of one couloir, from the day after its first figures on."""
    couloir, jour = couloirs.par_dsr("DSR-MDV-LGC-Va1"), date_fr(DEBUT + timedelta(days=1))
    chiffres = {nom: str(valeur) for nom, valeur in couloir.bareme.figures_d_essai.items()} | {
        "taux_avance": "40"
    }
    projet = projets.proposer(
        genre=GenreReglage.BAREMES,
        cellules=[[couloir.dsr, jour, nom, valeur, SOURCE] for nom, valeur in chiffres.items()],
        auteur=auteur(administrateur),
    )
    projets.soumettre(projet=projet.pk, auteur=auteur(administrateur))
