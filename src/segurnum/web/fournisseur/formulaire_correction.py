"""The screen of a correction: the fields of a request, under titles, with the buttons that add and take away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.forms import BoundField

from segurnum.couloirs.champs import Chemin, ecrire_chemin
from segurnum.couloirs.edition import ChampModifiable
from segurnum.couloirs.repetitions import Repetition, ecrire_rangs
from segurnum.demandes.models import BrouillonDemande
from segurnum.depots.modifications import Ecran
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande

AJOUTER, OTER, RETABLIR = "ajouter", "oter", "retablir"
GESTES = (AJOUTER, OTER, RETABLIR)


@dataclass
class Section:
    """Fields under one title. `element`: what its button takes away, if it may; `listes`: those that end here."""

    titre: str
    champs: list[BoundField]
    chemin: Chemin
    element: str = ""
    listes: list[Repetition] = field(default_factory=list)


class FormulaireCorrection(FormulaireDemande):
    """The typed fields of a request, in the lists as they were left."""

    def __init__(self, ecran: Ecran, data: Any = None, *, brouillon: BrouillonDemande | None = None) -> None:
        super().__init__(ecran.champs, data=data, brouillon=brouillon)
        self.listes = {liste.nom: liste for liste in ecran.listes}

    @property
    def sections(self) -> list[Section]:
        sections = [self._section(titre, list(champs)) for titre, champs in groupby(self._declares, _titre)]
        vus: set[str] = set()
        for section in sections:
            if section.element in vus:
                section.element = ""
            vus.add(section.element)
        for liste in self.listes.values() if sections else ():
            _fin_de(liste, sections).listes.append(liste)
        return sections

    @property
    def _declares(self) -> list[ChampModifiable]:
        return list(self.declares.values())

    def _section(self, titre: str, champs: list[ChampModifiable]) -> Section:
        chemin = champs[0].chemin
        return Section(titre, [self[champ.nom] for champ in champs], chemin, self._element(chemin))

    def _element(self, chemin: Chemin) -> str:
        """The element that a field belongs to, unless its list would then be too short."""
        rangs = [place for place, pas in enumerate(chemin) if isinstance(pas, int)]
        if not rangs:
            return ""
        liste = self.listes.get(ecrire_chemin(chemin[: rangs[-1]]))
        libre = liste is not None and len(liste.rangs) > liste.minimum
        return ecrire_chemin(chemin[: rangs[-1] + 1]) if libre else ""

    def saisie(self) -> dict[str, str]:
        """The texts as they were typed, and which elements there are."""
        return super().saisie() | {liste.cle: liste.ecrits for liste in self.listes.values()}

    def changer(self, geste: str, cle: str) -> tuple[Mapping[str, str], str]:
        """What one of its buttons makes of the lists, to be kept with what is typed; and where it is then read."""
        nom, _, rang = cle.rpartition("[") if geste == OTER else (cle, "", "")
        liste = self.listes.get(nom)
        if liste is None:
            return {}, ""
        rangs = {
            AJOUTER: [*liste.rangs, liste.suivant],
            OTER: [garde for garde in liste.rangs if f"{garde}]" != rang],
            RETABLIR: sorted({*liste.rangs, *liste.retires}),
        }[geste]
        return {liste.cle: ecrire_rangs(rangs)}, liste.ancre


def _titre(champ: ChampModifiable) -> str:
    return champ.titre


def _fin_de(liste: Repetition, sections: list[Section]) -> Section:
    """The last section of a list; of what holds it while it is empty."""
    for debut in (liste.chemin, liste.chemin[:-1]):
        siennes = [section for section in sections if section.chemin[: len(debut)] == debut]
        if siennes:
            return siennes[-1]
    return sections[-1]
