"""What is done with the report of a simulation: it is saved, and what is sure is corrected."""

import base64
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

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
