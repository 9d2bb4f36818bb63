"""The mark of a model: which couloir and type, made which day, from which columns; and when it is out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.textes import cle_de_titre
from segurnum.tableurs.cellules import Cellule
from segurnum.tableurs.plan import Plan

DEMANDES, EXEMPLE, MODE_D_EMPLOI = "Demandes", "Exemple", "Mode d'emploi"
HORS_DES_DEMANDES = frozenset(cle_de_titre(nom) for nom in (EXEMPLE, MODE_D_EMPLOI))
COULOIR, TYPE, MODELE, COLONNES = "Couloir", "Type de demande", "Modèle du", "Colonnes"


@dataclass(frozen=True)
class Marque:
    """What the sheet of explanations says of the model that it belongs to."""

    dsr: str
    type: TypeDemande
    jour: str
    signature: str

    @classmethod
    def du_jour(cls, plan: Plan) -> Marque:
        return cls(plan.couloir.dsr, plan.type, date_fr(jour_de_paris(maintenant())), plan.signature)

    def lignes(self) -> list[tuple[str, str]]:
        """As they are written at the top of the sheet of explanations."""
        return [
            (COULOIR, self.dsr),
            (TYPE, self.type.libelle),
            (MODELE, self.jour),
            (COLONNES, self.signature),
        ]

    def perimee(self, plan: Plan) -> str:
        """The sentence that says that the model was replaced; empty when it is up to date."""
        if self.dsr != plan.couloir.dsr or self.type != plan.type:
            return (
                f"Le classeur est le modèle de {self.dsr} ({self.type.libelle.lower()}) et il est lu comme un "
                f"fichier de {plan.couloir.dsr} ({plan.type.libelle.lower()})."
            )
        if self.signature == plan.signature:
            return ""
        quand = f"le {date_fr(jour_de_paris(plan.depuis))}" if plan.depuis else "depuis"
        return (
            f"Le classeur est fait sur le modèle du {self.jour}, remplacé {quand} : les colonnes ont changé. "
            f"Téléchargez celui du {date_fr(jour_de_paris(maintenant()))}."
        )


def lire_marque(lignes: Sequence[Sequence[Cellule]]) -> Marque | None:
    """The mark at the top of a sheet of explanations, None when it is not one of ours."""
    dites = {str(ligne[0]).strip(): str(ligne[1]).strip() for ligne in lignes[:20] if len(ligne) > 1}
    try:
        type_demande = next(t for t in TypeDemande if t.libelle == dites[TYPE])
        return Marque(dites[COULOIR], type_demande, dites[MODELE], dites[COLONNES])
    except (KeyError, StopIteration):
        return None
