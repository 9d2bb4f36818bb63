"""What is done with the report of a simulation: it is saved, and what is sure is corrected."""

import base64
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _a_corriger(fournisseur: Fournisseur) -> dict[str, Any]:
    donnees = fournisseur.deposant.fichier(1)
    donnees["lignesImport"][0]["piecesJustificatives"][0]["formatFichier"] = "pdf"
    donnees["lignesImport"][0]["commande"]["dateCommande"] = "18/10/0021"
    return donnees


def _simulation(fournisseur: Fournisseur, donnees: dict[str, Any]) -> int:
    return fournisseur.deposant.simuler(donnees).pk


def test_corriger_montre_les_changements_et_donne_un_fichier_ou_eux_seuls_ont_change():
    fournisseur = Fournisseur()
    donnees = _a_corriger(fournisseur)
    cle = _simulation(fournisseur, donnees)
    rapport = mots(fournisseur.lire("simulation", cle))
    assert "Corriger ce qui est sûr" in rapport
    assert 'Ce qui passerait, à vérifier : "18/10/2021"' in rapport
    page = mots(fournisseur.lire("correction", cle))
    assert "Ce qui change (1)" in page
    assert '"pdf" devient "PDF"' in page
    assert "anomalie reste à traiter" in page
    corrige = fournisseur.lire("fichier_corrige", cle)
    assert "attachment" in corrige["Content-Disposition"]
    donnees["lignesImport"][0]["piecesJustificatives"][0]["formatFichier"] = "PDF"
    assert b"".join(corrige) == fabrique.en_octets(donnees)


def test_le_rapport_s_enregistre_en_csv_et_en_json():
    fournisseur = Fournisseur()
    cle = _simulation(fournisseur, _a_corriger(fournisseur))
    lignes = b"".join(fournisseur.lire("rapport_csv", cle)).decode("utf-8-sig").splitlines()
    assert lignes[0].startswith("Code;Gravité;Anomalie;Message")
    assert {ligne.split(";")[0] for ligne in lignes[1:]} == {"1204", "3032"}
    juge = json.loads(b"".join(fournisseur.lire("rapport_json", cle)))
    assert juge["anomalies"][0]["proposition"]["valeur"] == "18/10/2021"


def test_un_fichier_conforme_n_a_rien_a_corriger():
    fournisseur = Fournisseur()
    cle = _simulation(fournisseur, fournisseur.deposant.fichier(1))
    assert "Corriger ce qui est sûr" not in mots(fournisseur.lire("simulation", cle))
    assert "Rien de ce fichier ne peut être corrigé sans vous" in mots(fournisseur.lire("correction", cle))


def test_la_simulation_d_une_autre_entreprise_ne_se_corrige_ni_ne_se_lit():
    fournisseur, autre = Fournisseur(), Fournisseur()
    cle = _simulation(autre, _a_corriger(autre))
    for page in ("correction", "fichier_corrige", "rapport_csv", "rapport_json"):
        assert fournisseur.lire(page, cle).status_code == 404


def test_le_simulateur_public_donne_le_fichier_corrige_sans_rien_garder():
    donnees = _a_corriger(Fournisseur())
    envoye = io.BytesIO(fabrique.en_octets(donnees))
    envoye.name = "essai.json"
    page = Client().post(reverse("public:simulateur"), {"fichier": envoye}).content.decode()
    fichiers = dict(re.findall(r'href="data:[^,]+,([^"]+)" download="([^"]+)"', page))
    noms = {nom: base64.b64decode(contenu) for contenu, nom in fichiers.items()}
    assert set(noms) == {"essai-corrige.json", "essai-rapport.csv", "essai-rapport.json"}
    assert b'"PDF"' in noms["essai-corrige.json"]
    assert "Ce qui change dans le fichier corrigé" in page


def _une_fautive_parmi(fournisseur: Fournisseur, nombre: int, fautive: int) -> dict[str, Any]:
    """A file with one request whose date is none, all others being right."""
    donnees = fournisseur.deposant.fichier(nombre)
    donnees["lignesImport"][fautive]["commande"]["dateCommande"] = "18/10/0021"
    return donnees


def test_une_demande_en_erreur_s_ecarte_et_les_autres_s_importent_telles_quelles():
    fournisseur = Fournisseur()
    donnees = _une_fautive_parmi(fournisseur, 3, 1)
    cle = _simulation(fournisseur, donnees)
    assert "Écarter les demandes en erreur" in mots(fournisseur.lire("simulation", cle))
    page = mots(fournisseur.lire("separation", cle))
    assert "1 demande de « MS1 - AVANCE - Ok.json » est en erreur" in page
    assert "2 00002 3032" in page
    ecartees = json.loads(b"".join(fournisseur.lire("demandes_ecartees", cle)))
    assert ecartees["lignesImport"] == json.loads(fabrique.en_octets(donnees))["lignesImport"][1:2]
    simulee = fournisseur.suivre(fournisseur.faire("simuler_sans", cle))
    texte = mots(simulee)
    assert "Les demandes en erreur sont écartées" in texte
    assert "Fichier conforme" in texte
    assert "MS1 - AVANCE - Ok-sans-erreur.json" in texte
    fournisseur.faire("importer_simulation", simulee.context["simulation"].pk)
    assert set(Demande.objects.values_list("numero_editeur", flat=True)) == {"00001", "00003"}


def test_un_fichier_dont_tout_est_juste_ou_tout_est_faux_ne_se_separe_pas():
    fournisseur = Fournisseur()
    for donnees in (fournisseur.deposant.fichier(1), _une_fautive_parmi(fournisseur, 1, 0)):
        cle = _simulation(fournisseur, donnees)
        assert "Écarter les demandes" not in mots(fournisseur.lire("simulation", cle))
        refus = mots(fournisseur.suivre(fournisseur.faire("simuler_sans", cle)))
        assert "Il n'y a pas, dans ce fichier, des demandes en erreur à écarter des autres." in refus


def test_le_rapport_dit_combien_de_temps_il_reste_et_mene_au_depot_du_fichier_corrige():
    fournisseur = Fournisseur()
    page = fournisseur.lire("simulation", _simulation(fournisseur, _a_corriger(fournisseur)))
    assert "Fenêtre de dépôt : ouverte jusqu'au" in mots(page)
    assert re.search(r'href="#(titre-reprise)"[^>]*>Déposer le fichier corrigé', page.content.decode())
    assert 'id="titre-reprise"' in page.content.decode()


def test_une_erreur_parmi_des_avertissements_se_lit_en_premier():
    fournisseur = Fournisseur()
    donnees = _une_fautive_parmi(fournisseur, 3, 2)
    donnees["lignesImport"][0]["piecesJustificatives"][0]["formatFichier"] = "pdf"
    page = mots(fournisseur.lire("simulation", _simulation(fournisseur, donnees)))
    assert page.index("Demande de ligne n° 3") < page.index("Demande de ligne n° 1")
