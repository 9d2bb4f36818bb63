"""Time that passes at once, or not at all: the clock of the program is moved, nobody waits (fixture `horloge`)."""

from datetime import UTC, datetime, timedelta


class Horloge:
    def __init__(self) -> None:
        self.avance = timedelta()
        self.tenue: datetime | None = None

    def __call__(self) -> timedelta:
        return self.avance if self.tenue is None else self.tenue - datetime.now(UTC)

    def avancer(self, **duree: float) -> None:
        """`avancer(minutes=15)`."""
        if self.tenue is None:
            self.avance += timedelta(**duree)
        else:
            self.tenue += timedelta(**duree)

    def tenir(self, instant: datetime) -> None:
        """Have it be this instant, however slow the machine is, until it is moved."""
        self.tenue = instant
