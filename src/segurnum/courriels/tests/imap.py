"""An IMAP server of this machine: one mailbox, the commands that the portal uses, the flags that it sets."""

import contextlib
import re
import socketserver
import threading
from collections.abc import Iterator

from segurnum.lanceur.reseau import LOCAL

_FETCH = re.compile(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")
_STORE = re.compile(r"STORE (\d+) \+FLAGS \((\S+)\)")


class BoiteImap(socketserver.ThreadingTCPServer):
    """`messages`: what the mailbox holds. `drapeaux`: the flags that were set on each, by number from 1."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__((LOCAL, 0), _Session)
        self.messages: list[bytes] = []
        self.drapeaux: dict[int, set[str]] = {}
        self.qui = ("retours", "p@sse")

    @property
    def adresse(self) -> str:
        """Its SEGURNUM_RETOURS_URL."""
        return f"imap://retours:p%40sse@{LOCAL}:{self.server_address[1]}/INBOX"

    def nouveaux(self) -> list[int]:
        return [n for n in range(1, len(self.messages) + 1) if not self.drapeaux.get(n)]


class _Session(socketserver.StreamRequestHandler):
    server: BoiteImap

    def handle(self) -> None:
        self._dire("* OK pret")
        while ligne := self.rfile.readline():
            etiquette, _, ordre = ligne.decode("ascii").strip().partition(" ")
            if not self._obeir(etiquette, ordre.removeprefix("UID ")):
                return

    def _dire(self, ligne: str) -> None:
        self.wfile.write(ligne.encode() + b"\r\n")

    def _obeir(self, etiquette: str, ordre: str) -> bool:
        fin = "OK fait"
        if ordre.startswith("CAPABILITY"):
            self._dire("* CAPABILITY IMAP4rev1")
        elif ordre.startswith("LOGIN"):
            nom, passe = self.server.qui
            fin = "OK entrez" if ordre.split()[1:] == [nom, f'"{passe}"'] else "NO inconnu"
        elif ordre.startswith("SELECT"):
            self._dire(f"* {len(self.server.messages)} EXISTS")
        elif ordre.startswith("SEARCH UNSEEN UNFLAGGED"):
            self._dire(f"* SEARCH {' '.join(map(str, self.server.nouveaux()))}")
        elif trouve := _FETCH.match(ordre):
            numero, maximum = int(trouve[1]), int(trouve[2])
            octets = self.server.messages[numero - 1][:maximum]
            self._dire(f"* {numero} FETCH (UID {numero} BODY[]<0> {{{len(octets)}}}")
            self.wfile.write(octets + b")\r\n")
        elif trouve := _STORE.match(ordre):
            self.server.drapeaux.setdefault(int(trouve[1]), set()).add(trouve[2])
        self._dire(f"{etiquette} {fin}")
        return not ordre.startswith("LOGOUT")


@contextlib.contextmanager
def serveur_imap() -> Iterator[BoiteImap]:
    with BoiteImap() as boite:
        fil = threading.Thread(target=boite.serve_forever, args=(0.05,), daemon=True)
        fil.start()
        try:
            yield boite
        finally:
            boite.shutdown()
            fil.join()
