"""What a company directory answers, whichever it is (ENR-029, ENR-031)."""

from dataclasses import dataclass

from segurnum.annuaire.adresses import Voie, decouper
from segurnum.referentiel.communes import adresse_officielle, extension_officielle, type_de_voie_officiel

# How the public files hide what a person chose not to publish.
_MASQUES = ("[ND]", "[NON-DIFFUSIBLE]")


class AnnuaireIndisponible(Exception):
    """The directory did not answer: nothing is known of the company, for now.

    `reessayer_dans`: how long (seconds) the directory asks to be left alone, when it says so.
    """

    def __init__(self, message: str, *, reessayer_dans: int | None = None) -> None:
        super().__init__(message)
        self.reessayer_dans = reessayer_dans


@dataclass(frozen=True)
class EntrepriseTrouvee:
    """An establishment, its address split as the form asks for it; empty where the directory says nothing.

    `type_voie`, `extension` and `commune` are values that the form proposes, or the directory's own words when
    they are none of them (a commune that its postal code does not have, a CEDEX).
    """

    siret: str
    denomination: str
    numero: str
    extension: str
    type_voie: str
    nom_voie: str
    complement: str
    code_postal: str
    commune: str
    actif: bool

    @property
    def refus(self) -> str:
        """Why this establishment may not be enrolled; empty when it may."""
        if self.actif:
            return ""
        return (
            f"L'établissement {self.siret} est fermé au répertoire Sirene : "
            "indiquez le SIRET d'un établissement ouvert de votre entreprise."
        )


def selon_le_repertoire(
    *,
    siret: str,
    denomination: str,
    actif: bool,
    numero: str = "",
    extension: str = "",
    type_voie: str = "",
    nom_voie: str = "",
    complement: str = "",
    code_postal: str = "",
    commune: str = "",
) -> EntrepriseTrouvee:
    """The company, from the words of the Sirene directory (capitals, shortened types, masks)."""
    type_connu = type_de_voie_officiel(_lu(type_voie))
    return _assembler(
        siret,
        denomination,
        actif,
        Voie(
            numero=_lu(numero),
            extension=extension_officielle(_lu(extension)) or _lu(extension),
            type_voie=type_connu,
            nom_voie=_lu(nom_voie) if type_connu else f"{_lu(type_voie)} {_lu(nom_voie)}".strip(),
            complement=_lu(complement),
        ),
        code_postal,
        commune,
    )


def selon_une_ligne(
    *, siret: str, denomination: str, actif: bool, adresse: str, code_postal: str, commune: str
) -> EntrepriseTrouvee:
    """The company whose address is one line, « 12 BIS RUE DES TROIS LUNES 87000 LIMOGES »."""
    rue = _lu(adresse).removesuffix(f"{_lu(code_postal)} {_lu(commune)}".strip())
    return _assembler(siret, denomination, actif, decouper(rue), code_postal, commune)


def _assembler(
    siret: str, denomination: str, actif: bool, voie: Voie, code_postal: str, commune: str
) -> EntrepriseTrouvee:
    code, ville = adresse_officielle(_lu(code_postal), _lu(commune))
    return EntrepriseTrouvee(
        siret=siret,
        denomination=_lu(denomination),
        numero=voie.numero,
        extension=voie.extension,
        type_voie=voie.type_voie,
        nom_voie=voie.nom_voie,
        complement=voie.complement,
        code_postal=code,
        commune=ville,
        actif=actif,
    )


def _lu(texte: str) -> str:
    return "" if texte in _MASQUES else " ".join(texte.split())
