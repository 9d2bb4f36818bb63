"""A bank account, as several forms ask for it."""

from typing import Any

from django import forms
from django.urls import reverse_lazy

from segurnum.kits.champs import ChampLu
from segurnum.referentiel.banques import domiciliation
from segurnum.regles.identifiants import bic_coherent, lire_bic, lire_iban


class ChampIban(ChampLu):
    lire = staticmethod(lire_iban)


class ChampBic(ChampLu):
    lire = staticmethod(lire_bic)


class ChampsBancaires(forms.Form):
    """IBAN, BIC, holder; the domiciliation is told from the IBAN, and typed only when the bank is unknown."""

    iban = ChampIban(
        label="IBAN",
        max_length=80,
        help_text="Copiez-le depuis votre RIB : les espaces sont acceptés.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "hx-post": reverse_lazy("public:domiciliation"),
                "hx-trigger": "change",
                "hx-params": "iban,domiciliation,csrfmiddlewaretoken",
                "hx-target": "#id_domiciliation",
                "hx-swap": "outerHTML",
            }
        ),
        error_messages={"required": "Saisissez l'IBAN du compte, tel qu'il figure sur le RIB."},
    )
    bic = ChampBic(
        label="BIC",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Saisissez le BIC de la banque, tel qu'il figure sur le RIB."},
    )
    titulaire = forms.CharField(
        label="Titulaire",
        max_length=140,
        error_messages={"required": "Saisissez le titulaire du compte, tel qu'il figure sur le RIB."},
    )
    domiciliation = forms.CharField(
        label="Domiciliation",
        max_length=140,
        required=False,
        help_text="Remplie automatiquement d'après l'IBAN quand la banque est connue.",
    )

    def clean(self) -> dict[str, Any]:
        saisie = super().clean() or self.cleaned_data
        iban, bic = saisie.get("iban"), saisie.get("bic")
        if iban and bic and not bic_coherent(iban, bic):
            self.add_error(
                "bic",
                f"Ce BIC ({bic}) et cet IBAN ({iban[:4]}…) ne sont pas du même pays : vérifiez-les sur votre RIB.",
            )
        if iban:
            connue = domiciliation(iban)
            saisie["domiciliation"] = connue.banque[:140] if connue else saisie.get("domiciliation", "")
            if not saisie["domiciliation"]:
                self.add_error(
                    "domiciliation", "La banque de cet IBAN n'est pas connue : indiquez sa domiciliation."
                )
        return saisie
