"""The pages of the initial enrolment, and what its forms ask of the portal (ENR-009 to ENR-061)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.models import PROFILS_ENTREPRISE
from segurnum.enrolements import brouillons
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.referentiel.banques import domiciliation as banque_de
from segurnum.referentiel.communes import communes as communes_du_code
from segurnum.regles.identifiants import normaliser_iban
from segurnum.seuil.acces import bouton_public, formulaire_public, page_publique
from segurnum.seuil.limites import JOUR, sans_ecriture
from segurnum.seuil.televersement import recoit
from segurnum.seuil.version_saisie import non_gardee, sans_page
from segurnum.web.commun.enrolement.formulaires import TAILLE_ETAPE, FormulaireBanque
from segurnum.web.commun.enrolement.parcours import PAR_CLE, REFERENCEMENT
from segurnum.web.public.guichet import SESSION, FormulaireLien, GuichetPublic


@page_publique
@never_cache
def enrolement(requete: HttpRequest) -> HttpResponse:
    """The door: a company that has an account goes to the complementary form, another where it was (ENR-002)."""
    if getattr(requete.user, "profil", None) in PROFILS_ENTREPRISE:
        return redirect("fournisseur:enrolement_complementaire")
    guichet = GuichetPublic(requete, REFERENCEMENT)
    return redirect(guichet.adresse(guichet.parcours.a_completer))


@formulaire_public("enrolement", 2_000)
@never_cache
@recoit(TAILLE_ETAPE)
def etape(requete: HttpRequest, etape: str) -> HttpResponse:
    """A step. One that is typed in the address bar before its turn leads to the first that is not complete."""
    if etape not in PAR_CLE:
        raise Http404
    guichet = GuichetPublic(requete, PAR_CLE[etape])
    attendue = guichet.parcours.a_completer
    if guichet.etape.rang <= attendue.rang:
        return guichet.repondre()
    if sans_page(requete):
        return non_gardee()
    if requete.method == "POST" and guichet.parcours.brouillon is None:
        return guichet.dire_perdu()
    messages.warning(
        requete,
        f"Terminez d'abord l'étape « {attendue.libelle} » : l'étape « {guichet.etape.libelle} » vient après.",
    )
    return redirect(guichet.adresse(attendue))


@page_publique
@never_cache
def enregistre(requete: HttpRequest) -> HttpResponse:
    return GuichetPublic.confirmer(requete, "public:enrolement", "public:accueil")


@bouton_public("enrolement", 400)
def quitter(requete: HttpRequest) -> HttpResponse:
    return GuichetPublic(requete, REFERENCEMENT).effacer("public:accueil")


# --- What a form asks while it is typed


@page_publique
def communes(requete: HttpRequest) -> HttpResponse:
    """The options of « Commune », for a postal code being typed (ENR-035)."""
    trouvees = communes_du_code(requete.GET.get("code_postal", "").strip())
    return render(requete, "public/enrolement/communes.html", {"communes": trouvees})


@bouton_public("domiciliation", 1_000)
@sans_ecriture
def domiciliation(requete: HttpRequest) -> HttpResponse:
    """The field « Domiciliation », filled from the IBAN just typed (ENR-049). Nothing is kept.

    An unknown bank empties what named another one; it leaves an empty field alone, which may be being typed.
    """
    banque = banque_de(normaliser_iban(requete.POST.get("iban", "")))
    if banque is None and not requete.POST.get("domiciliation"):
        return HttpResponse(status=204)
    form = FormulaireBanque(initial={"domiciliation": banque.banque if banque else ""})
    return render(requete, "public/enrolement/domiciliation.html", {"champ": form["domiciliation"]})


# --- Coming back later, by a link received by mail


@formulaire_public("liens", 20, JOUR, quoi="liens")
@never_cache
def lien(requete: HttpRequest) -> HttpResponse:
    """« Recevoir un lien pour reprendre plus tard »."""
    brouillon = GuichetPublic(requete, REFERENCEMENT).parcours.brouillon
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
        brouillons.envoyer_lien(brouillon=brouillon.pk, courriel=saisie["courriel"])
        return (
            f"Un lien a été envoyé à {saisie['courriel']}. Vous pouvez fermer cette page : votre saisie est gardée "
            "trente jours."
        )

    return page.traiter(requete, FormulaireLien(envoi(requete), requete=requete), envoyer)


@page_publique
@never_cache
def reprendre(requete: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: this browser now fills in that draft."""
    try:
        requete.session[SESSION] = str(brouillons.retrouver(secret).pk)
    except BrouillonIntrouvable:
        return render(requete, "public/enrolement/lien_perdu.html", status=404)
    return redirect("public:enrolement")
