from collections.abc import Iterator

import pytest
from pytest_django import Settings

from segurnum.courriels.tests.boite import Boite


@pytest.fixture
def boite(settings: Settings) -> Iterator[Boite]:
    """The mail server that the portal hands its mails over to."""
    recue = Boite()
    recue.ouvrir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", recue.port
    yield recue
    recue.fermer()
