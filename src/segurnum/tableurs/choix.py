"""Which sheet of a workbook holds the requests, and of which couloir and type they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segurnum.controles import codes_tableur as codes
from segurnum.controles.constats import citer
from segurnum.couloirs import Couloir, CouloirInconnu, par_fichier, trouver
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.textes import cle_de_titre
from segurnum.tableurs.cellules import VIDE
from segurnum.tableurs.fichiers import Feuille, TableurRefuse
from segurnum.tableurs.marque import HORS_DES_DEMANDES, MODE_D_EMPLOI, Marque, lire_marque
from segurnum.tableurs.plan import Plan, plan_de
from segurnum.tableurs.remarques import Remarques
from segurnum.tableurs.titres import Titres, meilleurs, trouver_les_titres


class SansDemandes(Exception):
    """Nothing more can be read; why has been said."""


class Choix:
    """What is chosen of a workbook, and told. `dsr` and `type`: what was asked for, None when the columns tell."""

    def __init__(self, dsr: str | None, type_demande: TypeDemande | None, remarques: Remarques) -> None:
        self.dsr, self.type, self.remarques = dsr, type_demande, remarques

    def noter(self, phrase: str) -> None:
        self.remarques.du_fichier(codes.A_SAVOIR, phrase)

    def ranger(self, toutes: Iterable[Feuille]) -> tuple[list[Feuille], Marque | None]:
        """The sheets where requests may be, and the mark of the model."""
        gardees: list[Feuille] = []
        cachees: list[str] = []
        demesures: list[str] = []
        marque = None
        for feuille in toutes:
            if cle_de_titre(feuille.nom) == cle_de_titre(MODE_D_EMPLOI):
                marque = lire_marque(feuille.lignes)
            elif not feuille.visible:
                cachees.append(feuille.nom)
            elif feuille.demesure:
                demesures.append(feuille.demesure)
            elif cle_de_titre(feuille.nom) not in HORS_DES_DEMANDES and feuille.lignes:
                gardees.append(feuille)
        if cachees:
            self.noter(
                f"{_les_feuilles(cachees)} masquée{_s(cachees)} n'{_verbe(cachees)} pas lue{_s(cachees)}."
            )
        if demesures and not gardees:
            raise TableurRefuse(demesures[0])
        for phrase in demesures:
            self.noter(phrase)
        if not gardees:
            self.remarques.du_fichier(
                codes.SANS_TITRES, "Le classeur n'a aucune feuille visible qui soit remplie."
            )
            raise SansDemandes
        return gardees, marque

    def plan(self, visibles: list[Feuille], marque: Marque | None) -> Plan:
        dsr, type_demande = self.dsr, self.type
        if dsr is None and marque is not None:
            dsr, type_demande = marque.dsr, type_demande or marque.type
        couloirs: Sequence[Couloir] = par_fichier()
        try:
            couloirs = [trouver(dsr)] if dsr else couloirs
        except CouloirInconnu as inconnu:
            if self.dsr:
                raise
            self.noter(f"Le modèle est celui d'un couloir que le portail ne connaît pas : {inconnu}")
        types = [type_demande] if type_demande else list(TypeDemande)
        plans = [plan_de(couloir, type_) for couloir in couloirs for type_ in types]
        for feuille in visibles:
            possibles = plans if len(plans) == 1 else meilleurs(plans, feuille.lignes)
            if len(possibles) == 1:
                return possibles[0]
            if possibles:
                noms = ", ".join(f"{p.couloir.dsr} ({p.type.libelle.lower()})" for p in possibles[:8])
                self.remarques.du_fichier(
                    codes.COULOIR_A_CHOISIR,
                    f"Les colonnes conviennent à plusieurs fichiers : {noms}. Choisissez l'un d'eux.",
                )
                raise SansDemandes
        self._sans_titres(visibles, plans[0] if len(plans) == 1 else None)
        raise SansDemandes

    def feuille(self, plan: Plan, visibles: list[Feuille]) -> tuple[Feuille, Titres]:
        lues = [(f, titres) for f in visibles if (titres := trouver_les_titres(plan, f.lignes))]
        if not lues:
            self._sans_titres(visibles, plan)
            raise SansDemandes
        retenue = lues[0]
        autres = [feuille.nom for feuille in visibles if feuille is not retenue[0]]
        if autres:
            self.noter(
                f"{_les_feuilles(autres)} n'{_verbe(autres)} pas lue{_s(autres)} : seule « {retenue[0].nom} » "
                "l'est. Faites un fichier par feuille de demandes."
            )
        return retenue

    def _sans_titres(self, visibles: list[Feuille], plan: Plan | None) -> None:
        quoi = f"La feuille « {visibles[0].nom} »" if visibles[0].nom else "Le fichier"
        premiers = [str(c) for ligne in visibles[0].lignes[:5] for c in ligne if c != VIDE][:4]
        lus = f" On y lit d'abord {', '.join(citer(texte) for texte in premiers)}." if premiers else ""
        voulus = plan.proposees if plan else []
        exemple = f", comme {', '.join(f'« {c.intitule} »' for c in voulus[:3])}" if voulus else ""
        self.remarques.du_fichier(
            codes.SANS_TITRES,
            f"{quoi} n'a pas de ligne d'en-têtes : une ligne portant les titres des colonnes{exemple} est "
            f"attendue parmi les 20 premières.{lus}",
        )


def _s(noms: Sequence[str]) -> str:
    return "s" if len(noms) > 1 else ""


def _verbe(noms: Sequence[str]) -> str:
    return "ont" if len(noms) > 1 else "est"


def _les_feuilles(noms: Sequence[str]) -> str:
    return f"{'Les feuilles' if len(noms) > 1 else 'La feuille'} {', '.join(citer(nom) for nom in noms[:8])}"
