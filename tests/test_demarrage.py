"""The start of the project, `./segurnum`, before there is an environment."""

import shutil
import subprocess
import sys
from pathlib import Path

from segurnum.essais.programmes import RACINE


def test_un_environnement_qui_est_un_lien_n_est_pas_vide(tmp_path: Path) -> None:
    ailleurs, ici = tmp_path / "ailleurs", tmp_path / "ici"
    for dossier in (ailleurs, ici):
        dossier.mkdir()
    (ailleurs / "temoin").write_text("là", encoding="utf-8")
    for nom in ("segurnum", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(RACINE / nom, ici / nom)
    (ici / ".venv").symlink_to(ailleurs)
    rendu = subprocess.run(
        [sys.executable, "segurnum", "--help"],
        cwd=ici,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert rendu.returncode == 2
    assert "est un lien vers" in rendu.stderr
    assert [entree.name for entree in ailleurs.iterdir()] == ["temoin"]
