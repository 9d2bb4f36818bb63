"""What is wrong is told in the terms of what was sent, by kind of value; what would pass is proposed."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from segurnum.controles import Contexte, corriger, verifier
from segurnum.controles.rapport import Anomalie
from segurnum.controles.tests.fabrique import avec, changer, codes, controler, fichier, octets, rpps
from segurnum.couloirs.baremes import Tarif
from segurnum.regles.calendrier import PARIS
from segurnum.regles.identifiants import est_finess

MEDECIN = ("beneficiaires", "liberal", 0)
NOM, TELEPHONE = (*MEDECIN, "nomMedecin"), (*MEDECIN, "telephoneMedecin")
DATE = ("commande", "dateCommande")


def seule(donnees: Any, contexte: Contexte | None = None) -> Anomalie:
    """The one anomaly of a file."""
    (anomalie,) = controler(donnees, contexte).anomalies
    return anomalie


def propose(anomalie: Anomalie) -> tuple[Any, bool]:
    assert anomalie.proposition is not None
    return anomalie.proposition.valeur, anomalie.proposition.sure


@pytest.mark.parametrize("date_", ["30/12/1899", "01/01/1900", "31/12/2020"])
def test_une_commande_ne_date_pas_d_avant_le_programme(date_: str) -> None:
    anomalie = seule(avec(fichier(), DATE, date_))
    assert (anomalie.code, anomalie.proposition) == ("3032", None)
    assert controler(avec(fichier(), DATE, "01/01/2021")).anomalies == []


@pytest.mark.parametrize(
    ("ecrite", "voulue", "sure"),
    [
        ("18/10/0021", "18/10/2021", False),
        ("18/10/21", "18/10/2021", False),
        ("2021-10-18", "18/10/2021", True),
        ("18.10.2021", "18/10/2021", True),
        (44487, "18/10/2021", False),
    ],
)
def test_une_date_mal_ecrite_recoit_celle_qui_passerait(ecrite: Any, voulue: str, sure: bool) -> None:
    assert propose(seule(avec(fichier(), DATE, ecrite))) == (voulue, sure)


@pytest.mark.parametrize("mot", ["null", "#N/A", "[object Object]", "undefined", "NaN", "None", "#REF!"])
def test_un_mot_de_remplissage_n_est_pas_un_nom(mot: str) -> None:
    anomalie = seule(avec(fichier(), NOM, mot))
    assert anomalie.code == "2016"
    assert mot in anomalie.message
    assert controler(avec(fichier(), NOM, "NULLARD")).anomalies == []


def test_ou_null_est_admis_le_remplissage_d_un_programme_est_null_et_celui_d_une_formule_se_verifie() -> None:
    champ = ("beneficiaires", "nomMandataire")
    assert propose(seule(avec(fichier(), champ, "undefined"))) == (None, True)
    assert propose(seule(avec(fichier(), champ, "#N/A"))) == (None, False)


@pytest.mark.parametrize(
    ("lu", "voulu"), [("LHÃ‰RITIER", "LHÉRITIER"), ("LHÃ\x89RITIER", "LHÉRITIER"), ("L’Å“uvre", "L’œuvre")]
)
def test_des_lettres_accentuees_abimees_sont_reparees_avec_un_avertissement(lu: str, voulu: str) -> None:
    rapport = controler(avec(fichier(), NOM, lu))
    assert (rapport.conforme, codes(rapport), propose(rapport.anomalies[0])) == (
        True,
        ["1210"],
        (voulu, True),
    )
    assert rapport.demandes_normalisees[0]["beneficiaires"]["liberal"][0]["nomMedecin"] == voulu


@pytest.mark.parametrize("nom", ["CAFÉ»", "ÉLÉONORE D’ÂGE", "ÇA ÂME", "Œuvre – suite", "MARCHÉ’S"])
def test_un_nom_accentue_n_est_pas_abime(nom: str) -> None:
    assert controler(avec(fichier(), NOM, nom)).anomalies == []


def test_des_lettres_perdues_sont_dites_sans_rien_inventer() -> None:
    anomalie = seule(avec(fichier(), NOM, "LH\ufffdRITIER"))
    assert (anomalie.code, anomalie.est_erreur, anomalie.proposition) == ("1210", False, None)


@pytest.mark.parametrize(
    ("signe", "nom"),
    [
        ("\u00a0", "un espace insécable (U+00A0)"),
        ("\u202f", "un espace fin insécable (U+202F)"),
        ("\u200b", "un espace sans largeur (U+200B)"),
        ("\ufeff", "une marque d'ordre des octets (BOM) (U+FEFF)"),
        ("\x1a", "une marque de fin de fichier (U+001A)"),
    ],
)
def test_un_caractere_invisible_entre_deux_champs_est_nomme_a_sa_colonne(signe: str, nom: str) -> None:
    texte = octets(fichier()).decode().replace('  "siret"', f' {signe}"siret"', 1)
    (anomalie,) = verifier(texte.encode()).anomalies
    assert (anomalie.code, anomalie.ligne, anomalie.colonne) == ("1013", 4, 2)
    assert nom in anomalie.message
    assert corriger(texte.encode()).restantes == []


@pytest.mark.parametrize("codage", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32"])
def test_un_fichier_en_utf_16_ou_32_est_reconnu_et_se_recode(codage: str) -> None:
    envoye = octets(fichier()).decode().encode(codage)
    (anomalie,) = verifier(envoye).anomalies
    assert (anomalie.code, codage.upper()[:6] in anomalie.message) == ("1003", True)
    assert corriger(envoye).octets == octets(fichier())


@pytest.mark.parametrize(
    ("debut", "quoi"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00" + b" " * 40 + b"xl/workbook.xml", "un classeur Excel"),
        (
            b"PK\x03\x04" + b" " * 40 + b"mimetypeapplication/vnd.oasis.opendocument",
            "un document LibreOffice",
        ),
        (b"PK\x03\x04" + b" " * 40, "une archive ZIP"),
        (b"%PDF-1.7\n", "un document PDF"),
        (b"{\\rtf1\\ansi", "un document RTF"),
        (b"<!DOCTYPE html><html>", "une page web"),
        (b"<?xml version='1.0'?><a/>", "un fichier XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un ancien document Office"),
        (b"nom;RPPS;montant\nDURAND;1;2\n", "un tableau (CSV)"),
    ],
)
def test_un_autre_format_est_nomme(debut: bytes, quoi: str) -> None:
    (anomalie,) = verifier(debut).anomalies
    assert (anomalie.code, quoi in anomalie.message) == ("1012", True)


def test_un_entier_ecrit_avec_un_point_est_lu_et_normalise() -> None:
    texte = octets(fichier()).decode().replace('"numLigne": 1', '"numLigne": 1.0')
    rapport = verifier(texte.encode())
    assert (rapport.conforme, codes(rapport), propose(rapport.anomalies[0])) == (True, ["1208"], (1, True))
    assert rapport.demandes_normalisees[0]["numLigne"] == 1


def test_un_texte_vide_est_null_ou_null_est_admis() -> None:
    rapport = controler(changer(fichier(), lambda d: d.update(numeroASP="")))
    assert (rapport.conforme, codes(rapport)) == (True, ["1207"])
    assert rapport.demandes_normalisees[0]["numeroASP"] is None
    assert codes(controler(avec(fichier(), NOM, ""))) == ["2013"]


@pytest.mark.parametrize("ecrit", ["+33 (0)1 23 45 67 89", "+33(0)123456789", "01\u00a023\u202f45 67 89"])
def test_un_telephone_avec_un_zero_entre_parentheses_ou_des_insecables_est_normalise(ecrit: str) -> None:
    rapport = controler(avec(fichier(), TELEPHONE, ecrit))
    assert (rapport.conforme, codes(rapport), propose(rapport.anomalies[0])) == (
        True,
        ["1209"],
        ("+33123456789", True),
    )


@pytest.mark.parametrize(
    ("ecrit", "voulu"),
    [
        ("+33692123456", "+262692123456"),
        ("+33 690 12 34 56", "+590690123456"),
        (123456789, "0123456789"),
        ("123456789", "0123456789"),
        ("33123456789", "+33123456789"),
    ],
)
def test_un_telephone_d_outre_mer_ou_sans_son_zero_recoit_une_question(ecrit: Any, voulu: str) -> None:
    anomalie = seule(avec(fichier(), TELEPHONE, ecrit))
    assert anomalie.est_erreur
    assert propose(anomalie) == (voulu, False)


def test_un_zero_perdu_revient_quand_la_cle_tient() -> None:
    juste = next(n for n in (f"0{rang:08d}" for rang in range(10_000_000, 10_000_100)) if est_finess(n))
    chemin = ("beneficiaires", "clients", 0, "FINESS")
    for ecrit in (int(juste), juste[1:]):
        assert propose(seule(avec(fichier("RAD-RIS"), chemin, ecrit))) == (juste, True)
    assert seule(avec(fichier("RAD-RIS"), chemin, int(juste) + 1)).proposition is None


@pytest.mark.parametrize("ecrit", [f"8{rpps(1)}", f"{rpps(1)[:3]} {rpps(1)[3:]}"])
def test_un_rpps_prefixe_ou_espace_est_propose_nu(ecrit: str) -> None:
    assert propose(seule(avec(fichier(), (*MEDECIN, "RPPS"), ecrit))) == (rpps(1), True)


@pytest.mark.parametrize(("ecrit", "voulu"), [("1 074,99 €", "1074.99"), ("1074,5", "1074.5")])
def test_un_montant_ecrit_a_la_francaise_est_propose_en_nombre(ecrit: str, voulu: str) -> None:
    assert propose(seule(avec(fichier(), ("commande", "montantSegurHT"), ecrit))) == (Decimal(voulu), True)


def test_le_ttc_dans_le_ht_est_reconnu_au_plafond() -> None:
    instant = datetime(2026, 11, 30, 12, tzinfo=PARIS)
    tarif = Tarif({"par_beneficiaire": Decimal("358.33")}, date(2021, 1, 1), "arrêté d'essai")
    contexte = Contexte(chiffres=lambda _: ((tarif,), {}), taux_tva=Decimal(20), instant=instant)
    montant = ("commande", "montantSegurHT")
    anomalie = seule(avec(fichier(), montant, 430), contexte)
    assert (anomalie.code, anomalie.est_erreur, propose(anomalie)) == (
        "3035",
        False,
        (Decimal("358.33"), False),
    )
    assert "430,00\u00a0€ est ce plafond TTC à 20 %" in anomalie.message
    autre = seule(avec(fichier(), montant, 500), contexte)
    assert autre.proposition is None
    assert "358,33\u00a0€ HT, soit 430,00\u00a0€ TTC" in autre.message
    assert controler(avec(fichier(), montant, Decimal("358.33")), contexte).anomalies == []


def test_une_commande_reste_dans_la_fenetre_des_avances() -> None:
    assert seule(fichier(), Contexte(commandes_jusqu_au=date(2021, 10, 17))).code == "3033"
    assert controler(fichier(), Contexte(commandes_jusqu_au=date(2021, 10, 18))).anomalies == []


def test_une_commande_de_plus_de_120_jours_avant_le_referencement_est_signalee() -> None:
    anomalie = seule(fichier(), Contexte(reference_le=date(2022, 2, 16)))
    assert (anomalie.code, anomalie.est_erreur) == ("3034", False)
    assert controler(fichier(), Contexte(reference_le=date(2022, 2, 15))).anomalies == []


def test_un_tiret_et_un_tiret_bas_font_le_meme_numero_editeur() -> None:
    donnees = fichier(nombre=2)
    for demande, numero in zip(donnees["lignesImport"], ("BC_7", "bc-7"), strict=True):
        demande["numeroEditeur"] = numero
        demande["piecesJustificatives"][0]["nomFichier"] = f"MDV-LGC-va1-bdc-{numero}.pdf"
    assert codes(controler(donnees)) == ["3012", "4001"]


def test_corriger_n_ecrit_que_ce_qui_est_sur_et_garde_le_reste_au_caractere_pres() -> None:
    donnees = fichier(nombre=2)
    donnees["SIRET"] = donnees.pop("siret")
    premiere, seconde = donnees["lignesImport"]
    premiere["beneficiaires"]["nomMandataire"] = ""
    premiere["piecesJustificatives"][0]["formatFichier"] = "pdf"
    seconde["commande"]["dateCommande"] = "18/10/0021"
    envoye = json.dumps(donnees, default=float, indent="\t", ensure_ascii=False).encode()
    correction = corriger(envoye)
    assert [(c.avant, c.apres) for c in correction.changements] == [
        ('""', "null"),
        ('"pdf"', '"PDF"'),
        ('"SIRET"', '"siret"'),
    ]
    assert [a.code for a in correction.restantes] == ["3032"]
    voulu = (
        envoye.decode()
        .replace('"SIRET"', '"siret"')
        .replace('"nomMandataire": ""', '"nomMandataire": null', 1)
    )
    assert correction.octets == voulu.replace('"pdf"', '"PDF"', 1).encode()


def test_un_fichier_conforme_ou_sans_rien_de_sur_n_est_pas_corrige() -> None:
    assert corriger(octets(fichier())).octets is None
    assert corriger(octets(avec(fichier(), DATE, "18/10/0021"))).octets is None
