"""The field that protects a public form (XCT-001). A form inherits FormulaireProtege and gives it the request."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from segurnum.antirobot.services import Epreuve, EpreuveRefusee, accepter, marque_de_page
from segurnum.limites.adresses import adresse_client
from segurnum.limites.queries import compte
from segurnum.limites.services import permettre

# A form that is refused is not to be proved again: a proof is worth a few sendings of this browser.
ENVOIS_PAR_EPREUVE = 5
DUREE = timedelta(hours=1)
_SESSION = "epreuves"


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
        self._preuve.donner(epreuve)
        self.humain = True
        return epreuve

    @property
    def deja_prouve(self) -> bool:
        """True when the next sending needs no proof."""
        return self._preuve.reste > 0

    @property
    def _preuve(self) -> "Preuve":
        return Preuve(self.requete, type(self).__name__)


class FormulaireProtege(Protection, forms.Form):
    """A form that people send, not robots."""

    captcha = ChampCaptcha()

    def __init__(self, *args: Any, requete: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requete = requete
        # Last, whatever the subclass adds.
        self.order_fields([nom for nom in self.fields if nom != "captcha"])


@dataclass(frozen=True)
class Preuve:
    """That a person sends this form from this browser. Its session names the proof, the database counts its use:
    sendings made at once are not free.
    """

    requete: HttpRequest
    formulaire: str

    @property
    def reste(self) -> int:
        """How many sendings are already proved."""
        deja = compte(self._cle) if self._cle else 0
        return ENVOIS_PAR_EPREUVE - deja if deja else 0

    def donner(self, epreuve: Epreuve) -> None:
        """Use up a sending of the proof given before, or the one that comes. Raises ValidationError."""
        if not epreuve.piege and self.reste and self._compter():
            return
        try:
            accepter(epreuve=epreuve, adresse=adresse_client(self.requete))
        except EpreuveRefusee as refus:
            raise ValidationError(str(refus)) from refus
        preuves = self.requete.session.get(_SESSION, {})
        self.requete.session[_SESSION] = preuves | {self.formulaire: secrets.token_urlsafe(12)}
        self._compter()

    @property
    def _cle(self) -> str:
        connue = self.requete.session.get(_SESSION, {}).get(self.formulaire, "")
        return connue and f"epreuve:{connue}"

    def _compter(self) -> bool:
        return permettre(self._cle, maximum=ENVOIS_PAR_EPREUVE, duree=DUREE)
