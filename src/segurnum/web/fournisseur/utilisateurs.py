"""« Gérer les utilisateurs »: a company's administrators invite, change roles and close accesses (GST-033)."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import invitations, services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.comptes.permissions import peut_gerer_les_utilisateurs
from segurnum.comptes.queries import invitations_de, membres
from segurnum.web.commun.acces import Requete, Vue, VueGardee, entreprise_de, fournisseurs
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, FormulairePersonne
from segurnum.web.commun.limites import ENTREPRISE, JOUR, limite
from segurnum.web.fournisseur.acces import pour_cette_entreprise
from segurnum.web.fournisseur.confirmation import confirmation_recente
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi, faire

P = ParamSpec("P")
PAGE = "fournisseur:utilisateurs"


def administrateurs(vue: Vue[P]) -> VueGardee[P]:
    """Only a company's administrators manage its people."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not peut_gerer_les_utilisateurs(requete.user):
            raise PermissionDenied(
                "Cette page est réservée aux administrateurs de votre entreprise : demandez-leur cette action."
            )
        return vue(requete, *args, **kwargs)

    return gardee


def geste(vue: Vue[P]) -> VueGardee[P]:
    """What they do there: by a form of this company's own page, with a recent proof of who they are."""
    return fournisseurs(pour_cette_entreprise(administrateurs(require_POST(confirmation_recente(vue)))))


class FormulaireInvitation(FormulairePersonne):
    courriel = ChampCourriel(
        label="Adresse électronique",
        help_text=f"Format attendu : {FORME_ADRESSE}",
        error_messages={"required": "Saisissez l'adresse électronique de la personne."},
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=Role.choices,
        initial=Role.DEPOSANT,
        help_text="Un lecteur consulte ; un déposant dépose et complète les demandes ; un administrateur gère aussi "
        "les utilisateurs.",
    )


@fournisseurs
@administrateurs
@require_safe
def utilisateurs(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    contexte = {"membres": membres(entreprise), "invitations": invitations_de(entreprise), "roles": Role}
    return render(requete, "fournisseur/compte/utilisateurs.html", contexte)


@fournisseurs
@pour_cette_entreprise
@administrateurs
@limite("invitations", ENTREPRISE, 50, JOUR, quoi="invitations")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_recente
def inviter(requete: Requete) -> HttpResponse:
    page = PageFormulaire(
        "Inviter un utilisateur",
        "Envoyer l'invitation",
        reverse("fournisseur:utilisateurs"),
        "La personne reçoit un courriel qui lui dit qui l'invite et avec quel rôle. Elle agit pour votre entreprise "
        "quand elle a accepté, avec le compte qu'elle a ou celui qui lui est alors ouvert. L'invitation vaut sept "
        "jours.",
    )
    form = FormulaireInvitation(envoi(requete))
    return page.traiter(requete, form, partial(_inviter, requete), champ="courriel")


def _inviter(requete: Requete, saisie: Saisie) -> str:
    invitations.inviter(
        entreprise=entreprise_de(requete),
        profil=Profil(requete.user.profil),
        auteur=auteur(requete.user),
        **saisie | {"role": Role(saisie["role"])},
    )
    return f"L'invitation est envoyée à {saisie['courriel']}."


@geste
def changer_role(requete: Requete, personne: int) -> HttpResponse:
    membre, role = _membre(requete, personne), requete.POST.get("role", "")
    if role not in Role.values:
        messages.error(requete, "Choisissez un rôle : administrateur, déposant ou lecteur.")
        return redirect(PAGE)
    return _faire(requete, "Le rôle est changé.", services.changer_role, personne=membre, role=Role(role))


@geste
def retirer_acces(requete: Requete, personne: int) -> HttpResponse:
    membre = _membre(requete, personne)
    return _faire(requete, "L'accès est retiré.", services.retirer_acces, personne=membre)


@fournisseurs
@pour_cette_entreprise
@administrateurs
@limite("invitations", ENTREPRISE, 50, JOUR, quoi="invitations")
@require_POST
@confirmation_recente
def rouvrir_acces(requete: Requete, personne: int) -> HttpResponse:
    """A closed account opens again; who has not chosen a password gets another link."""
    membre = _membre(requete, personne)
    return _faire(requete, "Un courriel est envoyé à la personne.", services.rouvrir_acces, personne=membre)


@geste
def renvoyer_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """Another link, for as long again."""
    cle = _invitation(requete, invitation)
    return _faire(requete, "L'invitation est envoyée de nouveau.", invitations.renvoyer, invitation=cle)


@fournisseurs
@pour_cette_entreprise
@administrateurs
@require_POST
def retirer_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """Nothing was given yet: nothing is to be confirmed."""
    cle = _invitation(requete, invitation)
    return _faire(requete, "L'invitation est retirée.", invitations.retirer, invitation=cle)


def _faire(requete: Requete, phrase: str, service: Callable[..., None], **valeurs: Any) -> HttpResponse:
    agir = partial(service, entreprise=entreprise_de(requete), auteur=auteur(requete.user), **valeurs)
    return faire(requete, agir, PAGE, fait=phrase)


def _membre(requete: Requete, cle: int) -> Utilisateur:
    """A person of one's own company; 404 for anybody else."""
    for membre in membres(entreprise_de(requete)):
        if membre.personne.pk == cle:
            return membre.personne
    raise Http404


def _invitation(requete: Requete, cle: int) -> int:
    """One of one's own company; 404 for anybody else's."""
    if not invitations_de(entreprise_de(requete)).filter(pk=cle).exists():
        raise Http404
    return cle
