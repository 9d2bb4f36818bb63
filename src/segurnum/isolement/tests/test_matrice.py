"""The matrice dies, its portal dies, many ask at once: no file is lost, no process stays."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from segurnum.isolement import EnfantPerdu, arreter, atelier, executer, parcourir, preparer
from segurnum.isolement.enfant import Question
from segurnum.isolement.tests import hostiles

DELAI = 30.0  # seconds; what fails says so much earlier


def _attendre(condition: Callable[[], bool]) -> None:
    fin = time.monotonic() + DELAI
    while not condition():
        assert time.monotonic() < fin
        os.sched_yield()


def _vivant(numero: int) -> bool:
    try:
        etat = Path(f"/proc/{numero}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return etat not in "ZX"


def _enfants(numero: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{numero}/task/{numero}/children").read_text().split()]


def test_tuee_entre_deux_fichiers_elle_est_remplacee():
    executer(hostiles.doubler, 1)
    matrice = atelier._atelier.preparer().processus
    matrice.kill()
    assert executer(hostiles.doubler, 2) == 4
    assert atelier._atelier.preparer().processus.pid != matrice.pid


def test_tuee_pendant_un_fichier_il_est_relu_en_entier_par_une_autre():
    """The first answer kills the matrice; the second one finds another."""
    vues = []

    def tuer_la_premiere_fois(textes: object) -> str:
        matrice = atelier._atelier.preparer().processus
        vues.append(matrice.pid)
        if len(vues) == 1:
            matrice.kill()
            matrice.wait()
        return "repondu"

    question = {"question": tuer_la_premiere_fois}
    lu = executer(hostiles.lire_et_demander, Question("question"), flux=b"entier", appels=question)
    assert lu == b"entier"
    assert len(set(vues)) == 2


def test_tuee_au_milieu_d_une_suite_on_le_sait():
    suite = parcourir(hostiles.compter, 10_000_000)
    next(suite)
    atelier._atelier.preparer().processus.kill()
    with pytest.raises(EnfantPerdu):
        for _ in suite:
            pass
    assert executer(hostiles.doubler, 2) == 4


def test_un_enfant_qui_meurt_en_attendant_ne_fait_refuser_personne():
    executer(hostiles.doubler, 1)
    (pret,) = _enfants(atelier._atelier.preparer().processus.pid)
    os.kill(pret, signal.SIGKILL)
    _attendre(lambda: not _vivant(pret))
    assert executer(hostiles.doubler, 2) == 4


def test_arretee_elle_part_avec_ses_enfants():
    executer(hostiles.doubler, 1)
    matrice = atelier._atelier.preparer().processus.pid
    enfants = _enfants(matrice)
    arreter()
    assert not _vivant(matrice)
    _attendre(lambda: not any(map(_vivant, enfants)))


def test_elle_n_obeit_qu_au_portail_et_pas_aux_signaux_du_groupe():
    executer(hostiles.doubler, 1)
    matrice = atelier._atelier.preparer().processus
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        matrice.send_signal(numero)
    assert executer(hostiles.doubler, 2) == 4
    assert atelier._atelier.preparer().processus is matrice


def test_le_portail_tue_sur_le_coup_ne_laisse_aucun_processus():
    programme = textwrap.dedent(
        """
        from segurnum.isolement import atelier, parcourir
        from segurnum.isolement.tests import hostiles
        suite = parcourir(hostiles.compter, 10_000_000)
        next(suite)
        print(atelier._atelier.preparer().processus.pid, flush=True)
        input()
        """
    )
    portail = subprocess.Popen(
        [sys.executable, "-c", programme],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(atelier.__file__).parents[2])},
    )
    with portail:
        assert portail.stdout is not None
        matrice = int(portail.stdout.readline())
        processus = [matrice, *_enfants(matrice)]
        assert len(processus) == 3  # itself, the child that works, the one that waits
        portail.kill()
    _attendre(lambda: not any(map(_vivant, processus)))


def test_une_copie_du_portail_a_sa_propre_matrice():
    executer(hostiles.doubler, 1)
    avant = atelier._atelier.preparer().processus.pid
    sortie, entree = os.pipe()
    copie = os.fork()
    if copie == 0:
        resultat = executer(hostiles.doubler, 3)
        autre = atelier._atelier.preparer().processus.pid
        arreter()
        os.write(entree, bytes([resultat, autre != avant]))
        os._exit(0)
    os.close(entree)
    assert os.waitpid(copie, 0)[1] == 0
    with os.fdopen(sortie, "rb") as lu:
        assert list(lu.read()) == [6, True]
    assert executer(hostiles.doubler, 4) == 8


def test_plusieurs_fils_a_la_fois_ont_chacun_leur_reponse():
    with ThreadPoolExecutor(8) as fils:
        assert list(fils.map(lambda n: executer(hostiles.doubler, n), range(40))) == [
            2 * n for n in range(40)
        ]


def test_plusieurs_fils_survivent_ensemble_a_sa_mort():
    preparer()
    with ThreadPoolExecutor(6) as fils:
        reponses = [fils.submit(executer, hostiles.doubler, n) for n in range(30)]
        atelier._atelier.preparer().processus.kill()
        assert [reponse.result() for reponse in reponses] == [2 * n for n in range(30)]
