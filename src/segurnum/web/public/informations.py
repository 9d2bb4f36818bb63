"""What the public site tells: its home, questions, documents and guides, legal pages; and what it is told: the contact
form, and the challenge of the public forms (PUB-001 to PUB-034, PUB-044 to PUB-048).
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from segurnum.antirobot import services as antirobot
from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Theme, Utilisateur
from segurnum.comptes.services import choisir_theme
from segurnum.controles.fichiers import CONTACT
from segurnum.editorial import assistance as tickets
from segurnum.editorial import cgu as textes_cgu
from segurnum.editorial.documents import PROPOSES, guide_en_html, octets, proposes
from segurnum.editorial.models import PhaseConcernee, TypeTicket, couloirs_concernes
from segurnum.editorial.queries import documents, faq
from segurnum.fichiers.documents import Genre
from segurnum.kits.champs import FORME_ADRESSE, ChampCourriel, ChampJoint, ChampTelephone, champ, liste
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.televersement import Televersement
from segurnum.referentiel.ical import en_ical
from segurnum.referentiel.queries import calendrier
from segurnum.regles.calendrier import maintenant
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.documents import document_utile, publie
from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.seuil.telechargements import donner, envoyer, sert
from segurnum.seuil.theme import garder
from segurnum.web.commun.captcha import FormulaireProtege

LONGUEUR_MAX = 100


@page_publique
def questions(requete: HttpRequest) -> HttpResponse:
    """The questions (PUB-015 to PUB-018), and the search among them."""
    recherche = requete.GET.get("recherche", "").replace("\x00", "").strip()[:LONGUEUR_MAX]
    rubriques = faq(recherche)
    contexte = {
        "rubriques": rubriques,
        "recherche": recherche,
        "longueur_max": LONGUEUR_MAX,
        "nombre": sum(len(rubrique.questions) for rubrique in rubriques),
    }
    return render(requete, "public/faq.html", contexte)


@page_publique
def page(requete: HttpRequest, gabarit: str) -> HttpResponse:
    """What the law asks for – who publishes the site, how accessible it is –, and where a sent message leads."""
    return render(requete, gabarit, {"mentions": settings.MENTIONS_LEGALES})


@formulaire_public("affichage", 1_000)
@sans_ecriture
def affichage(requete: HttpRequest) -> HttpResponse:
    """« Paramètres d'affichage »: a theme, chosen by a form, or in the window of the footer by who has an account."""
    choisi = requete.POST.get("fr-radios-theme", "")
    if requete.method != "POST" or choisi not in set(Theme):
        return render(requete, "public/affichage.html", status=422 if requete.method == "POST" else 200)
    if requete.user.is_authenticated:
        choisir_theme(personne=requete.user, theme=Theme(choisi))
    # From the window, nothing is to be said: one sees it.
    reponse = HttpResponse(status=204) if "fenetre" in requete.POST else redirect("public:affichage")
    if "fenetre" not in requete.POST:
        ou = "pour votre compte" if requete.user.is_authenticated else "dans ce navigateur"
        messages.success(requete, f"Votre choix est enregistré {ou}.")
    garder(reponse, Theme(choisi), tls=requete.is_secure())
    return reponse


CALENDRIER = Tableau(
    "calendrier",
    "Calendrier des dépôts",
    (
        Colonne("libelle_couloir", "Couloir", titre=True),
        Colonne("dsr", "DSR", insecable=True),
        Colonne("type", "Demande", cellule="type.libelle"),
        Colonne("ouverture", "Ouverture", cellule="ouverture|instant_long"),
        Colonne("affichee", "Date limite de dépôt", cellule="public/cellules/date_limite.html"),
        Colonne("etat", "Aujourd'hui", cellule="etat|badge"),
    ),
)


