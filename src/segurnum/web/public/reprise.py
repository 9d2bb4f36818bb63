"""Coming back to an initial enrolment later, by a link received by mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from segurnum.enrolements import brouillons
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.limites import services as limites
from segurnum.limites.phrases import a_partir_de
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.limites import ADRESSE, JOUR, limite
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.web.public.enrolement import SESSION, parcours_de
from segurnum.web.public.formulaires_enrolement import FormulaireLien

ENVOIS_PAR_JOUR = 5


@login_not_required
@never_cache
@limite("liens", ADRESSE, 20, JOUR, quoi="liens")
@require_http_methods(["GET", "HEAD", "POST"])
def lien(requete: HttpRequest) -> HttpResponse:
    """« Recevoir un lien pour reprendre plus tard »."""
    brouillon = parcours_de(requete).brouillon
    if brouillon is None:
        messages.info(requete, "Rien n'est encore saisi : commencez par votre numéro de référencement.")
        return redirect("public:enrolement")
    page = PageFormulaire(
        "Recevoir un lien pour reprendre plus tard",
        "Envoyer le lien",
        reverse("public:enrolement"),
        "Un lien vous est envoyé par courriel : il rouvre votre saisie, fichiers compris, dans n'importe quel "
        "navigateur. Un nouveau lien remplace le précédent. Sans modification pendant trente jours, la saisie est "
        "effacée.",
        "Demande d'enrôlement",
    )

    def envoyer(saisie: Saisie) -> str:
        libre_le = limites.compter(f"lien-enrolement:{brouillon.pk}", maximum=ENVOIS_PAR_JOUR, duree=JOUR)
        if libre_le is not None:
            raise GesteImpossible(
                f"{ENVOIS_PAR_JOUR} liens ont été envoyés en un jour pour cette saisie : recommencez "
                f"{a_partir_de(libre_le)}."
            )
        brouillons.envoyer_lien(brouillon=brouillon.pk, courriel=saisie["courriel"])
        return (
            f"Un lien a été envoyé à {saisie['courriel']}. Vous pouvez fermer cette page : votre saisie est gardée "
            "trente jours."
        )

    return page.traiter(requete, FormulaireLien(envoi(requete), requete=requete), envoyer)


@login_not_required
@never_cache
@require_safe
def reprendre(requete: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: this browser now fills in that draft."""
    try:
        requete.session[SESSION] = str(brouillons.retrouver(secret).pk)
    except BrouillonIntrouvable:
        return render(requete, "public/enrolement/lien_perdu.html", status=404)
    return redirect("public:enrolement")
