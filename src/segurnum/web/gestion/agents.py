"""« Agents »: the administration invites its people, changes their profile, closes and opens their accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import agents as services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, agents
from segurnum.comptes.second_facteur import exige
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, FormulairePersonne
from segurnum.web.kits.geste import PageFormulaire, Saisie, choisir, envoi, faire

PROFILS = [(profil.value, profil.label) for profil in Profil if profil not in PROFILS_ENTREPRISE]
administration = reserve_a(Profil.ADMINISTRATION)


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
        "l'administration ouvre les comptes et règle le portail.",
        error_messages={
            "required": "Choisissez un profil.",
            "invalid_choice": "Choisissez l'un de ces profils.",
        },
    )


@dataclass(frozen=True)
class Ligne:
    """An officer as the table shows them."""

    personne: Utilisateur
    etat: str
    facteur: str

    @property
    def nom(self) -> str:
        return self.personne.get_full_name() or self.personne.username


@administration
@require_safe
def liste(requete: Requete) -> HttpResponse:
    contexte = {"lignes": [_ligne(agent) for agent in agents()], "profils": PROFILS}
    return render(requete, "gestion/agents/liste.html", contexte)


def _ligne(agent: Utilisateur) -> Ligne:
    etat = "Ouvert" if agent.has_usable_password() else "Invitation envoyée"
    facteur = "Actif" if a_un_second_facteur(agent) else "Attendu" if exige(agent) else "Aucun"
    return Ligne(agent, etat if agent.is_active else "Fermé", facteur)


@administration
@require_http_methods(["GET", "HEAD", "POST"])
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


@administration
@require_POST
def agir(requete: Requete, agent: int, geste: str) -> HttpResponse:
    personne = get_object_or_404(agents(), pk=agent)
    return faire(requete, partial(choisir(GESTES, geste), requete, personne), "gestion:agents")
