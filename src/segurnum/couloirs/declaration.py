"""What a couloir declares: who it finances, how requests are deposited, with which kind of ceiling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from segurnum.couloirs.baremes import Bareme, TableEligible
from segurnum.couloirs.champs import Objet
from segurnum.couloirs.depot import Depot
from segurnum.couloirs.erreurs import CouloirMalDeclare
from segurnum.couloirs.formats import Format
from segurnum.couloirs.formulaire import Formulaire
from segurnum.couloirs.nomenclature import PV_PILOTE
from segurnum.couloirs.places import chercher
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.cycles import TypeDemande

Demande = Mapping[str, Any]

CODE = re.compile(r"([A-Z][A-Z0-9]{1,2})-([A-Z]+(?:-[A-Z]+)*)")  # couloir, software
_DSR = re.compile(f"DSR-{CODE.pattern}-Va[1-9]")


@dataclass(frozen=True, eq=False, repr=False)
class Couloir:
    """One DSR. `depot`: a file, whose format has dated versions, or two forms.

    `bareme`: the kind of its scale. `pilotes`: so many soldes with the report of a pilot site must be validated before
    the other soldes of the software. `heberge_donnees`: its enrolment speaks of health data hosting. `format_public`
    False: the format is this portal's own, which its page says.
    """

    couloir: str
    logiciel: str
    vague: int
    libelle: str
    depot: Depot
    bareme: Bareme = field(default_factory=TableEligible)
    pilotes: int = 0
    heberge_donnees: bool = False
    format_public: bool = True

    def __post_init__(self) -> None:
        """Every path and every word is looked up now. Raises CouloirMalDeclare."""
        if _DSR.fullmatch(self.dsr) is None:
            raise CouloirMalDeclare(
                f"{self.dsr} : deux ou trois lettres ou chiffres pour le couloir, des mots en majuscules séparés par "
                "des tirets pour le logiciel, et une vague de 1 à 9 sont attendus."
            )
        if not isinstance(self.bareme, Bareme):
            raise CouloirMalDeclare(f"{self.dsr} : {self.bareme!r} n'est pas un barème de couloirs/baremes.")
        try:
            for type_demande in TypeDemande:
                for un in self.depot.formats(type_demande):
                    un.places  # noqa: B018
                    for chemin in self.bareme.chemins:
                        chercher(un.forme, chemin, f"barème ({type_demande.libelle.lower()})")
            comptes = (*self.bareme.comptes, self.bareme.source_comptes, self.bareme.comptes_arretes)
            for compte in filter(None, comptes):
                chercher(self.forme(TypeDemande.SOLDE), compte, "barème (comptes du solde)")
        except CouloirMalDeclare as erreur:
            raise erreur.dans(self.dsr) from erreur

    def __repr__(self) -> str:
        return f"Couloir({self.dsr})"

    @property
    def code(self) -> str:
        """« MS1-DUI »."""
        return f"{self.couloir}-{self.logiciel}"

    @property
    def dsr(self) -> str:
        """« DSR-MS1-DUI-Va1 » (RUL-016)."""
        return f"DSR-{self.code}-Va{self.vague}"

    @property
    def rubrique(self) -> str:
        """« Hôpital », of « Hôpital (DPI) »."""
        return self.libelle.partition(" (")[0]

    @property
    def libelle_vague(self) -> str:
        """« Hôpital (DPI) - vague 1 »; a later wave says it in its label."""
        return self.libelle if "vague" in self.libelle else f"{self.libelle} - vague {self.vague}"

    @property
    def prefixe(self) -> str:
        """« MS1-DUI-va1 »: what the names of its files begin with."""
        return f"{self.code}-va{self.vague}"

    @property
    def sigle(self) -> str:
        """The three characters of its dossiers' numbers: a couloir of two letters takes one of its software's."""
        return f"{self.couloir}{self.logiciel}"[:3]

    def vague_suivante(self, **autrement: Any) -> Couloir:
        """The same, one wave later: neither its format nor its figures are public, and it says so."""
        suivante: dict[str, Any] = {
            "vague": self.vague + 1,
            "libelle": f"{self.libelle} - vague {self.vague + 1}",
            "bareme": replace(self.bareme, exemple={}, essai=self.bareme.figures_d_essai),
            "format_public": False,
        }
        return replace(self, **suivante | autrement)

    def pieces_en_plus(self, type_demande: TypeDemande) -> tuple[tuple[str, ...], ...]:
        """The groups of pieces that its examples carry beyond what every request does: of a pilot site."""
        return ((PV_PILOTE,),) if self.pilotes and type_demande is TypeDemande.SOLDE else ()

    @property
    def a_des_profils(self) -> bool:
        """True when the pieces that are asked for depend on the operator's profile (MSS-018)."""
        return any(
            zone.profils for type_ in TypeDemande for un in self.depot.formats(type_) for zone in un.zones
        )

    @property
    def par_formulaire(self) -> bool:
        """True where the pages are others: requests are typed on screen rather than sent in a file."""
        return self.depot.a_l_ecran

    def format(
        self, type_demande: TypeDemande, instant: datetime | None = None, corrige_le: datetime | None = None
    ) -> Format:
        """The format that judges what is deposited at `instant` (now, by default), or corrected since."""
        return self.depot.format(type_demande, instant, corrige_le)

    def forme(self, type_demande: TypeDemande, instant: datetime | None = None) -> Objet:
        """The shape of one request."""
        return self.format(type_demande, instant).forme

    def formulaire(self, type_demande: TypeDemande) -> Formulaire:
        """The form of one type of request. Raises LookupError for a couloir deposited by a file."""
        trouve = self.format(type_demande)
        if not isinstance(trouve, Formulaire):
            raise LookupError(f"Le couloir {self.code} se dépose par un fichier, pas par un formulaire.")
        return trouve

    def montant_declare(self, demande: Demande, type_demande: TypeDemande) -> Decimal:
        """Declared amount, euros excluding tax: of the order for an advance, of the invoice for a balance."""
        bloc = bloc_montant(type_demande)
        return Decimal(str(demande[bloc.objet][bloc.montant]))

    def date_declaree(self, demande: Demande, type_demande: TypeDemande) -> date:
        """Date of the order (advance) or of the invoice (balance)."""
        bloc = bloc_montant(type_demande)
        return lire_date_fr(demande[bloc.objet][bloc.date])

    def regime_tva(self, demande: Demande, type_demande: TypeDemande) -> str:
        """« HT » or « TTC »."""
        regime: str = demande[bloc_montant(type_demande).objet]["regimeTVA"]
        return regime


class BlocMontant(NamedTuple):
    """Where a request states its date and its amount, and how these are called on screen."""

    objet: str
    date: str
    montant: str
    nom: str


_BLOCS_MONTANT = {
    TypeDemande.AVANCE: BlocMontant("commande", "dateCommande", "montantSegurHT", "commande"),
    TypeDemande.SOLDE: BlocMontant("facture", "dateFacture", "montantSegurHTFacture", "facture"),
}


def bloc_montant(type_demande: TypeDemande) -> BlocMontant:
    """The order of an advance, the invoice of a balance (JSN-024, JSN-025)."""
    return _BLOCS_MONTANT[type_demande]
