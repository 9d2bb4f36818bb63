"""The supplier's home page (FRM-001, FRM-002), and the news addressed to the person's profile (FRM-018 to FRM-021)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from segurnum.comptes.models import Profil
from segurnum.coordonnees.queries import adresses_qui_ne_recoivent_pas
from segurnum.demandes.queries import a_repondre, compteurs, depots_commences, paiements_rejetes
from segurnum.editorial.models import Actualite
from segurnum.editorial.queries import actualites_de
from segurnum.enrolements import brouillons
from segurnum.enrolements.queries import dsr_ou_deposer
from segurnum.enrolements.queries import qui_attendent as enrolements_de
from segurnum.enrolements.suivi import attend_le_demandeur
from segurnum.fichiers.documents import Genre
from segurnum.financements.queries import a_repondre as contestees
from segurnum.kits.tableau import page_de
from segurnum.notifications.queries import messages_non_lus
from segurnum.referentiel.queries import echeances
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.documents import piece_d_actualite
from segurnum.seuil.telechargements import donner
from segurnum.web.fournisseur.acces import consultation

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


@consultation()
def accueil(requete: Requete) -> HttpResponse:
    comptes = compteurs(entreprise_de(requete))
    avance, solde = comptes[TypeDemande.AVANCE], comptes[TypeDemande.SOLDE]
    return render(
        requete,
        "fournisseur/accueil.html",
        {
            "titre": TITRES[Profil(requete.user.profil)],
            "actualites": actualites_de(requete.user)[:ACTUALITES_AFFICHEES],
            "compteurs": [(libelle, avance[cle], solde[cle]) for cle, libelle in LIBELLES.items()],
            "a_repondre": a_repondre(entreprise_de(requete))[:A_REPONDRE_AFFICHEES],
            "contestations": contestees(entreprise_de(requete))[:A_REPONDRE_AFFICHEES],
            "messages_non_lus": messages_non_lus(requete.user)[:A_REPONDRE_AFFICHEES],
            "rejetes": paiements_rejetes(entreprise_de(requete))[:A_REPONDRE_AFFICHEES],
            "commences": depots_commences(entreprise_de(requete))[:A_REPONDRE_AFFICHEES],
            "fenetres": [
                annonce
                for annonce in echeances(dsr_ou_deposer(entreprise_de(requete)), recu_le(requete))
                if annonce.reste
            ],
            "enrolements_attendus": attend_le_demandeur(enrolements_de(entreprise_de(requete))),
            "complementaire": brouillons.retrouver_pour(requete.user, entreprise_de(requete)),
            "adresses_en_echec": adresses_qui_ne_recoivent_pas(entreprise_de(requete)),
            "incompletes": avance["non_completees"] + solde["non_completees"],
        },
    )


ACTUALITES_PAR_PAGE = 10


@consultation()
def actualites(requete: Requete) -> HttpResponse:
    page = page_de(requete, actualites_de(requete.user), ACTUALITES_PAR_PAGE)
    return render(requete, "fournisseur/actualites.html", {"page": page})


def _actualite_de(requete: Requete, cle: int) -> Actualite:
    return get_object_or_404(actualites_de(requete.user), pk=cle)


@consultation()
def actualite(requete: Requete, actualite: int) -> HttpResponse:
    return render(requete, "fournisseur/actualite.html", {"actualite": _actualite_de(requete, actualite)})


piece_jointe = consultation()(donner(piece_d_actualite, _actualite_de, Genre.ACTUALITE))
