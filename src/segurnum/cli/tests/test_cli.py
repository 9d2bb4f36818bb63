"""What a person meets on the command line, beside the commands' own tests."""

import socket
from collections import Counter
from pathlib import Path

import pytest

from segurnum.cli import exigences, principal, qualite
from segurnum.cli.communs import RACINE
from segurnum.essais import numeros

COMMANDES = (
    "demo",
    "test",
    "qualite",
    "bench",
    "exigences",
    "verifier",
    "modele",
    "couloir",
    "journal",
    "annuaire",
    "agent",
    "securite",
    "referentiel",
    "sauvegarder",
    "restaurer",
    "django",
)


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as sortie:
        principal(["--help"])
    assert sortie.value.code == 0
    texte = capsys.readouterr().out
    assert [nom for nom in COMMANDES if f"\n    {nom}" not in texte] == []


def test_an_unknown_command_is_said_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as sortie:
        principal(["demoo"])
    assert sortie.value.code == 2
    assert "choix inconnu" in capsys.readouterr().err


def test_a_busy_port_is_said_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = occupant.getsockname()[1]
        assert principal(["demo", "--port", str(port)]) == 2
    assert f"le port {port} est déjà utilisé" in capsys.readouterr().err


def test_there_are_501_exigences_in_13_groups() -> None:
    assert len(numeros.GROUPES) == 13
    assert len(numeros.TOUS) == 501


def test_exigences_tell_what_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    exigences.montrer(["INC"], Counter({"INC-001": 2, "INC-005": 1}))
    texte = capsys.readouterr().out
    assert "2/14" in texte
    assert "002-004, 006-014" in texte


@pytest.mark.parametrize(
    ("dit", "reussi", "verifie"),
    [
        ("", True, False),  # no answer in time
        ("ERROR: no network", True, False),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', True, False),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', True, True),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}]}',
            False,
            True,
        ),
    ],
)
def test_an_audit_that_reached_nothing_stays_green_and_says_so(dit: str, reussi: bool, verifie: bool) -> None:
    resultat = qualite.lire_l_audit(dit)
    assert (resultat.reussi, resultat.verifie) == (reussi, verifie)
    assert ("non vérifié" in resultat.verdict) is not verifie
    assert ("a 1 : CVE-1, réparée en 2" in resultat.texte) is not reussi


def test_no_lock_names_a_registry() -> None:
    assert list(RACINE.glob("requirements*.lock"))
    assert qualite.verifier_verrous() == qualite.Resultat(True)


@pytest.mark.parametrize(("lignes", "reussi"), [(400, True), (401, False)])
def test_a_file_over_400_lines_is_refused(lignes: int, reussi: bool, tmp_path: Path) -> None:
    gabarit = tmp_path / "page.html"
    gabarit.write_text("<p>\n" * lignes)
    resultat = qualite.verifier_longueurs([gabarit])
    assert (resultat.reussi, "page.html : 401 lignes" in resultat.texte) == (reussi, not reussi)
