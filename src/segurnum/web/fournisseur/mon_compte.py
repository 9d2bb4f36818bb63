"""« Mon compte » of anybody: password, sign-ins, the companies that one acts for, the invitations to act for others.

An invitation is answered from there, or by its mailed link (PUB-040). A company's administrators invite its people,
change their roles and close their accesses: « Gérer les utilisateurs » (GST-033).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import connexions as services_connexions
from segurnum.comptes import identites, invitations, mots_de_passe, preuves, queries, services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Habilitation, Profil, Role, Utilisateur
from segurnum.comptes.queries import invitations_de, membres
from segurnum.comptes.sessions import sessions_de
from segurnum.courriels.queries import adresses_en_echec
from segurnum.kits.champs import FormulairePersonne, champ
from segurnum.kits.geste import PageFormulaire, Saisie, envoi, faire
from segurnum.seuil.acces import Garde, Requete, administrateurs, entreprise_de, formulaire_public
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import ENTREPRISE, HEURE, JOUR, PERSONNE, limite
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise, saisie
from segurnum.web.fournisseur.compte import confirmation_recente
from segurnum.web.fournisseur.second_facteur import ChangementDeMotDePasse

COMPTE, PAGE = "fournisseur:compte", "fournisseur:utilisateurs"
CONNEXIONS_MONTREES = 20


@require_safe
def compte(requete: Requete) -> HttpResponse:
    personne = requete.user
    return render(
        requete,
        "fournisseur/compte/compte.html",
        {
            "application": queries.a_une_application(personne),
            "cles": queries.cles_acces(personne),
            "adresses_en_echec": adresses_en_echec([personne.email]),
            "identite": queries.identite_liee(personne),
            "oidc": settings.OIDC_LIBELLE,
            "habilitations": queries.autres_habilitations(personne),
            "invitations": queries.invitations_recues(personne),
        },
    )


@require_safe
def connexions(requete: Requete) -> HttpResponse:
    """« Mes connexions »: what is open now, and the last sign-ins."""
    return render(
        requete,
        "fournisseur/compte/connexions.html",
        {
            "sessions": sessions_de(requete.user),
            "cle_courante": requete.session.session_key,
            "connexions": queries.connexions_de(requete.user)[:CONNEXIONS_MONTREES],
            "garde": settings.GARDE_CONNEXIONS,
        },
    )


@sensitive_post_parameters()
@limite("mot-de-passe", PERSONNE, 30, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def changer_mot_de_passe(requete: Requete) -> HttpResponse:
    form = ChangementDeMotDePasse(requete.user, envoi(requete))
    titre = "Changer mon mot de passe"
    page = PageFormulaire(titre, titre, COMPTE, "Vos autres sessions seront fermées.")
    if form.is_bound and (trop := preuves.essai_refuse(requete.user)):
        form.add_error(None, trop)
        return page.montrer(requete, form, 422)

    def changer(saisie: Saisie) -> str:
        mots_de_passe.changer(
            personne=requete.user,
            mot_de_passe=saisie["new_password1"],
            session=requete.session.session_key,
        )
        update_session_auth_hash(requete, requete.user)
        return "Votre mot de passe est changé, et vos autres sessions sont fermées."

    return page.traiter(requete, form, changer)


@require_POST
def fermer_session(requete: Requete) -> HttpResponse:
    """Close one of one's own sessions."""
    if services_connexions.fermer_une(personne=requete.user, repere=requete.POST.get("session", "")):
        messages.success(requete, "La session est fermée.")
    else:
        messages.info(requete, "Cette session n'est plus ouverte.")
    return redirect("fournisseur:connexions")


@require_POST
def fermer_sessions(requete: Requete) -> HttpResponse:
    """Close every session of one's own but this one."""
    nombre = services_connexions.fermer_les_autres(personne=requete.user, sauf=requete.session.session_key)
    phrase = {0: "Aucune autre session n'était ouverte.", 1: "Votre autre session est fermée."}
    messages.success(requete, phrase.get(nombre, f"Vos {nombre} autres sessions sont fermées."))
    return redirect("fournisseur:connexions")


@geste()
def choisir_entreprise(requete: Requete) -> HttpResponse:
    try:
        services.choisir_entreprise(
            personne=requete.user, habilitation=entier(requete.POST.get("habilitation")) or 0
        )
    except Habilitation.DoesNotExist:
        raise Http404 from None
    return redirect("fournisseur:accueil")


@require_POST
@confirmation_recente
def delier_identite(requete: Requete) -> HttpResponse:
    """The account is no longer opened by the provider's identity; another may be bound later."""
    if identites.delier(personne=requete.user):
        messages.success(requete, f"Votre compte n'est plus lié à votre identité {settings.OIDC_LIBELLE}.")
    return redirect(COMPTE)


ACCEPTER, DECLINER = "accepter", "decliner"
LIEN_MORT = (
    "Cette invitation n'attend plus de réponse : vous y avez répondu, elle a été retirée, ou son délai est passé. "
    "Demandez-en une autre à l'entreprise qui vous invitait."
)
DECLINEE = "Vous avez décliné l'invitation."
Reponse = tuple[Callable[..., Any], str]
PAR_LE_LIEN: Mapping[str, Reponse] = {
    ACCEPTER: (
        invitations.accepter_par_lien,
        "L'invitation est acceptée. Votre identifiant vous est envoyé par courriel, et par un autre le lien pour "
        "choisir votre mot de passe, si vous n'en avez pas.",
    ),
    DECLINER: (invitations.decliner_par_lien, DECLINEE),
}


