"""Dates and hours, all judged and shown in Europe/Paris; the only clock of the program.

Instants are aware datetimes. A window is half open: 13:59:59 is in, 14:00:00 is out, on the days of clock
change too.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from segurnum.regles.cycles import EnumLibelle

PARIS = ZoneInfo("Europe/Paris")

DEBUT_DU_PROGRAMME = date(2021, 1, 1)  # nothing that the programme finances was done before

# Calendar days.
DELAI_COMPLETION = 7

# How long what began to arrive in time may take to be all there.
DUREE_D_UN_ENVOI = timedelta(hours=1)

# What whoever met an outage has, from the return of the portal on; and how far an outage may move a closing by itself.
REPIT = timedelta(hours=1)
REPORT_MAX = timedelta(days=1)

# Where else than in Paris people depose: who reads 14 h is told what it is on their own clocks.
OUTRE_MER = {
    "Guadeloupe et Martinique": ZoneInfo("America/Martinique"),
    "Guyane": ZoneInfo("America/Cayenne"),
    "Saint-Pierre-et-Miquelon": ZoneInfo("America/Miquelon"),
    "La Réunion": ZoneInfo("Indian/Reunion"),
    "Mayotte": ZoneInfo("Indian/Mayotte"),
    "Nouvelle-Calédonie": ZoneInfo("Pacific/Noumea"),
    "Polynésie française": ZoneInfo("Pacific/Tahiti"),
}

_MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_DATE_FR = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


# What the clock of the machine says, and how much that of the program is ahead of it.
_present: Callable[[], datetime] = partial(datetime.now, UTC)
_avance: Callable[[], timedelta] = timedelta


class EtatFenetre(EnumLibelle):
    """Where an instant stands with regard to a window."""

    PAS_OUVERTE = "PAS_OUVERTE", "Pas encore ouverte"
    OUVERTE = "OUVERTE", "Ouverte"
    FERMEE = "FERMEE", "Fermée"


@dataclass(frozen=True)
class Fenetre:
    """A deposit window (RUL-006): opening in, closing out; `affichee` is the deadline shown to suppliers.

    `derniere_modification`: last instant a deposited request may be modified, None for no limit.
    Raises ValueError on a naive datetime or a closing before the opening.
    """

    ouverture: datetime
    fermeture: datetime
    affichee: datetime
    derniere_modification: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.ouverture, self.fermeture, self.affichee, self.derniere_modification):
            if instant is not None:
                _conscient(instant)
        # Compared as instants: two datetimes of the same zone would be compared by their wall clocks.
        if self.fermeture.astimezone(UTC) <= self.ouverture.astimezone(UTC):
            raise ValueError(
                f"La fermeture ({instant_fr(self.fermeture)}) doit suivre "
                f"l'ouverture ({instant_fr(self.ouverture)})."
            )

    def etat(self, instant: datetime) -> EtatFenetre:
        """State of the window at an aware instant."""
        juge = _conscient(instant).astimezone(UTC)
        if juge < self.ouverture.astimezone(UTC):
            return EtatFenetre.PAS_OUVERTE
        return EtatFenetre.OUVERTE if juge < self.fermeture.astimezone(UTC) else EtatFenetre.FERMEE


@dataclass(frozen=True)
class Panne:
    """A part was down from `debut` to `fin`. `recu_le`: when the first gesture that it cut had begun to arrive, which
    may be before. Raises ValueError on a naive datetime.
    """

    debut: datetime
    fin: datetime
    recu_le: datetime

    def __post_init__(self) -> None:
        for instant in (self.debut, self.fin, self.recu_le):
            _conscient(instant)

    @property
    def repit(self) -> datetime:
        """An hour after the return of the portal, the minute begun being given whole."""
        fin = self.fin.astimezone(UTC) + REPIT
        return fin + (-timedelta(seconds=fin.second, microseconds=fin.microsecond) % timedelta(minutes=1))

    def touche(self, echeance: datetime) -> bool:
        """Whether this deadline leaves less than an hour to somebody whom the outage stopped before it."""
        return self.recu_le.astimezone(UTC) < _conscient(echeance).astimezone(UTC) < self.repit


def fermeture_reportee(fermeture: datetime, reportee: datetime | None, panne: Panne) -> datetime | None:
    """Until when an outage postpones a closing that is perhaps postponed already (`reportee`); None: not postponed.

    The same outage told twice, or by several, says nothing more.
    """
    en_vigueur = reportee or fermeture
    if not panne.touche(en_vigueur):
        return reportee
    voulue = min(panne.repit, fermeture.astimezone(UTC) + REPORT_MAX)
    return voulue if voulue > en_vigueur.astimezone(UTC) else reportee


def maintenant() -> datetime:
    """The present instant, aware, in UTC: the only place that reads the clock."""
    return _present() + _avance()


def sur_cette_horloge(horodatage: datetime) -> datetime:
    """An instant that another machine read on its clock, as this program's clock told it then."""
    return _conscient(horodatage) + _avance()


