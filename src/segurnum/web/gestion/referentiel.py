"""The referential of ANS numbers: its table, a number, and importing a file of them (GST-009)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from segurnum import couloirs
from segurnum.base.copies import jour_ecrit
from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import en_nombre
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits import colonnes
from segurnum.kits.geste import PageFormulaire, Saisie, dire, envoi
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import PAGE, PAR_PAGE, Colonne, Tableau
from segurnum.referentiel import services
from segurnum.referentiel.historique import moments
from segurnum.referentiel.models import ImportReferencements, Referencement
from segurnum.referentiel.permissions import peut_modifier
from segurnum.referentiel.queries import importations, numeros
from segurnum.referentiel.saisie import CHAMPS, LIBELLES, OBLIGATOIRES, Valeurs, ecrire, lire
from segurnum.referentiel.tableur import Effet, analyser, exporter
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete, agents, bouton_de, formulaire_de, instructeurs, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.gestion.tableurs import Tableur

TABLEAU = Tableau(
    "liste-referencements",
    "Référentiel des numéros ANS",
    (
        colonnes.texte(
            "numero",
            LIBELLES["numero_ans"],
            "numero_ans",
            titre=True,
            lien=vers("gestion:referencement", "numero_ans"),
        ),
        colonnes.texte("logiciel", LIBELLES["logiciel"]),
        colonnes.texte("version", "Version"),
        colonnes.texte("dsr", LIBELLES["dsr"], insecable=True),
        colonnes.choix(
            "nature", LIBELLES["nature"], "nature", lambda: Referencement.Nature.choices, "get_nature_display"
        ),
        Colonne(
            "effet",
            LIBELLES["date_effet"],
            colonnes.ecrit(jour_ecrit("date_effet", fuseau="")),
            ("date_effet",),
            cellule="date_effet|jour",
            insecable=True,
        ),
        colonnes.choix(
            "valide",
            "Validé à l'ANS",
            "valide",
            lambda: ((True, "Oui"), (False, "Non")),
            'valide|yesno:"Oui,Non"',
        ),
    ),
    ordre=("numero_ans",),
)


OUI, NON = "oui", "non"


def _texte(champ: str, aide: str = "", **attributs: str) -> forms.CharField:
    return forms.CharField(
        label=LIBELLES[champ],
        help_text=aide,
        required=champ in OBLIGATOIRES,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributs}),
        error_messages={"required": "Ce champ est obligatoire : indiquez-le."},
    )


def _choix(champ: str, choix: Any, widget: type[forms.Widget], *, requis: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=LIBELLES[champ],
        choices=choix,
        widget=widget,
        required=requis,
        error_messages={"required": "Ce champ est obligatoire : choisissez une réponse."},
    )


class FormulaireReferencement(forms.Form):
    """A number of the referential. `valeurs`: what was typed, once it is right."""

    LISTE_DSR = "dsr-connus"

    numero_ans = _texte("numero_ans", "Dix lettres ou chiffres, majuscules et minuscules distinctes.")
    logiciel = _texte("logiciel")
    version = _texte("version")
    dsr = _texte("dsr", "Couloir, type de logiciel et vague, par exemple DSR-MS1-DUI-Va1.", list=LISTE_DSR)
    profils = _texte("profils", "Séparés par des virgules, par exemple PA, PH, DOM.")
    date_effet = _texte("date_effet", type="date")
    valide = _choix("valide", [(OUI, "Oui"), (NON, "Non")], forms.RadioSelect, requis=True)
    nature = _choix("nature", Referencement.Nature.choices, forms.RadioSelect, requis=True)
    profil_operateur = _choix(
        "profil_operateur",
        [("", "Sans objet"), *Referencement.ProfilOperateur.choices],
        forms.Select,
        requis=False,
    )

    def __init__(self, reference: Referencement | None = None, donnees: Any = None) -> None:
        lu = reference or Referencement()
        ecrits = {"profils": ", ".join(lu.profils), "valide": OUI if lu.valide else NON}
        super().__init__(donnees, initial={champ: getattr(lu, champ) for champ in CHAMPS} | ecrits)
        self.valeurs: Valeurs = {}
        if reference:
            del self.fields["numero_ans"]

    @property
    def dsr_connus(self) -> list[tuple[str, str]]:
        return [(couloir.dsr, couloir.libelle) for couloir in couloirs.tous()]

    def clean(self) -> None:
        self.valeurs, fautes = lire(self.cleaned_data)
        for champ, phrase in fautes.items():
            self.add_error(champ, phrase)


@page_de(agents)
def liste(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Numéros ANS référencés",
        "affiche": TABLEAU.lire(numeros(), requete.GET),
        "peut_modifier": peut_modifier(requete.user),
    }
    return render(requete, "gestion/referencements.html", contexte)


@bouton_de(agents)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.REFERENTIEL)
def export(requete: Requete) -> HttpResponseBase:
    """The whole referential as a CSV file, which is also the model of those that are imported."""
    document = Document(genre=Genre.REFERENTIEL, objet="export:numeros-ans", nom="numeros-ans.csv")
    return envoyer(requete, document, exporter(numeros()))


_EN_PAGE: dict[str, Any] = {
    "retour": "gestion:referencements",
    "parent": "Numéros ANS référencés",
    "gabarit": "gestion/referencement.html",
}


@formulaire_de(instructeurs)
def nouveau(requete: Requete) -> HttpResponse:
    form = FormulaireReferencement(donnees=envoi(requete))

    def creer(_saisie: Saisie) -> HttpResponse:
        numero = services.creer(valeurs=form.valeurs, auteur=auteur(requete.user)).numero_ans
        dire(requete, f"Le numéro ANS {numero} est créé.")
        return redirect("gestion:referencement", numero)

    page = PageFormulaire("Ajouter un numéro ANS", "Ajouter", **_EN_PAGE)
    return page.traiter(requete, form, creer, refuse=409)


@formulaire_de(agents)
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

    contexte = {"reference": reference, "moments": moments(reference)}
    if not peut_modifier(requete.user):
        lu = contexte | {"fiche": _fiche(reference)}
        return render(requete, "gestion/referencement_lu.html", lu)
    page = PageFormulaire(
        f"Numéro ANS {numero_ans}",
        "Enregistrer",
        marque=services.marque(reference),
        contexte=contexte,
        **_EN_PAGE,
    )
    return page.traiter(requete, form, modifier, requete.path, refuse=409)


def _fiche(reference: Referencement) -> list[tuple[str, str]]:
    lignes = [(LIBELLES[champ], ecrire(champ, getattr(reference, champ)) or "–") for champ in CHAMPS]
    return [("DSR concerné", reference.libelle_dsr), *lignes]


NUMEROS = Tableur(
    titre="Importer des numéros ANS",
    courant="Importer un fichier",
    parent="Numéros ANS référencés",
    route="gestion:referencements",
    explication="gestion/explications/referencements.html",
    ligne="un numéro ANS",
    bouton="Lire le fichier",
    champ="Fichier des numéros ANS",
    codage="UTF-8 ou Windows-1252, séparé par des points-virgules ou des virgules",
    colonnes=tuple(LIBELLES[champ] for champ in OBLIGATOIRES),
    facultatives=tuple(libelle for champ, libelle in LIBELLES.items() if champ not in OBLIGATOIRES),
    suite="gestion:import_referencements",
)


def _deposer(requete: Requete, fichier: Any) -> int:
    qui = auteur(requete.user)
    return services.deposer_import(nom=fichier.name, octets=fichier.read(), auteur=qui).pk


importer = NUMEROS.page(instructeurs, _deposer)


@formulaire_de(instructeurs)
def rapport(requete: Requete, importation: int) -> HttpResponse:
    """What the file would do on the referential of now; then, confirmed, what it did."""
    ligne = get_object_or_404(importations(), pk=importation)
    if requete.method != "POST":
        return _rapport(requete, ligne)
    try:
        ligne = services.appliquer_import(importation=importation, auteur=auteur(requete.user))
    except GesteImpossible as refus:
        return _rapport(requete, ligne, refus=str(refus))
    messages.success(
        requete,
        f"Le fichier « {ligne.nom} » est importé : "
        f"{en_nombre(ligne.crees, 'numéro créé', 'numéros créés')}, {en_nombre(ligne.modifies, 'modifié')}.",
    )
    return redirect("gestion:referencements")


def _rapport(requete: Requete, ligne: ImportReferencements, *, refus: str = "") -> HttpResponse:
    contexte = {"importation": ligne, "refus": refus}
    if ligne.applique_le is None:
        lu = analyser(fichiers.lire(ligne.fichier))
        # What is to correct first; nothing is to be read of what does not change, so it comes last.
        ordre = list(Effet)
        lignes = sorted(lu.lignes, key=lambda une: ordre.index(une.effet))
        contexte |= {
            "rapport": lu,
            "page": Paginator(lignes, PAR_PAGE).get_page(requete.GET.get(PAGE)),
        }
    return render(requete, "gestion/import_referencements.html", contexte, status=409 if refus else 200)
