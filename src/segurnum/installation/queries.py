"""Reading what the installation remembers of itself."""

from datetime import datetime

from segurnum.installation.models import Temoin


def vu_le(nom: Temoin.Nom) -> datetime | None:
    """The last time that it was seen; None when it never was."""
    return Temoin.objects.filter(nom=nom).values_list("instant", flat=True).first()


def est_une_demonstration() -> bool:
    """Whether the base says of itself that it holds a demonstration."""
    return Temoin.objects.filter(nom=Temoin.Nom.DEMONSTRATION).exists()
