"""« Gérer les utilisateurs »: a company's administrators invite, change roles and close accesses (GST-033)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum.comptes import invitations, services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.comptes.queries import invitations_de, membres
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import ENTREPRISE, JOUR, limite
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, FormulairePersonne
from segurnum.web.fournisseur.acces import administrateurs, consultation, geste, pour_cette_entreprise, saisie
from segurnum.web.fournisseur.confirmation import confirmation_recente
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi, faire

PAGE = "fournisseur:utilisateurs"
INVITATIONS = limite("invitations", ENTREPRISE, 50, JOUR, quoi="invitations")


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


@consultation(administrateurs)
def utilisateurs(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    contexte = {"membres": membres(entreprise), "invitations": invitations_de(entreprise), "roles": Role}
    return render(requete, "fournisseur/compte/utilisateurs.html", contexte)


@saisie(pour_cette_entreprise, administrateurs, confirmation_recente)
@INVITATIONS
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


@geste(pour_cette_entreprise, administrateurs, confirmation_recente)
def changer_role(requete: Requete, personne: int) -> HttpResponse:
    membre, role = _membre(requete, personne), requete.POST.get("role", "")
    if role not in Role.values:
        messages.error(requete, "Choisissez un rôle : administrateur, déposant ou lecteur.")
        return redirect(PAGE)
    return _faire(requete, "Le rôle est changé.", services.changer_role, personne=membre, role=Role(role))


@geste(pour_cette_entreprise, administrateurs, confirmation_recente)
def retirer_acces(requete: Requete, personne: int) -> HttpResponse:
    membre = _membre(requete, personne)
    return _faire(requete, "L'accès est retiré.", services.retirer_acces, personne=membre)


@geste(pour_cette_entreprise, administrateurs, confirmation_recente)
@INVITATIONS
def rouvrir_acces(requete: Requete, personne: int) -> HttpResponse:
    """A closed account opens again; who has not chosen a password gets another link."""
    membre = _membre(requete, personne)
    return _faire(requete, "Un courriel est envoyé à la personne.", services.rouvrir_acces, personne=membre)


@geste(pour_cette_entreprise, administrateurs, confirmation_recente)
def renvoyer_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """Another link, for as long again."""
    cle = _invitation(requete, invitation)
    return _faire(requete, "L'invitation est envoyée de nouveau.", invitations.renvoyer, invitation=cle)


@geste(pour_cette_entreprise, administrateurs)
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
