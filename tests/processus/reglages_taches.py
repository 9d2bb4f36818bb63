"""The settings of an installation, with the job of the tests."""

from segurnum.config.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["processus.taches"]