@page_publique
def accueil(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/accueil.html", {"affiche": CALENDRIER.montrer(calendrier())})


@page_publique
@sert(Genre.PUBLIE)
def flux(requete: HttpRequest) -> HttpResponseBase:
    texte = en_ical(calendrier(), requete.get_host(), maintenant())
    return envoyer(requete, publie("calendrier-segur.ics"), texte, ouvrir=True)


@page_publique
def documents_utiles(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/documents.html", {"documents": proposes()})


# A published document, as a file to save.
document = page_publique(
    donner(document_utile, lambda _requete, cle: get_object_or_404(documents(), pk=cle), Genre.PUBLIE)
)


@page_publique
@sert(Genre.PUBLIE)
def modele(requete: HttpRequest, fichier: str) -> HttpResponseBase:
    if fichier not in PROPOSES:
        raise Http404
    return envoyer(requete, publie(fichier), octets(fichier))


@page_publique
def guide(requete: HttpRequest, nom: str) -> HttpResponse:
    titre, texte = guide_en_html(nom)
    return render(requete, "public/guide.html", {"titre_guide": titre, "texte": mark_safe(texte)})  # noqa: S308 - our own text


@page_publique
def cgu(requete: HttpRequest, version: str = "") -> HttpResponse:
    """The terms of use in force, and each former version: an enrolment keeps the one that it accepted."""
    en_vigueur = textes_cgu.en_vigueur()
    lue = textes_cgu.version(version) if version else en_vigueur
    if lue is None:
        raise Http404
    contexte = {
        "version": lue,
        "en_vigueur": en_vigueur,
        "versions": textes_cgu.versions(),
        "texte": mark_safe(lue.html),  # noqa: S308 - our own text
    }
    return render(requete, "public/cgu.html", contexte)


SANS_OBJET = "Sans objet"
FICHIER = Televersement("piece_jointe", CONTACT, "réduisez-le, ou envoyez votre message sans lui")


def _liste(libelle: str, choix: list[tuple[str, str]]) -> Any:
    return liste(libelle, f"Choisissez une option dans la liste « {libelle} ».", "Choisir une option", choix)


def _texte(libelle: str, longueur: int, absent: str = "", **options: Any) -> Any:
    saisi = champ(libelle, absent, max_length=longueur, **options)
    trop_long = f"Ce texte compte %(show_value)d caractères : {longueur} au plus sont acceptés."
    saisi.error_messages["max_length"] = trop_long
    return saisi


class FormulaireContact(FormulaireProtege):
    couloir = _liste("Couloir", couloirs_concernes())
    phase = _liste("Phase", PhaseConcernee.choices)
    type = _liste("Type de demande", TypeTicket.choices)
    nom = _texte("Nom", 100, "Indiquez votre nom.", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    raison_sociale = _texte("Raison sociale", 200, widget=forms.TextInput({"autocomplete": "organization"}))
    courriel = champ(
        "Courriel",
        "Indiquez votre adresse électronique : la réponse y sera envoyée.",
        ChampCourriel,
        help_text=f"Format attendu : {FORME_ADRESSE}",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    telephone = champ(
        "Téléphone",
        "Indiquez un numéro de téléphone.",
        ChampTelephone,
        help_text="Format attendu : 01 23 45 67 89",
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    numero_referencement = _texte("Numéro de référencement", 50)
    numero_demande = _texte(
        "Numéro de demande associée",
        50,
        "Indiquez le numéro de la demande ou, si vous n'en avez pas, « Sans objet ».",
        help_text="Si vous n'avez pas de numéro de demande d'enrôlement, d'avance ou de solde indiquez "
        '"Sans objet".',
    )
    description = _texte(
        "Description", 5_000, "Décrivez votre demande.", widget=forms.Textarea(attrs={"rows": 8})
    )
    piece_jointe = ChampJoint(
        CONTACT,
        label="Pièce jointe",
        required=False,
        help_text="Veuillez importer votre fichier. Taille maximum : 2 Mo. Formats acceptés: .json, .pdf, .png, "
        ".txt, .zip",
    )

    def clean_numero_demande(self) -> str:
        numero: str = self.cleaned_data["numero_demande"]
        return SANS_OBJET if numero.casefold().strip("« \"'»\u00a0") == SANS_OBJET.casefold() else numero

    @property
    def message(self) -> dict[str, Any]:
        """What a ticket keeps of the form."""
        autres = ("captcha", "piece_jointe")
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in autres}


@formulaire_public("contact", 20, quoi="messages")
@FICHIER.recoit
def contact(requete: HttpRequest) -> HttpResponse:
    personne = requete.user if isinstance(requete.user, Utilisateur) else None

    def vierge(*envoye: Any) -> FormulaireContact:
        return FormulaireContact(*envoye, initial=_connu(personne), requete=requete)

    def enregistrer(form: FormulaireContact) -> HttpResponse:
        joint = form.cleaned_data["piece_jointe"]
        ticket = tickets.recevoir(
            champs=form.message,
            fichier=joint.fichier if joint else None,
            nom_fichier=joint.nom if joint else "",
            auteur=auteur(personne) if personne else VISITEUR,
            entreprise=personne.entreprise if personne else None,
        )
        messages.success(
            requete,
            f"Votre message est enregistré sous le numéro {ticket.numero}. Un accusé de réception part à "
            f"{ticket.courriel}.",
        )
        return redirect("public:assistance_recue")

    def page(form: FormulaireContact, statut: int) -> HttpResponse:
        return render(requete, "public/assistance.html", {"form": form}, status=statut)

    return FICHIER.servir(requete, vierge, enregistrer, page)


@login_not_required
@never_cache
@limite("verifications", ADRESSE, 300, HEURE, quoi="demandes", lectures=True)
@require_safe
def defi(_requete: HttpRequest) -> HttpResponse:
    """The computation that a browser does to send a public form."""
    return JsonResponse(antirobot.defi())


def _connu(personne: Utilisateur | None) -> dict[str, str]:
    if personne is None:
        return {}
    return {
        "nom": personne.get_full_name(),
        "courriel": personne.email,
        "raison_sociale": personne.entreprise.denomination if personne.entreprise else "",
    }
