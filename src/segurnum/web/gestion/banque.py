"""A whole account, for the officers who instruct and who pay."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.coordonnees.queries import comptes
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.documents import Genre
from segurnum.seuil.acces import Requete, agents
from segurnum.seuil.documents import iban_declare, iban_du_compte
from segurnum.seuil.iban import noter_la_lecture
from segurnum.seuil.telechargements import sert
from segurnum.web.gestion import file_enrolements as file


@agents
@require_POST
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, compte: int) -> HttpResponse:
    """« Afficher l'IBAN entier » of a company's account."""
    ligne = get_object_or_404(comptes(), pk=compte)
    return noter_la_lecture(requete, iban_du_compte(ligne), reverse("gestion:accueil"))


@agents
@require_POST
@sert(Genre.IBAN)
def afficher_iban_declare(requete: Requete, enrolement: str) -> HttpResponse:
    """« Afficher l'IBAN entier » that an enrolment declares."""
    ligne = file.trouver(enrolement)
    return noter_la_lecture(requete, iban_declare(ligne), reverse("gestion:enrolement", args=[ligne.numero]))


def adresse_iban(compte: int) -> str:
    return reverse("gestion:afficher_iban", args=[compte])


def adresse_iban_declare(enrolement: Enrolement) -> str:
    return reverse("gestion:afficher_iban_enrolement", args=[enrolement.numero])
