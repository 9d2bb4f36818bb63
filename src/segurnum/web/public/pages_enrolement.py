"""The page of one step of the enrolment: its form, what is searched in it, and what it sums up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from segurnum.web.commun.enrolement import etapes
from segurnum.web.commun.enrolement.fiche import PieceEcrite, de_la_saisie
from segurnum.web.commun.enrolement.formulaires import FormulaireNumero
from segurnum.web.commun.enrolement.parcours import (
    BANQUE,
    CONFIRMATION,
    DEMANDEUR,
    ETAPES,
    REFERENCEMENT,
    TVA,
    Etape,
    Parcours,
)
from segurnum.web.public.formulaires_enrolement import FormulaireConfirmation, FormulaireSiret
from segurnum.web.public.premier_fichier import preuve_a_montrer

GABARITS = {
    REFERENCEMENT: "public/enrolement/referencement.html",
    DEMANDEUR: "public/enrolement/demandeur.html",
    BANQUE: "public/enrolement/banque.html",
    TVA: "public/enrolement/tva.html",
    CONFIRMATION: "public/enrolement/confirmation.html",
}
# Downloadable models of « Documents utiles », beside each quality (ENR-048).
MODELES = (
    ("contrat-prestation.pdf", "Modèle contrat de prestation"),
    ("mandat-delegation-signature.pdf", "Modèle de mandat"),
)


def page_de(
    requete: HttpRequest,
    parcours: Parcours,
    voulue: Etape,
    *,
    form: Any = None,
    recherche: Any = None,
    statut: int = 200,
    alerte: str = "",
) -> HttpResponse:
    contexte: dict[str, Any] = {
        "etape": voulue,
        "etapes": ETAPES,
        "parcours": parcours,
        "version": parcours.brouillon.version if parcours.brouillon else 0,
        "saisie_en_cours": _saisie_en_cours(parcours, voulue),
        "alerte": alerte,
    }
    if voulue is CONFIRMATION:
        contexte |= {
            "form": form or FormulaireConfirmation(requete=requete),
            "rubriques": _recapitulatif(parcours),
        }
    else:
        contexte["form"] = form or parcours.formulaire(voulue)
        contexte["preuve"] = preuve_a_montrer(requete, parcours, contexte["form"])
    if voulue is REFERENCEMENT:
        contexte["recherche"] = recherche or FormulaireNumero(initial=parcours.saisie(voulue))
    if voulue is DEMANDEUR:
        contexte["recherche"] = recherche or FormulaireSiret(requete=requete)
        contexte["siret"] = parcours.siret
        contexte["verifie"] = parcours.saisie(voulue).get("verifie")
        contexte["modeles"] = MODELES
    return render(requete, GABARITS[voulue], contexte, status=statut)


def _saisie_en_cours(parcours: Parcours, voulue: Etape) -> bool:
    """True when the page shows the step's own form: what leads away from it goes through it."""
    if voulue is REFERENCEMENT:
        return parcours.reference is not None
    return bool(parcours.siret) if voulue is DEMANDEUR else voulue is not CONFIRMATION


def _recapitulatif(parcours: Parcours) -> Any:
    if parcours.brouillon is None or parcours.reference is None:
        raise AssertionError("les étapes sont complètes")
    requises = etapes.pieces_requises_par(parcours)
    pieces = [
        PieceEcrite(piece.get_type_display(), piece.nom)
        for piece in parcours.brouillon.pieces.order_by("pk")
        if piece.type in requises
    ]
    return de_la_saisie(parcours.declaration(), parcours.reference, pieces)
