"""What a couloir declares, and what can be read from one of its requests in normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from segurnum.couloirs.baremes import Bareme, TableEligible
from segurnum.couloirs.champs import Champ, Chemin, Objet, Tableau, Type, remplie
from segurnum.couloirs.formulaire import Formulaire
from segurnum.couloirs.nomenclature import AUTRE_PIECE, LIBELLES_PIECES, TYPES_AJOUTABLES
from segurnum.couloirs.presentation import Question
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.cycles import TypeDemande

Demande = Mapping[str, Any]

SANS_FORME = Objet(())
"""No file: the request is deposited by a web form."""


class IdentifiantBeneficiaire(NamedTuple):
    """The professional identifier of a couloir: its label on screen and its field."""

    libelle: str
    cle: str


@dataclass(frozen=True, slots=True)
class Beneficiaire:
    """One row of « Liste bénéficiaire(s) ». `chemins`: where each identifier stands inside the request."""

    identifiants: tuple[str, ...]
    type_identifiant: str
    nom: str | None
    courriel: str | None
    telephone: str | None
    raison_sociale: str | None
    chemins: tuple[Chemin, ...]


@dataclass(frozen=True, slots=True)
class Mandataire:
    """Who orders on behalf of the beneficiaries."""

    nom: str | None
    courriel: str | None
    telephone: str | None


@dataclass(frozen=True)
class ListeBeneficiaires:
    """Where beneficiaries stand: `chemin` from the request, "*" meaning every element.

    `identifiants`: pairs (field, type), the first filled one identifies; the field may hold a list.
    `quand`: the list counts only when this field of `beneficiaires` has this value.
    """

    chemin: tuple[str, ...]
    identifiants: tuple[tuple[str, str], ...]
    nom: str
    courriel: str
    telephone: str
    raison_sociale: str | None = None
    quand: tuple[str, str] | None = None


@dataclass(frozen=True)
class Variante:
    """A value of `commandePour`, the block of `beneficiaires` that it fills and the fields then expected."""

    valeur: str
    bloc: str
    requis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bloc:
    """One accordion of the consultation screen."""

    code: str
    titre: str


BLOCS = {
    "informations": Bloc("informations", "Informations de la demande"),
    "formulaire": Bloc("formulaire", "Informations de la demande"),
    "coordonnees": Bloc("coordonnees", "Coordonnées bancaires"),
    "beneficiaires": Bloc("beneficiaires", "Bénéficiaire(s)"),
    "administrateurs": Bloc("administrateurs", "Informations sur le(s) administrateur(s) technique(s)"),
    "pieces": Bloc("pieces", "Pièces justificatives"),
    "scenario": Bloc("scenario", "Scénario d'installation"),
    "courriels": Bloc("courriels", "Courriels automatiques envoyés"),
    "suivi": Bloc("suivi", "Suivi Financier"),
}
# The set of a couloir deposited by JSON; that of MS1 adds the technical administrators (REQ-036, CON-17).
BLOCS_JSON = ("informations", "coordonnees", "beneficiaires", "pieces", "scenario", "courriels", "suivi")
# A form names neither beneficiaries nor an installation (REQ-038).
BLOCS_FORMULAIRE = ("formulaire", "coordonnees", "pieces", "courriels", "suivi")


@dataclass(frozen=True, eq=False, repr=False)
class Couloir:
    """One DSR: who it finances, with which file, which screens and which kind of ceiling.

    `depot`: "json" (with the shape of a file) or "formulaire" (with two forms). `bareme`: the kind of its scale.
    """

    couloir: str
    logiciel: str
    vague: int
    libelle: str
    rubrique: str
    identifiant_beneficiaire: IdentifiantBeneficiaire
    avance: Objet = SANS_FORME
    solde: Objet = SANS_FORME
    listes: tuple[ListeBeneficiaires, ...] = ()
    cle_mandataire: str | None = None
    cle_client_unique: str | None = None
    un_seul_beneficiaire: bool = False
    coches: tuple[Question, ...] = ()
    variantes: tuple[Variante, ...] = ()
    questions: tuple[Question, ...] = ()
    colonnes_scenario: tuple[Question, ...] = ()
    site_scenario: str | None = None
    profil_scenario: str | None = None
    paires_exclusives: tuple[tuple[str, str], ...] = ()
    codes_blocs: tuple[str, ...] = BLOCS_JSON
    bareme: Bareme = field(default_factory=TableEligible)
    depot: str = "json"
    formulaire_avance: Formulaire | None = None
    formulaire_solde: Formulaire | None = None

    def __post_init__(self) -> None:
        """Raises TypeError or ValueError (French sentence): a wrong word stops the import, not an officer."""
        if not isinstance(self.bareme, Bareme):
            raise TypeError(
                f"{self.dsr} : bareme={self.bareme!r} n'est pas un barème de couloirs/baremes.py."
            )
        for chemin in self.bareme.chemins:
            for type_demande in TypeDemande:
                if self.champ(chemin, type_demande) is None:
                    raise ValueError(
                        f"{self.dsr} : le barème lit « {chemin} », que {type_demande.libelle.lower()} n'a pas."
                    )

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
    def blocs(self) -> tuple[Bloc, ...]:
        """The accordions of the consultation screen, in order (REQ-036, REQ-037)."""
        return tuple(BLOCS[code] for code in self.codes_blocs)

    def forme(self, type_demande: TypeDemande) -> Objet:
        """The shape of one request."""
        if self.par_formulaire:
            return self.formulaire(type_demande).forme
        return self.avance if type_demande is TypeDemande.AVANCE else self.solde

    @property
    def par_formulaire(self) -> bool:
        """True when requests are deposited on screen rather than by a file."""
        return self.depot == "formulaire"

    def formulaire(self, type_demande: TypeDemande) -> Formulaire:
        """The form of one type of request. Raises LookupError for a couloir deposited by a file."""
        trouve = self.formulaire_avance if type_demande is TypeDemande.AVANCE else self.formulaire_solde
        if trouve is None:
            raise LookupError(f"Le couloir {self.code} se dépose par un fichier, pas par un formulaire.")
        return trouve

    def types_ajoutables(self, type_demande: TypeDemande) -> dict[str, str]:
        """The types of the pieces that may be added on screen, and their labels."""
        if not self.par_formulaire:
            return {code: LIBELLES_PIECES[code] for code in TYPES_AJOUTABLES[type_demande]}
        zones = {zone.type: zone.libelle for zone in self.formulaire(type_demande).zones}
        return zones | {f"{AUTRE_PIECE}_{type_demande[0]}": LIBELLES_PIECES[AUTRE_PIECE]}

    def libelle_piece(self, type_piece: str) -> str:
        """The French name of a type of piece; that of a form may carry the dossier's number (MSS-025)."""
        zones = (zone for f in (self.formulaire_avance, self.formulaire_solde) if f for zone in f.zones)
        trouvees = (zone.libelle for zone in zones if f"{type_piece}_".startswith(f"{zone.type}_"))
        autres = {f"{AUTRE_PIECE}_{type_[0]}": LIBELLES_PIECES[AUTRE_PIECE] for type_ in TypeDemande}
        return next(trouvees, (LIBELLES_PIECES | autres).get(type_piece, ""))

    def champ(self, chemin: str, type_demande: TypeDemande) -> Champ | None:
        """A field of the request by its dotted path, arrays crossed silently; None when not declared."""
        trouve: Champ | None = None
        forme: Type = self.forme(type_demande)
        for nom in chemin.split("."):
            while isinstance(forme, Tableau):
                forme = forme.element
            trouve = forme.champ(nom) if isinstance(forme, Objet) else None
            if trouve is None:
                return None
            forme = trouve.type
        return trouve

    def beneficiaires(self, demande: Demande) -> list[Beneficiaire]:
        """One row per beneficiary, to show and to check unicity on."""
        return [
            _beneficiaire(liste, valeurs, chemin)
            for liste in self.listes
            if liste.quand is None or demande["beneficiaires"][liste.quand[0]] == liste.quand[1]
            for chemin, valeurs in suivre(demande, liste.chemin)
        ]

    def porteurs(self, demande: Demande) -> list[tuple[Chemin, Demande]]:
        """The objects that may name a mandataire, with their path inside the request."""
        if isinstance(demande["beneficiaires"], list):
            return list(suivre(demande, ("beneficiaires", "*")))
        return list(suivre(demande, ("beneficiaires",)))

    def mandataire(self, demande: Demande) -> Mandataire | None:
        """The first mandataire named by the request, None without any."""
        if self.cle_mandataire is None:
            return None
        for _, porteur in self.porteurs(demande):
            if porteur[self.cle_mandataire]:
                return Mandataire(
                    porteur["nomMandataire"], porteur["emailMandataire"], porteur["telephoneMandataire"]
                )
        return None

    @property
    def colonnes_beneficiaires(self) -> tuple[str, ...]:
        """Columns of « Liste bénéficiaire(s) » (REQ-047)."""
        return ("Nom", "Email", "Téléphone", self.identifiant_beneficiaire.libelle)

    def administrateurs(self, demande: Demande) -> list[dict[str, str]]:
        """The technical administrators, where the couloir has them (REQ-049)."""
        return list(demande.get("administrateursTechniques") or [])

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


