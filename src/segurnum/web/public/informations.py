"""What the public site tells and keeps nothing of: its home, questions, documents and guides, legal pages.

PUB-001 to PUB-018, PUB-044 to PUB-048.
"""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from segurnum.comptes.models import Theme
from segurnum.comptes.services import choisir_theme
from segurnum.editorial.documents import PROPOSES, guide_en_html, octets, proposes
from segurnum.editorial.queries import documents, faq
from segurnum.fichiers.documents import Genre
from segurnum.referentiel.ical import en_ical
from segurnum.referentiel.queries import calendrier
from segurnum.regles.calendrier import maintenant
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.documents import document_utile, publie
from segurnum.seuil.limites import sans_ecriture
from segurnum.seuil.telechargements import donner, envoyer, sert
from segurnum.seuil.theme import garder
from segurnum.web.kits.tableau import Colonne, Tableau

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
