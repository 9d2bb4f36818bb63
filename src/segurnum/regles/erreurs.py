"""What a service answers when it will not do what is asked. The message is for the person who asked."""


class RefusMetier(ValueError):
    """What was asked is not done, and the message says so to whoever asked: what every screen catches.

    `champ`: the argument at fault, when one is, for the screen to say it beside what was typed.
    """

    def __init__(self, message: str, *, champ: str | None = None) -> None:
        super().__init__(message)
        self.champ = champ


class GesteImpossible(RefusMetier):
    """The gesture is refused, and the message says why and what is expected."""


class BrouillonModifie(GesteImpossible):
    """Another tab has saved this draft since this page was shown, or the page does not say which one it shows."""

    def __init__(self) -> None:
        super().__init__(
            "Cette saisie a été modifiée dans un autre onglet depuis l'affichage de cette page : rien n'a été "
            "enregistré ici. Vérifiez les valeurs ci-dessous ; un nouvel envoi remplacera celles de l'autre onglet."
        )


class SaisieDepassee(GesteImpossible):
    """The page that sends this has sent a newer one, which came first: there is nothing to keep, nor to reproach."""

    def __init__(self) -> None:
        super().__init__(
            "Une saisie plus récente de cette page est déjà enregistrée : celle-ci est laissée de côté."
        )


def exiger_motif(motif: str) -> None:
    """Raise GesteImpossible for a blank reason, where the life cycle asks for one."""
    if not motif.strip():
        raise GesteImpossible(
            "Un motif est obligatoire : dites ce qui ne va pas et ce qui est attendu.", champ="motif"
        )
