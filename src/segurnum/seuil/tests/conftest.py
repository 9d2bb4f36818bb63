"""What these tests share with those of the pages."""

from segurnum.web.tests.conftest import horloge_tenue

__all__ = ["horloge_tenue"]
