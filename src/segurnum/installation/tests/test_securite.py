"""What turns an installation red, line by line; and what makes it green."""

import inspect
import os
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.security import base, csrf, sessions
from django.db import OperationalError, connection

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.grand_livre.models import Controle
from segurnum.installation import securite
from segurnum.installation.jugement import Etat
from segurnum.installation.models import Temoin
from segurnum.installation.securite.reglages import AVIS_DE_DJANGO
from segurnum.installation.services import noter
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db

CLE = "".join(chr(33 + rang % 90) for rang in range(64))
# What the installation of the tests lacks for want of being one: its own server, its machine, its colleagues.
AILLEURS = {"role", "gardes"}


class Demon(socketserver.StreamRequestHandler):
    """An antivirus that says its version, its signatures of this day or of last month."""

    jours = 0

    def handle(self) -> None:
        if self.rfile.read(9) == b"zVERSION\0":
            jour = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(time.time() - self.jours * 86400))
            self.wfile.write(f"ClamAV 1.4.2/27563/{jour}\0".encode())


@pytest.fixture
def demon() -> Iterator[str]:
    Demon.jours = 0
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Demon) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{serveur.server_address[1]}"
        serveur.shutdown()


@pytest.fixture
def installation(settings: Any, tmp_path: Path, demon: str) -> Path:
    """An installation as the documentation describes it. Returns its folder."""
    settings.DONNEES = tmp_path / "donnees"
    settings.DONNEES.mkdir(mode=0o750)
    settings.STATIC_ROOT = settings.DONNEES / "statique"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    settings.TEMOIN_SAUVEGARDE = settings.DONNEES / "sauvegarde"
    settings.TEMOIN_SAUVEGARDE.touch()
    settings.STATIQUES_BRUTS = False
    # The tests put there what fails on a variable that no page gives.
    options = settings.TEMPLATES[0]["OPTIONS"] | {"string_if_invalid": ""}
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"OPTIONS": options}]
    settings.SECRET_KEY = CLE
    settings.ALLOWED_HOSTS = ["portail.administration.example"]
    settings.ADRESSE_PORTAIL = "https://portail.administration.example"
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECOND_FACTEUR_AGENTS = True
    settings.COURRIELS_PARTENT, settings.EMAIL_HOST, settings.EMAIL_USE_TLS = (
        True,
        "courriel.exemple.fr",
        True,
    )
    settings.DEFAULT_FROM_EMAIL = "portail@exemple.fr"
    settings.MANDATAIRES = ["127.0.0.1"]
    settings.ANTIVIRUS_URL = demon
    for _ in range(2):
        personne = usines.utilisateur(Profil.ADMINISTRATION)
        personne.set_password("une-phrase-que-personne-ne-devine")
        personne.save()
    noter(Temoin.Nom.JOURNAL)
    Controle.objects.create(fait_le=maintenant(), ecritures=0, anomalies=0)
    _battre()
    return Path(settings.DONNEES)


