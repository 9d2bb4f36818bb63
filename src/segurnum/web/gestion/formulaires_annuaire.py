"""What officers give to the Annuaire Santé: a domain."""

from django import forms


class FormulaireDomaine(forms.Form):
    domaine = forms.CharField(
        label="Domaine à ajouter",
        help_text="Ce qui suit le signe @ dans ses adresses, par exemple operateur.mssante.fr.",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Indiquez le domaine à ajouter.",
            "max_length": "Ce domaine est trop long : 253 caractères au plus sont attendus.",
        },
    )
