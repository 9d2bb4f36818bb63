"""The workers of an installation, and the queues of each: what people send does not delay what is sent to them."""

from collections.abc import Sequence

FILES = {"archives": ("archives", "exports"), "courriels": ("courriels", "entretien")}


def commande(*ouvriers: str) -> Sequence[str]:
    """What starts a worker for these."""
    from segurnum.lanceur.environnement import SEGURNUM  # its imports would be paid by every command

    return [*SEGURNUM, "ouvrier", *ouvriers]
