"""The workers of an installation, and the queues of each: what people send does not delay what is sent to them."""

from collections.abc import Sequence

from segurnum.lanceur.environnement import SEGURNUM

FILES = {"archives": ("archives",), "courriels": ("courriels", "entretien")}


def commande(ouvrier: str) -> Sequence[str]:
    """What starts this worker."""
    files = ",".join(FILES[ouvrier])
    return [*SEGURNUM, "django", "procrastinate", "worker", "--name", ouvrier, "--queues", files]
