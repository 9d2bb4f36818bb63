"""What is left of `segurnum annuaire` when it is killed, and of two at once."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection

from segurnum.annuaire_sante import services
from segurnum.annuaire_sante.models import AdresseMSS, CompteDomaine, Extrait
from segurnum.annuaire_sante.tests.fichiers import INSTANT, NOM, extrait, ligne
from segurnum.comptes.auteurs import PORTAIL
from segurnum.demonstration.extrait_mss import TITRES
from segurnum.essais.concurrence import ensemble
from segurnum.essais.programmes import Programme, environnement
from segurnum.lanceur.environnement import SEGURNUM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exigence("MSS-009")]


def _lignes(nombre: int) -> Iterable[str]:
    return (ligne("PER", f"a{rang}@un.mssante.example") for rang in range(nombre))


def _des_lignes_arrivent_dans_la_base() -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM pg_stat_progress_copy WHERE tuples_processed > 0")
        return curseur.fetchone() is not None


def _nourrir(tube: Path, assez: Event) -> None:
    """Many lines, and no end: the import is in its middle until the test has had enough."""
    with contextlib.suppress(BrokenPipeError), tube.open("w", encoding="utf-8") as flux:
        flux.write("\n".join((TITRES, *_lignes(50_000), "")))
        flux.flush()
        assez.wait()


def test_un_import_tue_ne_laisse_rien_et_se_refait(tmp_path: Path) -> None:
    tube, assez = tmp_path / NOM, Event()
    os.mkfifo(tube)
    fil = Thread(target=_nourrir, args=(tube, assez), daemon=True)
    fil.start()
    commande = [*SEGURNUM, "annuaire", "importer", str(tube)]
    with Programme(commande, tmp_path / "import.log", environnement()) as programme:
        programme.attendre(_des_lignes_arrivent_dans_la_base)
        programme.tuer()
    assez.set()
    fil.join()
    for modele in (Extrait, AdresseMSS, CompteDomaine):
        assert not modele.objects.exists()
    entier = services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(tmp_path, _lignes(10), nom="entier.txt"), date=INSTANT
    )
    assert entier.extrait.nombre_adresses == AdresseMSS.objects.count() == 10


def test_deux_imports_a_la_fois_n_en_font_qu_un(tmp_path: Path) -> None:
    chemin = extrait(tmp_path, _lignes(500))
    bilans = ensemble(*[lambda: services.importer_extrait(auteur=PORTAIL, chemin=chemin)] * 2)
    assert sorted(bilan.deja for bilan in bilans) == [False, True]
    assert Extrait.objects.count() == 1
    assert AdresseMSS.objects.count() == 500
