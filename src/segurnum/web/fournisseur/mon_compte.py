"""« Mon compte » of anybody: password, open sessions, the companies that one may act for (PUB-040)."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes import mots_de_passe, queries, services
from segurnum.comptes.limites import permettre
from segurnum.comptes.models import Habilitation
from segurnum.comptes.sessions import fermer, fermer_une, sessions_de
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.entrees import entier
from segurnum.web.fournisseur.mots_de_passe import ChangementDeMotDePasse

ESSAIS_PAR_QUART_D_HEURE = 5


@never_cache
@require_safe
def compte(requete: Requete) -> HttpResponse:
    return render(
        requete,
        "fournisseur/compte/compte.html",
        {
            "second_facteur": queries.a_un_second_facteur(requete.user),
            "sessions": sessions_de(requete.user),
            "cle_courante": requete.session.session_key,
            "habilitations": queries.autres_habilitations(requete.user),
        },
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def changer_mot_de_passe(requete: Requete) -> HttpResponse:
    form = ChangementDeMotDePasse(requete.user, requete.POST if requete.method == "POST" else None)
    if form.is_bound and not _peut_essayer(requete):
        form.add_error(None, "Trop d'essais : attendez un quart d'heure avant de recommencer.")
    elif form.is_bound and form.is_valid():
        mots_de_passe.changer(
            personne=requete.user,
            mot_de_passe=form.cleaned_data["new_password1"],
            session=requete.session.session_key,
        )
        update_session_auth_hash(requete, requete.user)
        messages.success(requete, "Votre mot de passe est changé, et vos autres sessions sont fermées.")
        return redirect("fournisseur:compte")
    statut = 422 if form.is_bound else 200
    return render(requete, "fournisseur/compte/changer_mot_de_passe.html", {"form": form}, status=statut)


def _peut_essayer(requete: Requete) -> bool:
    """Who finds a session left open does not get to guess its password."""
    cle = f"mot-de-passe:{requete.user.objet}"
    return permettre(cle, maximum=ESSAIS_PAR_QUART_D_HEURE, duree=timedelta(minutes=15))


@require_POST
def fermer_session(requete: Requete) -> HttpResponse:
    """Close one of one's own sessions."""
    if fermer_une(requete.user, repere=requete.POST.get("session", "")):
        messages.success(requete, "La session est fermée.")
    else:
        messages.info(requete, "Cette session n'est plus ouverte.")
    return redirect("fournisseur:compte")


@require_POST
def fermer_sessions(requete: Requete) -> HttpResponse:
    """Close every session of one's own but this one."""
    nombre = fermer(requete.user, sauf=requete.session.session_key)
    phrase = {0: "Aucune autre session n'était ouverte.", 1: "Votre autre session est fermée."}
    messages.success(requete, phrase.get(nombre, f"Vos {nombre} autres sessions sont fermées."))
    return redirect("fournisseur:compte")


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
