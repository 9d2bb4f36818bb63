"""What is no spreadsheet, or not one that can be read, gets a sentence in the terms of what was sent."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from segurnum.couloirs import trouver
from segurnum.isolement.portes import convertir, verifier_tableur
from segurnum.tableurs import modele, plan_de
from segurnum.tableurs.marque import MODE_D_EMPLOI
from segurnum.tableurs.tests.fabrique import AVANCE, csv, dite, lignes, lire, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _archive(**entrees: str) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in entrees.items():
            archive.writestr(nom.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), contenu)
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (OLE, "ancien format .xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (b"<html><table></table></html>", "page HTML"),
        (b"%PDF-1.7", "document PDF"),
        (b"{\\rtf1 }", "document RTF"),
        (b'{"lignesImport": []}', "déjà un fichier JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "pas un tableur"),
        (b"PK\x03\x04tronque", "abîmé"),
        (_archive(word__document_xml="<w/>"), "archive, pas un classeur"),
        (_archive(xl__workbook_bin="x"), ".xlsb"),
        (_archive(xl__workbook_xml="<x/>"), "abîmé"),
        (
            _archive(xl__workbook_xml="<x/>", xl__worksheets__sheet1_xml=" " * 70_000_000),
            "supprimez les lignes",
        ),
        (csv(lignes()).encode() + b'"' + b"x" * 200_000, "guillemets"),
        (b";" * 20_000, "colonnes"),
        (b"a" * 6_000_000, "5\xa0Mo"),
    ],
    ids=lambda valeur: str(valeur)[:24],
)
def test_ce_qui_n_est_pas_un_tableur_recoit_une_phrase(octets: bytes, phrase: str) -> None:
    lue = lire(octets)
    assert phrase in dite(lue.remarques, "1301").message
    assert not lue.octets


@pytest.mark.parametrize(
    "table", [[["a", "b"], ["c", "d"]], [["Numéro RPPS"], ["99900000011"]], [["x"]]], ids=str
)
def test_une_feuille_sans_en_tetes_dit_lesquels_sont_attendus(table: Any) -> None:
    refus = dite(lire(xlsx(table)).remarques, "1302")
    assert "« Numéro ANS »" in refus.message
    assert f"« {table[0][0]} »" in refus.message


def test_un_classeur_sans_ligne_ou_sans_feuille_visible_le_dit() -> None:
    assert "aucune ligne remplie" in dite(lire(xlsx(lignes()[:1])).remarques, "1302").message

    def cacher(classeur: Any) -> None:
        classeur.add_worksheet("Vide").activate()
        classeur.worksheets()[0].hide()

    assert "aucune feuille visible" in dite(lire(xlsx(lignes(), apres=cacher)).remarques, "1302").message


def test_un_modele_ancien_est_dit_avec_sa_date_et_il_est_lu_quand_meme() -> None:
    def marquer(classeur: Any) -> None:
        feuille = classeur.add_worksheet(MODE_D_EMPLOI)
        for rang, paire in enumerate(
            [
                ("Couloir", "DSR-MDV-LGC-Va1"),
                ("Type de demande", "Avance"),
                ("Modèle du", "12/03/2024"),
                ("Colonnes", "00000000"),
            ]
        ):
            feuille.write_row(rang, 0, paire)

    lue = lire(xlsx(lignes(), apres=marquer), None, None)
    assert "modèle du 12/03/2024, remplacé" in dite(lue.remarques, "1305").message
    assert lue.reussie


def test_le_modele_du_jour_n_est_pas_ancien_et_dit_son_couloir() -> None:
    lue = lire(modele(plan_de(trouver("HOP-PFI-Va1"), AVANCE)), None, None)
    assert lue.dsr == "DSR-HOP-PFI-Va1"
    assert {remarque.code for remarque in lue.remarques} == {"1302"}  # it is empty


def _loin(classeur: Any) -> None:
    classeur.worksheets()[0].write(9_999, 16_383, "x")


def test_un_classeur_trop_etendu_est_refuse_par_sa_zone() -> None:
    lue = convertir(xlsx(lignes(), apres=_loin), "DSR-MDV-LGC-Va1", AVANCE)
    assert "A1:XFD10000" in dite(lue.remarques, "1301").message


def _large(classeur: Any) -> None:
    classeur.add_worksheet("Calculs").write(30_000, 0, "x")


def test_une_feuille_demesuree_n_empeche_pas_de_lire_celle_des_demandes() -> None:
    lue = lire(xlsx(lignes(), apres=_large))
    assert lue.reussie
    assert any("« Calculs » s'étend sur 30\u202f001 lignes" in remarque.message for remarque in lue.remarques)
    seule = [[""]] * 30_000 + [["x"]]
    assert "s'étend sur" in dite(lire(xlsx(seule)).remarques, "1301").message


def test_un_tableur_recoit_le_meme_rapport_derriere_la_porte() -> None:
    conversion, rapport = verifier_tableur(xlsx(lignes("MS1-DUI")))
    assert conversion.reussie
    assert rapport.conforme
    assert rapport.dsr == "DSR-MS1-DUI-Va1"
