"""Every component and kit in each of its states, for the page that shows them in both themes and two widths."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from segurnum.controles.fichiers import PIECE_ZIP
from segurnum.kits.champs import ChampFichier, motif
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import Geste, GestePropose, Refus
from segurnum.kits.navigation import Onglet
from segurnum.kits.tableau import Affiche, Choix, Colonne, Entete, Tableau
from segurnum.regles.calendrier import EtatFenetre
from segurnum.regles.cycles import EtatPaiement, StatutDemande
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.cycles_modeles import StatutModele


@dataclass(frozen=True)
class Ligne:
    numero: str
    entreprise: str
    precision: str
    statut: StatutDemande
    montant: str


LIGNES = [
    Ligne(f"DSA-{rang:06}", f"Société {rang}", "Établissement de démonstration", statut, f"{rang} 074,99 €")
    for rang, statut in enumerate(list(StatutDemande)[:3], start=1)
]
COLONNES = (
    Colonne("numero", "Numéro", titre=True, lien=lambda ligne: f"#{ligne.numero}"),
    Colonne("entreprise", "Entreprise", precision="precision"),
    Colonne("statut", "Statut", cellule="statut|badge"),
    Colonne("montant", "Montant", nombre=True),
)
A_COCHER = Choix("ligne", lambda ligne: ligne.numero, lambda ligne: ligne.numero)
REMPLI = Tableau("vitrine-rempli", "Des lignes", COLONNES, ancre=lambda ligne: ligne.numero, choix=A_COCHER)
VIDE = Tableau("vitrine-vide", "Aucune ligne", COLONNES)
FILTRE = Tableau(
    "vitrine-filtre", "Aucune ligne pour ces filtres", COLONNES, vide="Aucune demande n'est à instruire."
)


class Formulaire(forms.Form):
    """One field of each kind, which the page shows refused."""

    nom = forms.CharField(label="Nom", error_messages={"required": "Saisissez le nom."})
    courriel = forms.EmailField(
        label="Courriel", error_messages={"invalid": "Écrivez l'adresse entière : nom@domaine.fr."}
    )
    choix = forms.ChoiceField(label="Type de demande", choices=[("", "Sélectionnez"), ("A", "Avance")])
    motif = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}))
    piece = ChampFichier(PIECE_ZIP, label="Pièce justificative")


FormulaireRejet = motif("Motif", "", "Saisissez le motif : le fournisseur le lira.")


def _filtrable() -> Affiche:
    """As after a filter and a sort: first of three pages."""
    tableau = Tableau("vitrine-liste", "Une liste filtrée et triée, sur trois pages", COLONNES)
    entetes = tuple(
        Entete(
            replace(colonne, filtre=lambda lignes, _: lignes),
            "société" if rang == 1 else "",
            sens,
            "?tri=numero",
        )
        for rang, (colonne, sens) in enumerate(
            zip(COLONNES, ("ascending", "none", "none", "descending"), strict=True)
        )
    )
    page = Paginator(LIGNES * 3, len(LIGNES)).page(1)
    return Affiche(tableau, entetes, page=page, filtree=True, lignes=LIGNES)


def _geste(formulaire: forms.Form, *, ouvert: bool) -> GestePropose[object]:
    rejeter: Geste[object] = Geste(
        "rejeter", "Rejeter la demande", frozenset(), FormulaireRejet, lambda *_: None, "", grave=True
    )
    return GestePropose(rejeter, formulaire, ouvert, "#")


def contexte() -> dict[str, Any]:
    """What « kits/vitrine.html » draws."""
    refuse = Formulaire({"courriel": "camille", "motif": "Une phrase déjà saisie, qui n'est pas perdue."})
    rejet = FormulaireRejet({"motif": ""}, auto_id="rejet-%s")
    return {
        "tableaux": [
            REMPLI.montrer(LIGNES),
            VIDE.montrer([]),
            replace(FILTRE.montrer([]), filtree=True),
        ],
        "lignes": LIGNES,
        "affiche": _filtrable(),
        "trop": replace(VIDE.montrer([]), deborde=True, cache=True),
        "criteres": [critere_de_statut("", StatutDemande)],
        "onglets": [Onglet("À instruire (3)", "#kits", True), Onglet("Instruites (12)", "#kits", False)],
        "legende_onglets": "Vues de la liste",
        "statuts": [
            ("Demandes", list(StatutDemande)),
            ("Enrôlements", list(StatutEnrolement)),
            ("Modifications", list(StatutModification)),
            ("Modèles", list(StatutModele)),
            ("Fenêtres de dépôt", list(EtatFenetre)),
            ("Paiements", list(EtatPaiement)),
        ],
        "saisie": refuse,
        "refus": Refus(raison="La demande a changé depuis que vous l'avez ouverte."),
        "texte_garde": "Le motif déjà saisi est gardé.",
        "rejet": _geste(rejet, ouvert=True),
        "genres": ("info", "succes", "attention", "erreur"),
    }