@formulaire_public("invitation", 60)
@never_cache
def invitation(requete: HttpRequest) -> HttpResponse:
    """Opened by the link of M50. Whose address has an account signs in to accept; anybody may say no."""
    jeton = requete.POST.get("jeton") or requete.GET.get("jeton", "")
    recue = queries.invitation_par_jeton(jeton)
    if recue is None:
        messages.error(requete, LIEN_MORT)
        return redirect("fournisseur:connexion")
    geste = requete.POST.get("geste", "")
    if requete.method == "POST" and geste in PAR_LE_LIEN:
        service, phrase = PAR_LE_LIEN[geste]
        return faire(requete, partial(service, jeton=jeton), "fournisseur:connexion", fait=phrase)
    contexte = {"invitation": recue, "jeton": jeton, "se_connecter": invitations.doit_se_connecter(recue)}
    return render(requete, "fournisseur/compte/invitation.html", contexte)


@geste()
def repondre_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """From « Mon compte ». One made to somebody else does not exist."""
    recue = queries.invitations_recues(requete.user).filter(pk=invitation).first()
    if recue is None:
        raise Http404
    acceptee = f"L'invitation est acceptée : choisissez {recue.entreprise.denomination} pour agir en son nom."
    gestes = {ACCEPTER: (invitations.accepter, acceptee), DECLINER: (invitations.decliner, DECLINEE)}
    service, phrase = gestes.get(requete.POST.get("geste", ""), (None, ""))
    if service is None:
        messages.error(requete, "Acceptez ou déclinez l'invitation.")
        return redirect(COMPTE)
    agir = partial(service, invitation=recue.pk, personne=requete.user)
    return faire(requete, agir, COMPTE, fait=phrase)


INVITATIONS = limite("invitations", ENTREPRISE, 50, JOUR, quoi="invitations")


class FormulaireInvitation(FormulairePersonne):
    role = champ(
        "Rôle",
        "Choisissez le rôle de la personne.",
        forms.ChoiceField,
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


A_INVITER = PageFormulaire(
    "Inviter un utilisateur",
    "Envoyer l'invitation",
    PAGE,
    "La personne reçoit un courriel qui lui dit qui l'invite et avec quel rôle. Elle agit pour votre entreprise quand "
    "elle a accepté, avec le compte qu'elle a ou celui qui lui est alors ouvert. L'invitation vaut sept jours.",
)


@saisie(pour_cette_entreprise, administrateurs, confirmation_recente)
@INVITATIONS
def inviter(requete: Requete) -> HttpResponse:
    form = FormulaireInvitation(envoi(requete))
    return A_INVITER.traiter(requete, form, partial(_inviter, requete), champ="courriel")


def _inviter(requete: Requete, saisie: Saisie) -> str:
    invitations.inviter(
        entreprise=entreprise_de(requete),
        profil=Profil(requete.user.profil),
        auteur=auteur(requete.user),
        **saisie | {"role": Role(saisie["role"])},
    )
    return f"L'invitation est envoyée à {saisie['courriel']}."


def _membre(requete: Requete, cle: int) -> Utilisateur:
    """A person of one's own company; 404 for anybody else."""
    for membre in membres(entreprise_de(requete)):
        if membre.personne.pk == cle:
            return membre.personne
    raise Http404


def _invitation(requete: Requete, cle: int) -> int:
    """One of one's own company; 404 for anybody else's."""
    return get_object_or_404(invitations_de(entreprise_de(requete)), pk=cle).pk


_LIRE: Mapping[str, Callable[[Requete, int], object]] = {"personne": _membre, "invitation": _invitation}


def _sur(
    nom: str, service: Callable[..., None], fait: str, *gardes: Garde
) -> Callable[..., HttpResponseBase]:
    """A button on a person of the company, or on an invitation: the service is told it under `nom`."""

    @geste(pour_cette_entreprise, administrateurs, *gardes)
    def vue(requete: Requete, /, **adresse: int) -> HttpResponse:
        return _faire(requete, fait, service, **{nom: _LIRE[nom](requete, adresse[nom])})

    return vue


@geste(pour_cette_entreprise, administrateurs, confirmation_recente)
def changer_role(requete: Requete, personne: int) -> HttpResponse:
    membre, role = _membre(requete, personne), requete.POST.get("role", "")
    if role not in Role.values:
        messages.error(requete, "Choisissez un rôle : administrateur, déposant ou lecteur.")
        return redirect(PAGE)
    return _faire(requete, "Le rôle est changé.", services.changer_role, personne=membre, role=Role(role))


def _faire(requete: Requete, phrase: str, service: Callable[..., None], **valeurs: Any) -> HttpResponse:
    agir = partial(service, entreprise=entreprise_de(requete), auteur=auteur(requete.user), **valeurs)
    return faire(requete, agir, PAGE, fait=phrase)


retirer_acces = _sur("personne", services.retirer_acces, "L'accès est retiré.", confirmation_recente)
# A closed account opens again; who has not chosen a password gets another link.
rouvrir_acces = INVITATIONS(
    _sur("personne", services.rouvrir_acces, "Un courriel est envoyé à la personne.", confirmation_recente)
)
# Another link, for as long again.
renvoyer_invitation = _sur(
    "invitation", invitations.renvoyer, "L'invitation est envoyée de nouveau.", confirmation_recente
)
# Nothing was given yet: nothing is to be confirmed.
retirer_invitation = _sur("invitation", invitations.retirer, "L'invitation est retirée.")
