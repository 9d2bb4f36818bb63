"""The journal cannot be rewritten, and a rewriting by force is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de, ruptures, tetes
from segurnum.journal.services import Fait, consigner

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]


def _consigner(*gestes: str, chaine: str = "dossier:X") -> None:
    qui = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    consigner(
        [
            Fait(
                chaine=chaine,
                objet="demande:1",
                geste=g,
                auteur=qui,
                details={"é": [1, "2"]},
            )
            for g in gestes
        ]
    )


def _de_force(ordre: str) -> None:
    """What a database administrator could do: rewrite with the guards off."""
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(ordre)
        curseur.execute("SET LOCAL session_replication_role = origin")


def test_chaque_chaine_est_numerotee_et_chainee_meme_ecrite_en_lot() -> None:
    _consigner("A", "B", chaine="dossier:X")
    _consigner("C", chaine="dossier:Y")
    _consigner("D", chaine="dossier:X")
    suite = list(evenements_de("dossier:X"))
    assert [(e.rang, e.geste) for e in suite] == [(1, "A"), (2, "B"), (3, "D")]
    assert [e.empreinte_precedente for e in suite] == ["", suite[0].empreinte, suite[1].empreinte]
    assert len({e.empreinte for e in Evenement.objects.all()}) == 4
    assert ruptures() == []
    assert tetes() == {
        "dossier:X": suite[-1].empreinte,
        "dossier:Y": Evenement.objects.get(geste="C").empreinte,
    }


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE journal_evenement SET motif = 'autre'",
        "DELETE FROM journal_evenement",
        "TRUNCATE journal_evenement",
    ],
)
def test_la_base_refuse_de_modifier_ou_d_effacer(ordre: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE journal_evenement ENABLE TRIGGER journal_sans_vidage")
    _consigner("A")
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after the commit that a test does not make
    with (
        pytest.raises(DatabaseError, match="ne se modifie pas"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(ordre)
    assert Evenement.objects.count() == 1


@pytest.mark.parametrize("colonne", ["motif", "geste", "avant", "apres", "role", "objet"])
def test_un_contenu_retouche_de_force_est_trouve(colonne: str) -> None:
    _consigner("A", "B", "C")
    _de_force(f"UPDATE journal_evenement SET {colonne} = 'faux' WHERE rang = 2")
    assert [(r.rang, r.defaut) for r in ruptures()] == [(2, "le contenu a changé")]


def test_un_evenement_supprime_de_force_est_trouve() -> None:
    _consigner("A", "B", "C")
    _de_force("DELETE FROM journal_evenement WHERE rang = 2")
    assert [r.rang for r in ruptures()] == [3]
