"""What becomes of a long export that does not end well: told, asked for again, cancelled, and never left behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.exports import services
from segurnum.exports.models import EtatExport, Export
from segurnum.exports.tests.test_exports import demander
from segurnum.fichiers.models import Fichier
from segurnum.notifications import services as notifications
from segurnum.notifications.queries import notifications_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.notifications import Famille, Mode
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.fixture
def fournisseur() -> Fournisseur:
    return Fournisseur()


@pytest.fixture
def personne(fournisseur: Fournisseur) -> Utilisateur:
    return fournisseur.deposant.utilisateur


@pytest.fixture
def export(fournisseur: Fournisseur, personne: Utilisateur) -> Export:
    return demander(personne, usines.demande(inscrit=fournisseur.deposant.enrolement).pk)


def _abandonner(export: Export) -> None:
    """The queue gives its job up, after the last of its tries."""
    ProcrastinateJob.objects.filter(lock=f"export:{export.pk}")._raw_delete("default")
    services.constater_les_abandons()
    export.refresh_from_db()


def _dits(personne: Utilisateur) -> list[str]:
    return [dite.texte for dite in notifications_de(personne)]


def test_un_export_pret_se_dit_sur_le_portail_et_par_courriel(
    fournisseur: Fournisseur, personne: Utilisateur, export: Export
):
    services.preparer(export=export.pk)
    (courriel,) = Courriel.objects.filter(code="M118")
    assert (courriel.destinataire, export.nom in courriel.objet) == (personne.email, True)
    assert reverse("fournisseur:exports_prepares") in courriel.corps
    assert _dits(personne) == [f"L'export {export.nom} est prêt"]
    page = fournisseur.lire("notifications")
    assert f"L'export {export.nom} est prêt" in mots(page)
    assert f'href="{reverse("fournisseur:exports_prepares")}"' in page.content.decode()


def test_qui_ne_veut_rien_en_savoir_ne_recoit_rien(personne: Utilisateur, export: Export):
    notifications.regler(personne=personne, modes={Famille.EXPORT: Mode.AUCUN})
    services.preparer(export=export.pk)
    assert not Courriel.objects.filter(code="M118").exists()
    assert _dits(personne) == []


def test_un_export_que_la_file_abandonne_le_dit_et_libere_sa_place(
    fournisseur: Fournisseur, personne: Utilisateur, export: Export
):
    for _ in range(services.ENSEMBLE - 1):
        demander(personne, 1)
    assert services.constater_les_abandons() == 0, "les tâches de la file les préparent encore"
    _abandonner(export)
    assert export.echoue
    assert Export.objects.filter(etat=EtatExport.EN_PREPARATION).count() == services.ENSEMBLE - 1
    page = mots(fournisseur.lire("exports_prepares"))
    assert "Préparation impossible Le portail n'a pas réussi à écrire ce fichier." in page
    assert Courriel.objects.filter(code="M119", destinataire=personne.email).exists()
    assert f"L'export {export.nom} n'a pas pu être préparé" in _dits(personne)
    demander(personne, 1)


def test_un_export_impossible_se_demande_de_nouveau(fournisseur: Fournisseur, export: Export):
    _abandonner(export)
    assert "Demander de nouveau" in mots(fournisseur.lire("exports_prepares"))
    fournisseur.faire("redemander_export", export.pk)
    export.refresh_from_db()
    assert export.en_preparation
    assert ProcrastinateJob.objects.filter(lock=f"export:{export.pk}", status="todo").exists()
    services.preparer(export=export.pk)
    assert Export.objects.get().etat is EtatExport.PRET
    refus = fournisseur.suivre(fournisseur.faire("redemander_export", export.pk))
    assert "n'est plus à demander de nouveau" in mots(refus)


def test_demander_de_nouveau_compte_parmi_les_cinq(personne: Utilisateur, export: Export):
    _abandonner(export)
    for _ in range(services.ENSEMBLE):
        demander(personne, 1)
    assert personne.entreprise is not None
    with pytest.raises(GesteImpossible, match="déjà en préparation"):
        services.redemander(auteur=auteur(personne), entreprise=personne.entreprise, export=export.pk)


def test_qui_l_a_demande_annule_un_export(fournisseur: Fournisseur, export: Export):
    assert "Annuler" in mots(fournisseur.lire("exports_prepares"))
    page = fournisseur.suivre(fournisseur.faire("annuler_export", export.pk))
    assert "L'export est annulé." in mots(page)
    assert not Export.objects.exists()


def test_un_collegue_ne_l_annule_pas(personne: Utilisateur, export: Export):
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=personne.entreprise)
    assert personne.entreprise is not None
    with pytest.raises(GesteImpossible, match="Seule la personne"):
        services.annuler(auteur=auteur(collegue), entreprise=personne.entreprise, export=export.pk)
    assert Export.objects.get() == export


def test_l_export_d_une_autre_entreprise_ne_se_touche_pas(export: Export):
    autre = Fournisseur()
    for geste in ("annuler_export", "redemander_export"):
        assert autre.faire(geste, export.pk).status_code == 404
    assert Export.objects.get().en_preparation


@pytest.mark.parametrize("fin", ["annule", "purge"])
def test_ce_qui_disparait_pendant_l_ecriture_ne_laisse_aucun_fichier(
    fin: str, personne: Utilisateur, export: Export, monkeypatch: pytest.MonkeyPatch
):
    def ecrire(*_: Any) -> Iterator[bytes]:
        yield b"debut"
        if fin == "annule":
            assert personne.entreprise is not None
            services.annuler(auteur=auteur(personne), entreprise=personne.entreprise, export=export.pk)
        else:
            assert services.purger(instant=maintenant() + timedelta(hours=25)) == 1
        yield b"fin"

    monkeypatch.setattr(services, "composer", ecrire)
    avant = Fichier.objects.count()
    services.preparer(export=export.pk)
    assert not Export.objects.exists()
    assert Fichier.objects.count() == avant
    assert _dits(personne) == []


def test_l_ouvrier_s_arrete_au_lot_qui_suit_l_annulation(
    personne: Utilisateur, export: Export, monkeypatch: pytest.MonkeyPatch
):
    Export.objects.filter(pk=export.pk).update(cles=[1, 2, 3])
    monkeypatch.setattr("segurnum.exports.listes.LOT", 1)
    lus = []

    def copier(*_: Any) -> Iterator[bytes]:
        lus.append(1)
        Export.objects.all().delete()
        yield b""

    monkeypatch.setattr("segurnum.exports.listes.copier", copier)
    services.preparer(export=export.pk)
    assert lus == [1]
