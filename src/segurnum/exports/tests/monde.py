"""An export that was prepared for somebody."""

from datetime import timedelta

from segurnum.comptes.models import Utilisateur
from segurnum.essais import usines
from segurnum.exports.listes import ORDRE
from segurnum.exports.models import Contenu, EtatExport, Export, Forme
from segurnum.regles.calendrier import maintenant


def exporte(personne: Utilisateur) -> Export:
    assert personne.entreprise is not None
    return Export.objects.create(
        entreprise=personne.entreprise,
        personne=personne,
        contenu=Contenu.DEMANDES,
        forme=Forme.CSV,
        nom="demandes-2026-01-01.csv",
        cles=[],
        ordre=list(ORDRE),
        total=1,
        faites=1,
        demande_le=maintenant(),
        etat=EtatExport.PRET,
        fichier=usines.fichier(),
        expire_le=maintenant() + timedelta(hours=24),
    )
