"""Migrations on tables that have rows: they go back and forth, hold no table for long, and let no blank in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import IntegrityError, connection, migrations, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from monde import Monde

from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.demandes.models import Demande, Dossier
from segurnum.editorial.models import RubriqueFaq
from segurnum.enrolements.models import Enrolement
from segurnum.essais.falsifications import constater
from segurnum.journal.models import Evenement
from segurnum.referentiel.models import FenetreDepot, Plafond, Referencement

pytestmark = pytest.mark.django_db

CHARGEUR = MigrationLoader(None)
NOTRES = sorted(
    cle for cle in CHARGEUR.disk_migrations if apps.get_app_config(cle[0]).name.startswith("segurnum.")
)
SUIVANTES = [cle for cle in NOTRES if not CHARGEUR.disk_migrations[cle].initial]
APPLICATIONS = sorted({application for application, _ in NOTRES})
# Each holds a table while it reads or writes all its rows.
LENTES = (migrations.AddIndex, migrations.AddConstraint, migrations.AlterField)
SUR_UNE_TABLE_PLEINE = (AddIndexConcurrently, AddConstraintNotValid)


def _operations(cle: tuple[str, str]) -> Iterator[Any]:
    yield from CHARGEUR.disk_migrations[cle].operations


@pytest.mark.parametrize("cle", NOTRES, ids="-".join)
def test_une_migration_se_defait(cle: tuple[str, str]) -> None:
    assert [operation for operation in _operations(cle) if not operation.reversible] == []


@pytest.mark.parametrize("cle", SUIVANTES, ids="-".join)
def test_une_migration_ne_tient_aucune_table_pendant_qu_elle_la_lit(cle: tuple[str, str]) -> None:
    """Indexes are built, and constraints checked, beside the work; but on a table that the same migration creates."""
    creees = {op.name.lower() for op in _operations(cle) if isinstance(op, migrations.CreateModel)}
    lentes = [
        operation
        for operation in _operations(cle)
        if isinstance(operation, LENTES)
        and not isinstance(operation, SUR_UNE_TABLE_PLEINE)
        and operation.model_name.lower() not in creees
    ]
    assert lentes == []
    if any(isinstance(operation, ValidateConstraint) for operation in _operations(cle)):
        assert not CHARGEUR.disk_migrations[
            cle
        ].atomic  # the lock that adds it would last while the rows are read


def _vers(cibles: list[tuple[str, str | None]]) -> None:
    moteur = MigrationExecutor(connection)
    for migration in moteur.loader.graph.nodes.values():
        # In the transaction of a test nothing is built beside the work.
        migration.operations = [
            migrations.AddIndex(op.model_name, op.index) if isinstance(op, AddIndexConcurrently) else op
            for op in migration.operations
        ]
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    moteur.migrate(cibles)


def _objets() -> set[tuple[str, str]]:
    """Tables, sequences, indexes, functions and triggers of the base."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relkind::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "UNION SELECT 'f', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "UNION SELECT 't', tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION SELECT 'c', conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        return set(curseur.fetchall())


@pytest.mark.long
def test_les_migrations_suivantes_vont_et_viennent_sans_perdre_une_ligne(monde: Monde) -> None:
    tables = [modele for modele in apps.get_models() if modele._meta.app_label in APPLICATIONS]
    # What a later migration creates goes with it.
    recentes = {
        (application, operation.name.lower())
        for application, nom in SUIVANTES
        for operation in _operations((application, nom))
        if isinstance(operation, migrations.CreateModel)
    }
    # So does an application whose first tables stand on a later migration of another.
    venues = {
        application
        for application in APPLICATIONS
        if set(CHARGEUR.graph.forwards_plan((application, "0001_initial"))) & set(SUIVANTES)
    }
    tables = [modele for modele in tables if modele._meta.app_label not in venues]
    tables = [t for t in tables if (t._meta.app_label, t._meta.model_name) not in recentes]
    constater()  # what a migration tells of what no gesture told is told already
    lignes = {modele: modele._base_manager.count() for modele in tables}
    avant = _objets()
    _vers([(application, None if application in venues else "0001_initial") for application in APPLICATIONS])
    _vers(CHARGEUR.graph.leaf_nodes())
    assert _objets() == avant
    assert {modele: modele._base_manager.count() for modele in tables} == lignes


@pytest.mark.long
def test_tout_se_defait_sur_des_tables_pleines_et_se_refait(monde: Monde) -> None:
    assert Demande.objects.exists()
    avant = _objets()
    _vers([(application, None) for application in APPLICATIONS])
    assert not {nom for _, nom in _objets() if nom.startswith(tuple(f"{nom}_" for nom in APPLICATIONS))}
    _vers(CHARGEUR.graph.leaf_nodes())
    assert _objets() == avant
    assert RubriqueFaq.objects.count() == 20  # rows too


REMPLIS: dict[type[Model], tuple[str, ...]] = {
    Entreprise: ("siret", "denomination"),
    CoordonneesBancaires: ("iban", "titulaire"),
    Dossier: ("numero", "dsr"),
    Demande: ("numero", "dsr"),
    Enrolement: ("courriel",),
    Referencement: ("numero_ans", "logiciel", "dsr"),
    FenetreDepot: ("dsr",),
}


@pytest.mark.parametrize(
    ("modele", "champ"), [(modele, champ) for modele, champs in REMPLIS.items() for champ in champs]
)
def test_une_valeur_attendue_n_est_jamais_vide_en_base(
    modele: type[Model],
    champ: str,
    monde: Monde,
) -> None:
    ligne = modele._base_manager.order_by("pk")[:1]
    assert ligne
    with pytest.raises(IntegrityError, match="violates check constraint"), transaction.atomic():
        modele._base_manager.filter(pk__in=[trouvee.pk for trouvee in ligne]).update(**{champ: ""})


@pytest.mark.parametrize("champ", ["chaine", "objet", "geste"])
def test_un_evenement_dit_toujours_de_quoi_il_parle(champ: str) -> None:
    valeurs = {"chaine": "essai:1", "objet": "essai:1", "geste": "ESSAYER", "role": "SYSTEME"}
    with pytest.raises(IntegrityError, match="journal_evenement_nomme"), transaction.atomic():
        Evenement.objects.create(**valeurs | {champ: ""})


@pytest.mark.parametrize("champ", ["dsr", "identifiant", "source"])
def test_un_plafond_dit_toujours_d_ou_il_vient(champ: str) -> None:
    valeurs = {"dsr": "DSR-MS1-DUI-Va1", "identifiant": "1", "source": "Essai", "montant_ht": 1}
    with pytest.raises(IntegrityError, match="plafond_d_une_source"), transaction.atomic():
        Plafond.objects.create(**valeurs | {"date_effet": "2026-01-01", champ: ""})
