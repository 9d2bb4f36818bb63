"""Fixtures of the cross-cutting tests. The database, the closed network and the markers come from the plugin
`segurnum.essais.greffon`, which the package's own tests use too."""

from collections.abc import Iterator

import pytest
from monde import Monde, peupler
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.partage import fait_une_fois


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    """One for all the tests of a module: each undoes what it did to it."""
    with fait_une_fois(django_db_blocker, peupler) as fait:
        yield fait
