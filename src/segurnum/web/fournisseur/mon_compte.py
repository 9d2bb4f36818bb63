"""« Mon compte » of anybody: password, factors, sign-ins, the companies that one may act for (PUB-040)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import connexions as services_connexions
from segurnum.comptes import identites, mots_de_passe, queries, services
from segurnum.comptes.models import Habilitation
from segurnum.comptes.second_facteur import exige
from segurnum.comptes.sessions import sessions_de
from segurnum.courriels.queries import adresses_en_echec
from segurnum.seuil.acces import Requete, fournisseurs
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.fournisseur.confirmation import confirmation_recente, essai_refuse
from segurnum.web.fournisseur.mots_de_passe import ChangementDeMotDePasse
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi

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
            "exige": exige(personne),
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
    page = PageFormulaire(
        "Changer mon mot de passe",
        "Changer mon mot de passe",
        reverse("fournisseur:compte"),
        "Vos autres sessions seront fermées.",
    )
    if form.is_bound and (trop := essai_refuse(requete)):
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


@fournisseurs
@require_POST
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
    return redirect("fournisseur:compte")
