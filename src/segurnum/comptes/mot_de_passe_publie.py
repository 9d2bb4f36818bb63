"""The password of the demonstration accounts is known to all: outside a demonstration it opens nothing."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from segurnum.comptes.demonstration import MOT_DE_PASSE


class Refus:
    """Asked before the backend that compares passwords; it knows nobody, so it has no other method of a backend."""

    def authenticate(self, _request: HttpRequest | None, **identifiants: Any) -> None:
        if not settings.DEMONSTRATION and identifiants.get("password") == MOT_DE_PASSE:
            raise PermissionDenied
