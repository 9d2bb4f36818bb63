"""Windows, envelopes, scales and ceilings: what the administration settles before anybody deposits."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import MO, en_nombre
from segurnum.couloirs import Couloir
from segurnum.paiements import enveloppes as budgets
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import enveloppes
from segurnum.referentiel import baremes as figures
from segurnum.referentiel import etat
from segurnum.referentiel import fenetres as dates
from segurnum.referentiel import plafonds as table
from segurnum.referentiel.queries import fenetre
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, administration, formulaire_de, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.formulaires import ChampMontant, champ_instant, champ_jour
from segurnum.web.gestion.tableurs import Tableur
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.web.kits.navigation import vers
from segurnum.web.kits.tableau import Colonne, Tableau
from segurnum.web.kits.televersement import TABLEUR


def _source(*, requis: bool) -> forms.CharField:
    return forms.CharField(
        label="Source",
        max_length=200,
        required=requis,
        help_text="L'arrêté ou la décision qui le fixe.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez la source : l'arrêté ou la décision.",
            "max_length": "La source est trop longue : 200 caractères au plus sont attendus.",
        },
    )


def _couloir(dsr: str) -> Couloir:
    try:
        return couloirs.par_dsr(dsr)
    except couloirs.CouloirInconnu:
        raise Http404 from None


# The page of each kind of thing that is settled, and what it is called.
_PARENTS = {
    "fenetres": "Fenêtres de dépôt",
    "enveloppes": "Enveloppes",
    "baremes": "Barèmes et plafonds",
}


def _page(parent: str, titre: str, marque: str = "") -> PageFormulaire:
    return PageFormulaire(
        titre,
        "Enregistrer",
        reverse(f"gestion:{parent}"),
        "Ce qui change est écrit au journal.",
        _PARENTS[parent],
        marque,
    )


def _liste(requete: Requete, nom: str, tableau: Tableau, lignes: Any, **contexte: str) -> HttpResponse:
    """The table of one kind; `ajout`: the button above it, which leads to `route`."""
    contexte_liste = {"titre": _PARENTS[nom], "affiche": tableau.montrer(lignes)} | contexte
    return render(requete, "gestion/reglages.html", contexte_liste)


# --- Windows


FENETRES = Tableau(
    "titre-fenetres",
    "Dates de dépôt de chaque couloir",
    (
        Colonne("couloir", "Couloir", cellule="gestion/cellules/couloir.html", titre=True),
        Colonne("type", "Type", cellule="type_demande.libelle"),
        Colonne("ouverture", "Ouverture", cellule="gestion/cellules/ouverture.html"),
        Colonne("affichee", "Échéance annoncée", cellule='affichee|instant|default:"–"'),
        Colonne("fermeture", "Fermeture", cellule="gestion/cellules/fermeture.html"),
        Colonne("gestes", "Gestes", cellule="gestion/cellules/fixer_dates.html"),
    ),
)


class FormulaireFenetre(forms.Form):
    ouverture = champ_instant("Ouverture", "Heure de Paris. Le dépôt est possible à partir de cet instant.")
    affichee = champ_instant("Échéance annoncée", "Celle que les pages montrent aux fournisseurs.")
    fermeture = champ_instant(
        "Fermeture",
        "Le premier instant trop tardif : 14:00 refuse un dépôt de 14:00:00. Au plus tôt, l'échéance.",
    )
    reportee = champ_instant(
        "Fermeture reportée",
        "Le portail y écrit l'instant jusqu'auquel il reporte la fermeture après une panne. Vide : aucun report.",
        requis="",
    )
    derniere_modification = champ_instant(
        "Dernière modification", "Vide : tant que la demande s'instruit.", requis=""
    )
    comptage = champ_instant(
        "Comptage des boîtes", "Opérateurs MSSanté seulement. Vide : à la fermeture.", requis=""
    )
    source = _source(requis=False)


@page_de(administration)
def liste_fenetres(requete: Requete) -> HttpResponse:
    resume = "Heures de Paris. Les pages publiques annoncent l'échéance ; un dépôt est refusé à partir de la fermeture."
    return _liste(requete, "fenetres", FENETRES, etat.fenetres_reglees(), resume=resume)


@formulaire_de(administration)
def regler_fenetre(requete: Requete, dsr: str, type_demande: TypeDemande) -> HttpResponse:
    couloir = _couloir(dsr)
    ligne = fenetre(couloir.dsr, type_demande)
    titre = f"{couloir.libelle} – {type_demande.libelle.lower()}"
    connues = {champ: getattr(ligne, champ, None) for champ in FormulaireFenetre.base_fields}

    def regler(saisie: Saisie) -> str:
        dates.regler(
            dsr=couloir.dsr,
            type_demande=type_demande,
            dates=dates.Dates(**saisie),
            vue=requete.POST.get("vue", ""),
            auteur=auteur(requete.user),
        )
        return f"La fenêtre « {titre} » est enregistrée."

    page = _page("fenetres", titre, dates.marque_de(ligne))
    return page.traiter(requete, FormulaireFenetre(envoi(requete), initial=connues), regler)


# --- Envelopes

ENVELOPPES = Tableau(
    "titre-enveloppes",
    "Budgets sur lesquels les décisions prennent leur montant",
    (
        Colonne("libelle", "Enveloppe", titre=True, lien=vers("gestion:enveloppe")),
        Colonne("dsr", "Couloirs financés", cellule='dsr|join:", "'),
        Colonne("montant", "Montant", cellule="montant|euros", nombre=True),
        Colonne("decide", "Décidé", cellule="decide|euros", nombre=True),
    ),
)


class FormulaireEnveloppe(forms.Form):
    libelle = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom à cette enveloppe."},
    )
    montant = ChampMontant(label="Montant (€)")
    dsr = forms.MultipleChoiceField(
        label="Couloirs financés",
        choices=[(couloir.dsr, f"{couloir.libelle} – vague {couloir.vague}") for couloir in couloirs.tous()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un couloir que cette enveloppe finance."},
    )


@page_de(administration)
def liste_enveloppes(requete: Requete) -> HttpResponse:
    ajout = {"ajout": "Ouvrir une enveloppe", "route": "gestion:nouvelle_enveloppe"}
    return _liste(requete, "enveloppes", ENVELOPPES, enveloppes(), **ajout)


@formulaire_de(administration)
def regler_enveloppe(requete: Requete, enveloppe: int | None = None) -> HttpResponse:
    """One of the envelopes; a new one when none is said."""
    ligne: Enveloppe | None = get_object_or_404(enveloppes(), pk=enveloppe) if enveloppe else None
    connues = {champ: getattr(ligne, champ) for champ in FormulaireEnveloppe.base_fields} if ligne else {}

    def regler(saisie: Saisie) -> str:
        vue = requete.POST.get("vue", "")
        reglee = budgets.regler(enveloppe=enveloppe, vue=vue, auteur=auteur(requete.user), **saisie)
        return f"L'enveloppe « {reglee} » est enregistrée."

    page = _page("enveloppes", str(ligne or "Nouvelle enveloppe"), budgets.marque_de(ligne))
    return page.traiter(requete, FormulaireEnveloppe(envoi(requete), initial=connues), regler)


# --- Scales and ceilings


BAREMES = Tableau(
    "titre-baremes",
    "Ce avec quoi les montants de chaque couloir se calculent",
    (
        Colonne("couloir", "Couloir", cellule="gestion/cellules/couloir.html", titre=True),
        Colonne("valeurs", "Valeurs", cellule="gestion/cellules/valeurs_bareme.html"),
        Colonne("gestes", "Gestes", cellule="gestion/cellules/ajouter_bareme.html"),
    ),
)


class FormulaireBareme(forms.Form):
    """The figures of one couloir, from a day on. One field per figure that the couloir computes with."""

    date_effet = champ_jour(
        "Date d'effet",
        "Indiquez la date d'effet.",
        "Les demandes déposées à partir de ce jour sont calculées avec ces valeurs.",
    )
    source = _source(requis=True)

    def __init__(self, couloir: Couloir, donnees: Any = None) -> None:
        super().__init__(donnees)
        self.couloir = couloir
        for chiffre in couloir.bareme.chiffres:
            connu = couloir.bareme.exemple.get(chiffre.nom)
            self.fields[chiffre.nom] = ChampMontant(
                label=f"{chiffre.libelle} ({chiffre.unite})", initial=connu
            )

    @property
    def valeurs(self) -> dict[str, Decimal]:
        return {nom: self.cleaned_data[nom] for nom in self.fields if nom not in self.base_fields}


@page_de(administration)
def liste_baremes(requete: Requete) -> HttpResponse:
    resume = (
        "Un barème vaut à partir de sa date d'effet et ne se réécrit pas. Les couloirs à table ont un plafond par "
        "bénéficiaire, chargé par un fichier."
    )
    ajout = {"ajout": "Importer des plafonds", "route": "gestion:plafonds", "ton": "fr-btn--secondary"}
    return _liste(requete, "baremes", BAREMES, etat.figures(), resume=resume, **ajout)


@formulaire_de(administration)
def ajouter_bareme(requete: Requete, dsr: str) -> HttpResponse:
    couloir = _couloir(dsr)
    if couloir.bareme.par_table:
        raise Http404
    form = FormulaireBareme(couloir, envoi(requete))

    def ajouter(saisie: Saisie) -> None:
        figures.ajouter(
            dsr=couloir.dsr,
            date_effet=saisie["date_effet"],
            valeurs=form.valeurs,
            source=saisie["source"],
            auteur=auteur(requete.user),
        )

    page = _page("baremes", f"Barème – {couloir.libelle}")
    return page.traiter(requete, form, ajouter, fait=f"Le barème de {couloir.libelle} est enregistré.")


PLAFONDS = Tableur(
    titre="Importer des plafonds",
    courant="Importer des plafonds",
    parent="Barèmes et plafonds",
    route="gestion:baremes",
    explication="gestion/explications/plafonds.html",
    ligne="un plafond",
    bouton="Importer le fichier",
    champ="Fichier des plafonds",
    colonnes=table.COLONNES,
    regle=replace(TABLEUR, taille_max=20 * MO),
)


@PLAFONDS.fichier.recoit
@formulaire_de(administration)
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
def importer_plafonds(requete: Requete) -> HttpResponse:
    def prendre(fichier: Any) -> None:
        bilan = table.importer(octets=fichier.read(), auteur=auteur(requete.user))
        messages.success(
            requete,
            f"Le fichier est importé : {en_nombre(bilan.nouveaux, 'plafond ajouté', 'plafonds ajoutés')}, "
            f"{bilan.inchanges} déjà là.",
        )

    return PLAFONDS.servir(requete, prendre)
