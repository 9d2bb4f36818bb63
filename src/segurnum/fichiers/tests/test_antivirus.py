"""The antivirus: what it finds is never attached, and its silence is not taken for a yes."""

import io
import socketserver
import struct
import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from segurnum.depots.models import Archive
from segurnum.essais.depots import Deposant
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.fichiers.services import analyser, deposer
from segurnum.pannes import AntivirusIndisponible
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

MENACE = b"MENACE-INVENTEE"


class Demon(socketserver.StreamRequestHandler):
    """Speaks INSTREAM: finds the invented threat, and answers nonsense to the word « bavard »."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        recu = b""
        while taille := struct.unpack("!I", self.rfile.read(4))[0]:
            recu += self.rfile.read(taille)
        reponse = b"stream: Menace.Inventee FOUND" if MENACE in recu else b"stream: OK"
        self.wfile.write((b"INSTREAM size limit exceeded. ERROR" if b"bavard" in recu else reponse) + b"\0")


@pytest.fixture
def demon(settings: Settings) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Demon) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{serveur.server_address[1]}"
        yield
        serveur.shutdown()


def _fichier(contenu: bytes) -> Fichier:
    return deposer(flux=io.BytesIO(contenu))


@pytest.mark.usefixtures("demon")
@pytest.mark.parametrize(
    ("contenu", "analyse"), [(b"sain " * 500_000, Analyse.SAIN), (MENACE, Analyse.INFECTE)]
)
def test_le_verdict_du_demon_est_garde_avec_le_fichier(contenu: bytes, analyse: Analyse) -> None:
    analyser(_fichier(contenu))
    assert Fichier.objects.get().analyse == analyse


def test_sans_antivirus_un_fichier_reste_dit_non_analyse() -> None:
    assert analyser(_fichier(MENACE)).analyse == Analyse.NON_ANALYSE


@pytest.mark.usefixtures("demon")
def test_une_archive_infectee_n_est_jamais_attachee() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    archive = deposant.envoyer(depot, deposant.zip_de(depot) + MENACE)
    assert archive.etat == Archive.Etat.INFECTEE
    with pytest.raises(GesteImpossible, match="conforme"):
        deposant.terminer(depot)


@pytest.mark.usefixtures("demon")
def test_une_reponse_incomprise_n_est_pas_un_oui() -> None:
    with pytest.raises(AntivirusIndisponible, match="size limit"):
        analyser(_fichier(b"bavard"))
    assert Fichier.objects.get().analyse == Analyse.NON_ANALYSE


def test_un_demon_absent_n_est_pas_un_oui(settings: Settings) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Demon) as ferme:
        settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{ferme.server_address[1]}"
    with pytest.raises(AntivirusIndisponible, match="ne répond pas"):
        analyser(_fichier(b"x"))
