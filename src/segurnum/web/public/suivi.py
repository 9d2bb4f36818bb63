"""Following an enrolment without an account, and beginning again from one that was rejected.

The link is kept by the browser's session as its digest, as that of the pieces is; the address says no secret.
"""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.enrolements import brouillons, liens, suivi
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.models import Enrolement
from segurnum.kits.champs import texte
from segurnum.kits.geste import PageFormulaire, Saisie, envoi, faire, tenter
from segurnum.regles import secrets
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.identifiants import est_siret
from segurnum.seuil.acces import bouton_public, formulaire_public, page_publique
from segurnum.seuil.limites import JOUR
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.enrolement.guichet import SUIVI
from segurnum.web.commun.enrolement.reprise import recommencer_initial
from segurnum.web.public.saisies import FormulaireFinIban, retenir

PAGE = "public:suivi_demande"


class FormulaireSuivi(FormulaireProtege):
    """What a person without account has: the number of its request, and the SIRET that it declared."""

    use_required_attribute = False
    numero = texte("Numéro de la demande", maximum=20, help_text="Par exemple ENR0601M0")
    siret = texte("Numéro SIRET", maximum=40, help_text="14 chiffres ; les espaces sont acceptés.")

    def clean_siret(self) -> str:
        siret = "".join(str(self.cleaned_data["siret"]).split())
        if not est_siret(siret):
            raise forms.ValidationError(f"« {siret} » n'est pas un SIRET : 14 chiffres sont attendus.")
        return siret

    def clean_numero(self) -> str:
        return "".join(str(self.cleaned_data["numero"]).split())


@formulaire_public("liens", 20, JOUR, quoi="liens")
@never_cache
def demander(requete: HttpRequest) -> HttpResponse:
    """The link was lost: another goes to the address of the request, whoever asks."""
    page = PageFormulaire(
        "Suivre ma demande d'enrôlement",
        "Recevoir mon lien de suivi",
        reverse("public:accueil"),
        "Le courriel qui accuse réception de votre demande contient un lien personnel, qui en montre l'avancement. "
        "S'il est perdu, donnez le numéro de la demande et le SIRET : un nouveau lien est envoyé à l'adresse "
        "électronique déclarée. Si vous avez un compte, vos demandes se suivent dans votre espace.",
    )

    def agir(saisie: Saisie) -> str:
        return suivi.demander_un_lien(numero=saisie["numero"], siret=saisie["siret"], auteur=DEMANDEUR)

    form = FormulaireSuivi(envoi(requete), requete=requete)
    return page.traiter(requete, form, agir, reverse("public:suivi"))


@page_publique
@never_cache
def ouvrir(requete: HttpRequest, secret: str) -> HttpResponse:
    """The link of a mail: this browser now follows that request."""
    empreinte = secrets.empreinte(secret)
    if suivi.trouver(empreinte) is None:
        return _perdu(requete, 404)
    requete.session[SUIVI] = empreinte
    return redirect(PAGE)


@page_publique
@never_cache
def demande(requete: HttpRequest) -> HttpResponse:
    """Where the request stands, whose turn it is, what may be done."""
    ligne = _suivie(requete)
    if ligne is None:
        return _perdu(requete, 200)
    contexte = {
        "enrolement": ligne,
        "pas": suivi.pas(ligne),
        "attente": suivi.attente(ligne),
        "peut_deposer": liens.attend_des_pieces(ligne) and liens.repond_par_lien(ligne),
        "rejetee": ligne.statut is StatutEnrolement.REJETEE,
        "peut_recommencer": ligne.statut is StatutEnrolement.REJETEE and liens.repond_par_lien(ligne),
    }
    return render(requete, "public/enrolement/suivi.html", contexte)


@bouton_public("liens", 20, JOUR, quoi="liens")
def lien_de_depot(requete: HttpRequest) -> HttpResponse:
    """The pieces are handed over by a link of their own, which goes to the address of the request."""
    ligne = _suivie(requete)
    if ligne is None:
        return _perdu(requete, 200)
    return faire(requete, partial(liens.redemander, enrolement=ligne, auteur=DEMANDEUR), reverse(PAGE))


@formulaire_public("enrolement", 400)
@never_cache
def recommencer(requete: HttpRequest) -> HttpResponse:
    """A draft that holds what the rejected request declared, pieces included, for who knows the account it declared."""
    ligne = _suivie(requete)
    if ligne is None:
        return _perdu(requete, 200)
    _, refus = tenter(brouillons.verifier_la_reprise, ligne)
    if refus is not None:
        messages.error(requete, str(refus))
        return redirect(PAGE)
    page = PageFormulaire(
        f"Recommencer à partir de la demande {ligne.numero}M0",
        "Recommencer",
        reverse(PAGE),
        "Votre nouvelle saisie partira de ce que la demande rejetée déclarait, fichiers compris. Ce lien a pu être lu "
        "par quelqu'un d'autre : dites d'abord comment finit l'IBAN qu'elle déclarait.",
        f"Demande {ligne.numero}M0",
    )

    def agir(saisie: Saisie) -> str:
        retenir(requete, recommencer_initial(ligne, saisie["fin_iban"]))
        return "Votre saisie reprend celle de la demande rejetée : relisez chaque étape avant de la terminer."

    return page.traiter(requete, FormulaireFinIban(envoi(requete)), agir, reverse("public:enrolement"))


def _suivie(requete: HttpRequest) -> Enrolement | None:
    return suivi.trouver(str(requete.session.get(SUIVI, "")))


def _perdu(requete: HttpRequest, statut: int) -> HttpResponse:
    return render(requete, "public/enrolement/suivi_perdu.html", status=statut)
