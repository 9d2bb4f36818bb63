"""« Agents »: the administration invites its people, changes their profile, closes and opens their accounts."""

from collections.abc import Callable, Mapping
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.comptes import agents as services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, agents
from segurnum.comptes.second_facteur import exige
from segurnum.kits.champs import FORME_ADRESSE, ChampCourriel, FormulairePersonne
from segurnum.kits.geste import PageFormulaire, Saisie, choisir, envoi, faire
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete, administration, bouton_de, formulaire_de, page_de

PROFILS = [(profil.value, profil.label) for profil in Profil if profil not in PROFILS_ENTREPRISE]


class FormulaireAgent(FormulairePersonne):
    courriel = ChampCourriel(
        label="Adresse électronique",
        help_text=f"La sienne, non celle d'un service. Format attendu : {FORME_ADRESSE}",
        error_messages={"required": "Saisissez l'adresse électronique de la personne."},
    )
    profil = forms.ChoiceField(
        label="Profil",
        choices=PROFILS,
        widget=forms.RadioSelect,
        help_text="Un gestionnaire instruit et valide ; un décideur décide dans l'enveloppe ; un comptable paie ; "
        "un auditeur lit tout et ne fait rien ; "
        "l'administration ouvre les comptes et règle le portail.",
        error_messages={
            "required": "Choisissez un profil.",
            "invalid_choice": "Choisissez l'un de ces profils.",
        },
    )


TABLEAU = Tableau(
    "titre-agents",
    "Comptes des agents de l'administration",
    (
        Colonne("nom", "Nom", cellule="gestion/cellules/agent_nom.html", titre=True),
        Colonne("identifiant", "Identifiant", cellule="username"),
        Colonne("courriel", "Adresse électronique", cellule="email"),
        Colonne("profil", "Profil", cellule="gestion/cellules/agent_profil.html"),
        Colonne("acces", "Accès", cellule="gestion/cellules/agent_acces.html"),
        Colonne("facteur", "Second facteur", cellule="gestion/cellules/agent_facteur.html"),
        Colonne("gestes", "Gestes", cellule="gestion/cellules/agent_gestes.html"),
    ),
)


@page_de(administration)
def liste(requete: Requete) -> HttpResponse:
    lignes = list(agents())
    contexte = {
        "affiche": TABLEAU.montrer(lignes),
        "proteges": {agent.pk for agent in lignes if a_un_second_facteur(agent)},
        "attendu": exige(requete.user),
        "profils": PROFILS,
    }
    return render(requete, "gestion/agents.html", contexte)


@formulaire_de(administration)
def inviter(requete: Requete) -> HttpResponse:
    page = PageFormulaire(
        "Inviter un agent",
        "Envoyer l'invitation",
        reverse("gestion:agents"),
        "La personne reçoit son identifiant par un courriel et, par un autre, un lien valable 48 heures pour choisir "
        "son mot de passe.",
        "Agents",
    )
    return page.traiter(requete, FormulaireAgent(envoi(requete)), partial(_inviter, requete))


def _inviter(requete: Requete, saisie: Saisie) -> None:
    valeurs = saisie | {"profil": Profil(saisie["profil"])}
    personne = services.inviter(**valeurs, auteur=auteur(requete.user)).personne
    _dire(requete, personne, f"Le compte « {personne.username} » est ouvert.")


def _dire(requete: Requete, personne: Utilisateur, phrase: str) -> None:
    """Where no mail leaves, the link is read on the machine, by whoever runs it."""
    if settings.COURRIELS_PARTENT:
        messages.success(requete, f"{phrase} Un lien part par courriel à {personne.email}.")
    else:
        messages.warning(
            requete,
            f"{phrase} Aucun courriel ne part de cette installation : « segurnum agent renouveler "
            f"{personne.username} » donne un lien à remettre.",
        )


def _changer_profil(requete: Requete, personne: Utilisateur) -> str:
    if (choisi := requete.POST.get("profil", "")) not in dict(PROFILS):
        raise GesteImpossible("Choisissez un profil parmi ceux de la liste.")
    services.changer_profil(personne=personne, profil=Profil(choisi), auteur=auteur(requete.user))
    return f"Le profil de « {personne.username} » est changé."


def _fermer(requete: Requete, personne: Utilisateur) -> str:
    services.fermer(personne=personne, auteur=auteur(requete.user))
    return f"Le compte « {personne.username} » est fermé, ses sessions aussi."


def _rouvrir(requete: Requete, personne: Utilisateur) -> None:
    services.rouvrir(personne=personne, auteur=auteur(requete.user))
    _dire(requete, personne, f"Le compte « {personne.username} » est rouvert.")


def _renouveler(requete: Requete, personne: Utilisateur) -> None:
    services.renouveler(personne=personne, auteur=auteur(requete.user))
    _dire(requete, personne, f"L'invitation de « {personne.username} » est renouvelée.")


GESTES: Mapping[str, Callable[[Requete, Utilisateur], object]] = {
    "profil": _changer_profil,
    "fermer": _fermer,
    "rouvrir": _rouvrir,
    "renouveler": _renouveler,
}


@bouton_de(administration)
def agir(requete: Requete, agent: int, geste: str) -> HttpResponse:
    personne = get_object_or_404(agents(), pk=agent)
    return faire(requete, partial(choisir(GESTES, geste), requete, personne), "gestion:agents")
