"""What was done in all the lives of a campaign."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Releve:
    """`avances`, `soldes`: those that the bank paid, for `verse` euros in all."""

    vies: int = 0
    dossiers: int = 0
    avances: int = 0
    soldes: int = 0
    verse: Decimal = Decimal(0)
    acceptes: Counter[str] = field(default_factory=Counter)
    refuses: Counter[str] = field(default_factory=Counter)

    def ecrire(self, graine: str, secondes: float) -> str:
        gestes = sorted({*self.acceptes, *self.refuses})
        lignes = [f"{'geste':<45} {'faits':>9} {'refusés':>9}"]
        lignes += [f"{geste:<45} {self.acceptes[geste]:>9} {self.refuses[geste]:>9}" for geste in gestes]
        return "\n".join([*self._phrases(graine, secondes), *lignes])

    def _phrases(self, graine: str, secondes: float) -> tuple[str, ...]:
        return (
            f"Graine « {graine} » : {self.vies} vies, {self.dossiers} dossiers, en {secondes:.0f} s.",
            f"{self.avances} avances et {self.soldes} soldes payés, {self.verse} €.",
            f"{self.acceptes.total()} gestes faits, {self.refuses.total()} refusés.",
        )
