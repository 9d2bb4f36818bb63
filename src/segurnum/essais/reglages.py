"""Settings for the tools that read the models without any database (types)."""

import os

os.environ.setdefault("SEGURNUM_SECRET", "analyse")
os.environ.setdefault("DATABASE_URL", "postgres://analyse@127.0.0.1/analyse")

from segurnum.config.settings import *  # noqa: F403
