"""WSGI entry point for gunicorn."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from segurnum import isolement
from segurnum.base.adresse import PROGRAMME, Programme

os.environ[PROGRAMME] = Programme.PAGES
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segurnum.config.settings")
isolement.preparer()  # while the rest is loaded: the first file that somebody sends does not wait for it
application = get_wsgi_application()

from segurnum.installation.sommes import annoncer  # noqa: E402 - once the applications are there
from segurnum.seuil.televersement import oublier_les_restes  # noqa: E402

# Beside: a base that is down does not hold the pages back, nor does a disk that is slow.
Thread(target=annoncer, name="sommes", daemon=True).start()
Thread(target=oublier_les_restes, name="restes", daemon=True).start()
