"""A back-up holds what its rows name, whatever the portal does meanwhile; one that is not finished says so."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from segurnum.fichiers import services
from segurnum.fichiers.menage import effacer_les_octets_sans_ligne
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.queries import rapprocher
from segurnum.regles.calendrier import maintenant
from segurnum.sauvegarde import base, sauver
from segurnum.sauvegarde.chiffrement import AUCUN, Chiffrement, choisir, dire_erreur
from segurnum.sauvegarde.erreurs import SauvegardeImpossible
from segurnum.sauvegarde.manifeste import Manifeste, fichiers_de, interrompues, terminees
from segurnum.sauvegarde.restaurer import choisir as choisir_la_sauvegarde
from segurnum.sauvegarde.restaurer import controler_les_fichiers

pytestmark = pytest.mark.django_db(transaction=True)
EN_CLAIR = Chiffrement(AUCUN)


@pytest.fixture(autouse=True)
def _stockage_a_part(settings: Settings, tmp_path: Path) -> None:
    settings.DONNEES = tmp_path / "donnees"
    settings.STORAGES = {**settings.STORAGES}  # setting it again makes the store be opened again, there


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return tmp_path / "sauvegardes"


def _deposer(contenu: bytes) -> Fichier:
    return services.deposer(flux=io.BytesIO(contenu))


def _sauvegarder(dossier: Path, **options: Any) -> sauver.Bilan:
    return sauver.sauvegarder(dossier=dossier, chiffrement=EN_CLAIR, **options)


def _contenus(bilan: sauver.Bilan) -> set[bytes]:
    """What the files of a back-up hold."""
    racine = bilan.dossier.parent / "fichiers"
    liste = fichiers_de(bilan.dossier / "fichiers.txt")
    return {(racine / e[:2] / e[2:4] / e).read_bytes() for e, _ in liste}


@pytest.mark.exigence("XCT-005")
def test_un_fichier_depose_ou_efface_pendant_la_sauvegarde_n_est_pas_perdu(dossier: Path) -> None:
    efface = _deposer(b"la base sauvegardee le nomme")

    def vivre(phrase: str) -> None:
        if phrase.startswith("Fichiers"):  # the database is saved, the files are not yet
            _deposer(b"venu pendant")
            assert services.oublier(efface)

    premiere = _sauvegarder(dossier, dire=vivre)
    assert premiere.manifeste.defauts == []
    assert _contenus(premiere) == {b"la base sauvegardee le nomme"}
    assert _contenus(_sauvegarder(dossier)) == {b"venu pendant"}
    # What was not erased meanwhile goes with the nightly job, once no back-up runs.
    assert rapprocher().orphelins == [efface.cle]
    assert effacer_les_octets_sans_ligne([efface.cle], instant=maintenant() + timedelta(days=8)) == 1


def test_un_fichier_n_est_copie_qu_une_fois(dossier: Path) -> None:
    _deposer(b"un")
    assert _sauvegarder(dossier).copies == 1
    _deposer(b"deux")
    seconde = _sauvegarder(dossier)
    assert (seconde.copies, seconde.manifeste.nombre) == (1, 2)
    assert _contenus(seconde) == {b"un", b"deux"}


@pytest.mark.parametrize("etape", ["Base", "Fichiers"])
def test_une_sauvegarde_interrompue_se_voit_et_ne_se_restaure_pas(dossier: Path, etape: str) -> None:
    _deposer(b"un")
    bonne = _sauvegarder(dossier)

    def couper(phrase: str) -> None:
        if phrase.startswith(etape):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _sauvegarder(dossier, dire=couper)
    (reste,) = interrompues(dossier)
    assert reste.name.endswith("-en-cours")
    assert choisir_la_sauvegarde(dossier) == bonne.dossier
    phrases: list[str] = []
    _sauvegarder(dossier, dire=phrases.append)
    assert any("n'avait pas été finie" in phrase for phrase in phrases)
    assert interrompues(dossier) == []
    assert len(terminees(dossier)) == 2


def test_ce_que_le_stockage_a_perdu_ou_change_se_dit_et_n_arrete_pas_le_reste(dossier: Path) -> None:
    perdu, change, sain = _deposer(b"perdu"), _deposer(b"change"), _deposer(b"sain")
    default_storage.delete(perdu.cle)
    Path(default_storage.path(change.cle)).write_bytes(b"autres")
    bilan = _sauvegarder(dossier)
    assert (bilan.manifeste.perdus, bilan.manifeste.alteres) == ([perdu.empreinte], [change.empreinte])
    assert len(bilan.manifeste.defauts) == 2
    assert bilan.copies == 1
    assert [copie.name for copie in (dossier / "fichiers").glob("*/*/*")] == [sain.empreinte]


def test_une_coupure_de_la_base_pendant_la_sauvegarde_est_dite(dossier: Path) -> None:
    _deposer(b"un")

    def couper(phrase: str) -> None:
        if phrase.startswith("Fichiers"):
            with base.connecter() as lien:
                lien.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                    "AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database "
                    "WHERE datname = current_database())"
                )

    with pytest.raises(SauvegardeImpossible, match="la base ne répond plus"):
        _sauvegarder(dossier, dire=couper)
    assert terminees(dossier) == []


def test_seules_les_dernieres_sont_gardees_avec_leurs_fichiers(dossier: Path) -> None:
    ancien = _deposer(b"ancien")
    _sauvegarder(dossier)
    services.oublier(ancien)
    for contenu in (b"un", b"deux"):
        _deposer(contenu)
        bilan = _sauvegarder(dossier, garder=2)
    assert bilan.oubliees == 1
    assert len(terminees(dossier)) == 2
    assert {f.read_bytes() for f in (dossier / "fichiers").glob("*/*/*")} == {b"un", b"deux"}


def test_deux_sauvegardes_ne_se_font_pas_ensemble_dans_un_dossier(dossier: Path) -> None:
    def recommencer(phrase: str) -> None:
        with pytest.raises(SauvegardeImpossible, match="une autre sauvegarde est en cours"):
            _sauvegarder(dossier)

    _sauvegarder(dossier, dire=recommencer)
    assert len(terminees(dossier)) == 1


@pytest.mark.parametrize("nom", ["base.dump", "tetes.txt", "fichiers.txt"])
def test_une_sauvegarde_abimee_est_reconnue(dossier: Path, nom: str) -> None:
    _deposer(b"un")
    sauvegarde = _sauvegarder(dossier).dossier
    assert controler_les_fichiers(sauvegarde)[1] == []
    octets = bytearray((sauvegarde / nom).read_bytes() or b"x")
    octets[-1] ^= 1
    (sauvegarde / nom).write_bytes(octets)
    assert controler_les_fichiers(sauvegarde)[1] == [
        f"{nom} n'est pas ce que le manifeste annonce : il a été changé ou abîmé"
    ]
    (sauvegarde / nom).unlink()
    assert controler_les_fichiers(sauvegarde)[1] == [f"{nom} manque"]


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [("{", "illisible"), ("{}", "illisible"), ("[]", "illisible"), (None, "n'est pas une sauvegarde finie")],
)
def test_un_manifeste_qui_ne_se_lit_pas_est_dit(dossier: Path, texte: str | None, phrase: str) -> None:
    sauvegarde = _sauvegarder(dossier).dossier
    manifeste = sauvegarde / "manifeste.json"
    manifeste.unlink() if texte is None else manifeste.write_text(texte)
    with pytest.raises(SauvegardeImpossible, match=phrase):
        Manifeste.lire(sauvegarde)


def test_une_version_sans_outil_est_dite_avec_le_paquet_a_installer() -> None:
    with pytest.raises(SauvegardeImpossible, match="postgresql-client-99"):
        base.outil("pg_dump", 99)
    with base.connecter() as lien:
        version = base.version_du_serveur(lien)
    assert base.outil("pg_restore", version)[1] == version


def test_une_restauration_par_le_role_qui_sert_les_pages_dit_lequel_il_faut() -> None:
    with base.connecter() as lien, lien.transaction(force_rollback=True):
        base.exiger_le_proprietaire(lien)
        lien.execute("CREATE ROLE essai_pages")
        lien.execute("SET LOCAL ROLE essai_pages")
        with pytest.raises(SauvegardeImpossible, match=r"« essai_pages » .* rôle propriétaire"):
            base.exiger_le_proprietaire(lien)


def test_ce_que_dit_un_outil_qui_echoue_est_son_erreur_non_ce_qui_la_suit() -> None:
    dit = b"pg_restore: error: permission denied\nCommand was: CREATE TABLE essai (\n    rang integer\n);\n"
    assert dire_erreur(dit) == "pg_restore: error: permission denied"
    assert dire_erreur("gpg: rien à lire\ngpg: abandon\n".encode()) == "gpg: abandon"


def test_rien_ne_s_ecrit_en_clair_sans_qu_on_le_demande(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choisir([], en_clair=True) == EN_CLAIR
    with pytest.raises(SauvegardeImpossible, match="aucun destinataire n'est donné"):
        choisir([], en_clair=False)
    with pytest.raises(SauvegardeImpossible, match="les uns d'age, les autres de GPG"):
        choisir(["age1invente", "A0B1C2"], en_clair=False)
    monkeypatch.setenv("PATH", "/rien")
    for cle, commande in (("age1invente", "apt install age"), ("A0B1C2", "apt install gnupg")):
        with pytest.raises(SauvegardeImpossible, match=commande):
            choisir([cle], en_clair=False)