def instant_juge(recu_le: datetime | None) -> datetime:
    """The instant that a gesture is judged on and dated by: when the portal began to receive it.

    Now for a gesture that comes through no door (None: a job, a command), and for one that took longer to arrive than
    `DUREE_D_UN_ENVOI`, or would come from the future.
    """
    present = maintenant()
    if recu_le is None or not present - DUREE_D_UN_ENVOI <= recu_le <= present:
        return present
    return recu_le


def tout_est_arrive(instant: datetime) -> datetime:
    """The deadline past which nothing can come any more: what began before it has arrived, and had five minutes besides
    to wait for a lock. The sweeps of what is too late take this one.
    """
    return instant - DUREE_D_UN_ENVOI - timedelta(minutes=5)


def avancer_de(avance: Callable[[], timedelta]) -> None:
    """Have the clock run ahead of time by what `avance` says: a demonstration that travels in time, nothing else."""
    global _avance
    _avance = avance


def _conscient(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"L'instant {instant.isoformat()} est sans fuseau horaire : un fuseau est attendu.")
    return instant


def _a_paris(instant: datetime) -> datetime:
    return _conscient(instant).astimezone(PARIS)


def jour_de_paris(jour: date) -> date:
    """Calendar day in Paris of an aware instant; a plain date is itself."""
    return _a_paris(jour).date() if isinstance(jour, datetime) else jour


def annee_de_paris() -> int:
    """The year that it is in Paris."""
    return jour_de_paris(maintenant()).year


def jour_de_tableur(nombre: int) -> date:
    """The day that spreadsheets count so, right from 1 March 1900 on. Raises OverflowError."""
    return date(1899, 12, 30) + timedelta(days=nombre)


def date_fr(jour: date) -> str:
    """« 02/01/2024 » (RUL-028)."""
    j = jour_de_paris(jour)
    return f"{j.day:02d}/{j.month:02d}/{j.year:04d}"


def date_longue(jour: date) -> str:
    """« 2 janvier 2024 », « 1er mars 2024 »."""
    j = jour_de_paris(jour)
    return f"{'1er' if j.day == 1 else j.day} {_MOIS[j.month - 1]} {j.year}"


def instant_fr(instant: datetime) -> str:
    """« 02/01/2024 à 14:56 », Paris time, 24 h (RUL-028)."""
    local = _a_paris(instant)
    return f"{date_fr(instant)} à {local:%H:%M}{_saison(local)}"


def instant_long(instant: datetime) -> str:
    """« 28 février 2024 à 14 h 00 », Paris time."""
    return f"{date_longue(instant)} à {_heure_longue(instant)}"


def _heure_longue(instant: datetime) -> str:
    local = _a_paris(instant)
    return f"{local.hour} h {local.minute:02d}{_saison(local)}"


def heures_outre_mer(instant: datetime) -> tuple[tuple[str, str], ...]:
    """(« La Réunion », « 17 h 00 »): an instant on the clocks of each territory, its day where that is another one."""
    return tuple((lieu, _heure_la_bas(instant, fuseau)) for lieu, fuseau in OUTRE_MER.items())


def _heure_la_bas(instant: datetime, fuseau: ZoneInfo) -> str:
    la_bas, ici = _conscient(instant).astimezone(fuseau), _a_paris(instant)
    autre_jour = (
        "" if la_bas.date() == ici.date() else f" le {la_bas.day:02d}/{la_bas.month:02d}/{la_bas.year:04d}"
    )
    return f"{la_bas.hour} h {la_bas.minute:02d}{autre_jour}"


