"""Pages are drawn from the static files as they lie in the package: nothing to collect, nothing to scan."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _statiques_sans_collecte(settings: Any) -> None:
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
