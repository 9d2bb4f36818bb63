"""The supplier's home page: « Accueil fournisseur » or « Accueil opérateur » (FRM-001, FRM-002)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from segurnum.comptes.models import Profil
from segurnum.coordonnees.queries import adresses_qui_ne_recoivent_pas
from segurnum.demandes.queries import a_repondre, compteurs
from segurnum.editorial.queries import actualites_de
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, entreprise_de, fournisseurs

# Key of the counter -> its label on screen (FRM-022).
LIBELLES = {
    "en_cours": "Nombre de demandes en cours",
    "validees": "Nombre de demandes validées",
    "en_attente": "Nombre de demandes en attente de pièces jointes complémentaires",
    "payees": "Nombre de demandes payées",
}
ACTUALITES_AFFICHEES = 3
A_REPONDRE_AFFICHEES = 5
TITRES = {Profil.FOURNISSEUR: "Accueil fournisseur", Profil.OPERATEUR: "Accueil opérateur"}


@dataclass(frozen=True)
class Compteur:
    """One figure of the « Demandes » zone, split between avance and solde."""

    libelle: str
    avance: int
    solde: int


@fournisseurs
def accueil(requete: Requete) -> HttpResponse:
    comptes = compteurs(entreprise_de(requete))
    avance, solde = comptes[TypeDemande.AVANCE], comptes[TypeDemande.SOLDE]
    return render(
        requete,
        "fournisseur/accueil.html",
        {
            "titre": TITRES[Profil(requete.user.profil)],
            "actualites": actualites_de(requete.user)[:ACTUALITES_AFFICHEES],
            "compteurs": [Compteur(libelle, avance[cle], solde[cle]) for cle, libelle in LIBELLES.items()],
            "a_repondre": a_repondre(entreprise_de(requete))[:A_REPONDRE_AFFICHEES],
            "adresses_en_echec": adresses_qui_ne_recoivent_pas(entreprise_de(requete)),
            "incompletes": avance["non_completees"] + solde["non_completees"],
        },
    )
