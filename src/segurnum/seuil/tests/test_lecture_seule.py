"""What is only looked at changes nothing: PostgreSQL refuses it, whichever way the writing takes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais import usines
from segurnum.exports import listes
from segurnum.seuil.lecture_seule import (
    EcritureInterdite,
    GetEnLectureSeule,
    lecture_seule,
)
from segurnum.web.tests.depot import Fournisseur, en_cours

Vue = Callable[[HttpRequest], Any]
ECRITURES = [
    "UPDATE comptes_utilisateur SET first_name = 'lu'",
    "WITH change AS (UPDATE comptes_utilisateur SET first_name = 'lu' RETURNING id) SELECT * FROM change",
    "SELECT id FROM comptes_utilisateur FOR UPDATE",
    "SELECT nextval('comptes_utilisateur_id_seq')",
    "TRUNCATE comptes_utilisateur CASCADE",
    "CREATE TABLE lu (id integer)",
]


def ecrire(ordre: str = ECRITURES[0]) -> None:
    with connection.cursor() as curseur:
        curseur.execute(ordre)


def compter() -> int:
    return Utilisateur.objects.count()


def repondre(vue: Vue, methode: str = "GET") -> Any:
    return GetEnLectureSeule(vue)(RequestFactory().generic(methode, "/"))


def vue(geste: Callable[[], object]) -> Vue:
    def repondre(requete: HttpRequest) -> HttpResponse:
        geste()
        return HttpResponse()

    return repondre


@pytest.mark.django_db
@pytest.mark.parametrize("ordre", ECRITURES)
def test_aucune_ecriture_ne_passe_quelle_que_soit_sa_forme(ordre: str) -> None:
    with pytest.raises(EcritureInterdite):
        repondre(vue(lambda: ecrire(ordre)))


@pytest.mark.django_db
@pytest.mark.parametrize("methode", ["HEAD", "OPTIONS", "TRACE"])
def test_ce_qui_passe_sans_jeton_ne_fait_que_lire_aussi(methode: str) -> None:
    with pytest.raises(EcritureInterdite):
        repondre(vue(ecrire), methode)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ordre", ECRITURES)
def test_hors_de_toute_transaction_non_plus(ordre: str) -> None:
    with pytest.raises(EcritureInterdite):
        repondre(vue(lambda: ecrire(ordre)))
    ecrire()


@pytest.mark.django_db(transaction=True)
def test_une_transaction_de_la_vue_est_tenue_elle_aussi() -> None:
    def dans_sa_transaction() -> None:
        with transaction.atomic():
            ecrire()

    with pytest.raises(EcritureInterdite):
        repondre(vue(dans_sa_transaction))


@pytest.mark.django_db(transaction=True)
def test_la_connexion_rendue_ecrit_de_nouveau() -> None:
    usines.utilisateur(Profil.GESTIONNAIRE)
    repondre(vue(compter))
    assert connection.get_autocommit()
    assert not connection.in_atomic_block
    ecrire()
    assert Utilisateur.objects.get().first_name == "lu"
    with connection.cursor() as curseur:
        curseur.execute("SHOW default_transaction_read_only")
        assert curseur.fetchone() == ("off",)


@pytest.mark.django_db(transaction=True)
def test_une_lecture_qui_echoue_ne_laisse_rien_d_ouvert() -> None:
    def fautive() -> None:
        compter()
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1/0")

    with pytest.raises(DatabaseError):
        repondre(vue(fautive))
    assert not connection.in_atomic_block
    ecrire()


@pytest.mark.django_db(transaction=True)
def test_une_erreur_que_la_vue_rattrape_ne_bloque_pas_la_suite() -> None:
    """The page is still sent; the middleware gives the connection back in order."""

    def rattrapee() -> None:
        with pytest.raises(DatabaseError):
            ecrire("SELECT 1/0")
        assert compter() == 0
        with pytest.raises(EcritureInterdite):
            ecrire()

    assert repondre(vue(rattrapee)).status_code == 200
    ecrire()


@pytest.mark.django_db
@pytest.mark.parametrize("methode", ["GET", "HEAD"])
def test_regarder_est_tenu_et_envoyer_ne_l_est_pas(methode: str) -> None:
    with pytest.raises(EcritureInterdite):
        repondre(vue(ecrire), methode)
    assert repondre(vue(ecrire), "POST").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_le_corps_d_un_export_est_lu_dans_la_meme_tenue() -> None:
    def lignes() -> Iterator[bytes]:
        yield b"%d" % compter()
        ecrire()
        yield b"jamais"

    reponse = repondre(lambda _: StreamingHttpResponse(lignes()))
    corps = iter(reponse.streaming_content)
    assert next(corps) == b"0"
    with pytest.raises(EcritureInterdite):
        next(corps)
    assert not connection.in_atomic_block
    ecrire()


@pytest.mark.django_db(transaction=True)
def test_un_export_abandonne_rend_la_connexion() -> None:
    def lignes() -> Iterator[bytes]:
        while True:
            yield b"%d" % compter()

    reponse = repondre(lambda _: StreamingHttpResponse(lignes()))
    next(iter(reponse.streaming_content))
    assert connection.in_atomic_block
    reponse.close()
    assert not connection.in_atomic_block
    ecrire()


@pytest.mark.django_db
def test_un_export_du_portail_qui_ecrirait_est_arrete(monkeypatch: pytest.MonkeyPatch) -> None:
    def fautif(*_: object) -> None:
        ecrire()

    fournisseur = Fournisseur()
    en_cours(fournisseur.deposant)
    monkeypatch.setattr(listes, "demandes_a_exporter", fautif)
    with pytest.raises(EcritureInterdite):
        b"".join(fournisseur.faire("demandes_csv").streaming_content)


@pytest.mark.django_db(transaction=True)
def test_un_fichier_servi_garde_sa_voie_directe() -> None:
    fichier = FileResponse(iter([b"octets"]))
    assert repondre(lambda _: fichier) is fichier


@pytest.mark.django_db(transaction=True)
def test_une_page_qui_ne_lit_rien_ne_demande_rien_a_la_base(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        repondre(vue(lambda: None))


@pytest.mark.django_db(transaction=True)
def test_la_tenue_sert_aussi_hors_des_pages() -> None:
    with lecture_seule():
        assert compter() == 0
        with pytest.raises(EcritureInterdite):
            ecrire()
    ecrire()
