"""The journal cannot be rewritten, and a rewriting by force is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de, ruptures
from segurnum.journal.services import Fait, consigner
from segurnum.journal.verification import tetes

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
    assert {tete.chaine: tete.empreinte for tete in tetes() if tete.chaine.startswith("dossier:")} == {
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


def test_un_evenement_ote_puis_rechaine_de_force_est_trouve_par_son_rang() -> None:
    """Whoever removes a fact and seals the two ends again leaves a hole in the ranks."""
    _consigner("A", "B", "C")
    premier = Evenement.objects.get(rang=1)
    _de_force("DELETE FROM journal_evenement WHERE rang = 2")
    _de_force(f"UPDATE journal_evenement SET empreinte_precedente = '{premier.empreinte}' WHERE rang = 3")
    _de_force("UPDATE journal_evenement e SET empreinte = journal_empreinte(e) WHERE rang = 3")
    assert [(r.chaine, r.rang, r.defaut) for r in ruptures()] == [
        ("dossier:X", 3, "un événement manque avant celui-ci")
    ]


def test_un_evenement_recopie_de_force_dans_une_autre_chaine_est_trouve() -> None:
    _consigner("A", "B", chaine="dossier:X")
    _consigner("C", "D", chaine="dossier:Y")
    _de_force(
        "UPDATE journal_evenement SET empreinte_precedente = "
        "(SELECT empreinte FROM journal_evenement WHERE geste = 'A') WHERE geste = 'D'"
    )
    _de_force("UPDATE journal_evenement e SET empreinte = journal_empreinte(e) WHERE geste = 'D'")
    assert [(r.chaine, r.rang, r.defaut) for r in ruptures()] == [("dossier:Y", 2, "la chaîne est rompue")]


def test_le_rang_est_donne_par_la_base_et_les_evenements_se_lisent_dans_son_ordre() -> None:
    _consigner("A")
    for geste in ("B", "C"):
        Evenement.objects.create(chaine="dossier:X", objet="demande:1", geste=geste, role="SYSTEME", rang=9)
    assert [(e.rang, e.geste) for e in evenements_de("dossier:X")] == [(1, "A"), (2, "B"), (3, "C")]
    # Read in the order of the ranks, whatever the order of the rows and the way that the server takes to them.
    _de_force("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
    _de_force("UPDATE journal_evenement SET motif = 'autre' WHERE rang = 1")
    assert [e.geste for e in evenements_de("dossier:X")] == ["A", "B", "C"]
