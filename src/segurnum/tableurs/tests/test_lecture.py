"""What people type in spreadsheets, and what is said of it: at its sheet, its row, its column."""

from __future__ import annotations

import datetime
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs.tests.fabrique import (
    changer,
    codes,
    csv,
    dite,
    intitule,
    lignes,
    lire,
    ods,
    rapport,
    xlsx,
)

DATE, MONTANT, PRENOM = intitule("dateCommande"), intitule("montantSegurHT"), intitule("nomMedecin")


def demande(octets: bytes, rang: int = 0) -> Any:
    return json.loads(octets, parse_float=Decimal)["lignesImport"][rang]


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_un_csv_se_lit_quel_que_soit_son_separateur(separateur: str) -> None:
    table = lignes("RAD-RIS")
    table[0] = [str(titre).replace(",", "") for titre in table[0]]
    lue = lire(csv(table, separateur), "RAD-RIS")
    assert lue.reussie
    assert rapport(csv(table, separateur), "RAD-RIS").conforme


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (csv(changer(lignes(), PRENOM, "DUPRÉ")).encode("cp1252"), "latin-1"),
        (csv(changer(lignes(), PRENOM, "DUPRÉ")).encode("utf-16"), "UTF-16"),
    ],
    ids=["latin-1", "UTF-16"],
)
def test_un_autre_codage_est_lu_et_dit(octets: bytes, phrase: str) -> None:
    lue = lire(octets)
    assert demande(lue.octets)["beneficiaires"]["liberal"][0]["nomMedecin"] == "DUPRÉ"
    assert any(phrase in remarque.message for remarque in lue.remarques)


def test_un_document_ods_se_lit_comme_un_classeur() -> None:
    assert rapport(ods(lignes("MS1-DUI")), "MS1-DUI").conforme
    formules = lire(ods(lignes("MS1-DUI"), ' table:formula="of:=[.A1]"'), "MS1-DUI")
    assert "formules" in dite([r for r in formules.remarques if "pièce" not in r.message], "1314").message


def test_les_colonnes_se_nomment_par_leur_libelle_ou_par_le_chemin_du_champ() -> None:
    table = lignes()
    table[0] = [
        {
            DATE: "commande.dateCommande",
            "Numéro RPPS": "RPPS",
            "SIRET": "siret",
            MONTANT: "montant ségur total hors TAXE *",
        }.get(t, t)
        for t in table[0]
    ]
    assert lire(xlsx(table)).reussie


def test_les_en_tetes_peuvent_etre_plus_bas_et_les_places_sont_celles_de_la_feuille() -> None:
    table = [["Commandes de mars"], [""], *lignes()]
    table[3][table[2].index(DATE)] = "31/02/2021"
    trouvee = dite(rapport(xlsx(table)).anomalies, "2020")
    assert (trouvee.ligne, trouvee.colonne) == (4, table[2].index(DATE) + 1)
    assert trouvee.chemin.startswith("Demandes!")
    assert trouvee.chemin.endswith(f"({DATE})")


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        (datetime.date(2021, 10, 18), "18/10/2021"),
        (44487, "18/10/2021"),
        ("2021-10-18", "18/10/2021"),
        ("18/10/2021", "18/10/2021"),
    ],
    ids=str,
)
def test_une_date_se_lit_quelle_que_soit_sa_cellule(ecrit: Any, lu: str) -> None:
    lue = lire(xlsx(changer(lignes(), DATE, ecrit)))
    assert lue.reussie
    assert demande(lue.octets)["commande"]["dateCommande"] == lu
    assert ("1312" in codes(lue)) == (ecrit in (44487, "2021-10-18"))


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        (1074.99, "1074.99"),
        (0.1 + 0.2, "0.3"),
        ("1 074,99 €", "1074.99"),
        ("1\u202f074,99", "1074.99"),
        ("1.074,99", "1074.99"),
        ("1,074.99 EUR", "1074.99"),
        ("358,33", "358.33"),
    ],
    ids=str,
)
def test_un_montant_se_lit_comme_on_l_ecrit(ecrit: Any, lu: str) -> None:
    lue = lire(xlsx(changer(lignes(), MONTANT, ecrit)))
    assert lue.reussie
    assert demande(lue.octets)["commande"]["montantSegurHT"] == Decimal(lu)


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [("oui", True), ("VRAI", True), ("x", True), (True, True), (1, True), ("Faux", False), ("non", False)],
    ids=str,
)
def test_un_oui_ou_un_non_se_lit_comme_on_l_ecrit(ecrit: Any, lu: bool) -> None:
    lue = lire(xlsx(changer(lignes(), intitule("isCentreDeSante"), ecrit)))
    assert demande(lue.octets)["scenarioInstallation"]["isCentreDeSante"] is lu


