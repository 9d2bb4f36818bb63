"""What officers type of an ANS number. The rules are those of the referential, whatever way it is given."""

from typing import Any

from django import forms

from segurnum import couloirs
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.saisie import LIBELLES, OBLIGATOIRES, Valeurs, lire

OUI, NON = "oui", "non"


def _texte(champ: str, aide: str = "", **attributs: str) -> forms.CharField:
    return forms.CharField(
        label=LIBELLES[champ],
        help_text=aide,
        required=champ in OBLIGATOIRES,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributs}),
        error_messages={"required": "Ce champ est obligatoire : indiquez-le."},
    )


def _choix(champ: str, choix: Any, widget: type[forms.Widget], *, requis: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=LIBELLES[champ],
        choices=choix,
        widget=widget,
        required=requis,
        error_messages={"required": "Ce champ est obligatoire : choisissez une réponse."},
    )


class FormulaireReferencement(forms.Form):
    """A number of the referential. `valeurs`: what was typed, once it is right."""

    LISTE_DSR = "dsr-connus"

    numero_ans = _texte("numero_ans", "Dix lettres ou chiffres, majuscules et minuscules distinctes.")
    logiciel = _texte("logiciel")
    version = _texte("version")
    dsr = _texte("dsr", "Couloir, type de logiciel et vague, par exemple DSR-MS1-DUI-Va1.", list=LISTE_DSR)
    profils = _texte("profils", "Séparés par des virgules, par exemple PA, PH, DOM.")
    date_effet = _texte("date_effet", type="date")
    valide = _choix("valide", [(OUI, "Oui"), (NON, "Non")], forms.RadioSelect, requis=True)
    nature = _choix("nature", Referencement.Nature.choices, forms.RadioSelect, requis=True)
    profil_operateur = _choix(
        "profil_operateur",
        [("", "Sans objet"), *Referencement.ProfilOperateur.choices],
        forms.Select,
        requis=False,
    )

    def __init__(self, reference: Referencement | None = None, donnees: Any = None) -> None:
        super().__init__(donnees, initial=_initiales(reference or Referencement()))
        self.valeurs: Valeurs = {}
        if reference:
            del self.fields["numero_ans"]

    @property
    def dsr_connus(self) -> list[tuple[str, str]]:
        return [(couloir.dsr, couloir.libelle) for couloir in couloirs.tous()]

    def clean(self) -> None:
        self.valeurs, fautes = lire(self.cleaned_data)
        for champ, phrase in fautes.items():
            self.add_error(champ, phrase)


def _initiales(reference: Referencement) -> dict[str, str]:
    return {
        "logiciel": reference.logiciel,
        "version": reference.version,
        "dsr": reference.dsr,
        "profils": ", ".join(reference.profils),
        "date_effet": reference.date_effet.isoformat() if reference.date_effet else "",
        "valide": OUI if reference.valide else NON,
        "nature": reference.nature,
        "profil_operateur": reference.profil_operateur,
    }
