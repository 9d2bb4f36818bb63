"""Who keeps what the mailbox counts are made from."""

from segurnum.comptes.models import Profil

REDACTEURS = (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)
