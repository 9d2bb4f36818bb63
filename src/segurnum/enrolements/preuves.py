"""What the holder of a mailed link gives before it shows what was declared: how the declared IBAN ends.

The address may have been mistyped: a stranger then holds the link, and nothing in it nor on its page says the account.
"""

from datetime import timedelta
from hmac import compare_digest

from segurnum.limites import services as limites
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import est_iban, normaliser_iban

ESSAIS_PAR_JOUR, CARACTERES = 5, 4
_JOUR = timedelta(days=1)


def est_demandee(iban: str) -> bool:
    """Of what was typed as an IBAN: half of one is nothing that its author would know the end of."""
    return est_iban(normaliser_iban(iban))


def exiger_la_fin(*, objet: str, iban: str, fin: str) -> None:
    """Hold a try to the end of this IBAN, a few a day for one thing. Raises GesteImpossible, which tells nothing of it.

    Outside of any transaction: a refused try is counted.
    """
    cle = f"fin-iban:{objet}"
    phrase = (
        f"{ESSAIS_PAR_JOUR} essais ont été faits en un jour : recommencez {{}}, ou contactez l'assistance."
    )
    limites.exiger(cle, maximum=ESSAIS_PAR_JOUR, duree=_JOUR, phrase=phrase)
    attendue, donnee = normaliser_iban(iban)[-CARACTERES:], normaliser_iban(fin)
    if not est_demandee(iban) or not compare_digest(attendue.encode(), donnee.encode()):
        raise GesteImpossible("Ce ne sont pas les derniers caractères de l'IBAN déclaré.", champ="fin_iban")
    limites.rendre(cle)
