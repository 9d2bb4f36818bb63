"""The report as data, as JSON, as text; the output file; the pieces announced."""

from __future__ import annotations

import json

import pytest

from segurnum.controles import PieceAttendue, catalogue, pieces_attendues, pieces_du_depot, sortie, verifier
from segurnum.controles.catalogue import declarer
from segurnum.controles.tests.fabrique import changer, codes, controler, fichier, octets


def en_defaut():
    """Two requests, the second with an error and a warning."""
    donnees = fichier(nombre=2)
    donnees["lignesImport"][1]["commande"]["regimeTVA"] = "TTX"
    donnees["lignesImport"][1]["piecesJustificatives"][0]["formatFichier"] = "pdf"
    return donnees


def test_le_rapport_json_a_ses_champs_dans_l_ordre_publie() -> None:
    rapport = json.loads(controler(en_defaut()).en_json())
    assert list(rapport) == [
        "verdict",
        "dsr",
        "type",
        "demandes",
        "anomalies",
        "regles_non_evaluees",
        "regles",
    ]
    assert list(rapport["anomalies"][0]) == [
        "code", "severite", "message", "chemin", "ligne", "colonne", "numLigne", "numeroEditeur", "proposition",
    ]  # fmt: skip
    assert (rapport["verdict"], rapport["dsr"], rapport["type"], rapport["demandes"]) == (
        "non_conforme", "DSR-MDV-LGC-Va1", "avance", 2,
    )  # fmt: skip
    assert [a["severite"] for a in rapport["anomalies"]] == ["erreur", "avertissement"]
    assert rapport["anomalies"][0]["chemin"] == "lignesImport[1].commande.regimeTVA"
    assert controler(fichier()).en_dict()["verdict"] == "conforme"


def test_le_rapport_texte_montre_la_ligne_et_la_place() -> None:
    texte = controler(en_defaut()).en_texte("essai.json")
    assert texte.startswith(
        "essai.json : NON CONFORME (DSR-MDV-LGC-Va1 - avance - 2 demandes) - 1 erreur, 1 avert"
    )
    lignes = texte.splitlines()
    rang = next(i for i, ligne in enumerate(lignes) if "| " in ligne and '"TTX"' in ligne)
    assert lignes[rang + 1].index("^") == lignes[rang].index('"TTX"')
    assert "(demande n° 2, n° éditeur 00003)" in texte
    assert "Règles non évaluées" in texte
    assert "aucune erreur, aucun avertissement" in controler(fichier()).en_texte()


def test_l_extrait_d_un_fichier_sur_une_seule_ligne_reste_court() -> None:
    rapport = verifier(octets(en_defaut(), indent=None))
    anomalie = rapport.anomalies[0]
    (ligne,) = rapport.extrait(anomalie)
    assert len(ligne.texte) <= 100
    assert ligne.texte[ligne.decalage :].startswith('"TTX"')


def test_l_extrait_donne_les_lignes_autour() -> None:
    rapport = controler(en_defaut())
    extrait = rapport.extrait(rapport.anomalies[0], autour=2)
    assert [ligne.visee for ligne in extrait] == [False, False, True, False, False]
    assert [ligne.numero for ligne in extrait] == list(range(extrait[0].numero, extrait[0].numero + 5))
    assert rapport.extrait(controler({}).anomalies[0])[0].numero == 1


@pytest.mark.exigence("JSN-014", "JSN-029", "JSN-053")
def test_le_fichier_de_sortie_porte_le_numero_ou_la_premiere_erreur_de_chaque_demande() -> None:
    rapport = controler(en_defaut())
    sorti = json.loads(sortie(rapport, imp_id=7152, numeros={0: "FINMDV010720"}))
    assert sorti["impId"] == 7152
    retenue, rejetee = sorti["lignesImport"]
    assert (retenue["numeroASP"], retenue["codeTraitement"], retenue["libelleTraitement"]) == (
        "FINMDV010720", "0000", "Demande importée",
    )  # fmt: skip
    assert (rejetee["numeroASP"], rejetee["codeTraitement"]) == (None, "2010")
    assert rejetee["libelleTraitement"] == rapport.anomalies[0].message
    assert rejetee["piecesJustificatives"][0]["formatFichier"] == "PDF"


def test_le_fichier_de_sortie_garde_les_montants_au_centime() -> None:
    donnees = changer(fichier(), lambda d: d["commande"].update(montantSegurHT=18750))
    texte = sortie(controler(donnees), imp_id=1, numeros={}).decode()
    assert '"montantSegurHT": 18750.00' in texte


def test_une_erreur_du_fichier_est_dite_a_chaque_demande() -> None:
    donnees = fichier(nombre=2) | {"siret": "99900001100019"}
    sorti = json.loads(sortie(controler(donnees), imp_id=1, numeros={}))
    assert [demande["codeTraitement"] for demande in sorti["lignesImport"]] == ["2002", "2002"]


@pytest.mark.exigence("JSN-027", "JSN-033")
def test_les_pieces_attendues_sont_celles_que_la_demande_annonce() -> None:
    normales = controler(fichier(nombre=2, regime="HT")).demandes_normalisees
    assert pieces_attendues(normales[1], 1) == [
        PieceAttendue("MDV-LGC-va1-bdc-00003.pdf", "PDF", "BON_COMMANDE", 1, "00003"),
        PieceAttendue("MDV-LGC-va1-ht-00003.pdf", "PDF", "PREUVE_HT", 1, "00003"),
    ]
    assert [(p.index, p.type) for p in pieces_du_depot(normales)] == [
        (0, "BON_COMMANDE"), (0, "PREUVE_HT"), (1, "BON_COMMANDE"), (1, "PREUVE_HT"),
    ]  # fmt: skip


def test_un_code_ne_peut_pas_changer_de_sens() -> None:
    with pytest.raises(ValueError, match="deux fois"):
        declarer("1001", "Autre chose", "erreur", "Autre sens.")
    with pytest.raises(ValueError, match="quatre chiffres"):
        declarer("0000", "Succès", "erreur", "Réservé.")
    assert "0000" not in catalogue()
    assert list(catalogue()) == sorted(catalogue())


def test_une_anomalie_par_demande_reste_lisible_meme_nombreuse() -> None:
    donnees = fichier(nombre=200)
    for demande in donnees["lignesImport"]:
        demande["commande"]["regimeTVA"] = "TTX"
    rapport = controler(donnees)
    assert codes(rapport) == ["2010"] * 200
    assert [a.numLigne for a in rapport.anomalies] == list(range(1, 201))
    assert rapport.en_texte().count("erreur 2010") == 200
