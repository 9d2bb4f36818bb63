"""The field that protects a public form (XCT-001). A form inherits FormulaireProtege and gives it the request."""

from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from segurnum.antirobot.services import Epreuve, EpreuveRefusee, accepter, marque_de_page


class SaisieCaptcha(forms.Widget):
    """The box « Je ne suis pas un robot », which scripts add, and what does without it."""

    template_name = "commun/captcha.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ancienne = value.delai if isinstance(value, Epreuve) else ""
        return super().get_context(name, value, attrs) | {"marque": marque_de_page(ancienne)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Epreuve:
        return Epreuve(
            calcul=data.get(name, ""), delai=data.get(f"{name}_page", ""), piege=data.get(f"{name}_site", "")
        )


class ChampCaptcha(forms.Field):
    """Its value is an Epreuve, which the form accepts or not in its `clean`."""

    widget = SaisieCaptcha

    def __init__(self) -> None:
        super().__init__(label="Vérification", required=False, template_name="commun/champ_captcha.html")


class FormulaireProtege(forms.Form):
    """A form that people send, not robots. The proof is used up by each sending, accepted or not."""

    captcha = ChampCaptcha()

    def __init__(self, *args: Any, requete: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adresse = get_client_ip_address(requete) or ""
        # Last, whatever the subclass adds.
        self.order_fields([nom for nom in self.fields if nom != "captcha"])

    def clean_captcha(self) -> Epreuve:
        epreuve: Epreuve = self.cleaned_data["captcha"]
        try:
            accepter(epreuve=epreuve, adresse=self.adresse)
        except EpreuveRefusee as refus:
            raise ValidationError(str(refus)) from refus
        return epreuve
