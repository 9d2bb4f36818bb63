"""The tables against the journal: what they say today must follow from the events, whoever wrote in them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from segurnum.installation.rejeu import SUPPRIME, Dits
from segurnum.journal import preuves
from segurnum.journal.queries import lire_par_tranches

LOT = 1_000  # objects compared in one statement
RIEN = "rien"


@dataclass(frozen=True)
class Difference:
    """One object, what the journal says of it and what its table says."""

    objet: str
    quoi: str
    journal: str
    table: str

    @property
    def phrase(self) -> str:
        return (
            f"{self.objet}, {self.quoi} : le journal dit « {self.journal} », la table dit « {self.table} »."
        )


@dataclass(frozen=True)
class Sorte:
    """One kind of objects: its rows, the columns that the journal tells, and what each is called.

    `cle`: the key by which the journal names a row. `muettes`: rows that the journal may say nothing of yet.
    `lues`: columns that the journal tells otherwise than SQL does.
    """

    nom: str
    table: str
    colonnes: dict[str, tuple[str, str]]  # what the journal calls it -> its name, its SQL
    cle: str = "t.id::text"
    objet: str = ""  # SQL: the journal's name for it, where one event at least must bear it
    muettes: str = ""
    lues: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    def lire(self, cles: list[str]) -> dict[str, tuple[str, ...]]:
        choisies = ", ".join(sql for _, sql in self.colonnes.values())
        with connection.cursor() as curseur:
            curseur.execute(
                f"SELECT {self.cle}, {choisies} FROM {self.table} t WHERE {self.cle_lue} = ANY(%s)",  # noqa: S608 - ours
                [self._valeurs(cles)],
            )
            return {ligne[0]: ligne[1:] for ligne in curseur.fetchall()}

    @property
    def cle_lue(self) -> str:
        """The key as its index has it."""
        return self.cle.removesuffix("::text")

    def _valeurs(self, cles: list[str]) -> list[object]:
        return [int(cle) for cle in cles if cle.isdigit()]

    def comparer(self, dits: dict[str, dict[str, str]]) -> Iterator[Difference]:
        """Each column of each object of a batch."""
        lues = self.lire(list(dits))
        for cle, dit in dits.items():
            lue = lues.get(cle)
            if (lue is None) != (SUPPRIME in dit):
                attendu, trouve = (RIEN, "présent") if lue else ("présent", RIEN)
                yield Difference(f"{self.nom} {cle}", "existence", attendu, trouve)
            elif lue is not None:
                yield from self._colonnes(cle, dit, lue)

    def _colonnes(self, cle: str, dit: dict[str, str], lue: tuple[str, ...]) -> Iterator[Difference]:
        for (nom, (libelle, _)), valeur in zip(self.colonnes.items(), lue, strict=True):
            if nom not in dit:
                continue
            if nom in preuves.COTES and not preuves.memes_colonnes(dit[nom], valeur):
                continue  # told before a column was added
            trouvee = self.lues[nom](valeur) if nom in self.lues else valeur
            if dit[nom] != trouvee:
                yield Difference(f"{self.nom} {cle}", libelle, dit[nom] or RIEN, trouvee or RIEN)

    def inconnues(self) -> Iterator[Difference]:
        """Rows that no event tells of: somebody else than the portal wrote them."""
        if not self.objet:
            return
        restreinte = f"AND NOT ({self.muettes})" if self.muettes else ""
        ordre = (
            f"SELECT {self.cle} FROM {self.table} t WHERE NOT EXISTS "  # noqa: S608 - ours
            f"(SELECT FROM journal_evenement e WHERE {self.objet}) {restreinte}"
        )
        for (cle,) in lire_par_tranches("inconnues", ordre):
            yield Difference(f"{self.nom} {cle}", "existence", RIEN, "présent")


class ParNumero(Sorte):
    """Named by a number: « ENR0012 »."""

    @property
    def cle_lue(self) -> str:
        return "t.sequence"

    def _valeurs(self, cles: list[str]) -> list[object]:
        return [int(chiffres) for cle in cles if (chiffres := cle.removeprefix("ENR")).isdigit()]


class ParNom(Sorte):
    """Named by what it holds: a domain."""

    def _valeurs(self, cles: list[str]) -> list[object]:
        return list(cles)


@dataclass
class Rapprochement:
    """Compares batch after batch what the journal says, as it is read."""

    sortes: Mapping[str, Sorte]
    objets: int = 0

    def vider(self, dits: Dits) -> Iterator[Difference]:
        """Compare what is known, and forget it."""
        par_sorte: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for (sorte, cle), dit in dits.items():
            par_sorte[sorte][cle] = dit
        self.objets += len(dits)
        dits.clear()
        for nom, lot in par_sorte.items():
            if nom in self.sortes:
                yield from self.sortes[nom].comparer(lot)

    def inconnues(self) -> Iterator[Difference]:
        for sorte in self.sortes.values():
            yield from sorte.inconnues()