def test_dans_une_colonne_de_croix_une_cellule_vide_veut_dire_non() -> None:
    titre = intitule("isCentreDeSante")
    table = changer(lignes(), titre, "x")
    autre = list(table[1])
    table.append(autre)
    changer(table, titre, "", 2)
    changer(table, "Numéro éditeur", "00002", 2)
    lue = lire(xlsx(table))
    assert [demande(lue.octets, rang)["scenarioInstallation"]["isCentreDeSante"] for rang in (0, 1)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("code", "titre", "nombre", "rendu"),
    [
        ("MDV-LGC-Va1", intitule("telephoneMedecin"), 123456789, "0123456789"),
        ("RAD-RIS", intitule("FINESS", "RAD-RIS"), 10000025, None),
        ("RAD-RIS", intitule("FINESS", "RAD-RIS"), 990000010, "990000010"),
    ],
)
def test_un_zero_perdu_est_rendu_quand_le_numero_le_prouve(
    code: str, titre: str, nombre: int, rendu: str | None
) -> None:
    lue = lire(xlsx(changer(lignes(code), titre, nombre)), code)
    texte = lue.octets.decode()
    assert (f'"{rendu}"' in texte) == (rendu is not None)
    if rendu is None:
        assert "2003" in {a.code for a in rapport(xlsx(changer(lignes(code), titre, nombre)), code).anomalies}
    assert ("1313" in codes(lue)) == (nombre == 123456789)


@pytest.mark.parametrize(
    ("titre", "valeur", "phrase"),
    [
        (PRENOM, datetime.date(2021, 5, 1), "est la date 01/05/2021"),
        (PRENOM, True, "est VRAI"),
        (PRENOM, "#N/A", "#N/A"),
        (DATE, 7, "est le nombre « 7 »"),
        (intitule("isMandataire"), "peut-être", "« oui » ou « non »"),
        ("Numéro RPPS", "9,99E+10", "arrondi"),
    ],
    ids=str,
)
def test_une_cellule_d_un_autre_genre_est_refusee_a_sa_place(titre: str, valeur: Any, phrase: str) -> None:
    table = changer(lignes(), titre, valeur)
    fautive = dite(rapport(xlsx(table)).anomalies, "1306")
    assert phrase in fautive.message
    assert (fautive.ligne, fautive.colonne) == (2, table[0].index(titre) + 1)
    assert not lire(xlsx(table)).reussie


def test_des_cellules_lues_de_meme_sont_dites_ensemble_et_chacune_nomme_sa_demande() -> None:
    table = lignes()
    for rang in range(2, 11):
        table.append(list(table[1]))
        changer(table, "Numéro éditeur", f"{rang:05}", rang)
    for rang in range(1, 11):
        changer(table, DATE, 44487, rang)
    dites = [remarque for remarque in lire(xlsx(table)).remarques if remarque.code == "1312"]
    assert [(remarque.demande, remarque.numeroEditeur) for remarque in dites[1:3]] == [
        (1, "00002"),
        (2, "00003"),
    ]
    assert len(dites) == 5
    assert any(
        "5 autres cellules de la colonne" in remarque.message for remarque in lire(xlsx(table)).remarques
    )