@pytest.fixture(autouse=True)
def _adresse_ailleurs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests reach no other machine."""

    def personne(adresse: str) -> Any:
        raise OSError(adresse)

    monkeypatch.setattr("segurnum.installation.securite.alentours._demander", personne)


def _battre() -> None:
    """A worker that has just begun, on a portal made just now: nothing is late, however long the tests last."""
    with connection.cursor() as curseur:
        curseur.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        curseur.execute("UPDATE django_migrations SET applied = now() WHERE app = 'installation'")


def _rouges() -> set[str]:
    return {ligne.code for ligne in securite.juger() if ligne.etat is Etat.A_CORRIGER} - AILLEURS


@pytest.mark.usefixtures("installation")
def test_une_installation_conforme_est_verte() -> None:
    assert [ligne.constat.texte for ligne in securite.juger() if ligne.code in _rouges()] == []
    lignes = [ligne for ligne in securite.juger() if ligne.code not in AILLEURS]
    assert securite.vert(lignes)
    assert {ligne.code for ligne in lignes if ligne.etat is Etat.NON_VERIFIE} == {"adresse"}


@pytest.mark.usefixtures("installation")
def test_sans_base_elle_n_est_attendue_qu_une_fois_et_le_reste_est_dit_non_verifie(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    essais: list[int] = []

    def muette(*_: object) -> None:
        essais.append(1)
        raise OperationalError("couldn't get a connection after 5.00 sec")

    monkeypatch.setattr(connection, "cursor", muette)
    lignes = {ligne.code: ligne for ligne in securite.juger()}
    assert len(essais) <= 2  # a store that is empty asks it too, whether that is as it should be
    assert lignes["base"].etat is Etat.A_CORRIGER
    for code in ("journal", "administrateurs", "files", "migrations"):
        assert (lignes[code].etat, lignes[code].constat.texte) == (Etat.NON_VERIFIE, "La base ne répond pas.")
    assert lignes["antivirus-repond"].etat is Etat.CONFORME


REGLAGES: list[tuple[str, dict[str, Any]]] = [
    ("demonstration", {"DEMONSTRATION": True}),
    ("debug", {"DEBUG": True}),
    ("secret", {"SECRET_KEY": "a" * 64}),
    ("secret", {"SECRET_KEY": "trop-court"}),
    ("hotes", {"ALLOWED_HOSTS": ["*"]}),
    ("hotes", {"ALLOWED_HOSTS": ["autre.example"]}),
    ("hotes", {"ADRESSE_PORTAIL": "https://localhost"}),
    ("origines", {"CSRF_TRUSTED_ORIGINS": ["http://portail.administration.example"]}),
    ("https", {"HTTPS": False}),
    ("https", {"ADRESSE_PORTAIL": "http://portail.administration.example"}),
    ("hsts", {"SECURE_HSTS_SECONDS": 3600}),
    ("cookies", {"SESSION_COOKIE_NAME": "sessionid"}),
    ("cookies", {"CSRF_COOKIE_SECURE": False}),
    ("mandataires", {"MANDATAIRES": None}),
    ("deploiement", {"SECURE_CONTENT_TYPE_NOSNIFF": False}),
    ("statiques", {"STATIQUES_BRUTS": True}),
    ("second-facteur", {"SECOND_FACTEUR_AGENTS": False}),
    ("courriels", {"COURRIELS_PARTENT": False}),
    ("courriels", {"DEFAULT_FROM_EMAIL": "x@segurnum.example"}),
    ("courriels", {"EMAIL_USE_TLS": False}),
    ("antivirus", {"ANTIVIRUS_URL": ""}),
    ("antivirus", {"ANTIVIRUS_URL": "tcp://127.0.0.1:1"}),
]


def test_tout_ce_dont_django_avertit_a_sa_phrase_en_francais() -> None:
    """It warns in English; a version that warns of something new stops here."""
    dits = set()
    for controles in (base, csrf, sessions):
        source = inspect.getsource(controles)
        dits |= set(re.findall(r"security\.[WE][0-9]{3}", source))
    assert dits <= set(AVIS_DE_DJANGO)
    assert len(dits) > 20


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("code", "reglages"),
    REGLAGES,
    ids=[f"{code}-{'-'.join(reglages)}-{rang}" for rang, (code, reglages) in enumerate(REGLAGES)],
)
def test_un_reglage_dangereux_est_rouge_et_dit_quoi_faire(
    code: str, reglages: dict[str, Any], settings: Any
) -> None:
    for nom, valeur in reglages.items():
        setattr(settings, nom, valeur)
    (ligne,) = [ligne for ligne in securite.juger() if ligne.code == code]
    assert ligne.etat is Etat.A_CORRIGER
    assert ligne.constat.remede
    assert settings.SECRET_KEY not in ligne.constat.texte


def _ouvrir_a_tous(dossier: Path) -> None:
    os.chmod(dossier, 0o755)


def _fichiers_lisibles(dossier: Path) -> None:
    (dossier / "fichiers").mkdir(mode=0o755)


def _sauvegarde_oubliee(dossier: Path) -> None:
    avant = time.time() - 30 * 3600
    os.utime(dossier / "sauvegarde", (avant, avant))


def _sauvegarde_jamais_faite(dossier: Path) -> None:
    (dossier / "sauvegarde").unlink()


def _journal_ancien(dossier: Path) -> None:
    Temoin.objects.update(instant=maintenant() - timedelta(days=3))


def _compte_de_demonstration(dossier: Path) -> None:
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    personne.username = "demo-gestionnaire"
    personne.save()


def _base_de_demonstration(dossier: Path) -> None:
    noter(Temoin.Nom.DEMONSTRATION)


def _un_administrateur(dossier: Path) -> None:
    from segurnum.comptes.models import Utilisateur

    Utilisateur.objects.latest("pk").delete()


def _aucun_ouvrier(dossier: Path) -> None:
    with connection.cursor() as curseur:
        curseur.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")


def _migration_en_attente(dossier: Path) -> None:
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM django_migrations WHERE app = 'installation'")


def _signatures_anciennes(dossier: Path) -> None:
    Demon.jours = 30


@pytest.mark.parametrize(
    ("code", "abimer"),
    [
        ("dossier", _ouvrir_a_tous),
        ("stockage", _fichiers_lisibles),
        ("sauvegarde", _sauvegarde_oubliee),
        ("sauvegarde", _sauvegarde_jamais_faite),
        ("journal", _journal_ancien),
        ("comptes-demonstration", _compte_de_demonstration),
        ("comptes-demonstration", _base_de_demonstration),
        ("administrateurs", _un_administrateur),
        ("ouvriers", _aucun_ouvrier),
        ("migrations", _migration_en_attente),
        ("antivirus", _signatures_anciennes),
    ],
)
def test_ce_qui_s_abime_avec_le_temps_est_rouge(
    code: str, abimer: Callable[[Path], None], installation: Path
) -> None:
    assert code not in _rouges()
    abimer(installation)
    assert code in _rouges()


@pytest.mark.parametrize("droit", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.usefixtures("installation")
def test_le_role_qui_possede_les_tables_ou_le_serveur_est_rouge_un_role_ordinaire_ne_l_est_pas(
    droit: str,
) -> None:
    def etats() -> dict[str, Etat]:
        return {ligne.code: ligne.etat for ligne in securite.juger() if ligne.code in AILLEURS}

    assert etats() == dict.fromkeys(AILLEURS, Etat.A_CORRIGER)
    with connection.cursor() as curseur:
        curseur.execute("CREATE ROLE essai_ordinaire")
        curseur.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO essai_ordinaire")
        curseur.execute("SET LOCAL ROLE essai_ordinaire")
        assert etats() == dict.fromkeys(AILLEURS, Etat.CONFORME)
        curseur.execute("RESET ROLE")
        curseur.execute(f"GRANT {droit} ON journal_evenement TO essai_ordinaire")
        curseur.execute("SET LOCAL ROLE essai_ordinaire")
        assert etats()["gardes"] is Etat.A_CORRIGER
        curseur.execute("RESET ROLE")


@pytest.mark.parametrize(
    ("statut", "entetes", "etat"),
    [
        (200, {"Strict-Transport-Security": "max-age=1"}, Etat.CONFORME),
        (200, {}, Etat.A_CORRIGER),
        (502, {"Strict-Transport-Security": "max-age=1"}, Etat.A_CORRIGER),
    ],
)
@pytest.mark.usefixtures("installation")
def test_l_adresse_publique_est_lue_comme_le_monde_la_lit(
    statut: int, entetes: dict[str, str], etat: Etat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "segurnum.installation.securite.alentours._demander", lambda adresse: (statut, entetes)
    )
    assert {ligne.code: ligne.etat for ligne in securite.juger()}["adresse"] is etat


@pytest.mark.parametrize(("statut", "rouge"), [(200, True), (403, False)])
def test_un_compartiment_public_est_rouge(
    statut: int, rouge: bool, installation: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STOCKAGE_URL = "s3://cle:secret@stockage.exemple.fr/fichiers"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {}}
    }
    monkeypatch.setattr("segurnum.installation.securite.alentours._demander", lambda adresse: (statut, {}))
    assert ("stockage" in _rouges()) is rouge
