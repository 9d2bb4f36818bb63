"""The drafts that this browser knows: those begun here, and those that a link of a mail opened.

A link never takes the place of another draft: it is added, and becomes the one that is filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.enrolements import brouillons, preuves
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.models import Brouillon, PieceBrouillon
from segurnum.fichiers.documents import Genre
from segurnum.kits.champs import ChampCourriel, champ, texte
from segurnum.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.referentiel.queries import par_numero_ans
from segurnum.seuil.acces import bouton_public, formulaire_public, page_publique
from segurnum.seuil.documents import piece_de_brouillon
from segurnum.seuil.limites import JOUR
from segurnum.seuil.telechargements import donner
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.enrolement.parcours import BANQUE, REFERENCEMENT

SESSION, CONNUS = "brouillon_enrolement", "brouillons_enrolement"
AU_PLUS = 10


class FormulaireLien(FormulaireProtege):
    """« Recevoir un lien pour reprendre plus tard »."""

    use_required_attribute = False
    courriel = champ(
        "Votre adresse électronique",
        "Renseignez votre adresse électronique.",
        ChampCourriel,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class FormulaireFinIban(forms.Form):
    """What a stranger to whom a link went does not know."""

    use_required_attribute = False
    fin_iban = texte(
        f"{preuves.CARACTERES} derniers caractères de l'IBAN",
        maximum=12,
        help_text="Tels qu'ils figurent sur le RIB déposé. Cinq essais par jour.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True)
class Commencee:
    """A draft as its list shows it."""

    rang: int
    numero_ans: str
    logiciel: str
    modifie_le: datetime
    efface_le: datetime
    courante: bool


def retenir(requete: HttpRequest, ligne: Brouillon) -> None:
    """This browser now fills in that draft, and still knows the others."""
    cle = str(ligne.pk)
    connus = [connue for connue in _cles(requete) if connue != cle]
    requete.session[CONNUS] = [*connus, cle][-AU_PLUS:]
    requete.session[SESSION] = cle


def oublier(requete: HttpRequest) -> None:
    """The one that is filled in is finished, or erased."""
    cle = requete.session.pop(SESSION, None)
    requete.session[CONNUS] = [connue for connue in _cles(requete) if connue != cle]


def connues(requete: HttpRequest) -> Sequence[Brouillon]:
    """Those that are still there, the last touched first."""
    return brouillons.parmi(_cles(requete))


def courante(requete: HttpRequest) -> Brouillon | None:
    """The one that is filled in. One that is gone is forgotten at the next gesture."""
    cle = requete.session.get(SESSION)
    try:
        return brouillons.lire(cle) if cle else None
    except BrouillonIntrouvable:
        return None


def _cles(requete: HttpRequest) -> list[str]:
    connus = list(requete.session.get(CONNUS, []))
    courante = requete.session.get(SESSION)
    return connus if courante is None or courante in connus else [*connus, courante]


@page_publique
@never_cache
def lister(requete: HttpRequest) -> HttpResponse:
    """« Mes saisies en cours »."""
    lignes = [_montree(requete, rang, ligne) for rang, ligne in enumerate(connues(requete), 1)]
    return render(requete, "public/enrolement/saisies.html", {"saisies": lignes})


def _montree(requete: HttpRequest, rang: int, ligne: Brouillon) -> Commencee:
    numero = str(ligne.saisie.get(REFERENCEMENT.cle, {}).get("numero_ans", ""))
    reference = par_numero_ans(numero) if numero else None
    return Commencee(
        rang,
        numero,
        reference.logiciel if reference else "",
        ligne.modifie_le,
        ligne.modifie_le + brouillons.GARDE,
        requete.session.get(SESSION) == str(ligne.pk),
    )


def _piece_de(requete: HttpRequest, type_piece: str) -> PieceBrouillon:
    """A file of the draft that this browser fills in, and of no other."""
    return get_object_or_404(brouillons.pieces_de(requete.session.get(SESSION)), type=type_piece.upper())


# Read again by who typed it, before « Terminer ».
piece = page_publique(never_cache(donner(piece_de_brouillon, _piece_de, Genre.BROUILLON)))


@bouton_public("enrolement", 400)
def choisir(requete: HttpRequest, saisie: int) -> HttpResponse:
    """Fill in this one of the list."""
    lignes = connues(requete)
    if not 1 <= saisie <= len(lignes):
        raise Http404
    retenir(requete, lignes[saisie - 1])
    return redirect(reverse("public:enrolement_etape", args=[REFERENCEMENT.cle]))


@bouton_public("enrolement", 400)
def nouvelle(requete: HttpRequest) -> HttpResponse:
    """Begin another: the one that was filled in stays in the list."""
    requete.session[CONNUS] = _cles(requete)
    requete.session.pop(SESSION, None)
    messages.info(requete, "Vos saisies en cours restent dans « Mes saisies en cours ».")
    return redirect(reverse("public:enrolement_etape", args=[REFERENCEMENT.cle]))


# --- Coming back later, by a link received by mail


@formulaire_public("liens", 20, JOUR, quoi="liens")
@never_cache
def lien(requete: HttpRequest) -> HttpResponse:
    """« Recevoir un lien pour reprendre plus tard »."""
    brouillon = courante(requete)
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


@formulaire_public("enrolement", 400)
@never_cache
def reprendre(requete: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: this browser now fills in that draft, and forgets no other.

    Once an IBAN is typed there, another browser than those that know the draft is asked how it ends.
    """
    try:
        ligne = brouillons.retrouver(secret)
    except BrouillonIntrouvable:
        return render(requete, "public/enrolement/lien_perdu.html", status=404)
    iban = str(ligne.saisie.get(BANQUE.cle, {}).get("iban", ""))
    if str(ligne.pk) in _cles(requete) or not preuves.est_demandee(iban):
        return _continuer(requete, ligne)
    page = PageFormulaire(
        "Reprendre ma demande d'enrôlement",
        "Reprendre",
        reverse("public:enrolement"),
        "Cette saisie contient un IBAN, et son lien a pu être lu par quelqu'un d'autre : dites comment il finit.",
        "Demande d'enrôlement",
    )

    def agir(saisie: Saisie) -> HttpResponse:
        preuves.exiger_la_fin(objet=f"brouillon:{ligne.pk}", iban=iban, fin=saisie["fin_iban"])
        return _continuer(requete, ligne)

    return page.traiter(requete, FormulaireFinIban(envoi(requete)), agir)


def _continuer(requete: HttpRequest, ligne: Brouillon) -> HttpResponse:
    retenir(requete, ligne)
    if len(connues(requete)) > 1:
        messages.info(
            requete,
            "Vous continuez la saisie de ce lien. L'autre, commencée dans ce navigateur, reste dans « Mes saisies en "
            "cours ».",
        )
    return redirect("public:enrolement")
