"""The referential of ANS numbers: its table, the page of a number, what was done to it (GST-009)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.fichiers.documents import Document, Genre
from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import services
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.permissions import peut_modifier
from segurnum.referentiel.queries import numeros
from segurnum.referentiel.saisie import CHAMPS, LIBELLES, ecrire
from segurnum.referentiel.tableur import Changement, exporter
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.commun.telechargements import envoyer, sert
from segurnum.web.gestion.formulaires_referentiel import FormulaireReferencement
from segurnum.web.kits.filtres import contient, ecrit, jour_ecrit, parmi
from segurnum.web.kits.geste import Saisie, dire, envoi, traiter
from segurnum.web.kits.tableau import Colonne, Tableau

_GESTES = {services.CREER: "Création", services.MODIFIER: "Modification"}
TABLEAU = Tableau(
    "liste-referencements",
    "Référentiel des numéros ANS",
    (
        Colonne(
            "numero",
            LIBELLES["numero_ans"],
            contient("numero_ans"),
            ("numero_ans",),
            cellule="numero_ans",
            titre=True,
            lien=lambda reference: reverse("gestion:referencement", args=[reference.numero_ans]),
        ),
        Colonne("logiciel", LIBELLES["logiciel"], contient("logiciel"), ("logiciel",)),
        Colonne("version", "Version", contient("version"), ("version",)),
        Colonne("dsr", LIBELLES["dsr"], contient("dsr"), ("dsr",), insecable=True),
        Colonne(
            "nature",
            LIBELLES["nature"],
            parmi("nature", lambda: Referencement.Nature.choices),
            ("nature",),
            cellule="get_nature_display",
        ),
        Colonne(
            "effet",
            LIBELLES["date_effet"],
            ecrit(jour_ecrit("date_effet", fuseau="")),
            ("date_effet",),
            cellule="date_effet|jour",
            insecable=True,
        ),
        Colonne(
            "valide",
            "Validé à l'ANS",
            parmi("valide", lambda: ((True, "Oui"), (False, "Non"))),
            ("valide",),
            cellule='valide|yesno:"Oui,Non"',
        ),
    ),
    ordre=("numero_ans",),
)


@agents
@require_safe
def liste(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Numéros ANS référencés",
        "affiche": TABLEAU.lire(numeros(), requete.GET),
        "peut_modifier": peut_modifier(requete.user),
    }
    return render(requete, "gestion/referencements.html", contexte)


@agents
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@require_POST
@sert(Genre.REFERENTIEL)
def export(requete: Requete) -> HttpResponseBase:
    """The whole referential as a CSV file, which is also the model of those that are imported."""
    document = Document(genre=Genre.REFERENTIEL, objet="export:numeros-ans", nom="numeros-ans.csv")
    return envoyer(requete, document, exporter(numeros()))


@reserve_a(*PROFILS_INSTRUCTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(requete: Requete) -> HttpResponse:
    form = FormulaireReferencement(donnees=envoi(requete))

    def creer(_saisie: Saisie) -> HttpResponse:
        numero = services.creer(valeurs=form.valeurs, auteur=auteur(requete.user)).numero_ans
        dire(requete, f"Le numéro ANS {numero} est créé.")
        return redirect("gestion:referencement", numero)

    return traiter(requete, form, creer, "", partial(_formulaire, requete, form, None), refuse=409)


@agents
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(requete: Requete, numero_ans: str) -> HttpResponse:
    """A number: to correct for who may, to read for the others."""
    reference = get_object_or_404(numeros(), numero_ans=numero_ans)
    if requete.method == "POST" and not peut_modifier(requete.user):
        raise PermissionDenied("Cette page est réservée à un autre profil que le vôtre.")
    form = FormulaireReferencement(reference, envoi(requete))

    def modifier(_saisie: Saisie) -> str:
        vue = requete.POST.get("vue", "")
        change = services.modifier(
            numero_ans=numero_ans, valeurs=form.valeurs, vue=vue, auteur=auteur(requete.user)
        )
        fait = "est modifié" if change else "n'a pas changé : rien n'était à modifier"
        return f"Le numéro ANS {numero_ans} {fait}."

    page = partial(_formulaire, requete, form, reference)
    return traiter(requete, form, modifier, requete.path, page, refuse=409)


def _formulaire(
    requete: Requete, form: FormulaireReferencement, reference: Referencement | None, statut: int
) -> HttpResponse:
    contexte = {
        "form": form,
        "reference": reference,
        # Whoever corrects a form at fault has read nothing new since: the mark is the one that was posted.
        "vue": requete.POST.get("vue") or (services.marque(reference) if reference else ""),
        "fiche": _fiche(reference) if reference else (),
        "moments": moments(reference) if reference else (),
        "peut_modifier": peut_modifier(requete.user),
    }
    return render(requete, "gestion/referencement.html", contexte, status=statut)


def _fiche(reference: Referencement) -> list[tuple[str, str]]:
    lignes = [(LIBELLES[champ], ecrire(champ, getattr(reference, champ)) or "–") for champ in CHAMPS]
    return [("DSR concerné", reference.libelle_dsr), *lignes]


@dataclass(frozen=True)
class Moment:
    """One line of what was done to a number."""

    instant: datetime
    qui: str
    geste: str
    changements: tuple[Changement, ...]


def moments(reference: Referencement) -> list[Moment]:
    """The journal of a number, newest first."""
    return [_moment(evenement) for evenement in evenements_de(reference.chaine).order_by("-rang")]


def _moment(evenement: Evenement) -> Moment:
    valeurs = evenement.details.get("valeurs", {})
    return Moment(
        instant=evenement.instant,
        qui=evenement.acteur.get_username() if evenement.acteur else "le portail",
        geste=_GESTES.get(evenement.geste, evenement.geste),
        changements=tuple(
            Changement(LIBELLES.get(champ, champ), avant, apres) for champ, (avant, apres) in valeurs.items()
        ),
    )
