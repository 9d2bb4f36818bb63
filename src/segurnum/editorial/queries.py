"""Reading what is published and what was received."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.demandes.models import Dossier
from segurnum.editorial.models import (
    AUDIENCES,
    Actualite,
    DocumentUtile,
    Publication,
    QuestionFaq,
    ReponseTicket,
    RubriqueFaq,
    Ticket,
)
from segurnum.regles.calendrier import instant_fr, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import ecrire_telephone


@dataclass(frozen=True)
class Rubrique:
    """A heading with the questions to show under it."""

    cle: int
    titre: str
    questions: list[QuestionFaq]

    @property
    def identifiant(self) -> str:
        return str(self.cle)


def faq(recherche: str = "") -> list[Rubrique]:
    """Every heading in order; with words to find, the headings that hold them, with the questions that do.

    A question is found when it holds every word, whatever the case and the accents, in its text or its heading's.
    """
    mots = _nu(recherche).split()
    rubriques = []
    for ligne in RubriqueFaq.objects.prefetch_related("questions"):
        questions = [
            question
            for question in ligne.questions.all()
            if _contient(f"{ligne.titre} {question.question} {question.reponse}", mots)
        ]
        if questions or not mots:
            rubriques.append(Rubrique(ligne.pk, ligne.titre, questions))
    return rubriques


def actualites_de(utilisateur: Utilisateur) -> "QuerySet[Actualite]":
    """The news that this person reads, the last published first."""
    audiences = AUDIENCES.get(Profil(utilisateur.profil), ())
    return Actualite.objects.filter(audience__in=audiences, publiee_le__lte=maintenant()).select_related(
        "fichier"
    )


def documents() -> "QuerySet[DocumentUtile]":
    return DocumentUtile.objects.select_related("fichier")


def tickets() -> "QuerySet[Ticket]":
    """Every message, with what its page shows."""
    reponses = ReponseTicket.objects.select_related("auteur")
    return Ticket.objects.select_related("fichier", "auteur", "charge").prefetch_related(
        Prefetch("reponses", reponses)
    )


def tickets_sur(numero_demande: str) -> "QuerySet[Ticket]":
    """The messages that wait for an answer about a request, the last received first."""
    return (
        Ticket.objects.filter(numero_demande__iexact=numero_demande)
        .exclude(etat=Ticket.Etat.CLOS)
        .order_by("-recu_le")
    )


def tickets_de(numero_demande: str, entreprise: Entreprise) -> "QuerySet[Ticket]":
    """What was written for a company about one of its requests, answered or not, whoever its author acts for now."""
    ecrits = Ticket.objects.filter(du_service=False, entreprise=entreprise)
    return ecrits.filter(numero_demande__iexact=numero_demande).order_by("-recu_le")


@dataclass(frozen=True)
class Propos:
    """One message of a thread. `reponse`: of the administration, whose people are not named; else by `qui`.

    `clos`: the exchange that it began is over.
    """

    instant: datetime
    numero: str
    texte: str
    qui: str
    reponse: bool = False
    clos: bool = False


def fil_de(dossier: Dossier) -> list[Propos]:
    """What a company wrote about the requests of a dossier, and what it was answered, the first first."""
    numeros = [dossier.numero, *(f"{dossier.numero}{type_demande.suffixe}" for type_demande in TypeDemande)]
    # As it was typed: who wrote « finmdv00001m0 » is answered on this thread, and nowhere else.
    sur_lui = reduce(or_, (Q(numero_demande__iexact=numero) for numero in numeros))
    lignes = Ticket.objects.filter(sur_lui, entreprise=dossier.entreprise_id).prefetch_related("reponses")
    ecrits = [
        Propos(
            ligne.recu_le,
            ligne.numero,
            ligne.description,
            ligne.nom,
            reponse=ligne.du_service,
            clos=ligne.etat == Ticket.Etat.CLOS and not ligne.du_service,
        )
        for ligne in lignes
    ]
    reponses = [
        Propos(reponse.envoyee_le, ligne.numero, reponse.texte, "", reponse=True)
        for ligne in lignes
        for reponse in ligne.reponses.all()
    ]
    return sorted([*ecrits, *reponses], key=lambda propos: propos.instant)


def nombre_de_tickets_ouverts() -> int:
    return Ticket.objects.exclude(etat=Ticket.Etat.CLOS).count()


def _contient(texte: str, mots: list[str]) -> bool:
    nu = _nu(texte)
    return all(mot in nu for mot in mots)


def _nu(texte: str) -> str:
    """Without case nor accents: « Enrôlement » is found by « enrolement »."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


def publications(modele: type[Publication], *liees: str) -> QuerySet[Any]:
    """Everything of a kind that officers wrote, shown yet or not."""
    return modele._default_manager.select_related(*liees)


def ecrit(ligne: Ticket) -> list[tuple[str, str]]:
    """A message in writing: each value under its label."""
    auteur = ligne.auteur
    lignes = [
        ("Reçu le", instant_fr(ligne.recu_le)),
        ("Couloir", ligne.get_couloir_display()),
        ("Phase", ligne.get_phase_display()),
        ("Type de demande", ligne.get_type_display()),
        ("Nom", ligne.nom),
        ("Raison sociale", ligne.raison_sociale or "Non indiquée"),
        ("Courriel", ligne.courriel),
        ("Téléphone", ecrire_telephone(ligne.telephone)),
        ("Numéro de référencement", ligne.numero_referencement or "Non indiqué"),
        ("Pris en charge par", ligne.pris_par),
        (
            "Compte connecté à l'envoi",
            f"{auteur.get_username()} ({auteur.libelle_profil})" if auteur else "Aucun",
        ),
    ]
    return [(libelle, valeur) for libelle, valeur in lignes if valeur]
