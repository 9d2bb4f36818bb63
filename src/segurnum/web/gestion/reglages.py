"""Windows, envelopes, scales and ceilings: what the administration settles before anybody deposits."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.controles.problemes import MO, en_nombre
from segurnum.couloirs import Couloir
from segurnum.paiements import enveloppes as budgets
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import enveloppes
from segurnum.referentiel import baremes as figures
from segurnum.referentiel import fenetres as dates
from segurnum.referentiel import plafonds as table
from segurnum.referentiel.models import Bareme, FenetreDepot
from segurnum.referentiel.queries import baremes, calendrier, fenetre, nombres_de_plafonds
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.formulaires_reglages import (
    FormulaireBareme,
    FormulaireEnveloppe,
    FormulaireFenetre,
    libelle_valeur,
)
from segurnum.web.gestion.tableurs import Tableur
from segurnum.web.kits.televersement import TABLEUR

administration = reserve_a(Profil.ADMINISTRATION)


@dataclass(frozen=True)
class LigneFenetre:
    couloir: Couloir
    type_demande: TypeDemande
    fenetre: FenetreDepot | None


@administration
@require_safe
def liste_fenetres(requete: Requete) -> HttpResponse:
    reglees = {(ligne.dsr, ligne.type): ligne for ligne in calendrier()}
    lignes = [
        LigneFenetre(couloir, type_demande, reglees.get((couloir.dsr, type_demande.value)))
        for couloir in couloirs.tous()
        for type_demande in TypeDemande
    ]
    return render(requete, "gestion/reglages/fenetres.html", {"lignes": lignes})


@administration
@require_http_methods(["GET", "HEAD", "POST"])
def regler_fenetre(requete: Requete, dsr: str, type_demande: TypeDemande) -> HttpResponse:
    couloir = _couloir(dsr)
    ligne = fenetre(couloir.dsr, type_demande)
    titre = f"{couloir.libelle} – {type_demande.libelle.lower()}"
    if requete.method != "POST":
        return _saisie(requete, FormulaireFenetre.de(ligne), "fenetres", titre, dates.marque_de(ligne))
    form = FormulaireFenetre(requete.POST)
    vue = requete.POST.get("vue", "")
    if form.is_valid():
        try:
            dates.regler(
                dsr=couloir.dsr, type_demande=type_demande, dates=form.dates, vue=vue, acteur=requete.user
            )
        except GesteImpossible as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(requete, f"La fenêtre « {titre} » est enregistrée.")
            return redirect("gestion:fenetres")
    return _saisie(requete, form, "fenetres", titre, vue, statut=422)


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


def _saisie(
    requete: Requete, form: forms.Form, parent: str, titre: str, vue: str = "", *, statut: int = 200
) -> HttpResponse:
    contexte = {
        "form": form,
        "titre_page": titre,
        "vue": vue,
        "parent": _PARENTS[parent],
        "route_parente": f"gestion:{parent}",
    }
    return render(requete, "gestion/reglages/saisie.html", contexte, status=statut)


@administration
@require_safe
def liste_enveloppes(requete: Requete) -> HttpResponse:
    return render(requete, "gestion/reglages/enveloppes.html", {"enveloppes": enveloppes()})


@administration
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle_enveloppe(requete: Requete) -> HttpResponse:
    return _regler_enveloppe(requete, None)


@administration
@require_http_methods(["GET", "HEAD", "POST"])
def regler_enveloppe(requete: Requete, enveloppe: int) -> HttpResponse:
    return _regler_enveloppe(requete, get_object_or_404(enveloppes(), pk=enveloppe))


def _regler_enveloppe(requete: Requete, ligne: Enveloppe | None) -> HttpResponse:
    titre = str(ligne) if ligne else "Nouvelle enveloppe"
    if requete.method != "POST":
        form = FormulaireEnveloppe(enveloppe=ligne)
        return _saisie(requete, form, "enveloppes", titre, budgets.marque_de(ligne))
    form = FormulaireEnveloppe(requete.POST)
    vue = requete.POST.get("vue", "")
    if form.is_valid():
        try:
            reglee = budgets.regler(
                enveloppe=ligne.pk if ligne else None, vue=vue, acteur=requete.user, **form.cleaned_data
            )
        except GesteImpossible as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(requete, f"L'enveloppe « {reglee} » est enregistrée.")
            return redirect("gestion:enveloppes")
    return _saisie(requete, form, "enveloppes", titre, vue, statut=422)


@dataclass(frozen=True)
class LigneBareme:
    """A couloir, the figures that it has had, or how many beneficiaries have a ceiling."""

    couloir: Couloir
    baremes: tuple[tuple[Bareme, list[tuple[str, str]]], ...]
    plafonds: int

    @property
    def par_table(self) -> bool:
        return not self.couloir.valeurs_bareme


@administration
@require_safe
def liste_baremes(requete: Requete) -> HttpResponse:
    tous, plafonnes = baremes(), nombres_de_plafonds()
    lignes = [
        LigneBareme(
            couloir,
            tuple((bareme, _ecrites(couloir, bareme)) for bareme in tous if bareme.dsr == couloir.dsr),
            plafonnes.get(couloir.dsr, 0),
        )
        for couloir in couloirs.tous()
    ]
    return render(requete, "gestion/reglages/baremes.html", {"lignes": lignes})


def _ecrites(couloir: Couloir, bareme: Bareme) -> list[tuple[str, str]]:
    """Each figure in the order of the couloir, which the database does not keep."""
    noms = [nom for nom in couloir.valeurs_bareme if nom in bareme.valeurs]
    return [(libelle_valeur(nom), en_euros(Decimal(bareme.valeurs[nom]))) for nom in noms]


@administration
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_bareme(requete: Requete, dsr: str) -> HttpResponse:
    couloir = _couloir(dsr)
    if not couloir.valeurs_bareme:
        raise Http404
    titre = f"Barème – {couloir.libelle}"
    form = FormulaireBareme(couloir, requete.POST if requete.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            figures.ajouter(
                dsr=couloir.dsr,
                date_effet=form.cleaned_data["date_effet"],
                valeurs=form.valeurs,
                source=form.cleaned_data["source"],
                acteur=requete.user,
            )
        except GesteImpossible as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(requete, f"Le barème de {couloir.libelle} est enregistré.")
            return redirect("gestion:baremes")
    return _saisie(requete, form, "baremes", titre, statut=422 if form.is_bound else 200)


PLAFONDS = Tableur(
    titre="Importer des plafonds",
    courant="Importer des plafonds",
    parent="Barèmes et plafonds",
    route="gestion:baremes",
    explication="gestion/reglages/plafonds.html",
    ligne="un plafond",
    bouton="Importer le fichier",
    champ="Fichier des plafonds",
    colonnes=table.COLONNES,
    regle=replace(TABLEUR, taille_max=20 * MO),
)


@administration
@PLAFONDS.fichier.recoit
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
@require_http_methods(["GET", "HEAD", "POST"])
def importer_plafonds(requete: Requete) -> HttpResponse:
    def prendre(fichier: Any) -> None:
        bilan = table.importer(octets=fichier.read(), acteur=requete.user)
        messages.success(
            requete,
            f"Le fichier est importé : {en_nombre(bilan.nouveaux, 'plafond ajouté', 'plafonds ajoutés')}, "
            f"{bilan.inchanges} déjà là.",
        )

    return PLAFONDS.servir(requete, prendre)
