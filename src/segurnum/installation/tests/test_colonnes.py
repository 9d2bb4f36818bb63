"""Each column of what is proved is falsified in turn, and told; those that are not are here, with the reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.falsifications import de_force, reecrire, supprimer_la_chaine, supprimer_la_fin
from segurnum.essais.partage import essai_annule, fait_une_fois
from segurnum.grand_livre import verification as grand_livre
from segurnum.installation import verification
from segurnum.installation.services import ecrire_les_tetes
from segurnum.installation.tests import monde

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.exigence("GST-032")]

_LIEN = "the digest of a secret link that is sent anew without a word, or its end: it opens nothing by itself"
_ECHEANCE = (
    "a due date that sweeps and outages move without a gesture: what it leads to is a gesture, and is told"
)
# Columns that a verifier does not tell, and why none needs to.
NON_DITES = {
    "demandes.Demande": {"expire_le": _ECHEANCE, "rappel_le": _ECHEANCE, "cloture_le": _ECHEANCE},
    "recouvrements.Recouvrement": {"relance_le": _ECHEANCE},
    "financements.Contestation": {"rappel_le": _ECHEANCE},
    "enrolements.Enrolement": {
        "empreinte_lien": _LIEN,
        "lien_expire_le": _LIEN,
        "empreinte_suivi": _LIEN,
        "empreinte_suivi_demande": _LIEN,
        "suivi_expire_le": _LIEN,
        "relances": "how many reminders were sent: each is an event",
        "ans_annonce_le": "when a mail was sent: it is an event",
    },
    "coordonnees.ModificationBancaire": {"empreinte_jeton": _LIEN, "jeton_expire_le": _LIEN},
    "comptes.Utilisateur": {
        "password": "written again at a sign-in when the cost of digests rises: each choice is an event",
        "last_login": "each sign-in is an event",
        "theme": "how somebody reads",
    },
    "annuaire_sante.Extrait": {"adresses_oubliees_le": "when its addresses were forgotten: it is an event"},
    "fichiers.Fichier": {
        "taille": "the bytes are proved by their digest, which the store is read against",
        "analyse": "what the antivirus last said",
        "cree_le": "when bytes first came, whoever brought them",
    },
}
# Every column of these but those.
PROUVES = (
    *("demandes.Dossier", "demandes.Demande", "demandes.Octroi", "demandes.VersionDemande"),
    *("demandes.Beneficiaire", "demandes.PieceJustificative", "fichiers.Fichier"),
    *("paiements.Enveloppe", "paiements.Decision", "paiements.Versement"),
    *("recouvrements.Recouvrement", "recouvrements.Reglement", "recouvrements.SerieTitres"),
    *("grand_livre.Ecriture", "grand_livre.Mouvement", "grand_livre.Compteur"),
    *("enrolements.Enrolement", "enrolements.PieceEnrolement", "enrolements.RegimeTVA"),
    *("comptes.Entreprise", "comptes.Utilisateur", "comptes.Habilitation", "comptes.CoordonneesBancaires"),
    *("coordonnees.PersonnePhysique", "coordonnees.ModificationPersonnes", "coordonnees.PieceModification"),
    *("coordonnees.ModificationBancaire", "modeles.ModeleDocument"),
    *("financements.Financement", "financements.Revendication", "financements.Accord"),
    *("financements.Contestation", "financements.Partie", "financements.PiecePartie"),
    *("annuaire_sante.Extrait", "annuaire_sante.CompteDomaine", "annuaire_sante.DomaineOperateur"),
    *("annuaire_sante.ComptageFourni", "annuaire_sante.PropositionComptages"),
    *("referentiel.Referencement", "referentiel.Projet", "referentiel.FenetreDepot"),
    *("referentiel.Plafond", "referentiel.Bareme"),
)
_ECRITURE = "id = (SELECT max(id) FROM grand_livre_ecriture WHERE operation = '{}')"
# Of which rows, where the last alone is not enough, or is one that a factory wrote without a gesture.
LIGNES = {
    "fichiers.Fichier": [
        "id = (SELECT max(fichier_id) FROM demandes_piecejustificative WHERE origine = 'AGENCE')",
        "id = (SELECT max(avis_id) FROM paiements_versement)",
    ],
    "referentiel.Plafond": [
        "id = (SELECT max(id) FROM referentiel_plafond WHERE projet_id IS NULL)",
        "id = (SELECT max(id) FROM referentiel_plafond WHERE projet_id IS NOT NULL)",
    ],
    "enrolements.Enrolement": ["id = (SELECT max(enrolement_id) FROM enrolements_regimetva)"],
    "grand_livre.Ecriture": [
        _ECRITURE.format(operation)
        for operation in ("CREDIT", "ENGAGEMENT", "MISE_EN_PAIEMENT", "PAIEMENT", "ORDRE", "REMBOURSEMENT")
    ],
}


@pytest.fixture(scope="module")
def monde_entier(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    def faire() -> None:
        monde.naitre(tmp_path_factory.mktemp("monde"))
        _lever_les_contraintes()

    with fait_une_fois(django_db_blocker, faire):
        yield


def _lever_les_contraintes() -> None:
    """Whoever falsifies as a superuser lifts them too."""
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
        )
        for table, nom in curseur.fetchall():
            curseur.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{nom}"')


def _autre(champ: models.Field) -> str:  # type: ignore[type-arg]
    """SQL of another value than the one that is there."""
    colonne, genre = champ.column, str(champ.db_type(connection))
    if isinstance(champ, models.BooleanField):
        return f"NOT {colonne}"
    if genre.endswith("[]"):
        return f"array_append({colonne}, 'Z')"
    if genre == "jsonb":
        return "'{\"faux\": 1}'"
    if genre == "date":
        return f"coalesce({colonne} + 1, current_date)"
    if genre.startswith("timestamp"):
        return f"coalesce({colonne} + interval '1 day', now())"
    if genre.startswith("numeric"):
        return f"coalesce({colonne} + 1, 1)"
    if genre in ("bigint", "integer", "smallint"):
        return f"coalesce({colonne} + 10007, 1)"  # nobody's key
    return f"CASE WHEN {colonne} = 'Z' THEN 'Y' ELSE 'Z' END"


class _DitError(Exception):
    """The first thing that a verifier says."""


def _premiere_anomalie() -> str:
    def dire(phrase: str) -> None:
        raise _DitError(phrase)

    try:
        verification.verifier(dire)
    except _DitError as dite:
        return str(dite)
    return next(grand_livre.anomalies(), "")


def _colonnes(modele: str) -> list[models.Field]:  # type: ignore[type-arg]
    return [champ for champ in apps.get_model(modele)._meta.concrete_fields if not champ.primary_key]


@pytest.mark.usefixtures("monde_entier")
def test_ce_monde_se_verifie() -> None:
    assert _premiere_anomalie() == ""


@pytest.mark.usefixtures("monde_entier")
@pytest.mark.parametrize("modele", PROUVES)
def test_chaque_colonne_falsifiee_est_dite_ou_a_sa_raison(modele: str) -> None:
    table = apps.get_model(modele)._meta.db_table
    raisons = NON_DITES.get(modele, {})
    tues = []
    for ligne in LIGNES.get(modele, [f"id = (SELECT max(id) FROM {table})"]):
        for champ in _colonnes(modele):
            if champ.name in raisons:
                continue
            with essai_annule():
                de_force(f"UPDATE {table} SET {champ.column} = {_autre(champ)} WHERE {ligne}")
                if not _premiere_anomalie():
                    tues.append(f"{champ.name} où {ligne}")
    assert not tues, f"{modele} : {' ; '.join(tues)}"
    assert not set(raisons) - {champ.name for champ in _colonnes(modele)}


@pytest.mark.usefixtures("monde_entier")
@pytest.mark.parametrize("modele", PROUVES)
def test_chaque_ligne_supprimee_est_dite(modele: str) -> None:
    table = apps.get_model(modele)._meta.db_table
    for ligne in LIGNES.get(modele, [f"id = (SELECT max(id) FROM {table})"]):
        with essai_annule():
            de_force(f"DELETE FROM {table} WHERE {ligne}")
            assert _premiere_anomalie(), ligne


@pytest.mark.usefixtures("monde_entier")
@pytest.mark.parametrize("modele", PROUVES)
def test_chaque_ligne_ajoutee_est_dite_ou_refusee(modele: str) -> None:
    table = apps.get_model(modele)._meta.db_table
    colonnes = ", ".join(f'"{champ.column}"' for champ in _colonnes(modele))
    for ligne in LIGNES.get(modele, [f"id = (SELECT max(id) FROM {table})"]):
        with essai_annule():
            try:
                with transaction.atomic():
                    de_force(f"INSERT INTO {table} ({colonnes}) SELECT {colonnes} FROM {table} WHERE {ligne}")
            except IntegrityError:  # one alone of this name: the table itself refuses
                continue
            assert _premiere_anomalie(), ligne


@pytest.mark.usefixtures("monde_entier")
@pytest.mark.parametrize("falsifier", [supprimer_la_chaine, supprimer_la_fin, reecrire])
def test_de_toute_sorte_de_chaine_ce_que_des_tetes_ont_emporte_se_retrouve(
    falsifier: Callable[[str, int], None], tmp_path: Path
) -> None:
    tetes = ecrire_les_tetes(sortie=tmp_path / "tetes.txt")
    for chaine in _une_chaine_de_chaque_sorte():
        with essai_annule():
            falsifier(chaine, 1)
            dites: list[str] = []
            verification.verifier(dites.append, tetes)
            assert any(f"Chaîne {chaine}," in dite and "depuis les têtes" in dite for dite in dites), chaine


def _une_chaine_de_chaque_sorte() -> list[str]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT max(chaine) FROM journal_evenement GROUP BY split_part(chaine, ':', 1)")
        return [nom for (nom,) in curseur.fetchall()]


def test_ce_qui_n_est_pas_dit_est_dans_le_guide() -> None:
    page = (Path(__file__).parents[4] / "docs" / "operations" / "journal.md").read_text("utf-8")
    assert [nom for raisons in NON_DITES.values() for nom in raisons if f"`{nom}`" not in page] == []
