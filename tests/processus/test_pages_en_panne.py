"""A part goes away under the web server of an installation: said on the page, nothing typed lost, back by itself."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from processus.test_televersement import FRONTIERE
from segurnum.depots.models import Simulation
from segurnum.essais.programmes import Web, adresse_de_la_base, lire
from segurnum.lanceur.reseau import LOCAL
from segurnum.web.tests.depot import Fournisseur

pytestmark = pytest.mark.django_db(transaction=True)

CHEMIN = "/segurnums/importation"
IMPREVUE = "pas prévue"


class Saisie:
    """The import form of a supplier, as its browser sends it."""

    def __init__(self, fournisseur: Fournisseur, port: int) -> None:
        self.fournisseur, self.port = fournisseur, port
        deposant = fournisseur.deposant
        self.champs = {
            "entreprise": str(deposant.utilisateur.entreprise_id),
            "type_demande": "AVANCE",
            "enrolement": str(deposant.enrolement.pk),
            "taux_tva": "20",
        }

    def envoyer(self, octets: bytes | None) -> tuple[int, str]:
        """Status and page. None: the same fields without their file."""
        corps = b"".join(_partie(nom, valeur.encode()) for nom, valeur in self.champs.items())
        if octets is not None:
            corps = (
                _partie("fichier", octets, "avances.json") + corps
            )  # before what must be read all the same
        jeton, session = "a" * 32, self.fournisseur.client.cookies[settings.SESSION_COOKIE_NAME].value
        entetes = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={jeton}",
            "X-CSRFToken": jeton,
            "Content-Type": f"multipart/form-data; boundary={FRONTIERE}",
        }
        with closing(http.client.HTTPConnection(LOCAL, self.port, timeout=60)) as lien:
            lien.request("POST", CHEMIN, corps + f"--{FRONTIERE}--\r\n".encode(), entetes)
            reponse = lien.getresponse()
            return reponse.status, reponse.read().decode()


def _partie(nom: str, octets: bytes, fichier: str = "") -> bytes:
    suite = f'; filename="{fichier}"' if fichier else ""
    debut = f'--{FRONTIERE}\r\nContent-Disposition: form-data; name="{nom}"{suite}\r\n\r\n'
    return debut.encode() + octets + b"\r\n"


@contextmanager
def base_fermee() -> Iterator[None]:
    """The server refuses the database to everybody, and sends away who was there: this process comes back after."""
    adresse, _, nom = adresse_de_la_base().rpartition("/")
    connection.close()
    with psycopg.connect(f"{adresse}/postgres", autocommit=True) as serveur:
        permettre = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        serveur.execute(permettre.format(sql.Identifier(nom), False))
        try:
            serveur.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [nom]
            )
            yield
        finally:
            serveur.execute(permettre.format(sql.Identifier(nom), True))
            connection.pool.check()  # those that were cut are thrown away


@contextmanager
def deplace(dossier: Path, *, a_sa_place: str) -> Iterator[None]:
    """A folder that is away: its disk is not mounted (an empty place is left), or nothing can be made there."""
    ailleurs = dossier.with_name(f"{dossier.name}-ailleurs")
    dossier.rename(ailleurs)
    if a_sa_place == "vide":
        dossier.mkdir()
    elif a_sa_place == "fichier":
        dossier.touch()
    try:
        yield
    finally:
        if dossier.is_dir():
            assert list(dossier.iterdir()) == []  # the place of a disk was not filled
            dossier.rmdir()
        dossier.unlink(missing_ok=True)
        ailleurs.rename(dossier)


def _etats(port: int) -> tuple[int, int]:
    return lire(port, "/vivant")[0], lire(port, "/pret")[0]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with Web(tmp_path, SEGURNUM_CONNEXIONS="4") as serveur:
        yield serveur


@pytest.mark.exigence("XCT-008")
def test_la_base_s_en_va_et_revient_sans_que_rien_ne_soit_relance(web: Web) -> None:
    fournisseur = Fournisseur()
    saisie, fichier = Saisie(fournisseur, web.port), fournisseur.avances()
    with base_fermee():
        statut, page = saisie.envoyer(fichier)
        assert statut == 503
        assert "Le portail ne peut pas enregistrer ce que vous envoyez pour le moment" in unescape(page)
        assert IMPREVUE not in page
        rendus = dict(re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page))
        assert rendus == saisie.champs
        assert _etats(web.port) == (200, 503)
    # Sent again without its file, which is then asked for, its fields being as they were.
    web.attendre(lambda: lire(web.port, "/pret")[0] == 200)
    statut, page = saisie.envoyer(None)
    assert statut == 422
    assert re.search(r'value="20"[^>]*(checked|selected)', page) or 'value="20"' in page
    assert saisie.envoyer(fichier)[0] == 302
    assert Simulation.objects.count() == 1
    journal = web.journal.read_text()
    assert journal.count("Panne : base de données") == 1
    assert "Traceback" not in journal


@pytest.mark.parametrize(
    ("dossier", "a_sa_place"),
    [("fichiers", "rien"), ("fichiers", "vide"), ("televersements", "fichier")],
)
@pytest.mark.exigence("XCT-008")
def test_un_disque_s_en_va_et_revient_sans_que_rien_ne_soit_relance(
    dossier: str, a_sa_place: str, web: Web
) -> None:
    fournisseur = Fournisseur()
    fournisseur.deposant.simuler(fournisseur.deposant.fichier(1))
    saisie, fichier = Saisie(fournisseur, web.port), fournisseur.avances()
    with deplace(Path(settings.DONNEES) / dossier, a_sa_place=a_sa_place):
        statut, page = saisie.envoyer(fichier)
        assert statut == 503
        assert "Le portail ne peut plus recevoir de fichiers pour le moment" in page
        assert IMPREVUE not in page
        assert _etats(web.port) == (200, 200)
        assert lire(web.port, "/sante")[0] == 503
        assert lire(web.port, CHEMIN.replace("importation", ""))[0] == 200
    assert saisie.envoyer(fichier)[0] == 302
    assert Simulation.objects.count() == 2
