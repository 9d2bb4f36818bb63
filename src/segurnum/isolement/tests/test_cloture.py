"""What a conquered child does not see, and cannot do."""

import ctypes
import os
import platform
import socket
import sys
from pathlib import Path

import pytest

from segurnum.isolement import arreter, atelier, cloture, executer, filtre
from segurnum.isolement.tests import hostiles

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="la clôture est celle de Linux")

landlock = pytest.mark.skipif(
    cloture._LIBC.syscall(cloture._CREER, None, ctypes.c_size_t(0), 1) < 6,
    reason="ce noyau n'a pas Landlock, ou pas en entier",
)


def test_ni_la_matrice_ni_l_enfant_ne_connaissent_de_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEGURNUM_SECRET", "tres-secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://qui:tres-secret@ici/base")
    monkeypatch.setenv("EMAIL_URL", "smtp://qui:tres-secret@ici")
    arreter()
    vu = executer(hostiles.environnement)
    assert "PYTHONPATH" in vu
    assert not {nom for nom in vu if "SECRET" in nom or nom.endswith("_URL")}
    numero = atelier._atelier.preparer().processus.pid
    assert b"tres-secret" not in Path(f"/proc/{numero}/environ").read_bytes()
    assert b"tres-secret" not in Path(f"/proc/{numero}/cmdline").read_bytes()
    arreter()


def test_l_enfant_ne_tient_que_sa_prise(tmp_path: Path):
    with (tmp_path / "autre").open("wb"):
        assert len(executer(hostiles.descripteurs)) == 4  # the three of every process, and its socket


@landlock
def test_il_ne_lit_n_ecrit_et_n_execute_rien_du_disque(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    assert executer(hostiles.essayer, "lire", str(secret)) == "PermissionError"
    assert executer(hostiles.essayer, "lister", str(tmp_path)) == "PermissionError"
    assert executer(hostiles.essayer, "ecrire", str(tmp_path / "nouveau")) == "PermissionError"
    assert executer(hostiles.essayer, "lire", f"/proc/{os.getppid()}/environ") == "PermissionError"
    assert executer(hostiles.essayer, "executer", "/bin/true") == "PermissionError"
    assert executer(hostiles.essayer, "lire", cloture.__file__) == "fait"  # code, which is imported late


@landlock
def test_il_ne_joint_personne_et_ne_tue_personne():
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        port = serveur.getsockname()[1]
        assert executer(hostiles.essayer, "relier", str(port)) == "PermissionError"
    assert executer(hostiles.essayer, "tuer", str(os.getpid())) == "PermissionError"


def test_il_n_ecrit_pas_un_octet_dans_un_fichier(tmp_path: Path):
    assert executer(hostiles.essayer, "ecrire", str(tmp_path / "nouveau")) != "fait"


@pytest.mark.skipif(platform.machine() not in filtre._MACHINES, reason="filtre inconnu pour cette machine")
def test_il_n_a_pas_d_enfant_et_n_appelle_pas_les_services_de_la_machine(tmp_path: Path):
    """A database that trusts its users by their name would open to whoever calls its socket."""
    assert executer(hostiles.essayer, "bifurquer", "") == "PermissionError"
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(tmp_path / "service"))
        service.listen()
        assert executer(hostiles.essayer, "appeler", str(tmp_path / "service")) == "PermissionError"


@pytest.mark.skipif(platform.machine() not in filtre._MACHINES, reason="filtre inconnu pour cette machine")
def test_il_ne_signale_rien_a_personne_et_ne_laisse_rien_en_memoire():
    """A segment of System V stays after who made it: no limit of the child would hold it."""
    assert executer(hostiles.essayer, "signaler", str(os.getpid())) == "PermissionError"
    assert executer(hostiles.essayer, "laisser", "") == "PermissionError"
