"""ZIPs around 200 Mo, sent octet by octet to the web server of an installation."""

import contextlib
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from select import select

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from segurnum.depots.models import Archive, Depot
from segurnum.essais.programmes import Web
from segurnum.lanceur.reseau import LOCAL
from segurnum.web.tests.depot import Fournisseur

MO = 1024 * 1024
LIMITE = 200 * MO
TRANCHE = 64 * 1024
FRONTIERE = "fin-de-la-partie"
FIN = f"\r\n--{FRONTIERE}--\r\n".encode()


class Envoi:
    """A form sent by somebody signed in who stops as soon as the answer comes."""

    def __init__(self, port: int, fournisseur: Fournisseur, depot: Depot) -> None:
        self.prise = socket.create_connection((LOCAL, port), timeout=30)
        self.chemin = f"/segurnums/importations/{depot.pk}/pieces"
        jeton = "a" * 32
        session = fournisseur.client.cookies[settings.SESSION_COOKIE_NAME].value
        self.entetes = {
            "Host": f"{LOCAL}:{port}",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={jeton}",
            "X-CSRFToken": jeton,
            "Content-Type": f"multipart/form-data; boundary={FRONTIERE}",
            "Connection": "close",
        }
        self.envoyes = 0

    def envoyer(self, taille: int, suite: int) -> bytes:
        """A file of `taille` octets, then `suite` octets of another field; the answer, status line included."""
        self.annoncer(len(debut("archive")) + taille + len(debut("reste")) + suite + len(FIN))
        # The server may answer and hang up while a piece is on its way: its answer is there to be read all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._envoyer_le_corps(taille, suite)
        return self.reponse()

    def annoncer(self, total: int) -> None:
        """The headers of a form whose body has so many octets."""
        lignes = [f"POST {self.chemin} HTTP/1.1", f"Content-Length: {total}"]
        lignes += [f"{nom}: {valeur}" for nom, valeur in self.entetes.items()]
        self.prise.sendall("\r\n".join([*lignes, "", ""]).encode())

    def reponse(self) -> bytes:
        return b"".join(self._reponse())

    def _envoyer_le_corps(self, taille: int, suite: int) -> None:
        for morceau in _corps(taille, suite):
            # Once the file is sent the server has all it needs to answer: do not run ahead of it.
            if select([self.prise], [], [], 1 if self.envoyes > taille else 0)[0]:
                break
            self.prise.sendall(morceau)
            self.envoyes += len(morceau)

    def _reponse(self) -> Iterator[bytes]:
        with contextlib.suppress(ConnectionResetError):
            yield from iter(lambda: self.prise.recv(TRANCHE), b"")


def debut(champ: str) -> bytes:
    fichier = '; filename="p.zip"' if champ == "archive" else ""
    return f'\r\n--{FRONTIERE}\r\nContent-Disposition: form-data; name="{champ}"{fichier}\r\n\r\n'.encode()


def _corps(taille: int, suite: int) -> Iterator[bytes]:
    yield debut("archive")
    for champ, octets in (("", taille), ("reste", suite)):
        if champ:
            yield debut(champ)
        for _ in range(octets // TRANCHE):
            yield bytes(TRANCHE)
        yield bytes(octets % TRANCHE)
    yield FIN


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("JSN-039", "XCT-004", "XCT-006")
def test_un_zip_de_200_mo_est_recu_et_un_octet_de_plus_est_refuse_sans_attendre_la_fin(tmp_path: Path):
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    with Web(tmp_path) as web:
        for taille, suite, au_plus in (
            (LIMITE + 1, 512 * 1024, LIMITE + 384 * 1024),  # one octet too many: found out as it comes
            (2 * LIMITE, 0, 16 * MO),  # announced too big: refused at its beginning
        ):
            envoi = Envoi(web.port, fournisseur, depot)
            with closing(envoi.prise):
                reponse = envoi.envoyer(taille, suite)
            assert re.match(rb"HTTP/1\.1 413 ", reponse), reponse[:200]
            lue = " ".join(reponse.decode().split())  # its spaces do not break
            assert "Le fichier ZIP dépasse 200 Mo (209 715 200 octets)" in lue
            assert envoi.envoyes <= au_plus
        assert not Archive.objects.exists()
        juste = Envoi(web.port, fournisseur, depot)
        with closing(juste.prise):
            assert re.match(rb"HTTP/1\.1 302 ", juste.envoyer(LIMITE, 0))
    archive = Archive.objects.get()
    assert archive.fichier.taille == LIMITE
    default_storage.delete(archive.fichier.cle)
    assert not [f for f in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if f.stat().st_size > 100 * MO]
