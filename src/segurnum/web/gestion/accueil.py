"""What waits for each profile, each number leading to the list that it counts."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Profil
from segurnum.courriels.queries import non_arrives_depuis_longtemps
from segurnum.demandes.queries import SEUIL, menaces_trop_tard
from segurnum.depots.queries import controles_a_suivre
from segurnum.editorial.queries import nombre_de_tickets_ouverts
from segurnum.enrolements import queries as enrolements
from segurnum.installation.mesure import alarmes
from segurnum.installation.mise_en_route import manque_l_essentiel
from segurnum.modeles import queries as modeles
from segurnum.paiements.phases import A_CONSTATER, A_METTRE, REJETES, compte
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.web.commun.acces import Requete, agents
from segurnum.web.gestion import attente, catalogue_modifications

DECIDER = (Profil.DECIDEUR, Profil.ADMINISTRATION)
PAYER = (Profil.COMPTABLE, Profil.ADMINISTRATION)


@agents
def accueil(requete: Requete) -> HttpResponse:
    profil = requete.user.profil
    contexte = {
        "instruire": attente.par_couloir(StatutDemande.EN_COURS) if profil in PROFILS_INSTRUCTEURS else None,
        "attendues": attente.chez_le_fournisseur() if profil in PROFILS_INSTRUCTEURS else None,
        "enroler": enrolements.en_attente() if profil in PROFILS_INSTRUCTEURS else None,
        "messages_a_traiter": nombre_de_tickets_ouverts() if profil in PROFILS_INSTRUCTEURS else None,
        "controles": controles_a_suivre(maintenant()).count() if profil in PROFILS_INSTRUCTEURS else 0,
        "menaces": menaces_trop_tard()[:SEUIL].count() if profil in PROFILS_INSTRUCTEURS else 0,
        "modifier": catalogue_modifications.en_attente() if profil in PROFILS_INSTRUCTEURS else None,
        "modeles": modeles.en_attente() if profil in PROFILS_INSTRUCTEURS else None,
        "decider": attente.par_enveloppe() if profil in DECIDER else None,
        "mise_en_route": profil == Profil.ADMINISTRATION and manque_l_essentiel(),
        "courriels": non_arrives_depuis_longtemps() if profil == Profil.ADMINISTRATION else 0,
        "jours": settings.COURRIELS_ALERTE_JOURS,
        "alarmes": alarmes() if profil == Profil.ADMINISTRATION else [],
        "payer": [compte(phase) for phase in (A_METTRE, A_CONSTATER, REJETES)] if profil in PAYER else None,
    }
    return render(requete, "gestion/accueil.html", contexte)
