"""`segurnum essai-deploiement`, the shortest way: the documented files, and a deposit through both nodes."""

import subprocess
from pathlib import Path

import pytest

from essai_deploiement.proxies import trouver
from segurnum.lanceur.environnement import SEGURNUM

RACINE = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(trouver("haproxy") is None, reason="HAProxy n'est pas installé : apt install haproxy")
def test_un_depot_traverse_l_installation_que_la_documentation_decrit() -> None:
    essai = subprocess.run(
        [*SEGURNUM, "essai-deploiement"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert essai.returncode == 0, essai.stdout + essai.stderr
    assert "L'agent voit les demandes : la personne n'a rien vu d'autre que sa page" in essai.stdout
    assert "Tout a été servi, et rien n'a été envoyé deux fois." in essai.stdout
