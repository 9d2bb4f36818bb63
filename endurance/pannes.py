"""The outages: how each is made, and how it ends."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg

from endurance.installation import Installation

MATRICE = "segurnum.isolement.matrice"
PLEIN = "ballast"
REFUS = "451 4.3.2 plus tard"
Geste = Callable[[Installation, Random], None]


def _rien(ici: Installation) -> None:
    """It ends by itself: who looks after the programs starts them again."""


@dataclass(frozen=True)
class Panne:
    nom: str
    poser: Geste
    lever: Callable[[Installation], None] = _rien
    possible: Callable[[Installation], bool] = lambda _ici: True


def _tuer(*noms: str) -> Geste:
    return lambda ici, alea: ici.tuer(alea.choice(noms))


def _tuer_dessous(mots: str, *noms: str) -> Geste:
    """One of the processes below a program, if there is one now."""

    def poser(ici: Installation, alea: Random) -> None:
        pids = [pid for nom in noms for pid in ici.descendance(nom, mots)]
        if pids:
            _signaler(alea.choice(pids), signal.SIGKILL)

    return poser


def _signaler(pid: int, numero: signal.Signals) -> None:
    try:
        os.kill(pid, numero)
    except ProcessLookupError:
        return  # it ended meanwhile


def _terminer_les_connexions(toutes: bool) -> Geste:
    def poser(_ici: Installation, alea: Random) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as lien:
            lignes = lien.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()"
            ).fetchall()
            pids = sorted(pid for (pid,) in lignes)
            for pid in pids if toutes else alea.sample(pids, min(1, len(pids))):
                lien.execute("SELECT pg_terminate_backend(%s)", [pid])

    return poser


def _arreter_la_base(ici: Installation, _alea: Random) -> None:
    """« immediate »: nothing is finished, the log is replayed at the next start."""
    pid = ici.serveur.pid()
    if pid is not None:
        _signaler(pid, signal.SIGQUIT)
        while ici.serveur.pid() is not None:
            time.sleep(0.02)


def _relancer_la_base(ici: Installation) -> None:
    ici.serveur.relancer_si_mort()


def _robinet(partie: str, geste: str) -> Geste:
    return lambda ici, _alea: getattr(ici.robinets[partie], geste)()


def _rouvrir(partie: str) -> Callable[[Installation], None]:
    return lambda ici: ici.robinets[partie].ouvrir()


def _refuser_les_courriels(ici: Installation, _alea: Random) -> None:
    ici.boite.refus = REFUS


def _accepter_les_courriels(ici: Installation) -> None:
    ici.boite.refus = ""


def _antivirus_muet(ici: Installation, _alea: Random) -> None:
    ici.antivirus.muet = True


def _antivirus_parle(ici: Installation) -> None:
    ici.antivirus.muet = False
    ici.robinets["antivirus"].couper()  # it was restarted


def _dossier(ici: Installation) -> Path:
    return ici.donnees / "televersements"


def _remplir(ici: Installation, _alea: Random) -> None:
    with (_dossier(ici) / PLEIN).open("wb") as ballast:
        while libre := shutil.disk_usage(_dossier(ici)).free:
            with contextlib.suppress(OSError):  # somebody's upload took its share meanwhile
                os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), libre)


def _vider(ici: Installation) -> None:
    (_dossier(ici) / PLEIN).unlink(missing_ok=True)


def _retirer_le_dossier(ici: Installation, _alea: Random) -> None:
    """A file in its place: nothing can be made there, and the program cannot make the folder anew."""
    _dossier(ici).rename(ici.donnees / "absent")
    _dossier(ici).touch()


def _rendre_le_dossier(ici: Installation) -> None:
    _dossier(ici).unlink()
    (ici.donnees / "absent").rename(_dossier(ici))


def _des_liens(partie: str, nom: str) -> list[Panne]:
    return [
        Panne(f"{nom} : connexions refusées", _robinet(partie, "fermer"), _rouvrir(partie)),
        Panne(f"{nom} : muet, connexions gelées", _robinet(partie, "geler"), _rouvrir(partie)),
        Panne(f"{nom} : connexions coupées", _robinet(partie, "couper")),
    ]


WEB = ("web 1", "web 2")
PANNES = (
    Panne("programme web tué", _tuer(*WEB)),
    Panne("processus du programme web tué", _tuer_dessous("gunicorn", *WEB)),
    Panne("ouvrier des archives tué", _tuer("ouvrier archives")),
    Panne("ouvrier des courriels tué", _tuer("ouvrier courriels")),
    Panne("contrôle isolé tué", _tuer_dessous(MATRICE, *WEB, "ouvrier archives")),
    Panne("PostgreSQL : une connexion terminée", _terminer_les_connexions(toutes=False)),
    Panne("PostgreSQL : toutes les connexions terminées", _terminer_les_connexions(toutes=True)),
    Panne("PostgreSQL arrêté net, puis relancé", _arreter_la_base, _relancer_la_base),
    *_des_liens("base", "PostgreSQL"),
    *_des_liens("fichiers", "stockage"),
    *_des_liens("courriels", "serveur d'envoi"),
    Panne("serveur d'envoi : refuse pour l'instant (451)", _refuser_les_courriels, _accepter_les_courriels),
    *_des_liens("antivirus", "antivirus"),
    Panne("antivirus : ne répond plus", _antivirus_muet, _antivirus_parle),
    Panne("disque des envois plein", _remplir, _vider, lambda ici: ici.disque is not None),
    Panne(
        "dossier des envois disparu",
        _retirer_le_dossier,
        _rendre_le_dossier,
        lambda ici: ici.disque is None,
    ),
)
