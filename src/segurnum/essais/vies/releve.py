"""What was done in all the lives of a campaign."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Releve:
    """`payes` and `verse`: payments that the bank made, and euros."""

    vies: int = 0
    dossiers: int = 0
    payes: int = 0
    verse: Decimal = Decimal(0)
    acceptes: Counter[str] = field(default_factory=Counter)
    refuses: Counter[str] = field(default_factory=Counter)

    def ecrire(self, graine: str, secondes: float) -> str:
        gestes = sorted({*self.acceptes, *self.refuses})
        lignes = [f"{'geste':<45} {'faits':>9} {'refusés':>9}"]
        lignes += [f"{geste:<45} {self.acceptes[geste]:>9} {self.refuses[geste]:>9}" for geste in gestes]
        return "\n".join(
            [
                f"Graine « {graine} » : {self.vies} vies, {self.dossiers} dossiers, {self.payes} paiements "
                f"({self.verse} €), {self.acceptes.total()} gestes faits et {self.refuses.total()} refusés, "
                f"en {secondes:.0f} s.",
                *lignes,
            ]
        )
