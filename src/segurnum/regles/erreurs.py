"""What a service answers when it will not do what is asked. The message is for the person who asked."""


class GesteImpossible(ValueError):
    """The gesture is refused, and the message says why and what is expected.

    `champ`: the argument at fault, when one is, for the screen to say it beside what was typed.
    """

    def __init__(self, message: str, *, champ: str | None = None) -> None:
        super().__init__(message)
        self.champ = champ


def exiger_motif(motif: str) -> None:
    """Raise GesteImpossible for a blank reason, where the life cycle asks for one."""
    if not motif.strip():
        raise GesteImpossible("Un motif est obligatoire : dites ce qui ne va pas et ce qui est attendu.")
