"""A job that does nothing but wait for the test, without the database: what happens to it is what the queue does."""

from pathlib import Path

from procrastinate.contrib.django import app


@app.task(name="essai.attendre", queue="archives")
def attendre(tube: str) -> None:
    """Until somebody has written in this pipe."""
    Path(tube).read_bytes()
