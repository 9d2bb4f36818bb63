"""Couloir and type of a file: given, or told by what most requests say."""

from __future__ import annotations

import json

import pytest

from segurnum.controles import Contexte, verifier
from segurnum.controles.tests.fabrique import AVANCE, SOLDE, changer, codes, controler, demande, fichier
from segurnum.couloirs import CouloirInconnu, par_dsr


def melange(*demandes):
    """One file out of requests taken elsewhere, numbered in their order."""
    donnees = fichier()
    donnees["lignesImport"] = list(demandes)
    for rang, ligne in enumerate(demandes):
        ligne["numLigne"] = rang + 1
    return donnees


def une(code: str, rang: int, type_demande=AVANCE):
    return demande(par_dsr(f"DSR-{code}-Va1"), type_demande, "TTC", rang)


@pytest.mark.exigence("JSN-017")
def test_la_demande_d_un_autre_couloir_est_l_anomalie() -> None:
    rapport = controler(melange(une("MDV-LGC", 1), une("RAD-RIS", 2), une("MDV-LGC", 3)))
    assert rapport.dsr == "DSR-MDV-LGC-Va1"
    assert [(a.code, a.chemin, a.numeroEditeur) for a in rapport.anomalies] == [
        ("3001", "lignesImport[1]", "00003")
    ]
    assert rapport.demandes_rejetees() == {1}
    assert "DSR-RAD-RIS-Va1" in rapport.anomalies[0].message


@pytest.mark.exigence("JSN-017")
def test_la_demande_d_un_autre_logiciel_du_meme_couloir_est_l_anomalie() -> None:
    rapport = controler(melange(une("HOP-PFI", 1), une("HOP-PFI", 2), une("HOP-DPI", 3)))
    assert rapport.dsr == "DSR-HOP-PFI-Va1"
    assert [(a.code, a.chemin) for a in rapport.anomalies] == [("3001", "lignesImport[2]")]


@pytest.mark.exigence("JSN-018")
@pytest.mark.parametrize(("type_demande", "autre"), [(AVANCE, SOLDE), (SOLDE, AVANCE)])
def test_la_demande_d_un_autre_type_est_l_anomalie(type_demande, autre) -> None:
    rapport = controler(
        melange(*(une("MDV-LGC", rang, t) for rang, t in enumerate((type_demande, autre, type_demande), 1)))
    )
    assert rapport.type is type_demande
    assert [(a.code, a.chemin) for a in rapport.anomalies] == [("3002", "lignesImport[1]")]


@pytest.mark.exigence("JSN-018")
def test_le_type_choisi_l_emporte_sur_ce_que_dit_le_fichier() -> None:
    rapport = controler(fichier(nombre=2), Contexte(type=SOLDE))
    assert codes(rapport) == ["3002", "3002"]
    assert rapport.type is SOLDE


def test_le_dsr_donne_l_emporte_sur_ce_que_dit_le_fichier() -> None:
    rapport = controler(fichier("RAD-RIS"), Contexte(dsr="DSR-MDV-LGC-Va1"))
    assert codes(rapport) == ["3001"]
    assert rapport.dsr == "DSR-MDV-LGC-Va1"


@pytest.mark.parametrize("code", ["MDV-LGC", "HOP-DPI", "MS1-DUI", "RAD-RIS"])
@pytest.mark.parametrize("type_demande", [AVANCE, SOLDE])
def test_sans_noms_de_pieces_la_forme_des_demandes_dit_le_couloir(code, type_demande) -> None:
    def renommer(demande):
        for piece in demande["piecesJustificatives"]:
            piece["nomFichier"] = f"{piece['typeFichier']}.pdf"

    rapport = controler(changer(fichier(code, type_demande), renommer))
    assert rapport.dsr == f"DSR-{code}-Va1"
    assert rapport.type is type_demande
    assert set(codes(rapport)) == {"4003"}


def test_sans_commande_ni_facture_les_pieces_disent_le_type() -> None:
    rapport = controler(changer(fichier(type_demande=SOLDE), lambda demande: demande.pop("facture")))
    assert rapport.type is SOLDE
    assert codes(rapport) == ["1101"]


def test_un_fichier_qui_ne_dit_rien_demande_son_couloir() -> None:
    brut = {"numeroAns": "1234567890", "siret": "99900001100018", "lignesImport": [{}]}
    rapport = verifier(json.dumps(brut).encode())
    assert codes(rapport) == ["3003"]
    assert (rapport.dsr, rapport.type, rapport.demandes) == (None, None, 1)
    assert not rapport.conforme


def test_un_dsr_inexistant_est_une_erreur_d_appel() -> None:
    with pytest.raises(CouloirInconnu, match="couloirs connus"):
        controler(fichier(), Contexte(dsr="DSR-XXX-YYY-Va1"))


@pytest.mark.parametrize(
    "lignes", [12, [12], [None, "a"], [[]], {}, [{"piecesJustificatives": [{"typeFichier": []}]}]]
)
def test_des_demandes_informes_sont_refusees_sans_erreur_interne(lignes) -> None:
    brut = {"numeroAns": "1234567890", "siret": "99900001100018", "lignesImport": lignes}
    rapport = verifier(json.dumps(brut).encode())
    assert not rapport.conforme
    assert set(codes(rapport)) <= {"1103", "3003"}


@pytest.mark.parametrize("racine", ["[]", "12", '"texte"', "null", "{}"])
def test_une_racine_inattendue_est_refusee(racine: str) -> None:
    assert not verifier(racine.encode()).conforme


@pytest.mark.parametrize(
    "code", ["DSR-MS1-DUI-Va1", "DSR-MS2-DUI-PDE-Va1", "DSR-RAD-RIS-Va1", "DSR-BIO-SGL-Va1"]
)
def test_entre_des_formes_semblables_celle_qui_n_a_rien_de_plus_puis_la_premiere_vague(code: str) -> None:
    donnees = fichier(code)
    donnees["lignesImport"][0]["piecesJustificatives"][0]["nomFichier"] = "bon de commande.pdf"
    dit = controler(donnees).dsr
    assert dit == ("DSR-BIO-LOINC-Va1" if "BIO" in code else code)
