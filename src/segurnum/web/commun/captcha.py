"""The field that protects a public form (XCT-001). A form inherits FormulaireProtege and gives it the request."""

import secrets
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
_SESSION = "epreuve"


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


class Protection:
    """What a form with a captcha shares, whatever Django form it is. `humain`: whether a person has sent it."""

    requete: HttpRequest
    humain = False

    def clean_captcha(self) -> Epreuve:
        epreuve: Epreuve = self.cleaned_data["captcha"]  # type: ignore[attr-defined]
        prouver(self.requete, epreuve)
        self.humain = True
        return epreuve

    @property
    def deja_prouve(self) -> bool:
        """True when the next sending needs no proof."""
        return envois_prouves(self.requete) > 0


class FormulaireProtege(Protection, forms.Form):
    """A form that people send, not robots."""

    captcha = ChampCaptcha()

    def __init__(self, *args: Any, requete: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requete = requete
        # Last, whatever the subclass adds.
        self.order_fields([nom for nom in self.fields if nom != "captcha"])


def prouver(requete: HttpRequest, epreuve: Epreuve) -> None:
    """Use up the proof that comes, or a sending of the one that this browser gave before. Raises ValidationError."""
    if not epreuve.piege and _user_la_precedente(requete):
        return
    try:
        accepter(epreuve=epreuve, adresse=adresse_client(requete))
    except EpreuveRefusee as refus:
        raise ValidationError(str(refus)) from refus
    requete.session[_SESSION] = nouvelle = secrets.token_urlsafe(12)
    _compter(nouvelle)


def envois_prouves(requete: HttpRequest) -> int:
    """How many sendings of this browser are already proved to be a person's."""
    connue = requete.session.get(_SESSION)
    if not connue or not (debut := compte(_cle(connue))):
        return 0
    return ENVOIS_PAR_EPREUVE - debut


def _user_la_precedente(requete: HttpRequest) -> bool:
    """Counted in the database, not in the session: sendings made at once are not free."""
    return envois_prouves(requete) > 0 and _compter(requete.session[_SESSION])


def _compter(epreuve: str) -> bool:
    return permettre(_cle(epreuve), maximum=ENVOIS_PAR_EPREUVE, duree=DUREE)


def _cle(epreuve: str) -> str:
    return f"epreuve:{epreuve}"
