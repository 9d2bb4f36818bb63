"""Windows, envelopes, scales and ceilings: what the administration settles before anybody deposits."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
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
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.formulaires_reglages import (
    FormulaireBareme,
    FormulaireEnveloppe,
    FormulaireFenetre,
    libelle_valeur,
)
from segurnum.web.gestion.tableurs import Tableur
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi
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
        LigneFenetre(couloir, type_demande, reglees.get((couloir.dsr, type_demande)))
        for couloir in couloirs.tous()
        for type_demande in TypeDemande
    ]
    return render(requete, "gestion/reglages/fenetres.html", {"lignes": lignes})


@administration
@require_http_methods(["GET", "HEAD", "POST"])
def regler_fenetre(requete: Requete, dsr: str, type_demande: TypeDemande) -> HttpResponse:
    couloir = _couloir(dsr)
    ligne = fenetre(couloir.dsr, type_demande)
    page = _page(
        "fenetres",
        f"{couloir.libelle} – {type_demande.libelle.lower()}",
        _vue(requete, dates.marque_de(ligne)),
    )
    form = FormulaireFenetre(requete.POST) if requete.method == "POST" else FormulaireFenetre.de(ligne)

    def regler(saisie: Saisie) -> str:
        dates.regler(
            dsr=couloir.dsr,
            type_demande=type_demande,
            dates=dates.Dates(**saisie),
            vue=requete.POST.get("vue", ""),
            auteur=auteur(requete.user),
        )
        return f"La fenêtre « {page.titre} » est enregistrée."

    return page.traiter(requete, form, regler)


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


def _page(parent: str, titre: str, vue: str = "") -> PageFormulaire:
    """`vue`: what the page showed of the thing, for the service to tell whether it still is so."""
    return PageFormulaire(
        titre,
        "Enregistrer",
        reverse(f"gestion:{parent}"),
        "Ce qui change est écrit au journal.",
        _PARENTS[parent],
        (("vue", vue),),
    )


def _vue(requete: Requete, marque: str) -> str:
    """Whoever corrects a form at fault has read nothing new since: the mark is the one that was posted."""
    return requete.POST.get("vue", "") if requete.method == "POST" else marque


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
    page = _page("enveloppes", str(ligne or "Nouvelle enveloppe"), _vue(requete, budgets.marque_de(ligne)))

    def regler(saisie: Saisie) -> str:
        cle, vue = ligne.pk if ligne else None, requete.POST.get("vue", "")
        reglee = budgets.regler(enveloppe=cle, vue=vue, auteur=auteur(requete.user), **saisie)
        return f"L'enveloppe « {reglee} » est enregistrée."

    return page.traiter(requete, FormulaireEnveloppe(envoi(requete), enveloppe=ligne), regler)


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
        bilan = table.importer(octets=fichier.read(), auteur=auteur(requete.user))
        messages.success(
            requete,
            f"Le fichier est importé : {en_nombre(bilan.nouveaux, 'plafond ajouté', 'plafonds ajoutés')}, "
            f"{bilan.inchanges} déjà là.",
        )

    return PLAFONDS.servir(requete, prendre)
