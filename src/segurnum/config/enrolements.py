"""The terms that an enrolment accepts, and its delays, in days."""

from pathlib import Path

import environ

__all__ = ["CGU", "DELAIS_ENROLEMENT", "RELANCE_BROUILLON", "SUIVI_ENROLEMENT"]

env = environ.Env()
# The terms of use: one text by version, named by the day it comes into force (« 2026-01-01.md »).
CGU = Path(env.str("SEGURNUM_CGU", default=str(Path(__file__).resolve().parents[3] / "docs" / "cgu")))
# After which an applicant who does not answer is reminded of the pieces or the certificates that are awaited.
DELAIS_ENROLEMENT = env.list("SEGURNUM_DELAIS_ENROLEMENT", cast=int, default=[7, 20, 60])
# That a follow-up link lives once its request is rejected or its company has its access.
SUIVI_ENROLEMENT = env.int("SEGURNUM_SUIVI_ENROLEMENT", default=60)
# Before a draft is erased, its person is reminded of it, at the address that its link was sent to.
RELANCE_BROUILLON = env.int("SEGURNUM_RELANCE_BROUILLON", default=7)
