"""The field that protects a public form (XCT-001). A form inherits FormulaireProtege and gives it the request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from segurnum.antirobot.preuves import Preuve
from segurnum.antirobot.services import Epreuve, EpreuveRefusee, marque_de_page
from segurnum.limites.adresses import adresse_client


class SaisieCaptcha(forms.Widget):
    """The box « Je ne suis pas un robot », which scripts add, and what does without it."""

    template_name = "commun/captcha.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ancienne = value.delai if isinstance(value, Epreuve) else ""
        return super().get_context(name, value, attrs) | {"marque": marque_de_page(ancienne)}

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> Epreuve:
        return Epreuve(
            calcul=data.get(name, ""), delai=data.get(f"{name}_page", ""), piege=data.get(f"{name}_site", "")
        )


class ChampCaptcha(forms.Field):
    """Its value is an Epreuve, which the form accepts or not in its `clean`."""

    widget = SaisieCaptcha

    def __init__(self) -> None:
        super().__init__(label="Vérification", required=False, template_name="commun/champ_captcha.html")


class Protection:
    """What a form with a captcha shares, whatever Django form it is. `humain`: whether a person has sent it."""

    requete: HttpRequest
    humain = False

    def clean_captcha(self) -> Epreuve:
        epreuve: Epreuve = self.cleaned_data["captcha"]  # type: ignore[attr-defined]
        try:
            self._preuve.donner(epreuve, adresse_client(self.requete))
        except EpreuveRefusee as refus:
            raise ValidationError(str(refus)) from refus
        self.humain = True
        return epreuve

    @property
    def deja_prouve(self) -> bool:
        """True when the next sending needs no proof."""
        return self._preuve.reste > 0

    @property
    def _preuve(self) -> Preuve:
        return Preuve(self.requete.session, type(self).__name__)


class FormulaireProtege(Protection, forms.Form):
    """A form that people send, not robots."""

    captcha = ChampCaptcha()

    def __init__(self, *args: Any, requete: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requete = requete
        # Last, whatever the subclass adds.
        self.order_fields([nom for nom in self.fields if nom != "captcha"])
