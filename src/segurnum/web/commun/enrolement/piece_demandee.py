"""The form that imports a piece of an enrolment: any type when the officer asked, the certificates to finish one."""

from collections.abc import Sequence
from typing import Any, Self

from django import forms

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements.pieces import TypePiece
from segurnum.web.commun.champ_fichier import ChampJoint
from segurnum.web.commun.enrolement.champs import AIDE_FICHIER, NON, OUI, oui_non

HEBERGEMENT = {OUI: TypePiece.HDS_CERTIFICAT, NON: TypePiece.HDS_ATTESTATION}


class FormulairePieceDemandee(forms.Form):
    """`types`: what may be chosen. One type alone is pre-set; the two of the hosting are chosen by an answer."""

    use_required_attribute = False

    def __init__(self, types: Sequence[TypePiece], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = tuple(types)
        self.hebergement = set(self.types) == set(HEBERGEMENT.values())
        if self.hebergement:
            self.fields["heberge_donnees"] = oui_non(
                "Hébergez-vous des données de santé pour au moins un de vos clients ?"
            )
        elif len(self.types) > 1:
            self.fields["type_piece"] = forms.ChoiceField(
                label="Type de document",
                choices=[
                    ("", "Sélectionner un type de document"),
                    *((t.value, t.libelle) for t in self.types),
                ],
                error_messages={"required": "Choisissez le type du document à importer."},
            )
        self.fields["fichier"] = ChampJoint(
            PIECE_FORMULAIRE,
            label=self.types[0].libelle if len(self.types) == 1 else "Document",
            help_text=AIDE_FICHIER,
        )

    @property
    def repondu(self) -> bool:
        """True when an answer came, and its file not yet."""
        return not self.is_bound and any(self.initial.values())

    def vierge(self) -> Self:
        """The same, ready for another document."""
        return type(self)(self.types, prefix=self.prefix)

    @property
    def lot(self) -> str:
        """Tells the forms of a page apart."""
        return self.types[0].value

    @property
    def type_choisi(self) -> TypePiece:
        """The type of the document, of a valid form."""
        if self.hebergement:
            return HEBERGEMENT[self.cleaned_data["heberge_donnees"]]
        if len(self.types) == 1:
            return self.types[0]
        return TypePiece(self.cleaned_data["type_piece"])


def lots(types: Sequence[TypePiece]) -> list[tuple[TypePiece, ...]]:
    """One form for any type; to finish an anticipated enrolment, one for the certificate and one for the hosting."""
    if TypePiece.AUTRE in types:
        return [tuple(types)]
    hebergement = tuple(piece for piece in types if piece in HEBERGEMENT.values())
    seules = [(piece,) for piece in types if piece not in hebergement]
    return [*seules, hebergement] if hebergement else list(seules)


def formulaires(
    types: Sequence[TypePiece], donnees: Any = None, fichiers: Any = None
) -> list[FormulairePieceDemandee]:
    """The forms of the page. Of a sending, the one whose button was pressed is judged, and each other whose file came
    with it; what was answered in the last ones stays.
    """
    tous = lots(types)
    if donnees is None:
        return [FormulairePieceDemandee(lot, prefix=lot[0].value) for lot in tous]
    presse = donnees.get("lot")
    juges = [lot for lot in tous if lot[0].value == presse or f"{lot[0].value}-fichier" in fichiers] or tous[
        :1
    ]
    return [
        FormulairePieceDemandee(lot, donnees, fichiers, prefix=lot[0].value)
        if lot in juges
        else FormulairePieceDemandee(lot, prefix=lot[0].value, initial=_reponses(lot[0].value, donnees))
        for lot in tous
    ]


def _reponses(prefixe: str, donnees: Any) -> dict[str, str]:
    return {nom: donnees.get(f"{prefixe}-{nom}", "") for nom in ("heberge_donnees", "type_piece")}
