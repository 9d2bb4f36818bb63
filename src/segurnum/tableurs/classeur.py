"""Workbooks that the portal writes: the model of a couloir, and requests that were JSON. No zero is lost in them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from segurnum.controles.rapport import Rapport
from segurnum.couloirs import par_dsr
from segurnum.couloirs.champs import Booleen, Choix, Montant, exemple_du_champ
from segurnum.couloirs.phrases import regle
from segurnum.couloirs.vierges import exemple
from segurnum.tableurs.demandes import ecrite
from segurnum.tableurs.grille import Grille, grille
from segurnum.tableurs.marque import DEMANDES, EXEMPLE, MODE_D_EMPLOI, Marque
from segurnum.tableurs.plan import Colonne, Plan, plan_de, type_de

LIGNES_PREPAREES = 2_000  # rows of the model with drop-downs
LARGEUR_MIN, LARGEUR_MAX = 12, 40
_CONSIGNES = (
    "Une ligne par bénéficiaire, ou par site. Les lignes d'une même demande portent le même numéro éditeur ; ce "
    "qui ne dépend que de la demande peut être répété ou laissé vide sur ses lignes suivantes.",
    "Une demande de deux pièces, ou de deux administrateurs, en porte un par ligne.",
    "Sans pièce nommée, celles qui sont attendues sont annoncées sous le nom de la nomenclature ; avec le seul "
    "type d'une pièce, son nom est donné.",
    "Vos propres colonnes peuvent rester : elles sont laissées de côté, et c'est dit.",
    "Les cellules sont au format « Texte » : les zéros du début d'un numéro y restent. Collez-y les valeurs seules.",
    "200 demandes au plus par fichier. La feuille « Exemple » est inventée et n'est jamais lue.",
)


class _Ecriture:
    """One workbook while it is written, with the formats of its cells."""

    def __init__(self) -> None:
        self.tampon = io.BytesIO()
        self.classeur = Workbook(
            self.tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        # Nothing of the machine nor of the hour: the same requests give the same file.
        self.classeur.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
        self.texte = self.classeur.add_format({"num_format": "@"})
        self.montant = self.classeur.add_format({"num_format": "#,##0.00"})
        self.titre = self.classeur.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": "#E8EDFF",
                "border": 1,
                "num_format": "@",
            }
        )
        self.facultatif = self.classeur.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#F6F6F6", "border": 1, "num_format": "@"}
        )
        self.gras = self.classeur.add_format({"bold": True, "valign": "top"})
        self.ligne = self.classeur.add_format({"text_wrap": True, "valign": "top"})

    def octets(self) -> bytes:
        self.classeur.close()
        return self.tampon.getvalue()

    def feuille(self, nom: str, colonnes: list[Colonne], contenu: Grille | None, *, aide: bool) -> Worksheet:
        """A sheet of requests: headings, formats of the columns, rows."""
        feuille = self.classeur.add_worksheet(nom)
        feuille.freeze_panes(1, 0)
        feuille.set_row(0, 60)
        for rang, colonne in enumerate(colonnes):
            largeur = min(max(len(colonne.intitule) // 2, LARGEUR_MIN), LARGEUR_MAX)
            feuille.set_column(rang, rang, largeur, self._format(colonne))
            feuille.write_string(
                0, rang, colonne.intitule, self.titre if colonne.attendue else self.facultatif
            )
            if aide:
                feuille.write_comment(0, rang, _note(colonne), {"x_scale": 2, "y_scale": 1.5})
                self._listes(feuille, rang, colonne)
        for rang, ligne in enumerate(contenu.lignes if contenu else (), 1):
            for place, colonne in enumerate(colonnes):
                self._cellule(feuille, rang, place, ligne.get(colonne))
        return feuille

    def _format(self, colonne: Colonne) -> Format:
        return self.montant if isinstance(type_de(colonne), Montant) else self.texte

    def _cellule(self, feuille: Worksheet, rang: int, place: int, valeur: Any) -> None:
        if valeur is None or valeur == "":
            return
        if isinstance(valeur, Decimal) and len(valeur.as_tuple().digits) <= 15:
            feuille.write_number(rang, place, float(valeur), self.montant)
        else:
            feuille.write_string(rang, place, str(ecrite(valeur)), self.texte)

    def _listes(self, feuille: Worksheet, rang: int, colonne: Colonne) -> None:
        """A drop-down of the values that the field may have."""
        match type_de(colonne):
            case Booleen():
                valeurs = ["oui", "non"]
            case Choix(valeurs=possibles):
                valeurs = list(possibles)
            case _:
                return
        feuille.data_validation(
            1,
            rang,
            LIGNES_PREPAREES,
            rang,
            {
                "validate": "list",
                "source": valeurs,
                "error_title": "Valeur hors liste",
                "error_message": "Choisissez l'une des valeurs de la liste.",
            },
        )


def _note(colonne: Colonne) -> str:
    """What helps to fill a column: its rule, its example, its place in the file."""
    phrases = [regle(colonne.champ)]
    if isinstance(type_de(colonne), Booleen):
        phrases = ["oui ou non.", colonne.champ.description]
    cas = exemple_du_champ(colonne.champ)
    if cas is not None and not isinstance(cas, list | dict):
        phrases.append(f"Exemple : {ecrite(cas)}")
    phrases.append(f"Champ {colonne.nom_chemin}")
    return "\n".join(phrase for phrase in phrases if phrase)


def modele(plan: Plan) -> bytes:
    """The workbook to fill in: its sheet of requests, an example, the explanations with the mark of the model."""
    ecriture = _Ecriture()
    ecriture.feuille(DEMANDES, plan.proposees, None, aide=True)
    cas = grille(plan, exemple(plan.couloir, plan.type), complete=False)
    ecriture.feuille(EXEMPLE, plan.proposees, cas, aide=False)
    _mode_d_emploi(ecriture, plan)
    return ecriture.octets()


def classeur(plan: Plan, fichier: Mapping[str, Any]) -> bytes:
    """The requests of a file in normal form, in a workbook that gives the same file back."""
    ecriture = _Ecriture()
    contenu = grille(plan, fichier)
    ecriture.feuille(DEMANDES, contenu.montrees(plan.proposees), contenu, aide=True)
    _mode_d_emploi(ecriture, plan)
    return ecriture.octets()


def classeur_du_rapport(rapport: Rapport) -> bytes:
    """The requests of a file that was read, as the engine understands them. Raises ValueError when it read none."""
    if rapport.dsr is None or rapport.type is None:
        raise ValueError("Le rapport ne dit pas de quel couloir sont les demandes.")
    plan = plan_de(par_dsr(rapport.dsr), rapport.type)
    return classeur(plan, {**rapport.entete, "lignesImport": rapport.demandes_normalisees})


def _mode_d_emploi(ecriture: _Ecriture, plan: Plan) -> None:
    feuille = ecriture.classeur.add_worksheet(MODE_D_EMPLOI)
    feuille.set_column(0, 0, 38, ecriture.ligne)
    feuille.set_column(1, 1, 90, ecriture.ligne)
    feuille.set_column(2, 2, 60, ecriture.ligne)
    rang = 0
    for gauche, droite in Marque.du_jour(plan).lignes():
        rang = _ligne(feuille, rang, (gauche, droite), ecriture.gras)
    rang = _ligne(feuille, rang, ("Logiciel", plan.couloir.libelle), ecriture.gras)
    for numero, consigne in enumerate(_CONSIGNES, 1):
        rang = _ligne(feuille, rang, (f"Consigne {numero}", consigne))
    rang = _ligne(
        feuille, rang + 1, ("Colonne", "Ce qui est attendu", "Champ du fichier JSON"), ecriture.gras
    )
    for colonne in plan.proposees:
        attendu = "Obligatoire. " if colonne.attendue else ""
        rang = _ligne(feuille, rang, (colonne.intitule, attendu + regle(colonne.champ), colonne.nom_chemin))


def _ligne(feuille: Worksheet, rang: int, textes: Iterable[str], format_: Format | None = None) -> int:
    for place, texte in enumerate(textes):
        feuille.write_string(rang, place, texte, format_)
    return rang + 1
