"""What nobody owns is erased after a while, and nothing else."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.editorial.models import DocumentUtile
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.fichiers import services
from segurnum.fichiers.menage import effacer_les_fichiers_sans_proprietaire, effacer_les_octets_sans_ligne
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.queries import rapprocher
from segurnum.fichiers.tasks import rapprocher_la_nuit
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db


def _vieux(contenu: bytes, jours: int = 8) -> Fichier:
    fichier = services.deposer(flux=io.BytesIO(contenu))
    Fichier.objects.filter(pk=fichier.pk).update(cree_le=maintenant() - timedelta(days=jours))
    return fichier


@pytest.mark.exigence("XCT-005")
def test_ce_que_personne_ne_possede_disparait_apres_le_delai(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.GARDE_FICHIERS = 7
    oublie, recent = _vieux(b"oublie"), _vieux(b"recent", jours=6)
    piece, document = _vieux(b"d une piece"), _vieux(b"d un document")
    usines.piece_enrolement(usines.enrolement_depose(types=()), TypePiece.RIB, fichier=piece)
    DocumentUtile.objects.create(titre="D", fichier=document, nom_fichier="d.txt")
    with django_capture_on_commit_callbacks() as a_la_validation:
        assert effacer_les_fichiers_sans_proprietaire(instant=maintenant()) == 1
    # Until the row's end is committed, its bytes are there: a transaction that fails has lost nothing.
    assert default_storage.exists(oublie.cle)
    for effacer in a_la_validation:
        effacer()
    restants = set(Fichier.objects.all())
    assert {recent, piece, document} <= restants
    assert oublie not in restants
    assert not default_storage.exists(oublie.cle)
    assert rapprocher().intact


@pytest.mark.exigence("PUB-030", "XCT-005")
def test_le_fichier_d_un_message_jamais_envoye_disparait_une_nuit(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    envoi = {"piece_jointe": SimpleUploadedFile("trace.txt", b"une trace")}
    assert Client().post(reverse("public:assistance"), envoi).status_code == 422
    assert Fichier.objects.exists()
    rapprocher_la_nuit(0)
    assert Fichier.objects.exists()
    Fichier.objects.update(cree_le=maintenant() - timedelta(days=settings.GARDE_FICHIERS + 1))
    rapprocher_la_nuit(0)
    assert not Fichier.objects.exists()


def test_un_fichier_pris_au_dernier_moment_garde_ses_octets(monkeypatch: pytest.MonkeyPatch) -> None:
    fichier = _vieux(b"pris")
    effacer = Fichier.objects.all().__class__.delete

    def pris_apres_le_regard(lignes: Any) -> Any:
        resultat = effacer(lignes)
        usines.piece_enrolement(usines.enrolement_depose(types=()), TypePiece.RIB, fichier=fichier)
        return resultat

    monkeypatch.setattr(Fichier.objects.all().__class__, "delete", pris_apres_le_regard)
    assert effacer_les_fichiers_sans_proprietaire(instant=maintenant()) == 0
    assert default_storage.exists(fichier.cle)
    assert Fichier.objects.filter(pk=fichier.pk).exists()


def test_des_octets_ranges_puis_rendus_a_une_transaction_ratee_disparaissent_une_nuit(settings: Any) -> None:
    fichier = _vieux(b"sans ligne")
    Fichier.objects.filter(pk=fichier.pk).delete()
    assert fichier.cle in rapprocher().orphelins
    orphelins = [fichier.cle]
    assert effacer_les_octets_sans_ligne(orphelins, instant=maintenant()) == 0
    plus_tard = maintenant() + timedelta(days=settings.GARDE_FICHIERS + 1)
    assert effacer_les_octets_sans_ligne(orphelins, instant=plus_tard) == 1
    assert not default_storage.exists(fichier.cle)
    assert not Fichier.objects.exists()


def test_des_octets_apportes_de_nouveau_ne_sont_plus_vieux(settings: Any) -> None:
    fichier = _vieux(b"revenu", jours=settings.GARDE_FICHIERS + 1)
    services.deposer(flux=io.BytesIO(b"revenu"))
    assert effacer_les_fichiers_sans_proprietaire(instant=maintenant()) == 0
    assert not services.effacer_octets(fichier.cle)
    assert default_storage.exists(fichier.cle)
