"""« Documents utiles » (PUB-044 to PUB-048): what officers publish, what the portal makes, and the guides on screen."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe

from segurnum.editorial.documents import PROPOSES, guide_en_html, octets
from segurnum.editorial.queries import documents
from segurnum.fichiers.documents import Genre
from segurnum.seuil.acces import page_publique
from segurnum.seuil.documents import document_utile, publie
from segurnum.seuil.telechargements import envoyer, sert, servir


@dataclass(frozen=True)
class Document:
    """One line of the list. `en_ligne`: where it is read without being downloaded."""

    titre: str
    description: str
    adresse: str
    nom: str
    taille: int
    en_ligne: str = ""


@page_publique
def liste(requete: HttpRequest) -> HttpResponse:
    lignes = [
        Document(
            publie.titre,
            publie.description,
            reverse("public:document", args=[publie.pk]),
            publie.nom_fichier,
            publie.fichier.taille,
        )
        for publie in documents()
        if publie.fichier.taille and not publie.fichier.retenu
    ]
    publies = {ligne.titre for ligne in lignes}
    lignes += [
        Document(
            modele.titre,
            modele.description,
            reverse("public:document_modele", args=[nom]),
            nom,
            len(octets(nom)),
            reverse(f"public:guide_{modele.guide}") if modele.guide else "",
        )
        for nom, modele in PROPOSES.items()
        if modele.titre not in publies  # what officers publish takes the place of the portal's own
    ]
    return render(requete, "public/documents.html", {"documents": lignes})


@page_publique
@sert(Genre.PUBLIE)
def document(requete: HttpRequest, document: int) -> HttpResponseBase:
    """A published document, as a file to save."""
    return servir(requete, document_utile(get_object_or_404(documents(), pk=document)))


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
