"""What officers give to the Annuaire Santé: a domain, a file of counts."""

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


class FormulaireComptages(forms.Form):
    fichier = forms.FileField(
        label="Fichier des comptages applicatifs",
        help_text="Fichier de type : .csv, en UTF-8, séparé par des points-virgules. Taille maximum : 2 Mo.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        max_length=150,
        error_messages={
            "required": "Choisissez le fichier à charger.",
            "empty": "Ce fichier est vide : un comptage par ligne est attendu.",
            "max_length": "Le nom de ce fichier est trop long : 150 caractères au plus sont attendus.",
        },
    )
