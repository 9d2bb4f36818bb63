"""The documents that are signed: the words of the State, amounts exact to the cent, the same in PDF and DOCX."""

import datetime
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from segurnum.editique.contrats import MENTION, Contrat, Modele, blocs, contrat_docx, contrat_pdf
from segurnum.editique.tests.texte_pdf import texte

JOUR = datetime.date(2024, 3, 1)
CONTRAT = Contrat(
    modele=Modele.COMMANDE,
    fournisseur="Logiciels <Valombreuse> & fils",
    siret="99900001100018",
    logiciel="Médico-social (DUI)",
    numero_ans="zbuMS10045",
    montant_ht=Decimal("1074.99"),
    taux_tva=Decimal("8.5"),
)


def _docx(contrat: Contrat) -> str:
    with zipfile.ZipFile(io.BytesIO(contrat_docx(contrat))) as archive:
        for nom in archive.namelist():
            ElementTree.fromstring(archive.read(nom))
        return "\n".join(ElementTree.fromstring(archive.read("word/document.xml")).itertext())


@pytest.mark.parametrize("modele", Modele)
def test_chaque_document_porte_la_mention_de_l_etat_et_ses_trois_montants(modele: Modele) -> None:
    contrat = replace(CONTRAT, modele=modele)
    assert MENTION == "Montant pris en charge par l'Etat au titre du Ségur de la santé"
    for dit in (texte(contrat_pdf(contrat, JOUR)), _docx(contrat)):
        lu = " ".join(dit.split())
        for attendu in (MENTION, "1 074,99 €", "91,37 €", "1 166,36 €", "8,5 %"):
            assert attendu in lu


@pytest.mark.parametrize(
    ("ht", "taux", "tva", "ttc"),
    [
        ("1074.99", "20", "215.00", "1289.99"),
        ("0.03", "20", "0.01", "0.04"),
        ("100.30", "8.5", "8.53", "108.83"),  # 8.5255
        ("18750.00", "0", "0.00", "18750.00"),
    ],
)
def test_la_tva_s_arrondit_au_centime_et_le_ttc_est_leur_somme(
    ht: str, taux: str, tva: str, ttc: str
) -> None:
    contrat = replace(CONTRAT, montant_ht=Decimal(ht), taux_tva=Decimal(taux))
    assert (str(contrat.tva), str(contrat.ttc)) == (tva, ttc)


def test_un_fournisseur_non_assujetti_le_lit_a_la_place_du_taux() -> None:
    contrat = replace(CONTRAT, taux_tva=Decimal(0))
    assert any("non assujetti" in ligne[0] for bloc in blocs(contrat) for ligne in bloc.lignes)


def test_les_memes_donnees_font_les_memes_octets_et_un_signe_interdit_ne_casse_rien() -> None:
    contrat = replace(CONTRAT, client="Foyer\x0b\uffff des 🌙 Trois-Lunes")
    assert contrat_docx(contrat) == contrat_docx(contrat)
    assert "Foyer des" in _docx(contrat)
    assert contrat_pdf(contrat, JOUR) == contrat_pdf(contrat, JOUR)