def test_une_formule_est_lue_par_sa_valeur_et_c_est_dit() -> None:
    table = lignes()
    colonne = table[0].index(PRENOM)

    def calculer(classeur: Any) -> None:
        classeur.worksheets()[0].write_formula(1, colonne, '="DU"&"RAND"', None, "DURAND")

    lue = lire(xlsx(table, apres=calculer))
    assert demande(lue.octets)["beneficiaires"]["liberal"][0]["nomMedecin"] == "DURAND"
    assert any("1 cellule est une formule" in remarque.message for remarque in lue.remarques)


def test_une_formule_jamais_calculee_est_refusee() -> None:
    livre = openpyxl.load_workbook(io.BytesIO(xlsx(lignes())))
    livre.active.cell(2, lignes()[0].index(PRENOM) + 1).value = '="DU"&"RAND"'
    sortie = io.BytesIO()
    livre.save(sortie)
    assert "jamais été calculée" in dite(lire(sortie.getvalue()).remarques, "1306").message


def test_des_cellules_fusionnees_valent_pour_chacune_de_leurs_lignes() -> None:
    table = lignes("MS1-DUI")
    titre = intitule("profilMetier", "MS1-DUI")
    colonne = table[0].index(titre)
    assert len(table) == 3

    def fusionner(classeur: Any) -> None:
        classeur.worksheets()[0].merge_range(1, colonne, 2, colonne, "PA")

    lue = lire(xlsx(table, apres=fusionner), "MS1-DUI")
    assert [ligne["profilMetier"] for ligne in demande(lue.octets)["scenarioInstallation"]] == ["PA", "PA"]
    assert any("fusionnée" in remarque.message for remarque in lue.remarques)


def test_les_feuilles_masquees_et_les_autres_ne_sont_pas_lues_et_c_est_dit() -> None:
    def ajouter(classeur: Any) -> None:
        classeur.add_worksheet("Archive").hide()
        classeur.add_worksheet("Solde").write_row(0, 0, ["a", "b"])

    lue = lire(xlsx(lignes(), apres=ajouter))
    assert lue.reussie
    messages = " ".join(remarque.message for remarque in lue.remarques)
    assert "« Archive » masquée" in messages
    assert "« Solde » n'est pas lue" in messages


def test_une_colonne_inconnue_est_laissee_de_cote_et_le_titre_proche_est_propose() -> None:
    table = lignes()
    table[0] += ["Mon suivi", "Date de commande"]
    table[1] += ["à relancer", "x"]
    laissees = [remarque for remarque in lire(xlsx(table)).remarques if remarque.code == "1311"]
    assert "Vouliez-vous dire" not in laissees[0].message
    assert f"« {DATE} »" in laissees[1].message


def test_un_titre_qui_peut_designer_deux_colonnes_ou_qui_est_repete_est_refuse() -> None:
    table = lignes()
    table[0] += [DATE]
    table[1] += ["19/10/2021"]
    assert "Deux colonnes" in dite(lire(xlsx(table)).remarques, "1303").message


def test_une_colonne_attendue_qui_manque_est_dite_une_fois() -> None:
    table = lignes()
    place = table[0].index(DATE)
    for ligne in table:
        del ligne[place]
    trouvees = rapport(xlsx(table)).anomalies
    assert f"« {DATE} »" in dite(trouvees, "1309").message
    assert "1101" not in {anomalie.code for anomalie in trouvees}


def test_deux_lignes_d_une_demande_qui_se_contredisent_sont_refusees() -> None:
    table = lignes()
    table.append(list(table[1]))
    changer(table, "Numéro RPPS", "99900000029", 2)
    assert lire(xlsx(table)).reussie
    changer(table, "Régime de TVA", "HT", 2)
    fautive = dite(lire(xlsx(table)).remarques, "1304")
    assert "La ligne 3 dit « HT » là où la ligne 2" in fautive.message