def report_long(reportee: datetime, panne: tuple[datetime, datetime] | None) -> str:
    """« fermeture reportée au 28 février 2024 à 15 h 05 : le portail a été en panne de 13 h 55 à 14 h 05 »."""
    dite = f"fermeture reportée au {instant_long(reportee)}"
    if panne is None:
        return dite
    jours = [jour_de_paris(instant) for instant in (reportee, *panne)]
    if jours[1] != jours[2]:
        return (
            f"{dite}\u00a0: le portail a été en panne du {instant_long(panne[0])} au {instant_long(panne[1])}"
        )
    debut, fin = (_heure_longue(instant) for instant in panne)
    jour = "" if jours[0] == jours[1] else f"le {date_longue(panne[0])} "
    return f"{dite}\u00a0: le portail a été en panne {jour}de {debut} à {fin}"


def reste_long(instant: datetime, echeance: datetime) -> str:
    """How long until a later instant: « encore 12 jours », « demain à 14 h 00 », « aujourd'hui, dans 2 h 05 »."""
    jours = (jour_de_paris(echeance) - jour_de_paris(instant)).days
    if jours > 1:
        return f"encore {jours} jours"
    if jours == 1:
        return f"demain à {_heure_longue(echeance)}"
    minutes = max(0, int((_conscient(echeance) - _conscient(instant)).total_seconds()) // 60)
    return f"aujourd'hui, dans {minutes // 60} h {minutes % 60:02d}" if minutes else "dans moins d'une minute"


def instant_exact(instant: datetime) -> str:
    """« 28 février 2024 à 13:59:59, heure de Paris »: what decided, never rounded up."""
    local = _a_paris(instant)
    return f"{date_longue(instant)} à {local:%H:%M:%S}, heure de Paris{_saison(local)}"


def _saison(local: datetime) -> str:
    """« (heure d'été) » or « (heure d'hiver) » in the hour that the October night has twice, else nothing."""
    passages = {local.replace(fold=passage).utcoffset() for passage in (0, 1)}
    if len(passages) == 1:
        return ""
    return " (heure d'été)" if local.dst() else " (heure d'hiver)"


def jours_apres(instant: datetime, jours: int) -> datetime:
    """Same Paris wall-clock time, `jours` calendar days later.

    An hour that the clock change skips is pushed on by one hour.
    """
    local = _a_paris(instant)
    voulu = datetime.combine(local.date() + timedelta(days=jours), local.time(), PARIS)
    return voulu.astimezone(UTC).astimezone(PARIS)


def debut_de_journee(jour: date) -> datetime:
    """First instant of a day in Paris."""
    return datetime.combine(jour_de_paris(jour), time.min, PARIS)


def mois_de_paris(annee: int, mois: int) -> tuple[datetime, datetime]:
    """The first instant of a month in Paris, and that of the next one."""
    suivant = date(annee + 1, 1, 1) if mois == 12 else date(annee, mois + 1, 1)
    return debut_de_journee(date(annee, mois, 1)), debut_de_journee(suivant)


def lire_instant_local(texte: str) -> datetime | None:
    """An hour of Paris as `<input type="datetime-local">` sends it; None when it is none. Of the hour that an October
    night has twice, the first.
    """
    try:
        lu = datetime.fromisoformat(texte)
    except ValueError:
        return None
    return None if lu.tzinfo else lu.replace(tzinfo=PARIS)


def fin_de_journee(jour: date) -> datetime:
    """Last instant of a day in Paris."""
    return datetime.combine(jour_de_paris(jour), time.max, PARIS)


def matin(jour: date) -> datetime:
    """When what a day brings is told: at eight o'clock in Paris."""
    return datetime.combine(jour_de_paris(jour), time(8), PARIS)


@lru_cache(maxsize=4096)  # of texts of ten signs: the others raise, which is not remembered
def lire_date_fr(texte: str) -> date:
    """Read « 18/10/2021 ». Raises ValueError (French sentence) on a wrong form or an unknown day."""
    lue = _DATE_FR.fullmatch(texte)
    if lue is None:
        raise ValueError(f"« {texte} » n'est pas une date de la forme JJ/MM/AAAA, par exemple 18/10/2021.")
    try:
        return date(int(lue[3]), int(lue[2]), int(lue[1]))
    except ValueError:
        raise ValueError(
            f"« {texte} » n'existe pas au calendrier : une date JJ/MM/AAAA réelle est attendue."
        ) from None