def suivre(valeur: Any, chemin: tuple[str, ...], deja: Chemin = ()) -> Iterator[tuple[Chemin, Demande]]:
    """Every object that a path with "*" reaches, with its exact path; null and empty lists reach nothing."""
    if valeur is None:
        return
    if not chemin:
        yield deja, valeur
    elif chemin[0] == "*":
        for rang, element in enumerate(valeur):
            yield from suivre(element, chemin[1:], (*deja, rang))
    else:
        yield from suivre(valeur[chemin[0]], chemin[1:], (*deja, chemin[0]))


def _beneficiaire(liste: ListeBeneficiaires, valeurs: Demande, chemin: Chemin) -> Beneficiaire:
    cle, type_identifiant = next(
        (paire for paire in liste.identifiants if remplie(valeurs[paire[0]])), liste.identifiants[0]
    )
    identifiants, chemins = _identifiants(valeurs[cle], (*chemin, cle))
    return Beneficiaire(
        identifiants=identifiants,
        type_identifiant=type_identifiant,
        nom=valeurs[liste.nom],
        courriel=valeurs[liste.courriel],
        telephone=valeurs[liste.telephone],
        raison_sociale=valeurs[liste.raison_sociale] if liste.raison_sociale else None,
        chemins=chemins,
    )


def _identifiants(valeur: Any, chemin: Chemin) -> tuple[tuple[str, ...], tuple[Chemin, ...]]:
    if isinstance(valeur, list):
        remplis = [(texte, (*chemin, rang)) for rang, texte in enumerate(valeur) if remplie(texte)]
        return tuple(t for t, _ in remplis), tuple(c for _, c in remplis)
    return ((valeur,), (chemin,)) if remplie(valeur) else ((), ())
