"""What the logs say, and how much of it."""

import logging


class RefusEnUneLigne(logging.Filter):
    """A page refused to somebody is a line, not a breakdown: where in the code it was refused tells nobody anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "refus": {"()": RefusEnUneLigne},
        "une_par_minute": {"()": "segurnum.base.journaux.UneParMinute"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.request": {"filters": ["refus"]},
        "pikepdf": {"level": "WARNING"},
        "pypdfium2": {"level": "ERROR"},  # it says that forms of another kind are left aside
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING", "filters": ["une_par_minute"]},
        "segurnum": {"level": "INFO"},
    },
}
