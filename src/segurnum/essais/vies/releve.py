"""What was done in all the lives of a campaign."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal


@dataclass
class Releve:
    """`avances`, `soldes`: those that the bank paid, for `verse` euros in all; `titres`: orders, of which `regles`
    are settled, by repayments and offsets of `rendu` euros with those that are not. `faits`: the events of the journal.
    `empreinte`: of every gesture, by whom, when, and whether it was refused: the same lives have the same.
    """

    vies: int = 0
    dossiers: int = 0
    avances: int = 0
    soldes: int = 0
    verse: Decimal = Decimal(0)
    titres: int = 0
    regles: int = 0
    rendu: Decimal = Decimal(0)
    faits: Counter[str] = field(default_factory=Counter)
    acceptes: Counter[str] = field(default_factory=Counter)
    refuses: Counter[str] = field(default_factory=Counter)
    empreinte: str = ""

    def noter(self, geste: str, qui: str, instant: datetime, *, fait: bool) -> None:
        (self.acceptes if fait else self.refuses)[geste] += 1
        self._suivre(f"{geste} {qui} {instant.isoformat()} {fait}")

    def ajouter(self, suite: "Releve") -> None:
        """Those that were lived after these."""
        for champ in fields(self):
            if champ.name != "empreinte":
                setattr(self, champ.name, getattr(self, champ.name) + getattr(suite, champ.name))
        self._suivre(suite.empreinte)

    def _suivre(self, chose: str) -> None:
        self.empreinte = hashlib.sha256(f"{self.empreinte} {chose}".encode()).hexdigest()

    def ecrire(self, graine: str, secondes: float) -> str:
        gestes = sorted({*self.acceptes, *self.refuses})
        lignes = [f"{'geste':<45} {'faits':>9} {'refusés':>9}"]
        lignes += [f"{geste:<45} {self.acceptes[geste]:>9} {self.refuses[geste]:>9}" for geste in gestes]
        evenements = [f"{'événement au journal':<45} {'nombre':>9}"]
        evenements += [f"{geste:<45} {nombre:>9}" for geste, nombre in sorted(self.faits.items())]
        return "\n".join([*self._phrases(graine, secondes), *lignes, *evenements])

    def _phrases(self, graine: str, secondes: float) -> tuple[str, ...]:
        return (
            f"Graine « {graine} » : {self.vies} vies, {self.dossiers} dossiers, en {secondes:.0f} s.",
            f"{self.avances} avances et {self.soldes} soldes payés, {self.verse} €.",
            f"{self.titres} titres de recette, dont {self.regles} réglés ; {self.rendu} € revenus.",
            f"{self.acceptes.total()} gestes faits, {self.refuses.total()} refusés ; empreinte {self.empreinte[:16]}.",
        )
