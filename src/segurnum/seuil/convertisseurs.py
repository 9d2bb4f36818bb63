"""What the public addresses carry: « DSR-MS1-DUI-Va1 », « avance »."""

from django.urls import register_converter

from segurnum.couloirs import Couloir, CouloirInconnu, dernier
from segurnum.regles.cycles import TypeDemande


class ConvertisseurCouloir:
    """A couloir deposited by a file, written « DSR-MS1-DUI-Va1 » (or « MS1-DUI », of the last wave); any other is a
    page that does not exist.
    """

    regex = "[A-Za-z0-9-]+"

    def to_python(self, texte: str) -> Couloir:
        try:
            couloir = dernier(texte)
        except CouloirInconnu as erreur:
            raise ValueError(str(erreur)) from erreur
        if couloir.par_formulaire:
            raise ValueError(
                f"{couloir.code} se dépose par un formulaire : il n'a pas de fichier à documenter."
            )
        return couloir

    def to_url(self, valeur: Couloir | str) -> str:
        return valeur.dsr if isinstance(valeur, Couloir) else valeur


class ConvertisseurType:
    """« avance » or « solde »."""

    regex = "avance|solde"

    def to_python(self, texte: str) -> TypeDemande:
        return TypeDemande(texte.upper())

    def to_url(self, valeur: TypeDemande | str) -> str:
        return valeur.lower()


register_converter(ConvertisseurCouloir, "couloir")
register_converter(ConvertisseurType, "type")
