"""Counts that change after the deposit: what was said before, what is said now, for the supplier and the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum.controles.problemes import nombre_fr
from segurnum.demandes.models import Demande
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import StatutDemande, Transition
from segurnum.regles.erreurs import GesteImpossible

INCONNU = "pas encore connu"


@dataclass(frozen=True)
class Changement:
    """The numbers, in the order of `libelles`, and the amount (euros HT), as they were and as they are."""

    nombres_avant: tuple[int | None, ...]
    nombres_apres: tuple[int | None, ...]
    montant_avant: Decimal | None
    montant_apres: Decimal | None
    libelles: tuple[str, ...]

    @property
    def details(self) -> dict[str, Any]:
        """For the journal: numbers and amounts, nobody's address."""
        montants = (self.montant_avant, self.montant_apres)
        avant, apres = ("" if montant is None else f"{montant:.2f}" for montant in montants)
        return {
            "comptes_avant": [*self.nombres_avant, avant],
            "comptes_apres": [*self.nombres_apres, apres],
        }

    def dits(self, pas: Transition[Any, Any], motif: str) -> dict[str, Any]:
        """What the mail says of it."""
        montants = ("Montant demandé, hors taxe", _euros(self.montant_avant), _euros(self.montant_apres))
        nombres = zip(self.libelles, self.nombres_avant, self.nombres_apres, strict=True)
        lignes = [*((libelle, _nombre(avant), _nombre(apres)) for libelle, avant, apres in nombres), montants]
        return {
            "changements": "\n".join(
                f"- {libelle} : {apres} (avant : {avant})" for libelle, avant, apres in lignes
            ),
            "raison": motif,
            "revalider": pas.depuis is StatutDemande.VALIDEE,
        }


def du_compte(
    demande: Demande, donnees: Mapping[str, Any], comptes: Mapping[str, Any], montant: Decimal | None
) -> Changement | None:
    """None when neither a number nor the amount changes, nor that what was validated is settled."""
    bareme = demande.couloir.bareme
    avant, apres = (tuple(lu.get(nom) for nom in bareme.comptes) for lu in (donnees, comptes))
    validee_arretee = demande.statut is StatutDemande.VALIDEE and donnees.get(bareme.comptes_arretes) is True
    desarretes = validee_arretee and not comptes.get(bareme.comptes_arretes)
    if avant == apres and montant == demande.montant_declare and not desarretes:
        return None
    libelles = {champ.nom: champ.libelle for champ in demande.format().comptes}
    return Changement(
        avant,
        apres,
        demande.montant_declare,
        montant,
        tuple(libelles.get(nom, nom) for nom in bareme.comptes),
    )


def retenir_de_nouveau(demande: Demande, retenir: Callable[[Demande], None]) -> None:
    """The retained amounts follow the numbers, and go with them when nothing is counted any more."""
    try:
        retenir(demande)
    except GesteImpossible:
        demande.engagement_ht = demande.engagement = demande.montant_decide = demande.calcul = None


def _nombre(valeur: int | None) -> str:
    return INCONNU if valeur is None else nombre_fr(valeur)


def _euros(montant: Decimal | None) -> str:
    return INCONNU if montant is None else en_euros(montant)
