"""Splitting an address written on one line, where a directory gives nothing better."""

from dataclasses import dataclass, replace

from segurnum.referentiel.communes import extension_officielle, type_de_voie_officiel

_MOTS_D_UN_TYPE = 2  # « ZONE ARTISANALE », « ROND POINT »


@dataclass(frozen=True)
class Voie:
    numero: str = ""
    extension: str = ""
    type_voie: str = ""
    nom_voie: str = ""
    complement: str = ""


def decouper(rue: str) -> Voie:
    """« BATIMENT C 12 BIS AV DES LYS », split; what is not understood is the name of the street, nothing is lost."""
    mots = rue.split()
    for debut in range(len(mots)):
        voie = _voie(mots[debut:])
        if voie is not None and (debut == 0 or voie.numero):
            return replace(voie, complement=" ".join(mots[:debut]))
    return Voie(nom_voie=" ".join(mots))


def _voie(mots: list[str]) -> Voie | None:
    """A street that starts at the first of these words, by its number or by its type; None when none does."""
    numero = mots[0] if mots[0].isdigit() else ""
    suite = mots[1:] if numero else mots
    extension = extension_officielle(suite[0]) if numero and len(suite) > 1 else ""
    suite = suite[1:] if extension else suite
    for longueur in range(_MOTS_D_UN_TYPE, 0, -1):
        type_voie = type_de_voie_officiel(" ".join(suite[:longueur]))
        if type_voie and len(suite) > longueur:
            return Voie(numero, extension, type_voie, " ".join(suite[longueur:]))
    return None
