"""What instruction is timed and bounded by, read from the environment for `settings`."""

import environ

env = environ.Env()

# Days after which a supplier is reminded of what is asked of it, then after which its request is instructed as it is.
DELAIS_MODIFICATION = env.list("SEGURNUM_DELAIS_MODIFICATION", cast=int, default=[10, 20])
DELAIS_PIECE = env.list("SEGURNUM_DELAIS_PIECE", cast=int, default=[10, 20])
# Days that an accepted bank account waits before the payments follow it.
DELAI_BANCAIRE = env.int("SEGURNUM_DELAI_BANCAIRE", default=2)
# Euros still to be paid to a company from which another account is accepted by two people; 0: always.
SEUIL_BANCAIRE = env.int("SEGURNUM_SEUIL_BANCAIRE", default=50_000)
