"""Business rules seen from outside; the corpus shows each code at its place, these show the edges."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from segurnum.controles import AvanceConnue, Contexte, DejaDemande
from segurnum.controles.tests.fabrique import (
    AVANCE,
    SOLDE,
    avec,
    changer,
    codes,
    controler,
    fichier,
    finess,
    rpps,
)
from segurnum.regles.calendrier import PARIS, Fenetre
from segurnum.regles.cycles import StatutDemande

FERMETURE = datetime(2024, 2, 28, 14, tzinfo=PARIS)
FENETRE = Fenetre(datetime(2024, 1, 10, 14, tzinfo=PARIS), FERMETURE, affichee=FERMETURE)


def avance(**autres) -> AvanceConnue:
    """The advance of the first balance of `fichier(type_demande=SOLDE)`."""
    connue = {
        "numero": "FINMDV000002",
        "numero_ans": "1234567890",
        "declare_ht": Decimal("1074.99"),
        "statut": StatutDemande.EN_COURS,
        "beneficiaires": frozenset({rpps(1)}),
    }
    return AvanceConnue(**{**connue, **autres})


def avec_avance(connue: AvanceConnue) -> Contexte:
    return Contexte(avances=lambda numeros: {n: connue for n in numeros if n == connue.numero})


@pytest.mark.exigence("JSN-019", "JSN-020")
def test_le_numero_ans_et_le_siret_sont_ceux_du_depot() -> None:
    juste = Contexte(numero_ans="1234567890", siret="99900001100018")
    assert controler(fichier(), juste).anomalies == []
    rapport = controler(fichier(), Contexte(numero_ans="1234567891", siret="99900002900010"))
    assert codes(rapport) == ["5001", "5002"]
    assert rapport.erreurs_fichier() == rapport.anomalies
    assert "« 1234567891 »" in rapport.anomalies[0].message


@pytest.mark.exigence("JSN-019")
def test_la_casse_du_numero_ans_compte() -> None:
    donnees = fichier() | {"numeroAns": "CPImS10004"}
    assert codes(controler(donnees, Contexte(numero_ans="cpiMS10004"))) == ["5001"]


@pytest.mark.exigence("RUL-007")
def test_l_enrolement_doit_etre_valide() -> None:
    assert controler(fichier(), Contexte(enrolement_valide=True)).anomalies == []
    assert codes(controler(fichier(), Contexte(enrolement_valide=False))) == ["5003"]


@pytest.mark.exigence("JSN-021", "RUL-001", "RUL-006")
@pytest.mark.parametrize(
    ("instant", "attendus", "phrase"),
    [
        (FENETRE.ouverture - timedelta(seconds=1), ["5004"], "ouvrira le 10 janvier 2024 à 14 h 00"),
        (FENETRE.ouverture, [], ""),
        (FERMETURE - timedelta(seconds=1), [], ""),
        (FERMETURE, ["5005"], "fermée depuis le 28 février 2024 à 14 h 00"),
    ],
)
def test_un_depot_n_est_recu_que_dans_sa_fenetre(instant, attendus, phrase) -> None:
    rapport = controler(fichier(), Contexte(fenetre=FENETRE, instant=instant))
    assert codes(rapport) == attendus
    assert all(phrase in a.message and a.chemin == "" for a in rapport.anomalies)


@pytest.mark.exigence("JSN-024")
def test_une_commande_peut_dater_du_jour_du_depot_mais_pas_du_lendemain() -> None:
    soir = datetime(2021, 10, 17, 23, 59, tzinfo=PARIS)
    assert codes(controler(fichier(), Contexte(instant=soir))) == ["3030"]
    assert controler(fichier(), Contexte(instant=soir + timedelta(minutes=1))).anomalies == []


@pytest.mark.exigence("RUL-012")
@pytest.mark.parametrize(
    ("regime", "taux", "attendus"),
    [("HT", "0", []), ("TTC", "20", []), ("TTC", "8.5", []), ("HT", "20", ["3031"]), ("TTC", "0", ["3031"])],
)
def test_le_regime_de_tva_va_avec_le_taux_du_fichier(regime, taux, attendus) -> None:
    rapport = controler(fichier(regime=regime), Contexte(taux_tva=Decimal(taux)))
    assert codes(rapport) == attendus


@pytest.mark.exigence("JSN-030")
@pytest.mark.parametrize("type_demande", [AVANCE, SOLDE])
def test_la_preuve_du_regime_ht_est_attendue_sous_ce_regime_seulement(type_demande) -> None:
    def sans_preuve(demande):
        demande["piecesJustificatives"] = [
            p for p in demande["piecesJustificatives"] if p["typeFichier"] != "PREUVE_HT"
        ]

    rapport = controler(changer(fichier("HOP-DPI", type_demande, regime="HT"), sans_preuve))
    assert codes(rapport) == ["4007"]
    assert "PREUVE_HT" in rapport.anomalies[0].message
    assert controler(fichier("HOP-DPI", type_demande)).anomalies == []


@pytest.mark.exigence("JSN-025")
def test_un_solde_se_contente_de_la_va_ou_de_la_mom() -> None:
    def en_mom(demande):
        demande["piecesJustificatives"][1] = {
            "nomFichier": f"mdv_lgc_va1_MOM_{demande['numeroEditeur']}.PNG",
            "formatFichier": "PNG",
            "typeFichier": "MOM",
        }

    assert controler(changer(fichier(type_demande=SOLDE), en_mom)).anomalies == []


@pytest.mark.exigence("JSN-027", "JSN-040")
@pytest.mark.parametrize(
    "nom", ["mdv-lgc-va1-bdc-00002.pdf", "MDV_LGC_VA1_BDC_00002.PDF", "MDV-LGC_va1-bdc_00002.Pdf"]
)
def test_la_casse_et_les_separateurs_d_un_nom_de_piece_sont_libres(nom: str) -> None:
    donnees = changer(fichier(), lambda d: d["piecesJustificatives"][0].update(nomFichier=nom))
    assert controler(donnees).anomalies == []


@pytest.mark.exigence("JSN-037")
def test_un_nom_de_piece_a_100_caracteres_au_plus() -> None:
    for longueur, attendus in ((100, ["4003"]), (101, ["2011", "4003"])):
        nom = "a" * (longueur - 4) + ".pdf"
        donnees = avec(fichier(), ("piecesJustificatives", 0, "nomFichier"), nom)
        assert set(codes(controler(donnees))) <= set(attendus)
        assert codes(controler(donnees))[0] == attendus[0]


@pytest.mark.exigence("JSN-033")
def test_le_numero_editeur_est_unique_dans_le_fichier_et_lie_les_pieces() -> None:
    donnees = fichier(nombre=2)
    donnees["lignesImport"][1]["numeroEditeur"] = donnees["lignesImport"][0]["numeroEditeur"]
    rapport = controler(donnees)
    assert codes(rapport) == ["3012", "4006"]
    assert rapport.demandes_rejetees() == {1}
    autre = fichier(nombre=1)
    autre["lignesImport"][0]["numeroEditeur"] = "BC_2024-7"
    autre["lignesImport"][0]["piecesJustificatives"][0]["nomFichier"] = "mdv-lgc-va1-bdc-bc-2024-7.pdf"
    assert controler(autre).anomalies == []


@pytest.mark.exigence("JSN-023")
def test_un_numero_de_ligne_en_double_dit_le_rang_du_premier() -> None:
    donnees = fichier(nombre=3)
    donnees["lignesImport"][2]["numLigne"] = donnees["lignesImport"][1]["numLigne"]
    (anomalie,) = [a for a in controler(donnees).anomalies if a.code == "3010"]
    assert anomalie.chemin == "lignesImport[2].numLigne"
    assert "déjà celui de la demande de rang 2 :" in anomalie.message


@pytest.mark.exigence("JSN-033")
def test_deux_numeros_editeur_qui_ne_different_que_par_la_casse_sont_le_meme() -> None:
    donnees = fichier(nombre=2)
    for demande, numero in zip(donnees["lignesImport"], ("bc7A", "BC7a"), strict=True):
        demande["numeroEditeur"] = numero
        demande["piecesJustificatives"][0]["nomFichier"] = f"mdv_lgc_va1_BDC_{numero}.pdf"
    rapport = controler(donnees)
    assert [(a.code, a.chemin) for a in rapport.anomalies if a.code == "3012"] == [
        ("3012", "lignesImport[1].numeroEditeur")
    ]
    assert "« BC7a »" in rapport.anomalies[0].message


@pytest.mark.exigence("JSN-033")
def test_un_numero_editeur_absent_ne_cache_pas_les_doublons_qui_le_suivent() -> None:
    donnees = fichier(nombre=3)
    for demande, numero in zip(donnees["lignesImport"], (None, "00002", "00002"), strict=True):
        demande["numeroEditeur"] = numero
    doubles = [a.chemin for a in controler(donnees).anomalies if a.code == "3012"]
    assert doubles == ["lignesImport[2].numeroEditeur"]


@pytest.mark.exigence("JSN-031")
def test_un_mandataire_declare_donne_ses_coordonnees() -> None:
    def declarer(demande):
        demande["beneficiaires"][0].update(mandataire=True, nomMandataire="DUPONT")

    rapport = controler(changer(fichier("MS1-DUI"), declarer))
    assert [(a.code, a.chemin.rsplit(".", 1)[1]) for a in rapport.anomalies] == [
        ("3040", "emailMandataire"),
        ("3040", "telephoneMandataire"),
    ]


@pytest.mark.exigence("JSN-028")
def test_chaque_site_a_une_ligne_de_scenario_et_une_seule() -> None:
    def deranger(demande):
        demande["scenarioInstallation"][1]["FINESSGeo"] = finess(900)

    rapport = controler(changer(fichier("MS1-DUI"), deranger))
    assert codes(rapport) == ["3051", "3052"]


def test_un_site_n_a_pas_deux_lignes_de_scenario() -> None:
    def doubler(demande):
        demande["scenarioInstallation"].append(dict(demande["scenarioInstallation"][0]))

    rapport = controler(changer(fichier("MS1-DUI"), doubler))
    assert [(a.code, a.chemin) for a in rapport.anomalies] == [
        ("3053", "lignesImport[0].scenarioInstallation[2].FINESSGeo")
    ]


def test_un_finess_mal_saisi_n_est_dit_qu_une_fois() -> None:
    def fausser(demande):
        demande["scenarioInstallation"][1]["FINESSGeo"] = "111111111"

    assert codes(controler(changer(fichier("MS1-DUI"), fausser))) == ["2003"]


@pytest.mark.parametrize(
    ("doubles", "place", "rang"),
    [
        ((0,), "lignesImport[0].beneficiaires.liberal[1].RPPS", 1),
        ((1, 2), "lignesImport[2].beneficiaires.liberal[0].RPPS", 2),
    ],
    ids=["dans une demande", "dans deux demandes"],
)
def test_un_beneficiaire_ne_figure_qu_une_fois_dans_le_fichier(doubles, place, rang) -> None:
    donnees = fichier(nombre=3)
    liberaux = [demande["beneficiaires"]["liberal"] for demande in donnees["lignesImport"]]
    if len(doubles) == 1:
        liberaux[0].append(dict(liberaux[0][0]))
    else:
        liberaux[doubles[1]][0] = dict(liberaux[doubles[0]][0])
    rapport = controler(donnees)
    assert [(a.code, a.chemin) for a in rapport.anomalies] == [("3435", place)]
    assert f"figure déjà dans la demande de rang {rang} du fichier" in rapport.anomalies[0].message


def test_un_beneficiaire_deja_finance_est_refuse_avec_le_dossier_en_cause() -> None:
    demandes = []

    def finances(identifiants):
        demandes.append(set(identifiants))
        return {rpps(2): DejaDemande("dossier FINMDV005046, déposé par vous")}

    rapport = controler(fichier(nombre=3), Contexte(beneficiaires_finances=finances))
    assert codes(rapport) == ["3436"]
    assert rapport.demandes_rejetees() == {1}
    assert "FINMDV005046" in rapport.anomalies[0].message
    assert demandes == [{rpps(1), rpps(2), rpps(3)}]


def test_un_solde_retrouve_les_beneficiaires_de_sa_propre_avance() -> None:
    contexte = Contexte(
        beneficiaires_finances=lambda _i: {rpps(1): DejaDemande("dossier FINMDV000002")},
        avances=avec_avance(avance()).avances,
    )
    assert controler(fichier(type_demande=SOLDE), contexte).anomalies == []
    d_un_autre = avec_avance(avance(beneficiaires=frozenset({rpps(9)}))).avances
    contexte = Contexte(beneficiaires_finances=contexte.beneficiaires_finances, avances=d_un_autre)
    assert codes(controler(fichier(type_demande=SOLDE), contexte)) == ["3065", "3436"]


@pytest.mark.exigence("JSN-023")
@pytest.mark.parametrize("numero", ["FINMDV000002", "FINMDV000002M0"])
def test_un_solde_nomme_son_avance_avec_ou_sans_suffixe(numero: str) -> None:
    donnees = changer(fichier(type_demande=SOLDE), lambda d: d.update(numeroASP=numero))
    assert controler(donnees, avec_avance(avance())).anomalies == []


@pytest.mark.exigence("JSN-025")
@pytest.mark.parametrize(("facture", "attendus"), [("1074.99", []), ("0.01", []), ("1075", ["3060"])])
def test_une_facture_ne_depasse_pas_le_montant_de_l_avance(facture, attendus) -> None:
    def facturer(demande):
        demande["facture"]["montantSegurHTFacture"] = Decimal(facture)

    rapport = controler(changer(fichier(type_demande=SOLDE), facturer), avec_avance(avance()))
    assert codes(rapport) == attendus


@pytest.mark.parametrize("statut", list(StatutDemande))
def test_une_avance_eteinte_ou_non_completee_ne_donne_pas_de_solde(statut) -> None:
    eteintes = {"REJETEE", "ANNULEE", "HISTORISEE", "NON_COMPLETEE"}
    rapport = controler(fichier(type_demande=SOLDE), avec_avance(avance(statut=statut)))
    assert codes(rapport) == (["3063"] if statut in eteintes else [])


@pytest.mark.exigence("RUL-003")
def test_sans_avance_pas_de_solde() -> None:
    assert codes(controler(fichier(type_demande=SOLDE), Contexte(avances=lambda _n: {}))) == ["3061"]


@pytest.mark.exigence("REQ-048")
def test_les_beneficiaires_du_solde_sont_compares_a_ceux_de_l_avance() -> None:
    rapport = controler(fichier(type_demande=SOLDE), avec_avance(avance(beneficiaires=frozenset({rpps(8)}))))
    assert codes(rapport) == ["3065"]
    assert rapport.conforme
    assert rpps(8) in rapport.anomalies[0].message
    assert rpps(1) in rapport.anomalies[0].message


def test_une_regle_qui_ne_concerne_pas_le_fichier_n_est_pas_dite_non_evaluee() -> None:
    assert not {"3060", "3061", "3054"} & set(controler(fichier()).regles_non_evaluees)
    assert {"3060", "3061"} <= set(controler(fichier(type_demande=SOLDE)).regles_non_evaluees)
    assert "3054" in set(controler(fichier("MS1-DUI", SOLDE)).regles_non_evaluees)
