"""Ports of this machine."""

import socket

LOCAL = "127.0.0.1"


def port_libre() -> int:
    """A port that nobody listens on at this instant, chosen by the system."""
    with socket.socket() as prise:
        prise.bind((LOCAL, 0))
        return int(prise.getsockname()[1])


def est_libre(port: int) -> bool:
    """Whether a server could listen there now (a connection that is merely closing does not count)."""
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((LOCAL, port))
        except OSError:
            return False
        return True
