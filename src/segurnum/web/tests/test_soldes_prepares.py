"""The file of balances that the portal begins: what the advances say is in it, the invoices are left to type."""

import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.contrib.messages import get_messages

from segurnum import couloirs
from segurnum.couloirs.champs import exemple_du_champ
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.depots import soldes
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, payer, solde_de

pytestmark = pytest.mark.django_db


def decidees(fournisseur: Fournisseur, nombre: int = 2) -> list[Demande]:
    avances = en_cours(fournisseur.deposant, nombre)
    for avance in avances:
        payer(decider(avance))
    return list(Demande.objects.filter(pk__in=[avance.pk for avance in avances]).order_by("depose_le", "pk"))


def _telecharger(fournisseur: Fournisseur, avances: list[Demande], forme: str) -> bytes:
    reponse = fournisseur.faire("fichier_soldes", avance=[avance.pk for avance in avances], forme=forme)
    assert reponse.status_code == 200
    assert f".{forme}" in reponse["Content-Disposition"]
    return bytes(reponse.content)


def test_le_fichier_dit_ce_que_chaque_avance_declare_et_laisse_sa_facture_a_remplir() -> None:
    fournisseur = Fournisseur()
    avances = decidees(fournisseur)
    fichier = json.loads(_telecharger(fournisseur, avances, "json"), parse_float=Decimal)
    assert fichier["numeroAns"] == fournisseur.deposant.enrolement.referencement.numero_ans
    for ligne, avance in zip(fichier["lignesImport"], avances, strict=True):
        declare = donnees_courantes(avance)
        assert ligne["numeroASP"] == avance.dossier.numero
        for repris in ("beneficiaires", "scenarioInstallation", "versionLogiciel"):
            assert ligne[repris] == declare[repris]
        facture = ligne["facture"]
        assert facture["montantSegurHTFacture"] == avance.montant_declare
        assert (facture["dateFacture"], facture["numeroFacture"]) == ("", "")
        assert {piece["typeFichier"] for piece in ligne["piecesJustificatives"]} >= {"FACTURE"}


def completer(fichier: dict[str, Any]) -> dict[str, Any]:
    for rang, ligne in enumerate(fichier["lignesImport"]):
        ligne["facture"] |= {"dateFacture": "15/03/2023", "numeroFacture": f"F-{rang}"}
        for champ in couloirs.trouver("MS1-DUI").forme(TypeDemande.SOLDE).champs:
            if champ.nom in ligne and ligne[champ.nom] == "":
                ligne[champ.nom] = exemple_du_champ(champ)
    return fichier


def test_le_fichier_prepare_se_simule_une_fois_ses_factures_remplies() -> None:
    fournisseur = Fournisseur()
    avances = decidees(fournisseur)
    brut = _telecharger(fournisseur, avances, "json")
    prepare = fournisseur.deposant.simuler(brut, TypeDemande.SOLDE)
    assert {
        a["chemin"].split(".", 1)[1] for a in prepare.rapport["anomalies"] if a["severite"] == "erreur"
    } >= {
        "facture.dateFacture",
        "facture.numeroFacture",
    }
    rempli = fournisseur.deposant.simuler(completer(json.loads(brut, parse_float=Decimal)), TypeDemande.SOLDE)
    assert rempli.conforme, rempli.rapport["anomalies"]


def test_le_classeur_porte_les_memes_soldes() -> None:
    fournisseur = Fournisseur()
    avances = decidees(fournisseur)
    octets = _telecharger(fournisseur, avances, "xlsx")
    feuille = openpyxl.load_workbook(io.BytesIO(octets)).worksheets[0]
    cellules = {str(cellule.value) for rangee in feuille.iter_rows() for cellule in rangee}
    assert {avance.dossier.numero for avance in avances} <= cellules


def test_une_avance_qui_a_son_solde_ou_n_est_pas_decidee_n_est_pas_proposee() -> None:
    fournisseur = Fournisseur()
    soldee, attend = decidees(fournisseur)
    solde_de(fournisseur.deposant, soldee)
    en_cours(fournisseur.deposant)
    page = fournisseur.lire("a_solder").content.decode()
    assert attend.numero in page
    assert soldee.numero not in page
    reponse = fournisseur.faire("fichier_soldes", avance=[soldee.pk], forme="json")
    assert "ont déjà leur solde" in str(next(iter(get_messages(reponse.wsgi_request))))


def test_rien_de_coche_ne_prepare_rien_et_le_dit() -> None:
    fournisseur = Fournisseur()
    decidees(fournisseur, 1)
    reponse = fournisseur.suivre(fournisseur.faire("fichier_soldes", forme="json"))
    assert "Cochez au moins une avance" in reponse.content.decode()


def test_l_avance_d_une_autre_entreprise_ne_se_solde_pas() -> None:
    autre = Fournisseur()
    (avance,) = decidees(autre, 1)
    ici = Fournisseur()
    reponse = ici.suivre(ici.faire("fichier_soldes", avance=[avance.pk], forme="json"))
    assert "choisissez-en d" in reponse.content.decode()


def test_deux_avances_de_meme_numero_editeur_gardent_des_numeros_distincts() -> None:
    fournisseur = Fournisseur()
    avances = decidees(fournisseur)
    Demande.objects.filter(pk__in=[avance.pk for avance in avances]).update(numero_editeur="A" * 20)
    _, fichier = soldes.fichier_des_soldes(
        fournisseur.deposant.enrolement.entreprise, [avance.pk for avance in avances]
    )
    numeros = [ligne["numeroEditeur"] for ligne in fichier["lignesImport"]]
    assert numeros == ["A" * 20, f"{'A' * 18}-2"]
