"""Telephones of the people of the portal: French, or of another country in its international form.

What a file declares of a beneficiary stays French (`identifiants.normaliser_telephone`).
"""

import re

import phonenumbers

from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.identifiants import normaliser_telephone

_PREFIXE = re.compile(r"\A(?:\+|00)")
_ZERO_ENTRE_PARENTHESES = re.compile(r"\(0\)")


def lire_telephone(texte: str) -> str:
    """The international form without separators. Raises RefusMetier for what no country's plan has."""
    try:
        return normaliser_telephone(texte)
    except RefusMetier:
        etranger = _etranger(texte)
    if etranger is None:
        raise RefusMetier(
            f"« {texte} » n'est pas un numéro de téléphone : dix chiffres commençant par 0, ou la forme internationale "
            "(+33…, +32…), sont attendus."
        )
    return phonenumbers.format_number(etranger, phonenumbers.PhoneNumberFormat.E164)


def _etranger(texte: str) -> phonenumbers.PhoneNumber | None:
    if _PREFIXE.match(texte.strip()) is None:
        return None
    try:
        lu = phonenumbers.parse(_PREFIXE.sub("+", _ZERO_ENTRE_PARENTHESES.sub("", texte.strip())), None)
    except phonenumbers.NumberParseException:
        return None
    etranger = lu.country_code != 33 and lu.extension is None
    return lu if etranger and phonenumbers.is_valid_number(lu) else None
