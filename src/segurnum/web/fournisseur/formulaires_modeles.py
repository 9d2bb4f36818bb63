"""« Ajouter un modèle de document : » (EXP-013, EXP-014)."""

from collections.abc import Sequence
from typing import Any

from django import forms

from segurnum.controles.fichiers import MODELE
from segurnum.couloirs.documents import TypeModele
from segurnum.web.commun.champ_fichier import ChampJoint


class FormulaireModele(forms.Form):
    use_required_attribute = False

    type_fichier = forms.ChoiceField(
        label="Type fichier",
        error_messages={"required": "Choisissez le type du modèle à importer."},
    )
    fichier = ChampJoint(
        MODELE,
        label="Ajouter un fichier",
        help_text=(
            "Taille maximale : 4 Mo. Formats supportés : jpg, jpeg, png, pdf. Le nom du fichier ne doit pas excéder "
            "50 caractères et ne doit pas contenir de caractères spéciaux."
        ),
        error_messages={"required": "Choisissez le fichier à importer."},
    )

    def __init__(self, types: Sequence[TypeModele], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type_fichier"].choices = [  # type: ignore[attr-defined]
            ("", "Veuillez sélectionner un type de pièces jointes complémentaires"),
            *((type_.code, type_.libelle) for type_ in types),
        ]
