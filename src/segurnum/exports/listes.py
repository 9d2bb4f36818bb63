"""What the exports of a supplier contain: their columns, for the page, the file and the worker (EXP-003, EXP-005)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from segurnum import couloirs
from segurnum.base.copies import copier
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.editique.tableur import SEPARATEUR, Cellule, entete
from segurnum.exports.models import Contenu
from segurnum.exports.natures import (
    INSTANT,
    JOUR,
    JOUR_DECLARE,
    MONTANT,
    TEXTE,
    TEXTES,
    Nature,
    enumere,
    selon,
)
from segurnum.paiements.queries import beneficiaires_a_exporter, demandes_a_exporter
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande

LOT = 10_000  # requests read by one statement
LUES = 500  # rows fetched together
ORDRE = ("-depose_le", "-pk")


@dataclass(frozen=True)
class Colonne:
    """`cle`: what is read of the request."""

    cle: str
    libelle: str
    nature: Nature = TEXTE


@dataclass(frozen=True)
class Liste:
    """An export: of requests, or of the beneficiaries of one couloir (`dsr`)."""

    colonnes: tuple[Colonne, ...]
    dsr: str = ""

    @property
    def titres(self) -> list[str]:
        return [colonne.libelle for colonne in self.colonnes]

    def en_csv(
        self, entreprise: Entreprise, cles: Sequence[int], ordre: Sequence[str] = ORDRE
    ) -> Iterator[bytes]:
        """The file of these requests of the company, in their order, as the database writes it."""
        yield entete(self.titres)
        textes = {f"c{rang}": colonne.nature.texte(colonne.cle) for rang, colonne in enumerate(self.colonnes)}
        for lues in self._lots(entreprise, cles, ordre):
            yield from copier(lues.annotate(**textes).values_list(*textes), SEPARATEUR)

    def rangees(
        self, entreprise: Entreprise, cles: Sequence[int], ordre: Sequence[str] = ORDRE
    ) -> Iterator[list[Cellule]]:
        """The same rows, cell by cell."""
        dites = [colonne.nature.cellule for colonne in self.colonnes]
        champs = [colonne.cle for colonne in self.colonnes]
        for lues in self._lots(entreprise, cles, ordre):
            for lue in lues.values_list(*champs).iterator(LUES):
                yield [dire(valeur) for dire, valeur in zip(dites, lue, strict=True)]

    def _lots(
        self, entreprise: Entreprise, cles: Sequence[int], ordre: Sequence[str]
    ) -> Iterator[QuerySet[Demande]]:
        """A lot after the other, as they are asked for."""
        for debut in range(0, len(cles), LOT):
            lot = cles[debut : debut + LOT]
            if self.dsr:
                yield beneficiaires_a_exporter(entreprise, self.dsr, lot, ordre)
            else:
                yield demandes_a_exporter(entreprise, lot, ordre)


@cache  # a row in five would be spent on it
def _logiciel(dsr: str) -> str:
    """The software rather than its DSR."""
    return couloirs.par_dsr(dsr).logiciel


# Couloirs may come while the portal works.
_LOGICIEL = Nature(
    _logiciel, lambda champ: selon({couloir.dsr: couloir.logiciel for couloir in couloirs.tous()}, champ)
)
_SUITE = (
    Colonne("type", "Type", enumere(TypeDemande)),
    Colonne("statut", "Statut", enumere(StatutDemande)),
    Colonne("statut_depuis", "Date de changement de statut", INSTANT),
    Colonne("dsr", "Logiciel", _LOGICIEL),
    Colonne("depose_le", "Date de dépôt", INSTANT),
    Colonne("date_commande", "Date de commande", JOUR_DECLARE),
    Colonne("numero_editeur", "N° éditeur"),
    Colonne("etat_paiement", "Etat de paiement", enumere(EtatPaiement)),
    Colonne("paye_le", "Date du paiement", JOUR),
    Colonne("montant_declare", "Montant déclaré SEGUR HT", MONTANT),
    Colonne("montant_paye", "Montant payé (fonction du régime TVA)", MONTANT),
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
            Colonne("beneficiaires__identifiants", identifiant, TEXTES),
            Colonne("beneficiaires__nom", "Nom du client"),
            Colonne("beneficiaires__courriel", "E-mail du client"),
            Colonne("beneficiaires__telephone", "Téléphone du client"),
            Colonne("beneficiaires__raison_sociale", "Raison sociale client"),
        ),
        dsr,
    )


def liste_de(contenu: Contenu, dsr: str) -> Liste:
    return beneficiaires(dsr) if contenu is Contenu.BENEFICIAIRES else DEMANDES
