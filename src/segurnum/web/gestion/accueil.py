"""What waits for each profile, each number leading to the list that it counts."""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.annuaire_sante.queries import a_confirmer
from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Profil
from segurnum.coordonnees import queries as coordonnees
from segurnum.courriels.queries import non_arrives_depuis_longtemps
from segurnum.demandes.queries import menaces_trop_tard
from segurnum.depots.queries import controles_a_suivre
from segurnum.editorial.queries import nombre_de_tickets_ouverts
from segurnum.enrolements import queries as enrolements
from segurnum.financements import queries as financements
from segurnum.grand_livre.queries import dernier_controle, mouvements_a_approuver
from segurnum.installation.mesure import alarmes
from segurnum.installation.mise_en_route import manque_l_essentiel
from segurnum.kits.tableau import SEUIL
from segurnum.modeles import queries as modeles
from segurnum.paiements import attente
from segurnum.paiements.phases import A_CONSTATER, A_METTRE, REJETES, compte
from segurnum.referentiel.queries import a_approuver
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.seuil.acces import Requete, agents, page_de
from segurnum.web.gestion.audit import controle
from segurnum.web.gestion.modifications import GENRES

DECIDER = (Profil.DECIDEUR, Profil.ADMINISTRATION)
PAYER = (Profil.COMPTABLE, Profil.ADMINISTRATION)


@page_de(agents)
def accueil(requete: Requete) -> HttpResponseBase:
    profil = requete.user.profil
    if profil == Profil.AUDITEUR:
        return controle(requete)
    contexte: dict[str, Any] = {"instruire": None, "enroler": None, "decider": None, "payer": None}
    if profil in PROFILS_INSTRUCTEURS:
        contexte |= _a_instruire()
    if profil in DECIDER:
        contexte["decider"] = attente.par_enveloppe()
    if profil in PAYER:
        contexte["payer"] = [compte(phase) for phase in (A_METTRE, A_CONSTATER, REJETES)]
    if profil == Profil.ADMINISTRATION:
        contexte |= {
            "mise_en_route": manque_l_essentiel(),
            "courriels": non_arrives_depuis_longtemps(),
            "jours": settings.COURRIELS_ALERTE_JOURS,
            "alarmes": alarmes(),
            "projets": a_approuver(),
            "mouvements": mouvements_a_approuver(),
            "controle": dernier_controle(),
        }
    return render(requete, "gestion/accueil.html", contexte)


def _a_instruire() -> dict[str, Any]:
    return {
        "instruire": attente.par_couloir(StatutDemande.EN_COURS),
        "attendues": attente.chez_le_fournisseur(),
        "enroler": enrolements.en_attente(),
        "messages_a_traiter": nombre_de_tickets_ouverts(),
        "controles": controles_a_suivre(maintenant()).count(),
        "menaces": menaces_trop_tard()[:SEUIL].count(),
        "modifier": [(genre, *coordonnees.en_attente(genre.modele)) for genre in GENRES.values()],
        "modeles": modeles.en_attente(),
        "a_confirmer": a_confirmer(),
        "contestees": financements.en_attente(),
    }
