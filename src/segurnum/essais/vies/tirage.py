"""What a gesture chooses, drawn from one number: the smaller it is, the plainer the choices."""

from collections.abc import Sequence
from typing import TypeVar

Chose = TypeVar("Chose")


class Tirage:
    def __init__(self, hasard: int) -> None:
        self._reste = hasard

    def parmi(self, choses: Sequence[Chose]) -> Chose:
        self._reste, rang = divmod(self._reste, len(choses))
        return choses[rang]
