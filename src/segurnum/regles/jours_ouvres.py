"""The days on which the administration works in France: neither week-ends nor public holidays (C. trav. L. 3133-1)."""

from datetime import date, datetime, timedelta
from functools import cache

from segurnum.regles.calendrier import fin_de_journee, jour_de_paris

# Month and day of the holidays that do not move.
_FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter: Easter Monday, Ascension, Whit Monday.
_APRES_PAQUES = (1, 39, 50)
_SAMEDI = 5


def paques(annee: int) -> date:
    """Easter Sunday of the Gregorian calendar (the computus of Meeus, Jones and Butcher)."""
    siecle, rang = divmod(annee, 100)
    or_ = annee % 19
    epacte = (19 * or_ + siecle - siecle // 4 - (siecle - (siecle + 8) // 25 + 1) // 3 + 15) % 30
    reste = (32 + 2 * (siecle % 4) + 2 * (rang // 4) - epacte - rang % 4) % 7
    report = (or_ + 11 * epacte + 22 * reste) // 451
    mois, jour = divmod(epacte + reste - 7 * report + 114, 31)
    return date(annee, mois, jour + 1)


@cache
def feries(annee: int) -> frozenset[date]:
    """The eleven public holidays of a year."""
    mobiles = (paques(annee) + timedelta(days=jours) for jours in _APRES_PAQUES)
    return frozenset((*(date(annee, mois, jour) for mois, jour in _FIXES), *mobiles))


def est_ouvre(jour: date) -> bool:
    return jour.weekday() < _SAMEDI and jour not in feries(jour.year)


def ouvres_apres(jour: date, nombre: int) -> date:
    """The day that is so many working days after this one, which does not count."""
    while nombre > 0:
        jour += timedelta(days=1)
        nombre -= est_ouvre(jour)
    return jour


def echeance_ouvree(instant: datetime, nombre: int) -> datetime:
    """The last instant, in Paris, of the day that is so many working days after this instant's."""
    return fin_de_journee(ouvres_apres(jour_de_paris(instant), nombre))
