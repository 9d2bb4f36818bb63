"""A constraint of the tables is told to whoever typed what it refuses, in the portal's own words."""

import logging

import pytest
from django.db import connection

from segurnum.base.contraintes import CONTRAINTES, IMPREVUE, contraintes_dites
from segurnum.paiements.models import Enveloppe
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db


def test_un_nom_deja_pris_est_dit_a_son_champ_et_la_transaction_continue() -> None:
    Enveloppe.objects.create(libelle="Une enveloppe à part", dsr=["X"], montant=1)
    with pytest.raises(GesteImpossible, match="porte déjà ce nom") as refus, contraintes_dites():
        Enveloppe.objects.create(libelle="Une enveloppe à part", dsr=["Y"], montant=1)
    assert refus.value.champ == "libelle"
    assert Enveloppe.objects.filter(libelle="Une enveloppe à part").count() == 1


def test_une_contrainte_sans_phrase_se_dit_aussi_et_s_ecrit_au_journal_technique(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(RefusMetier, match="contredit ce que le portail garde") as refus,
        contraintes_dites(),
    ):
        Enveloppe.objects.create(libelle="Négative", dsr=["X"], montant=1, decide=2)
    assert refus.value.champ is IMPREVUE[0]
    assert "enveloppe_jamais_depassee" in caplog.text


def test_chaque_contrainte_dite_existe_dans_la_base() -> None:
    with connection.cursor() as curseur:
        # A constraint, an index, or what a trigger raises under a name of its own.
        curseur.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes UNION "
            "SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''(\\w+)''', 'g'))[1] FROM pg_proc"
        )
        connues = {nom for (nom,) in curseur.fetchall()}
    assert set(CONTRAINTES) <= connues
