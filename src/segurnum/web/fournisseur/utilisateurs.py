"""« Gérer les utilisateurs »: a company's administrators invite, change roles and close accesses (GST-033)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import invitations, services
from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.comptes.permissions import peut_gerer_les_utilisateurs
from segurnum.comptes.queries import invitations_de, membres
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, Vue, VueGardee, entreprise_de, fournisseurs
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, FormulairePersonne
from segurnum.web.commun.limites import ENTREPRISE, JOUR, limite
from segurnum.web.fournisseur.acces import pour_cette_entreprise
from segurnum.web.fournisseur.confirmation import confirmation_recente

P = ParamSpec("P")


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
    form = FormulaireInvitation(requete.POST if requete.method == "POST" else None)
    if form.is_bound and form.is_valid() and _inviter(requete, form):
        return redirect("fournisseur:utilisateurs")
    statut = 422 if form.is_bound else 200
    return render(requete, "fournisseur/compte/inviter.html", {"form": form}, status=statut)


def _inviter(requete: Requete, form: FormulaireInvitation) -> bool:
    donnees = form.cleaned_data
    try:
        invitations.inviter(
            entreprise=entreprise_de(requete),
            courriel=donnees["courriel"],
            nom=donnees["nom"],
            prenom=donnees["prenom"],
            profil=Profil(requete.user.profil),
            role=Role(donnees["role"]),
            par=requete.user,
        )
    except GesteImpossible as refus:
        form.add_error("courriel", str(refus))
        return False
    messages.success(requete, f"L'invitation est envoyée à {donnees['courriel']}.")
    return True


@geste
def changer_role(requete: Requete, personne: int) -> HttpResponse:
    role = requete.POST.get("role", "")
    membre = _membre(requete, personne)
    if role in Role.values:
        _faire(requete, "Le rôle est changé.", services.changer_role, personne=membre, role=Role(role))
    else:
        messages.error(requete, "Choisissez un rôle : administrateur, déposant ou lecteur.")
    return redirect("fournisseur:utilisateurs")


@geste
def retirer_acces(requete: Requete, personne: int) -> HttpResponse:
    membre = _membre(requete, personne)
    _faire(requete, "L'accès est retiré.", services.retirer_acces, personne=membre)
    return redirect("fournisseur:utilisateurs")


@fournisseurs
@pour_cette_entreprise
@administrateurs
@limite("invitations", ENTREPRISE, 50, JOUR, quoi="invitations")
@require_POST
@confirmation_recente
def rouvrir_acces(requete: Requete, personne: int) -> HttpResponse:
    """A closed account opens again; who has not chosen a password gets another link."""
    membre = _membre(requete, personne)
    _faire(requete, "Un courriel est envoyé à la personne.", services.rouvrir_acces, personne=membre)
    return redirect("fournisseur:utilisateurs")


@geste
def renvoyer_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """Another link, for as long again."""
    cle = _invitation(requete, invitation)
    _faire(requete, "L'invitation est envoyée de nouveau.", invitations.renvoyer, invitation=cle)
    return redirect("fournisseur:utilisateurs")


@fournisseurs
@pour_cette_entreprise
@administrateurs
@require_POST
def retirer_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """Nothing was given yet: nothing is to be confirmed."""
    cle = _invitation(requete, invitation)
    _faire(requete, "L'invitation est retirée.", invitations.retirer, invitation=cle)
    return redirect("fournisseur:utilisateurs")


def _faire(requete: Requete, phrase: str, service: Callable[..., None], **valeurs: Any) -> None:
    try:
        service(entreprise=entreprise_de(requete), par=requete.user, **valeurs)
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, phrase)


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
