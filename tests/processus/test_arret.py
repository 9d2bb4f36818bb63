"""A node that is stopped: whoever it serves is served to the end, and nobody else waits for it in vain."""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from segurnum.essais.programmes import RACINE, Programme, lire
from segurnum.lanceur.reseau import LOCAL, est_libre, port_libre

# Serves until somebody writes in the pipe.
APPLICATION = """
def application(environ, start_response):
    open("commence", "w").close()
    with open("fin") as tube:
        tube.read()
    start_response("200 OK", [("Content-Length", "5")])
    return [b"servi"]
"""


def test_un_noeud_qui_s_arrete_refuse_les_nouveaux_et_sert_qui_est_entre(tmp_path: Path) -> None:
    (tmp_path / "lente.py").write_text(APPLICATION)
    os.mkfifo(tmp_path / "fin")
    port = port_libre()
    commande = [sys.executable, "-m", "gunicorn", "lente", "--chdir", str(tmp_path)]
    commande += ["--bind", f"{LOCAL}:{port}", "--threads", "4", "--no-control-socket"]
    commande += ["--worker-class", "segurnum.config.serveur.Guichet"]
    env = os.environ | {"PYTHONPATH": str(RACINE / "src")}
    with Programme(commande, tmp_path / "web.log", env) as web, ThreadPoolExecutor(1) as fil:
        web.attendre(lambda: not est_libre(port))
        reponse = fil.submit(lire, port, "/")
        web.attendre((tmp_path / "commence").exists)
        web.processus.send_signal(signal.SIGTERM)
        web.attendre(lambda: est_libre(port))
        (tmp_path / "fin").write_text("assez")
        assert reponse.result()[::2] == (200, b"servi")
