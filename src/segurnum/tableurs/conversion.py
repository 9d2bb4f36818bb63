"""A spreadsheet into a file of requests: which sheet, which columns, what each cell says, then the JSON.

Never raises because of the file: what is wrong is in `Conversion.remarques`, at its sheet, row and column.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from segurnum.controles import codes_tableur as codes
from segurnum.controles.constats import citer
from segurnum.controles.problemes import en_nombre
from segurnum.couloirs.champs import Booleen
from segurnum.couloirs.commun import DEMANDES_MAX
from segurnum.couloirs.formulaire import PIECES
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs.cellules import COCHE, VIDE, Cellule, Lu, lecteur
from segurnum.tableurs.choix import Choix, SansDemandes
from segurnum.tableurs.demandes import Element, Table, batisseur, grouper, lier
from segurnum.tableurs.etrangeres import lignes_etrangeres
from segurnum.tableurs.fichiers import Feuille, TableurRefuse, feuilles
from segurnum.tableurs.marque import Marque
from segurnum.tableurs.pieces import completer
from segurnum.tableurs.plan import Colonne, Niveau, Plan, type_de
from segurnum.tableurs.remarques import Remarques
from segurnum.tableurs.resultat import Conversion
from segurnum.tableurs.titres import Titres, proche


def convertir(
    flux: BinaryIO,
    dsr: str | None = None,
    type_demande: TypeDemande | None = None,
    entete: Mapping[str, str] | None = None,
) -> Conversion:
    """The JSON of a spreadsheet. `dsr` and `type_demande`: told by the columns when they are not given.

    `entete`: `numeroAns` and `siret`, where the sheet does not say them.
    """
    lecture = _Conversion(dsr, type_demande, dict(entete or {}))
    try:
        lecture.lire(feuilles(flux))
    except TableurRefuse as refus:
        lecture.remarques.du_fichier(codes.ILLISIBLE, str(refus))
    lecture.faite.remarques = sorted(
        lecture.remarques.anomalies, key=lambda a: (a.ligne or 0, a.colonne or 0)
    )
    return lecture.faite


class _Conversion:
    """The conversion of one file, step after step."""

    def __init__(self, dsr: str | None, type_demande: TypeDemande | None, entete: dict[str, str]) -> None:
        self.entete = entete
        self.faite = Conversion(dsr, type_demande)
        self.remarques = Remarques()
        self.choix = Choix(dsr, type_demande, self.remarques)

    def lire(self, toutes: Iterable[Feuille]) -> None:
        try:
            visibles, marque = self.choix.ranger(toutes)
            plan = self.choix.plan(visibles, marque)
            feuille, titres = self.choix.feuille(plan, visibles)
        except SansDemandes:
            return
        self._annoncer(plan, feuille, titres, marque)
        self._convertir(plan, feuille, titres)

    # --- What is told of the sheet

    def _annoncer(self, plan: Plan, feuille: Feuille, titres: Titres, marque: Marque | None) -> None:
        self.faite.dsr, self.faite.type, self.faite.feuille = plan.couloir.dsr, plan.type, feuille.nom
        remarques = self.remarques
        remarques.feuille = feuille.nom
        remarques.places = {colonne: rang for rang, colonne in titres.colonnes.items()}
        remarques.titres = {
            rang: str(cellule).strip()
            for rang, cellule in enumerate(feuille.lignes[titres.ligne])
            if cellule != VIDE
        }
        if marque is not None and (phrase := marque.perimee(plan)):
            remarques.du_fichier(codes.MODELE_ANCIEN, phrase)
        for note in feuille.notes:
            self.choix.noter(note)
        for colonne, phrase in titres.douteux:
            remarques.a_la_place(codes.TITRE_DOUTEUX, titres.ligne, colonne, phrase)
        for colonne, titre in titres.inconnus:
            voulu = f" Vouliez-vous dire « {connu} » ?" if (connu := proche(plan, titre)) else ""
            remarques.a_la_place(
                codes.COLONNE_LAISSEE,
                titres.ligne,
                colonne,
                f"La colonne {citer(titre)} n'est pas lue.{voulu}",
            )
        self._dire_les_formules(feuille)

    def _dire_les_formules(self, feuille: Feuille) -> None:
        if feuille.formules.nombre:
            citees = ", ".join(feuille.formules.premieres)
            ou = (
                f" ({citees}{', …' if feuille.formules.nombre > len(feuille.formules.premieres) else ''})"
                if citees
                else ""
            )
            combien = en_nombre(
                feuille.formules.nombre, "cellule est une formule", "cellules sont des formules"
            )
            self.choix.noter(f"{combien}{ou} : la dernière valeur calculée est lue.")
        if feuille.fusions:
            self.choix.noter(
                f"{en_nombre(len(feuille.fusions), 'zone est fusionnée', 'zones sont fusionnées')} : la valeur "
                "est lue sur chaque ligne de la zone, dans sa première colonne."
            )

    # --- The cells

    def _convertir(self, plan: Plan, feuille: Feuille, titres: Titres) -> None:
        etendre_les_fusions(feuille, titres.ligne)
        lignes = feuille.lignes
        absentes = self._colonnes_absentes(plan, titres)
        toutes = list(zip(*lignes, strict=True))
        colonnes = {rang: toutes[rang] for rang in titres.colonnes}
        self._formules_sans_valeur(feuille, colonnes, titres)
        lues = {titres.colonnes[rang]: self._lire_la_colonne(titres.colonnes[rang], cellules, titres.ligne)
                for rang, cellules in colonnes.items()}  # fmt: skip
        premiere = titres.ligne + 1
        table = _table(plan, lues, len(lignes), premiere)
        rangs = [rang for rang, dit in enumerate(table.dits[plan.racine]) if dit]
        for rang, place, phrase in lignes_etrangeres(plan, lignes, titres, rangs, lues):
            self.remarques.a_la_place(codes.AUTRE_COULOIR, rang, place, phrase)
        if not rangs:
            self.remarques.du_fichier(
                codes.SANS_TITRES, "La feuille n'a aucune ligne remplie sous ses en-têtes."
            )
            return
        if plan.cle in absentes:
            return
        cochees = frozenset(
            colonne
            for rang, colonne in titres.colonnes.items()
            if _est_une_coche(colonne, colonnes[rang][premiere:])
        )
        demandes, de_qui = grouper(table, rangs, self.remarques)
        ecrites = self._ecrire(plan, demandes, cochees, lues, absentes)
        self.remarques.rattacher(de_qui, ecrites)
        for place, nombre in self.remarques.tues().items():
            self.choix.noter(
                f"{en_nombre(nombre, 'autre cellule', 'autres cellules')} de la colonne {xl_col_to_name(place)} "
                f"({self.remarques.titres.get(place, '')}) se lisent de même."
            )

    def _colonnes_absentes(self, plan: Plan, titres: Titres) -> set[Colonne]:
        presentes = set(titres.colonnes.values())
        absentes = {
            colonne
            for colonne in plan.colonnes
            if colonne.attendue and colonne not in presentes and colonne.champ.nom not in self.entete
        }
        for colonne in plan.colonnes:
            if colonne in absentes:
                self.remarques.sur_la_ligne(
                    codes.COLONNE_ABSENTE,
                    titres.ligne,
                    f"La colonne « {colonne.intitule} » ({colonne.nom_chemin}) n'est pas dans la feuille.",
                )
        return absentes

    def _formules_sans_valeur(self, feuille: Feuille, colonnes: Collection[int], titres: Titres) -> None:
        for reference in sorted(feuille.formules.sans_valeur):
            ligne, colonne = xl_cell_to_rowcol(reference)
            if colonne in colonnes and titres.ligne < ligne < len(feuille.lignes):
                self.remarques.a_la_place(
                    codes.CELLULE,
                    ligne,
                    colonne,
                    "La formule n'a jamais été calculée : ouvrez le classeur dans votre tableur, puis enregistrez-le.",
                )

    def _lire_la_colonne(self, colonne: Colonne, cellules: Sequence[Cellule], ligne_titres: int) -> list[Any]:
        """Each distinct cell is read once: a column says few things, many times."""
        lire = lecteur(type_de(colonne))
        tete: list[Any] = [VIDE] * (ligne_titres + 1)
        corps: Sequence[Any] = cellules[ligne_titres + 1 :]
        if corps.count(VIDE) == len(corps):
            return [*tete, *corps]
        if set(map(type, corps)) != {str}:  # 1, 1.0 and True are one key
            corps = list(zip(map(type, corps), corps, strict=True))
            connus = {cle: VIDE if cle[1] == VIDE else lire(cle[1]) for cle in set(corps)}
        else:
            connus = {cle: VIDE if cle == VIDE else lire(cle) for cle in set(corps)}
        lues = [*tete, *map(connus.__getitem__, corps)]
        if Lu in set(map(type, connus.values())):
            for rang, lu in enumerate(lues):
                if isinstance(lu, Lu):
                    self.remarques.sur_la_cellule(lu.code, rang, colonne, lu.message)
                    lues[rang] = lu.valeur
        return lues

    # --- The JSON

    def _ecrire(
        self,
        plan: Plan,
        demandes: list[Element],
        cochees: frozenset[Colonne],
        lues: Mapping[Colonne, list[Any]],
        absentes: set[Colonne],
    ) -> list[dict[str, Any]]:
        if len(demandes) > DEMANDES_MAX:
            self.remarques.sur_la_ligne(
                codes.TROP_DE_LIGNES,
                demandes[DEMANDES_MAX].ligne,
                f"La feuille porte {len(demandes)} demandes : {DEMANDES_MAX} au plus sont acceptées, la "
                f"{DEMANDES_MAX + 1}e commence à cette ligne.",
            )
        batir = batisseur(plan.demande, cochees)
        places = self.faite.lignes
        lignes = [
            batir(demande, f"lignesImport[{rang}]", places)
            for rang, demande in enumerate(demandes[:DEMANDES_MAX])
        ]
        for rang, ligne in enumerate(lignes):
            ligne["numLigne"] = ligne.get("numLigne", rang + 1)
        annoncees = sum(completer(plan, ligne) for ligne in lignes)
        if annoncees:
            exemple = next(ligne[PIECES][0]["nomFichier"] for ligne in lignes if ligne.get(PIECES))
            self.choix.noter(
                f"{en_nombre(annoncees, 'demande ne nomme', 'demandes ne nomment')} aucune pièce : celles qui "
                f"sont attendues sont annoncées sous le nom de la nomenclature, comme {exemple}."
            )
        self.faite.colonnes = {colonne.nom_chemin: rang for colonne, rang in self.remarques.places.items()}
        self.faite.colonnes |= {
            colonne.nom_chemin: self.remarques.places[colonne.liee_a]
            for colonne in plan.colonnes
            if colonne.liee_a in self.remarques.places and colonne not in self.remarques.places
        }
        self.faite.absentes = [colonne.nom_chemin for colonne in absentes]
        self.faite.titres = {str(rang): titre for rang, titre in self.remarques.titres.items()}
        self.faite.octets = _json(self._entete(plan, lues), lignes)
        return lignes

    def _entete(self, plan: Plan, lues: Mapping[Colonne, list[Any]]) -> dict[str, Any]:
        entete: dict[str, Any] = {"impId": None}
        for colonne in plan.racine.colonnes:
            dites = [(rang, valeur) for rang, valeur in enumerate(lues.get(colonne, ())) if valeur != VIDE]
            nom = colonne.champ.nom
            if not dites:
                if nom in self.entete:
                    entete[nom] = self.entete[nom]
                continue
            entete[nom] = dites[0][1]
            for rang, valeur in dites:
                if valeur != dites[0][1]:
                    message = (
                        f"La ligne {rang + 1} dit {citer(valeur)} là où la ligne {dites[0][0] + 1} dit "
                        f"{citer(dites[0][1])} : un fichier n'en a qu'un."
                    )
                    self.remarques.sur_la_cellule(codes.CONTRADICTION, rang, colonne, message)
                    break
        return entete


def etendre_les_fusions(feuille: Feuille, ligne_titres: int) -> None:
    """The value of a merged range stands on each of its rows, in its first column."""
    for haut, gauche, bas, _droite in feuille.fusions:
        if haut <= ligne_titres or gauche >= len(feuille.lignes[0]):
            continue
        for ligne in feuille.lignes[haut + 1 : bas + 1]:
            ligne[gauche] = feuille.lignes[haut][gauche]


def _table(plan: Plan, lues: Mapping[Colonne, list[Any]], nombre: int, premiere: int) -> Table:
    vide: list[Any] = [VIDE] * nombre
    valeurs: dict[Niveau, Sequence[tuple[Any, ...]]] = {}
    for niveau in plan.niveaux:
        colonnes = {colonne: lues.get(colonne, vide) for colonne in niveau.colonnes}
        for colonne in niveau.colonnes:
            if colonne.liee_a is not None:
                autres = [c[premiere:] for autre, c in colonnes.items() if autre is not colonne]
                lies = lier(colonnes[colonne][premiere:], autres, lues.get(colonne.liee_a, vide)[premiere:])
                colonnes[colonne] = [*vide[:premiere], *lies]
        valeurs[niveau] = list(zip(*colonnes.values(), strict=True)) if colonnes else [()] * nombre
    numeros: dict[Niveau, Sequence[Any]] = {
        niveau: lues.get(colonne, vide) for niveau, colonne in plan.numeros.items()
    }
    return Table(plan, valeurs, numeros, lues.get(plan.cle, vide))


def _est_une_coche(colonne: Colonne, cellules: Sequence[Cellule]) -> bool:
    """True for a column of answers where only ticks are written: a blank one means no."""
    if not isinstance(type_de(colonne), Booleen):
        return False
    return {str(cellule).strip().casefold() for cellule in set(cellules)} == {COCHE, VIDE}


def _json(entete: dict[str, Any], demandes: list[dict[str, Any]]) -> bytes:
    """One request by line: quick to write, and each can be found."""
    tete = json.dumps(entete, ensure_ascii=False)[:-1]
    lignes = ",\n".join(json.dumps(demande, ensure_ascii=False, default=_nombre) for demande in demandes)
    return f'{tete}, "lignesImport": [\n{lignes}\n]}}\n'.encode("utf-8", "surrogatepass")


def _nombre(valeur: Any) -> float | str:
    """A decimal that a JSON number holds exactly; the others are no amounts, and are told by the engine."""
    if not isinstance(valeur, Decimal):
        raise TypeError(type(valeur).__name__)
    return float(valeur) if len(valeur.as_tuple().digits) <= 15 else str(valeur)
