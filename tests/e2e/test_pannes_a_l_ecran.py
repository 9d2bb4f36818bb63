"""A part goes away while somebody is in front of their screen: what they read, and what is left of what they typed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import expect

from e2e.visiteurs import ORDINATEUR, Portail, Visiteur, fichier_json
from segurnum.comptes.models import Profil
from segurnum.demonstration import fabrique
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.operateurs import Operateur
from segurnum.fichiers.stockage import StockageLocal
from segurnum.limites.models import Interrupteur

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PLUS_DE_FICHIERS = "Le portail ne peut plus recevoir de fichiers pour le moment"
INDISPONIBLE = Path(__file__).parents[2] / "deploiement/pages/indisponible.html"  # shown by the proxies
HTML = "text/html; charset=utf-8"
PAS_ENREGISTRE = "Le portail ne peut pas enregistrer ce que vous envoyez pour le moment"


@contextmanager
def _panne(objet: Any, nom: str, erreur: Exception) -> Iterator[None]:
    def refuser(*args: Any, **options: Any) -> Any:
        raise erreur

    with pytest.MonkeyPatch.context() as panne:
        panne.setattr(objet, nom, refuser)
        yield


def disque_plein() -> Any:
    return _panne(StockageLocal, "_ecrire", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def base_coupee() -> Any:
    """Each request opens its connection, and this process has its own already."""
    return _panne(BaseDatabaseWrapper, "connect", OperationalError("connection refused"))


def _entrer(portail: Portail, personne: Any) -> Visiteur:
    personne.set_password(portail.mot_de_passe)
    personne.save()
    return portail.entrer(personne, ORDINATEUR)


@pytest.mark.exigence("XCT-008", "XCT-003")
def test_un_disque_plein_se_dit_a_cote_du_fichier_qui_reste_choisi(portail: Portail, deposant: Deposant):
    visiteur = portail.entrer(deposant.utilisateur)
    page = visiteur.page
    page.goto("/segurnums/importation")
    page.get_by_label("Type de demande").select_option(label="Avance")
    champ = page.get_by_label("Choisissez le fichier")
    champ.set_input_files(fichier_json(fabrique.en_octets(deposant.fichier(1))))
    with disque_plein():
        visiteur.bouton("Simuler").click()
        visiteur.lire(PLUS_DE_FICHIERS)
    with base_coupee():
        visiteur.bouton("Simuler").click()
        visiteur.lire(PAS_ENREGISTRE)
    assert champ.evaluate("champ => champ.files.length") == 1
    expect(champ).to_be_focused()
    visiteur.bouton("Simuler").click()
    visiteur.lire("Résultat de la simulation")


@pytest.mark.exigence("XCT-008")
def test_un_envoi_que_personne_n_a_pris_garde_son_fichier_et_ne_dit_pas_qu_il_est_perdu(
    portail: Portail, deposant: Deposant
):
    visiteur = portail.entrer(deposant.utilisateur)
    page, du_mandataire = visiteur.page, INDISPONIBLE.read_text()
    page.goto("/segurnums/importation")
    page.get_by_label("Type de demande").select_option(label="Avance")
    champ = page.get_by_label("Choisissez le fichier")
    champ.set_input_files(fichier_json(fabrique.en_octets(deposant.fichier(1))))
    page.route(
        "**/importation", lambda route: route.fulfill(status=503, content_type=HTML, body=du_mandataire)
    )
    visiteur.bouton("Simuler").click()
    visiteur.lire("Le portail est momentanément indisponible : laissez cette page ouverte")
    page.route("**/importation", lambda route: route.abort())
    visiteur.bouton("Simuler").click()
    visiteur.lire("Il n'est pas confirmé : laissez cette page ouverte et recommencez")
    expect(page.get_by_text("Rien n'a été enregistré")).to_have_count(0)
    page.unroute("**/importation")
    assert champ.evaluate("champ => champ.files.length") == 1
    visiteur.bouton("Simuler").click()
    visiteur.lire("Résultat de la simulation")


@pytest.mark.exigence("XCT-008")
def test_ce_qui_est_tape_pendant_une_panne_de_la_base_part_de_la_page_qui_la_dit(portail: Portail):
    visiteur = _entrer(portail, usines.utilisateur(Profil.ADMINISTRATION))
    page = visiteur.page
    page.goto("/segurnums/gestion/interrupteurs")
    page.locator("form", has=page.locator('[value="SIMULATEUR"]')).get_by_role("textbox").fill(
        "Trop de <charge>\n& d'envois."
    )
    page.locator("form", has=page.locator('[value="SIMULATEUR"]')).get_by_role("button").click()
    visiteur.lire("est actif")
    page.locator("form", has=page.locator('[value="SIMULATEUR"]')).get_by_role("textbox").fill("Maintenance")
    with base_coupee():
        visiteur.bouton("Changer le motif").click()
        expect(page.get_by_role("heading", name=PAS_ENREGISTRE)).to_be_visible()
        visiteur.bouton("Envoyer de nouveau ma saisie").click()
        expect(page.get_by_role("heading", name=PAS_ENREGISTRE)).to_be_visible()
    visiteur.bouton("Envoyer de nouveau ma saisie").click()
    visiteur.lire("est actif")
    assert Interrupteur.objects.get(cle="SIMULATEUR").motif == "Maintenance"


@pytest.mark.exigence("XCT-008")
def test_la_saisie_gardee_au_fil_de_la_frappe_dit_la_panne_et_reprend(portail: Portail):
    operateur = Operateur.nouveau()
    visiteur = _entrer(portail, operateur.utilisateur)
    visiteur.page.goto("/segurnums/ma-demande")
    champ = visiteur.page.get_by_label("Nom du contact support")
    with base_coupee():
        champ.fill("Camille")
        visiteur.lire("Votre saisie reste dans cette page")
    champ.fill("Camille LORMELIN")
    visiteur.lire("Saisie enregistrée, pas encore envoyée.")