def test_une_ligne_qui_n_ajoute_rien_est_signalee_et_compte_une_fois() -> None:
    table = lignes()
    table.append(list(table[1]))
    lue = lire(xlsx(table))
    assert dite(lue.remarques, "1315").ligne == 3
    assert len(demande(lue.octets)["beneficiaires"]["liberal"]) == 1


def test_ce_qui_est_de_la_demande_peut_etre_repete_ou_laisse_vide() -> None:
    table = lignes("MS1-DUI")
    repetee = [list(ligne) for ligne in table]
    repetee[2] = [ici if ici != "" else dessus for ici, dessus in zip(repetee[2], repetee[1], strict=True)]
    assert lire(xlsx(table), "MS1-DUI").octets == lire(xlsx(repetee), "MS1-DUI").octets


def test_une_feuille_porte_deux_cents_demandes_au_plus() -> None:
    table = lignes()
    for rang in range(2, 203):
        table.append(list(table[1]))
        changer(table, "Numéro éditeur", f"{rang:05}", rang)
    refus = dite(lire(xlsx(table)).remarques, "1307")
    assert "202 demandes" in refus.message
    assert refus.ligne == 202
    assert lire(xlsx(table[:201])).reussie


def test_deux_couloirs_dans_une_feuille_sont_refuses_a_leur_ligne() -> None:
    table = lignes("HOP-DPI-Va1")
    table[0] += ["DSR", "Numéro RPPS"]
    table[1] += ["DSR-HOP-DPI-Va1", ""]
    medecin: list[Any] = [""] * len(table[0])
    medecin[table[0].index("Numéro éditeur")] = "00002"
    table.append([*medecin[:-2], "DSR-MDV-LGC-Va1", "99900000011"])
    trouvees = [r for r in lire(xlsx(table), "HOP-DPI-Va1").remarques if r.code == "1308"]
    assert {remarque.ligne for remarque in trouvees} == {3}
    assert len(trouvees) == 2


def test_le_couloir_et_le_type_se_reconnaissent_aux_colonnes() -> None:
    lue = lire(xlsx(lignes("MS1-DUI", TypeDemande.SOLDE)), None, None)
    assert (lue.dsr, lue.type) == ("DSR-MS1-DUI-Va1", TypeDemande.SOLDE)
    refus = dite(lire(xlsx(lignes("HOP-DPI-Va1")), None, None).remarques, "1310")
    assert "DSR-HOP-DPI-Va1 (avance)" in refus.message
    assert "DSR-HOP-PFI-Va1 (avance)" in refus.message


def test_les_pieces_sont_annoncees_par_la_nomenclature_ou_completees() -> None:
    table = changer(lignes(), "Régime de TVA", "HT")
    for titre in ("Nom du fichier", "Type de pièce"):
        changer(table, titre, "")
    pieces = demande(lire(xlsx(table)).octets)["piecesJustificatives"]
    assert [piece["typeFichier"] for piece in pieces] == ["BON_COMMANDE", "PREUVE_HT"]
    changer(table, "Type de pièce", "BON_COMMANDE")
    (piece,) = demande(lire(xlsx(table)).octets)["piecesJustificatives"]
    assert piece == {
        "nomFichier": "MDV-LGC-va1-bdc-00001.pdf",
        "formatFichier": "PDF",
        "typeFichier": "BON_COMMANDE",
    }
    changer(table, "Type de pièce", "")
    changer(table, "Nom du fichier", "mdv-lgc-va1-bdc-00001.jpg")
    (piece,) = demande(lire(xlsx(table)).octets)["piecesJustificatives"]
    assert (piece["formatFichier"], piece["typeFichier"]) == ("JPG", "BON_COMMANDE")


def test_ce_que_dit_le_moteur_est_dit_dans_les_mots_du_tableur() -> None:
    trouvee = dite(rapport(xlsx(changer(lignes(), intitule("isClientUnique"), ""))).anomalies, "1101")
    assert "oui ou non" in trouvee.message
    assert "guillemets" not in trouvee.message
