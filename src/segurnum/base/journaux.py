"""What the log keeps of an outage."""

import logging
from time import monotonic

REPETITION = 60.0  # seconds


class UneParMinute(logging.Filter):
    """Let pass a sentence that was not said during the last minute: a pool says each of its tries."""

    def __init__(self) -> None:
        super().__init__()
        self._dites: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        instant, dite = monotonic(), self._dites.get(str(record.msg))
        if dite is not None and instant - dite < REPETITION:
            return False
        self._dites[str(record.msg)] = instant
        return True
