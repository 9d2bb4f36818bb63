"""Jobs of the deposits."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from segurnum.depots import pieces

ESSAIS = 3


@app.task(
    name="depots.controler_archive",
    queue="archives",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ESSAIS, wait=5),
)
def controler_archive(contexte: JobContext, archive: int) -> None:
    """Check a ZIP. A file that makes the check fail each time is set aside: the queue and the screen go on."""
    if contexte.job.attempts >= ESSAIS:  # given back that often by workers that died on it, unable to say so
        pieces.declarer_illisible(archive=archive)
        return
    try:
        pieces.controler(archive=archive)
    except Exception:
        if contexte.job.attempts + 1 >= ESSAIS:
            pieces.declarer_illisible(archive=archive)
        raise
