"""What the logs say, and how much of it."""

import logging


class RefusEnUneLigne(logging.Filter):
    """A page refused to somebody is a line, not a breakdown: where in the code it was refused tells nobody anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True
