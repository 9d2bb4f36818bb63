"""What a password must be: the one place that says it, judges it and explains a refusal (XCT-010).

Length first, so that judging never costs much; then what is known to everybody who guesses (embedded lists, nothing
leaves the portal), what is about the person; then how many tries would find it, by zxcvbn.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from zxcvbn import matching, scoring, time_estimates

from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import logiciels_de

MINIMUM, MAXIMUM = 12, 128  # characters
FORCE = 3  # of zxcvbn, from 0 to 4: more than 100 million tries
JUGES = 72  # characters that zxcvbn looks at: its cost grows with the square of their number
_MOTS_DU_PORTAIL = ("segur", "segurnum", "numerique", "portail", "sante", "financement", "demande")
_MOTS_CREUX = ("motdepasse", "password")

REGLES = (
    f"De {MINIMUM} à {MAXIMUM} caractères. Ni mot de passe courant, ni date, ni suite de touches ; votre nom, celui de "
    "votre entreprise et ceux du portail n'y comptent pas. Quatre ou cinq mots sans rapport entre eux conviennent."
)
_COURANT = "Ce mot de passe est parmi les premiers que l'on essaie : choisissez-en un autre."
_CONSEIL = "Ajoutez un ou deux mots sans rapport avec les autres."
# Kinds of what zxcvbn recognises -> how it is told.
_GENRES = {
    "passwords": "un mot de passe courant",
    "francais": "des mots ou des prénoms courants",
    "spatial": "des touches qui se suivent",
    "repeat": "une répétition",
    "sequence": "une suite de lettres ou de chiffres",
    "date": "une date",
    "regex": "une année",
}


class Exigences:
    """The validator of the setting AUTH_PASSWORD_VALIDATORS."""

    def get_help_text(self) -> str:
        return REGLES

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with what is wrong and what is expected."""
        if len(password) < MINIMUM:
            raise ValidationError(
                f"Ce mot de passe est trop court : {MINIMUM} caractères au moins sont attendus."
            )
        if len(password) > MAXIMUM:
            raise ValidationError(
                f"Ce mot de passe est trop long : {MAXIMUM} caractères au plus sont attendus."
            )
        if _nu(password) in _connus():
            raise ValidationError(_COURANT)
        _exiger_la_force(password, mots_du_contexte(user))


def mots_du_contexte(user: Any) -> list[str]:
    """The words that whoever knows the person, their company or the portal would try."""
    textes = [*_MOTS_DU_PORTAIL, *_MOTS_CREUX]
    if isinstance(user, Utilisateur):
        textes += [user.username, user.first_name, user.last_name, *user.email.split("@")]
        if user.entreprise is not None:
            textes += [user.entreprise.denomination, user.entreprise.siret, user.entreprise.siret[:9]]
            textes.append(user.entreprise.commune)
            textes += logiciels_de(user.entreprise)
    mots = {mot for texte in textes for mot in (*slugify(texte).split("-"), slugify(texte).replace("-", ""))}
    return sorted(mot for mot in mots if len(mot) > 2)


def _exiger_la_force(mot_de_passe: str, contexte: list[str]) -> None:
    """Words of the context and years count for nothing, and signs between words for no more than the words."""
    lu = _sans_accents(mot_de_passe[:JUGES])
    reste = _sans_les_mots(lu, contexte)
    for examine in (reste, "".join(lettre for lettre in reste if lettre.isalnum())):
        score, genres = _juger(examine)
        if score < FORCE:
            reconnus = [_GENRES[genre] for genre in genres if genre in _GENRES]
            if reste != lu:
                reconnus.insert(
                    0, "ce qui n'y compte pas (une année, votre nom, votre entreprise ou le portail)"
                )
            cause = f" : on y reconnaît {_enumerer(reconnus)}" if reconnus else ""
            raise ValidationError(f"Ce mot de passe se devinerait trop vite{cause}. {_CONSEIL}")


def _juger(texte: str) -> tuple[int, list[str]]:
    """The score of zxcvbn, and the kinds of what it recognised, each once."""
    if not texte:
        return 0, []
    trouves = matching.omnimatch(texte, _dictionnaires())
    resultat = scoring.most_guessable_match_sequence(texte, trouves)
    genres = dict.fromkeys(_genre(partie) for partie in resultat["sequence"])
    return time_estimates.guesses_to_score(resultat["guesses"]), list(genres)


def _sans_les_mots(mot_de_passe: str, contexte: list[str]) -> str:
    """The longest words go first, whatever their capitals; then the years of a life."""
    for mot in sorted(contexte, key=len, reverse=True):
        mot_de_passe = re.sub(re.escape(mot), "", mot_de_passe, flags=re.IGNORECASE)
    return re.sub(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", "", mot_de_passe)


def _genre(partie: Mapping[str, Any]) -> str:
    if partie["pattern"] == "dictionary":
        nom: str = partie["dictionary_name"]
        return nom if nom in _GENRES else "francais"
    return str(partie["pattern"])


def _enumerer(elements: list[str]) -> str:
    return " et ".join([", ".join(elements[:-1]), elements[-1]] if len(elements) > 1 else elements)


@lru_cache(maxsize=1)
def _dictionnaires() -> dict[str, dict[str, int]]:
    """Those of the library, French words beside them. The library's own are shared, and not written to."""
    return dict(matching.RANKED_DICTIONARIES) | {"francais": matching.build_ranked_dict(_mots_francais())}


@lru_cache(maxsize=1)
def _mots_francais() -> list[str]:
    texte = (Path(__file__).parent / "donnees" / "mots_francais.txt").read_text("utf-8")
    lignes = [ligne for ligne in texte.splitlines() if not ligne.startswith("#")]
    return list(dict.fromkeys(" ".join(lignes).split()))


@lru_cache(maxsize=1)
def _connus() -> frozenset[str]:
    """What is tried first: passwords that leaked, and common French words."""
    return frozenset(CommonPasswordValidator().passwords) | frozenset(_mots_francais())


def _nu(mot_de_passe: str) -> str:
    """What is left of a password without what people add to a word: capitals, accents, figures and signs around it."""
    nu = _sans_accents(mot_de_passe).lower().strip("0123456789 !?.,;:-_@#$%&*+=/")
    moitie = nu[: len(nu) // 2]
    return moitie if moitie and moitie * 2 == nu else nu


def _sans_accents(texte: str) -> str:
    """The same length, letter for letter."""
    return "".join(unicodedata.normalize("NFD", lettre)[0] for lettre in texte)
