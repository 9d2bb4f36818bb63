"""Time that passes at once: the clock of the program is moved, nobody waits (fixture `horloge`)."""

from datetime import timedelta


class Horloge:
    def __init__(self) -> None:
        self.avance = timedelta()

    def __call__(self) -> timedelta:
        return self.avance

    def avancer(self, **duree: float) -> None:
        """`avancer(minutes=15)`."""
        self.avance += timedelta(**duree)
