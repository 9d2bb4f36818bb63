"""The guards of the tests themselves."""

import socket

import pytest

from segurnum.essais.greffon import ReseauFerme


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as prise, pytest.raises(ReseauFerme, match=r"192\.0\.2\.1"):
        prise.connect(("192.0.2.1", 80))


def test_no_test_asks_for_the_address_of_another_machine() -> None:
    with pytest.raises(ReseauFerme, match=r"portail\.example"):
        socket.getaddrinfo("portail.example", 80)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as serveur, socket.create_connection(serveur.getsockname()):
        pass
