"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from segurnum import isolement

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segurnum.config.settings")
isolement.preparer()  # while the rest is loaded: the first file that somebody sends does not wait for it
application = get_wsgi_application()
