"""What the exports of a supplier contain: their columns, for the page, the file and the worker (EXP-003, EXP-005)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.editique.tableur import Cellule
from segurnum.exports.models import Contenu
from segurnum.paiements.queries import beneficiaires_a_exporter, demandes_a_exporter
from segurnum.regles.cycles import TypeDemande

LOT = 5_000  # requests read by one statement
ORDRE = ("-depose_le", "-pk")


@dataclass(frozen=True)
class Colonne:
    """`cle`: what is read of the request; `dire`: how a cell says what is neither a text, a day nor an amount."""

    cle: str
    libelle: str
    dire: Callable[[Any], Cellule] | None = None


@dataclass(frozen=True)
class Liste:
    """An export: of requests, or of the beneficiaries of one couloir (`dsr`)."""

    colonnes: tuple[Colonne, ...]
    dsr: str = ""

    @property
    def titres(self) -> list[str]:
        return [colonne.libelle for colonne in self.colonnes]

    def rangees(
        self, entreprise: Entreprise, cles: Sequence[int], ordre: Sequence[str] = ORDRE
    ) -> Iterator[list[Cellule]]:
        """The rows of these requests of the company, in their order, a lot after the other as they are asked for."""
        champs = [colonne.cle for colonne in self.colonnes]
        for debut in range(0, len(cles), LOT):
            lot = cles[debut : debut + LOT]
            if self.dsr:
                lues = beneficiaires_a_exporter(entreprise, self.dsr, champs, cles=lot, ordre=ordre)
            else:
                lues = demandes_a_exporter(entreprise, champs, cles=lot, ordre=ordre)
            yield from self._cellules(lues)

    def _cellules(self, lues: Iterable[dict[str, Any]]) -> Iterator[list[Cellule]]:
        dites = [(colonne.cle, colonne.dire or _telle_quelle) for colonne in self.colonnes]
        for lue in lues:
            yield [dire(lue[cle]) for cle, dire in dites]


def _telle_quelle(valeur: Any) -> Cellule:
    dite: Cellule = valeur
    return dite


def _libelle(valeur: Any) -> str:
    """Labels rather than codes."""
    dite: str = valeur.libelle
    return dite


@cache  # a row in five would be spent on it
def _logiciel(dsr: str) -> str:
    """The software rather than its DSR."""
    return couloirs.par_dsr(dsr).logiciel


_SUITE = (
    Colonne("type", "Type", _libelle),
    Colonne("statut", "Statut", _libelle),
    Colonne("statut_depuis", "Date de changement de statut"),
    Colonne("dsr", "Logiciel", _logiciel),
    Colonne("depose_le", "Date de dépôt"),
    Colonne("date_commande", "Date de commande"),
    Colonne("numero_editeur", "N° éditeur"),
    Colonne("etat_paiement", "Etat de paiement", _libelle),
    Colonne("paye_le", "Date du paiement"),
    Colonne("montant_declare", "Montant déclaré SEGUR HT"),
    Colonne("montant_paye", "Montant payé (fonction du régime TVA)"),
)
DEMANDES = Liste((Colonne("numero", "N° ASP"), *_SUITE))


def beneficiaires(dsr: str) -> Liste:
    """Each couloir identifies its beneficiaries in its own way (EXP-004)."""
    identifiant = couloirs.par_dsr(dsr).format(TypeDemande.AVANCE).places.titre_export
    return Liste(
        (
            Colonne("numero", "N° de la demande"),
            *_SUITE,
            Colonne("dossier__enrolement__referencement__numero_ans", "N°ANS"),
            Colonne("beneficiaires__identifiants", identifiant, ", ".join),
            Colonne("beneficiaires__nom", "Nom du client"),
            Colonne("beneficiaires__courriel", "E-mail du client"),
            Colonne("beneficiaires__telephone", "Téléphone du client"),
            Colonne("beneficiaires__raison_sociale", "Raison sociale client"),
        ),
        dsr,
    )


def liste_de(contenu: Contenu, dsr: str) -> Liste:
    return beneficiaires(dsr) if contenu is Contenu.BENEFICIAIRES else DEMANDES
