"""The tap in front of a part: open, closed, frozen, cut."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from segurnum.essais.robinet import Robinet
from segurnum.lanceur.reseau import LOCAL


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for ligne in self.rfile:
            self.wfile.write(ligne)


class Partie(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def robinet() -> Iterator[Robinet]:
    with Partie((LOCAL, 0), Echo) as partie:
        threading.Thread(target=partie.serve_forever, args=(0.05,), daemon=True).start()
        with Robinet(partie.server_address[1]) as robinet:
            yield robinet
        partie.shutdown()


def _joindre(robinet: Robinet) -> socket.socket:
    return socket.create_connection((LOCAL, robinet.port), timeout=10)


def _dire(lien: socket.socket, mot: bytes) -> bytes:
    lien.sendall(mot)
    return lien.recv(100)


def test_ouvert_tout_passe(robinet: Robinet):
    with _joindre(robinet) as un, _joindre(robinet) as deux:
        assert _dire(un, b"un\n") == b"un\n"
        assert _dire(deux, b"deux\n") == b"deux\n"
        un.shutdown(socket.SHUT_WR)
        assert un.recv(100) == b""
        assert _dire(deux, b"encore\n") == b"encore\n"


def test_coupe_les_liens_tombent_et_le_suivant_passe(robinet: Robinet):
    with _joindre(robinet) as lien:
        assert _dire(lien, b"un\n") == b"un\n"
        assert robinet.couper() == 1
        assert lien.recv(100) == b""
    with _joindre(robinet) as lien:
        assert _dire(lien, b"deux\n") == b"deux\n"


def test_ferme_rien_ne_se_joint_jusqu_a_l_ouverture(robinet: Robinet):
    with _joindre(robinet) as lien:
        assert _dire(lien, b"un\n") == b"un\n"
        robinet.fermer()
        assert lien.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        _joindre(robinet)
    robinet.ouvrir()
    with _joindre(robinet) as lien:
        assert _dire(lien, b"deux\n") == b"deux\n"


def test_gele_on_est_accueilli_et_rien_n_est_dit_avant_le_degel(robinet: Robinet):
    with _joindre(robinet) as ancien:
        assert _dire(ancien, b"un\n") == b"un\n"
        robinet.geler()
        with _joindre(robinet) as nouveau:
            for lien in (ancien, nouveau):
                lien.sendall(b"deux\n")
                lien.settimeout(0.05)
                with pytest.raises(TimeoutError):
                    lien.recv(100)
                lien.settimeout(10)
            robinet.ouvrir()
            assert ancien.recv(100) == nouveau.recv(100) == b"deux\n"
