"""The shape of a file: what is missing, unknown, mistyped; slips that are forgiven; the normal form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segurnum.controles import Contexte, Severite, verifier
from segurnum.controles.tests.fabrique import SOLDE, avec, changer, codes, controler, fichier, octets
from segurnum.couloirs import par_fichier
from segurnum.couloirs.vierges import exemple
from segurnum.regles.cycles import TypeDemande

JSON = par_fichier()


@pytest.mark.exigence("JSN-016")
@pytest.mark.parametrize(
    ("nombre", "attendus"), [(0, ["1106"]), (1, []), (200, []), (201, ["1107"])], ids=["0", "1", "200", "201"]
)
def test_un_fichier_contient_de_1_a_200_demandes(nombre: int, attendus: list[str]) -> None:
    rapport = controler(fichier(nombre=nombre), Contexte(dsr="DSR-MDV-LGC-Va1"))
    assert codes(rapport) == attendus
    assert rapport.demandes == nombre
    assert [a.chemin for a in rapport.erreurs_fichier()] == ["lignesImport"] * len(attendus)


@pytest.mark.exigence(
    "JSN-022", "JSN-023", "JSN-024", "JSN-025", "JSN-026", "JSN-027", "JSN-028", "JSN-029", "JSN-032"
)
@pytest.mark.parametrize("type_demande", list(TypeDemande))
@pytest.mark.parametrize("regime", ["HT", "TTC"])
@pytest.mark.parametrize("couloir", JSON, ids=lambda couloir: couloir.code)
def test_l_exemple_publie_de_chaque_couloir_est_conforme(couloir, type_demande, regime) -> None:
    rapport = controler(exemple(couloir, type_demande, regime))
    assert rapport.anomalies == []
    assert (rapport.dsr, rapport.type) == (couloir.dsr, type_demande)


def test_toutes_les_anomalies_sont_dites_en_une_fois() -> None:
    donnees = fichier(nombre=3)
    donnees["numeroAns"] = "court"
    donnees["lignesImport"][0]["commande"].update(dateCommande="demain", montantSegurHT=Decimal(-1))
    del donnees["lignesImport"][1]["commande"]["regimeTVA"]
    donnees["lignesImport"][2]["scenarioInstallation"]["isPFIToDMP"] = True
    rapport = controler(donnees)
    assert codes(rapport) == ["2001", "2020", "2021", "1101", "3050"]
    assert [a.numeroEditeur for a in rapport.anomalies] == [None, "00002", "00002", "00003", "00004"]
    assert [a.numLigne for a in rapport.anomalies] == [None, 1, 1, 2, 3]
    assert rapport.demandes_rejetees() == {0, 1, 2}


@pytest.mark.parametrize(
    ("ecrit", "voulu"),
    [("montantSegurHt", "montantSegurHT"), ("dateComande", "dateCommande"), ("RegimeTVA", "regimeTVA")],
)
def test_un_champ_inconnu_nomme_le_champ_le_plus_proche(ecrit: str, voulu: str) -> None:
    def renommer(demande):
        demande["commande"][ecrit] = demande["commande"].pop(voulu)

    rapport = controler(changer(fichier(), renommer))
    assert codes(rapport) == ["1102"]
    assert (
        rapport.anomalies[0].message == f"Le champ « {ecrit} » est inconnu : vouliez-vous dire « {voulu} » ?"
    )


def test_un_champ_inconnu_sans_voisin_donne_les_champs_possibles() -> None:
    rapport = controler(changer(fichier(), lambda demande: demande["commande"].update(couleur="bleu")))
    assert "dateCommande, regimeTVA, montantSegurHT" in rapport.anomalies[0].message


def test_un_objet_illisible_n_entraine_pas_d_autres_anomalies() -> None:
    for champ in ("commande", "beneficiaires", "scenarioInstallation", "piecesJustificatives"):
        rapport = controler(avec(fichier("MS1-DUI"), (champ,), 12))
        assert codes(rapport) == ["1103"], champ


@pytest.mark.parametrize(
    ("chemin", "ecrit", "normal", "code"),
    [
        (("piecesJustificatives", 0, "formatFichier"), "pdf", "PDF", "1204"),
        (("commande", "montantSegurHT"), "358.33", Decimal("358.33"), "1203"),
        (("numLigne",), "1", 1, "1203"),
        (("beneficiaires", "liberal", 0, "nomMedecin"), "  MOREAU\n", "MOREAU", "1202"),
        (("beneficiaires", "commandePour"), "Liberal", "LIBERAL", "1204"),
        (("beneficiaires", "liberal", 0, "RPPS"), 99900000011, "99900000011", "1206"),
        (("codeTraitement",), "0000", None, "1205"),
    ],
)
def test_une_maladresse_courante_est_acceptee_et_normalisee(chemin, ecrit, normal, code) -> None:
    rapport = controler(avec(fichier(), chemin, ecrit))
    assert codes(rapport) == [code]
    assert rapport.anomalies[0].severite is Severite.AVERTISSEMENT
    assert rapport.conforme
    lue = rapport.demandes_normalisees[0]
    for pas in chemin:
        lue = lue[pas]
    assert lue == normal


def test_un_nombre_n_est_pas_accepte_la_ou_un_zero_initial_a_pu_se_perdre() -> None:
    for champ, nombre in (("telephoneMedecin", 123456789), ("nomMedecin", 12)):
        rapport = controler(avec(fichier(), ("beneficiaires", "liberal", 0, champ), nombre))
        assert codes(rapport) == ["1103"]


@pytest.mark.exigence("JSN-022")
def test_le_siret_en_majuscules_est_lu_et_reste_situe_la_ou_il_est_ecrit() -> None:
    texte = octets(fichier()).replace(b'"siret"', b'"SIRET"')
    rapport = verifier(texte, Contexte(siret="99900002900010"))
    assert codes(rapport) == ["1201", "5002"]
    assert [a.chemin for a in rapport.anomalies] == ["SIRET", "SIRET"]
    assert rapport.entete["siret"] == "99900001100018"


def test_la_forme_normale_porte_tous_les_champs_dans_l_ordre() -> None:
    donnees = fichier("MS1-DUI")
    sans = changer(
        donnees, lambda demande: [demande.pop(c) for c in ("administrateursTechniques", "codeTraitement")]
    )
    assert list(controler(sans).demandes_normalisees[0]) == list(donnees["lignesImport"][0])


def test_les_champs_facultatifs_peuvent_manquer_ou_etre_vides() -> None:
    def vider(demande):
        for champ in ("numeroASP", "codeTraitement", "libelleTraitement", "versionLogiciel"):
            del demande[champ]

    assert controler(changer(fichier(), vider)).anomalies == []
    assert controler(changer(fichier(), lambda d: d.update(versionLogiciel=None))).anomalies == []
    assert codes(controler(changer(fichier("MS1-DUI"), lambda d: d.update(versionLogiciel=None)))) == ["1104"]


def test_la_messagerie_est_facultative_a_la_commande_et_obligatoire_au_solde() -> None:
    def sans(demande):
        demande["scenarioInstallation"]["operateurMessagerie"] = None

    assert controler(changer(fichier(), sans)).anomalies == []
    assert codes(controler(changer(fichier(type_demande=SOLDE), sans))) == ["1104"]


def test_un_separateur_de_milliers_ou_une_virgule_dans_un_montant_est_refuse() -> None:
    for texte in ("1 074,99", "1074,99", "1e3", "-5"):
        rapport = controler(avec(fichier(), ("commande", "montantSegurHT"), texte))
        assert codes(rapport) == ["1103"]
        assert "1074.99" in rapport.anomalies[0].message
