"""A supplier who has a spreadsheet only: its model, its simulation, its conversion, its deposit."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.controles import Contexte, verifier
from segurnum.demandes.models import Demande
from segurnum.depots.models import Simulation
from segurnum.fichiers import services as fichiers
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import classeur_du_rapport
from segurnum.tableurs.tests.fabrique import changer, lignes, xlsx
from segurnum.web.tests.depot import Fournisseur, Reponse, fichier
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

RPPS = "Numéro RPPS"


def envoyer(page: str, octets: bytes, nom: str = "commandes.xlsx", **saisie: str) -> Reponse:
    return Client().post(reverse(page), {"fichier": SimpleUploadedFile(nom, octets)} | saisie)


MDV = {"nature": "DSR-MDV-LGC-Va1|AVANCE"}


@pytest.mark.exigence("PUB-006")
def test_le_simulateur_public_montre_chaque_anomalie_d_un_tableur_a_sa_cellule():
    page = envoyer("public:simulateur", xlsx(changer(lignes(), RPPS, "99900000012")), **MDV)
    colonne = lignes()[0].index(RPPS) + 1
    assert f"Ligne 2, colonne {colonne} – Demandes!" in mots(page)
    assert f"({RPPS})" in mots(page)
    assert "Fichier conforme" in mots(envoyer("public:simulateur", xlsx(lignes()), **MDV))


def test_un_tableur_se_convertit_en_json_et_le_json_en_tableur():
    reponse = envoyer("public:convertir", xlsx(lignes()), **MDV)
    assert reponse["Content-Disposition"] == 'attachment; filename="commandes.json"'
    assert verifier(reponse.content, Contexte(dsr="DSR-MDV-LGC-Va1")).conforme
    retour = envoyer("public:convertir", reponse.content, "commandes.json")
    assert retour["Content-Disposition"] == 'attachment; filename="commandes.xlsx"'
    feuille = openpyxl.load_workbook(io.BytesIO(retour.content))["Demandes"]
    assert feuille.cell(2, [cellule.value for cellule in feuille[1]].index(RPPS) + 1).value == "99900000011"


def test_un_tableur_qui_ne_se_convertit_pas_dit_pourquoi():
    page = envoyer("public:convertir", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "commandes.xls")
    assert page.status_code == 422
    assert "ancien format .xls" in mots(page)


def test_sans_fichier_le_convertisseur_dit_quoi_choisir_au_dessus_et_a_sa_place():
    page = Client().post(reverse("public:convertir"))
    assert page.status_code == 422
    # The page stays when its file comes: another one is converted from it.
    assert "data-telecharge" in page.content.decode()
    assert mots(page).count("Choisissez le fichier JSON ou le tableur à contrôler.") == 2


def test_le_modele_de_chaque_couloir_se_telecharge_de_sa_documentation():
    page = Client().get(reverse("public:documentation_couloir", args=["DSR-MDV-LGC-Va1"]))
    adresse = reverse("public:modele_tableur", args=["DSR-MDV-LGC-Va1", "avance"])
    assert adresse in page.content.decode()
    livre = openpyxl.load_workbook(io.BytesIO(Client().get(adresse).getvalue()))
    assert livre.sheetnames[0] == "Demandes"


def _classeur(fournisseur: Fournisseur) -> Any:
    octets = fournisseur.avances(2)
    enrolement = fournisseur.deposant.enrolement
    rapport = verifier(octets, Contexte(dsr=enrolement.referencement.dsr, type=TypeDemande.AVANCE))
    return openpyxl.load_workbook(io.BytesIO(classeur_du_rapport(rapport)))


def _deposer(fournisseur: Fournisseur, livre: Any) -> Reponse:
    flux = io.BytesIO()
    livre.save(flux)
    return fournisseur.simuler(b"", fichier=fichier("commandes de mars.xlsx", flux.getvalue()))


@pytest.mark.exigence("JSN-010")
def test_un_fournisseur_depose_depuis_un_tableur_sans_avoir_vu_de_json():
    fournisseur = Fournisseur()
    livre = _classeur(fournisseur)
    feuille = livre["Demandes"]
    titres = [cellule.value for cellule in feuille[1]]
    for titre in ("Numéro ANS", "SIRET"):  # those of the enrolment
        for ligne in range(2, feuille.max_row + 1):
            feuille.cell(ligne, titres.index(titre) + 1).value = None
    page = fournisseur.suivre(_deposer(fournisseur, livre))
    simulation = Simulation.objects.get()
    assert simulation.conforme
    assert simulation.nom_fichier == "commandes de mars.json"
    assert "Fichier conforme" in mots(page)
    fournisseur.suivre(fournisseur.faire("importer_simulation", simulation.pk))
    assert Demande.objects.filter(entreprise=fournisseur.deposant.enrolement.entreprise).count() == 2


def test_un_tableur_fautif_est_montre_a_ses_cellules_et_rien_n_est_garde():
    fournisseur = Fournisseur()
    livre = _classeur(fournisseur)
    titres = [cellule.value for cellule in livre["Demandes"][1]]
    livre["Demandes"].cell(2, titres.index("Date de la commande") + 1).value = "31/02/2023"
    page = _deposer(fournisseur, livre)
    assert page.status_code == 422
    assert f"Ligne 2, colonne {titres.index('Date de la commande') + 1}" in mots(page)
    assert 'download="commandes de mars-rapport.csv"' in page.content.decode()
    assert not Simulation.objects.exists()


def test_les_octets_du_json_converti_sont_ceux_qui_seront_importes():
    fournisseur = Fournisseur()
    fournisseur.suivre(_deposer(fournisseur, _classeur(fournisseur)))
    gardes = json.loads(fichiers.lire(Simulation.objects.get().fichier))
    assert [demande["numeroEditeur"] for demande in gardes["lignesImport"]] == [
        demande["numeroEditeur"] for demande in json.loads(fournisseur.avances(2))["lignesImport"]
    ]
