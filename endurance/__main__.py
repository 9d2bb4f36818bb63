"""`python -m endurance --pannes N [--graine S]`: a campaign on an installation of its own, thrown away after it."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from endurance.bilan import Bilan, ecrire
from endurance.installation import installer
from endurance.pannes import PANNES, Panne


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="segurnum endurance", description="Des pannes, et des gens.")
    analyseur.add_argument("--pannes", type=int, default=24, help="nombre de pannes")
    analyseur.add_argument("--graine", default="1", help="la même graine refait les mêmes gestes et pannes")
    analyseur.add_argument("--genre", action="append", help="ne garde que ce genre de panne (répétable)")
    analyseur.add_argument("--fournisseurs", type=int, default=3, help="entreprises qui déposent ensemble")
    analyseur.add_argument("--duree-max", type=float, default=3.0, help="durée d'une panne, en secondes")
    analyseur.add_argument(
        "--dossier", type=Path, default=Path("var/endurance"), help="base, fichiers, journaux"
    )
    arguments = analyseur.parse_args()
    voulues = _voulues(arguments.genre)
    arguments.dossier.mkdir(parents=True, exist_ok=True)
    dossier = Path(tempfile.mkdtemp(prefix="campagne-", dir=arguments.dossier)).resolve()
    signal.signal(signal.SIGTERM, _terminer)
    bilan = Bilan(dire=_dire)
    with installer(dossier, bilan) as ici:
        from endurance.campagne import Campagne

        pannes = [panne for panne in voulues if panne.possible(ici)]
        campagne = Campagne(
            ici, bilan, arguments.graine, pannes, arguments.fournisseurs, arguments.duree_max, _dire
        )
        sans_faute = campagne.jouer(arguments.pannes)
    print(ecrire(bilan, arguments.graine))
    if not sans_faute:
        print(f"Journaux des programmes : {dossier}")
        return 1
    shutil.rmtree(dossier, ignore_errors=True)
    print("Rien n'est perdu, rien n'est double, rien n'attend.")
    return 0


def _voulues(genres: list[str] | None) -> list[Panne]:
    """The outages whose name holds one of these words; all without any. Leaves when none does."""
    gardees = [p for p in PANNES if not genres or any(mot in p.nom for mot in genres)]
    if not gardees:
        connues = "\n  ".join(panne.nom for panne in PANNES)
        sys.exit(f"Aucun genre de panne ne contient « {' », « '.join(genres or ())} ». Genres :\n  {connues}")
    return gardees


def _terminer(numero: int, _cadre: object) -> None:
    """What was started is stopped."""
    raise SystemExit(128 + numero)


def _dire(phrase: str) -> None:
    print(phrase, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(principal())
