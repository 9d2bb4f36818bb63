"""The bank that holds an account, from the bank directory of a maintained library (ENR-049)."""

from dataclasses import dataclass
from functools import lru_cache

from segurnum.regles.identifiants import est_iban

# Names that the directory gets wrong, by country and bank code.
_CORRIGES = {("FR", "30003"): "SOCIÉTÉ GÉNÉRALE"}


@dataclass(frozen=True)
class Domiciliation:
    """What is known of a bank; `bic` is empty where the directory has the name only."""

    banque: str
    bic: str = ""


@lru_cache(maxsize=1024)
def domiciliation(iban: str) -> Domiciliation | None:
    """The bank of an account (IBAN without blanks); None for a wrong IBAN or an unknown bank."""
    if not est_iban(iban):
        return None
    from schwifty import IBAN  # reads its directory: only for who asks

    compte = IBAN(iban, allow_invalid=True)
    nom = _CORRIGES.get((compte.country_code, compte.bank_code)) or compte.bank_name
    bic = compte.bic
    return Domiciliation(nom, str(bic) if bic else "") if nom else None
