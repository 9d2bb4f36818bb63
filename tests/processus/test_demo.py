"""`segurnum demo` as a newcomer runs it: from nothing to a page, and from a stop to nothing.

It is what `./segurnum demo` becomes once .venv is ready: a test installs no package.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from segurnum.essais.programmes import RACINE, Programme, en_bonne_sante, lire
from segurnum.lanceur.environnement import SEGURNUM
from segurnum.lanceur.reseau import est_libre, port_libre

DES_ESSAIS = ("SEGURNUM_", "DATABASE_", "DJANGO_", "PYTEST_", "STOCKAGE_", "EMAIL_")


@pytest.fixture
def donnees() -> Iterator[Path]:
    """Not in pytest's folder, closed to others: root's database, which is run as nobody, would be put elsewhere."""
    dossier = Path(tempfile.mkdtemp(prefix="segurnum-demo-"))
    dossier.chmod(0o755)
    yield dossier
    shutil.rmtree(dossier)


class Demo(Programme):
    def __init__(self, donnees: Path, journal: Path) -> None:
        self.donnees, self.port = donnees, port_libre()
        env = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith(DES_ESSAIS)}
        env["PYTHONPATH"] = str(RACINE / "src")
        commande = [*SEGURNUM, "demo", "--port", str(self.port), "--donnees", str(donnees)]
        super().__init__(commande, journal, env)

    def arreter(self) -> int:
        self.processus.terminate()
        return self.processus.wait(30)

    def demandes(self) -> int:
        """How many requests its database holds."""
        etat = json.loads((self.donnees / "postgres" / "etat.json").read_text())
        adresse = f"postgres://segurnum:{etat['mot_de_passe']}@127.0.0.1:{etat['port']}/segurnum"
        with psycopg.connect(adresse) as connexion:
            ligne = connexion.execute("SELECT count(*) FROM demandes_demande").fetchone()
        assert ligne is not None
        return int(ligne[0])


@pytest.mark.skipif(sys.platform != "linux", reason="les processus restants se cherchent dans /proc")
def test_la_demonstration_demarre_de_rien_s_arrete_en_entier_et_repart_sur_ses_donnees(
    donnees: Path, tmp_path: Path
):
    with Demo(donnees, tmp_path / "demo.log") as demo:
        demo.attendre(lambda: en_bonne_sante(demo.port))
        demo.attendre(lambda: lire(demo.port, "/sante")[0] == 200)
        _verifier_les_pages(demo.port)
        nombre = demo.demandes()
        assert nombre > 0
        assert len(_restes(donnees)) >= 4  # the supervisor, the database, the web, the worker
        # On a busy machine this test sees the page before the command that waits for it.
        demo.attendre(lambda: "Comptes de démonstration" in demo.journal.read_text())
        assert demo.arreter() == 0
    assert _restes(donnees) == []
    assert est_libre(demo.port)
    statiques = (donnees / "statique.empreinte").stat().st_mtime_ns

    with Demo(donnees, tmp_path / "demo.log") as encore:
        encore.attendre(lambda: en_bonne_sante(encore.port))
        assert encore.demandes() == nombre
        assert (donnees / "statique.empreinte").stat().st_mtime_ns == statiques
        assert encore.arreter() == 0
    assert _restes(donnees) == []


def _verifier_les_pages(port: int) -> None:
    statut, _, corps = lire(port, "/sante")
    assert (statut, json.loads(corps)["statut"]) == (200, "ok")
    statut, _, corps = lire(port, "/segurnums/")
    assert statut == 200
    feuilles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', corps.decode())
    assert len(feuilles) >= 3
    for feuille in feuilles:
        statut, genre, style = lire(port, feuille)
        assert (statut, genre.partition(";")[0]) == (200, "text/css"), feuille
        assert style


def _restes(donnees: Path) -> list[str]:
    """Commands of the processes that still work on this folder."""
    restes = []
    for dossier in Path("/proc").iterdir():
        if dossier.name.isdigit() and int(dossier.name) != os.getpid():
            try:
                lu = (dossier / "cmdline").read_bytes() + (dossier / "environ").read_bytes()
            except OSError:  # gone meanwhile, or somebody else's
                continue
            if str(donnees).encode() in lu:
                restes.append((dossier / "cmdline").read_text().replace("\0", " "))
    return restes
