"""The ZIP of pieces against what the JSON announces."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from segurnum import couloirs
from segurnum.controles.attendues import PieceAttendue
from segurnum.controles.pieces import verifier_pieces
from segurnum.controles.problemes import MO
from segurnum.controles.rapport_pieces import RapportPieces

from .fabrique_pieces import archive, image, pdf, piece

BDC = piece("MS1-DUI-va1-bdc-00001.pdf", 0)
HT = piece("ms1_dui-va1-HT-00001.pdf", 0, "PREUVE_HT")
BDC2 = piece("ms1-dui-VA1-bdc-00002.jpg", 1, numero="00002")
SAINE = {BDC.nom: pdf(), HT.nom: pdf(2), BDC2.nom: image("JPEG")}


def verifier(contenus: Any, attendues: list[PieceAttendue], **options: Any) -> RapportPieces:
    options.setdefault("couloir", couloirs.par_code("MS1-DUI"))
    return verifier_pieces(io.BytesIO(archive(contenus)), attendues, **options)


def codes(rapport: RapportPieces) -> dict[str, list[str]]:
    par_nom: dict[str, list[str]] = {ligne.nom: [] for ligne in rapport.lignes}
    for anomalie in rapport.anomalies:
        par_nom[anomalie.chemin].append(anomalie.code)
    return par_nom


@pytest.mark.exigence("JSN-038", "JSN-040", "JSN-042", "JSN-043")
def test_une_archive_complete_est_conforme_et_chaque_ligne_dit_ok() -> None:
    rapport = verifier(SAINE, [BDC, HT, BDC2])
    assert rapport.conforme
    assert [(ligne.nom, ligne.statut, ligne.code) for ligne in rapport.lignes] == [
        (nom, "OK", None) for nom in SAINE
    ]
    assert rapport.demandes_completes == [0, 1]


def test_une_archive_se_lit_aussi_depuis_un_chemin(tmp_path: Path) -> None:
    chemin = tmp_path / "PJ-Avance MS1-Ok.zip"
    chemin.write_bytes(archive(SAINE))
    assert verifier_pieces(chemin, [BDC, HT, BDC2], couloir=None).conforme


@pytest.mark.exigence("JSN-038")
def test_un_fichier_non_annonce_est_refuse_avec_le_nom_annonce_le_plus_proche() -> None:
    rapport = verifier({"MS1-DUI-va1-bcd-00001.pdf": pdf()}, [BDC])
    assert [ligne.code for ligne in rapport.lignes] == ["4141", "4142"]
    assert "vouliez-vous dire « MS1-DUI-va1-bdc-00001.pdf » ?" in rapport.lignes[0].statut
    assert not rapport.conforme


def test_un_fichier_sans_rapport_n_a_pas_de_suggestion() -> None:
    rapport = verifier({**SAINE, "vacances.jpg": image("JPEG")}, [BDC, HT, BDC2])
    assert codes(rapport)["vacances.jpg"] == ["4141"]
    assert "vouliez-vous" not in rapport.lignes[-1].statut
    assert rapport.demandes_completes == [0, 1]


def test_une_autre_piece_de_la_nomenclature_n_est_pas_prise_pour_une_faute_de_frappe() -> None:
    rapport = verifier({"MS1-DUI-va1-aut-00003.jpg": image("JPEG")}, [BDC])
    assert "vouliez-vous" not in rapport.lignes[0].statut


@pytest.mark.exigence("JSN-038")
def test_une_piece_annoncee_absente_a_sa_ligne_et_laisse_sa_demande_incomplete() -> None:
    rapport = verifier({BDC.nom: pdf(), BDC2.nom: image("JPEG")}, [BDC, HT, BDC2])
    assert (rapport.lignes[-1].nom, rapport.lignes[-1].code) == (HT.nom, "4142")
    assert "n° éditeur 00001" in rapport.lignes[-1].statut
    assert rapport.demandes_completes == [1]


def test_la_casse_et_la_composition_des_accents_ne_separent_pas_deux_noms() -> None:
    annoncee = piece("pièce-00001.PDF")
    assert verifier({"PIE\u0300CE-00001.pdf": pdf()}, [annoncee], couloir=None).conforme


def test_les_dossiers_de_l_archive_ne_comptent_pas() -> None:
    rapport = verifier({f"envoi/1/{BDC.nom}": pdf(), "__MACOSX/envoi/._x": b"x"}, [BDC])
    assert rapport.conforme
    assert rapport.lignes[0].nom == BDC.nom


@pytest.mark.exigence("JSN-033", "JSN-040")
@pytest.mark.parametrize(
    "nom", ["MS1-DUI-va1-bdc-BC-7.pdf", "MS1-DUI-va1-bdc-bc_7.pdf", "MS1_DUI_va1_bdc_BC_7.pdf"]
)
@pytest.mark.parametrize("numero", ["BC_7", "BC-7", "bc-7"])
def test_le_tiret_et_le_souligne_se_valent_dans_le_numero_comme_dans_le_json(nom: str, numero: str) -> None:
    assert verifier({nom: pdf()}, [piece(nom, numero=numero)]).conforme
    autre = verifier({nom: pdf()}, [piece(nom, numero="BC8")])
    assert [a.code for a in autre.anomalies] == ["4143"]


@pytest.mark.exigence("JSN-040")
@pytest.mark.parametrize(
    "nom",
    [
        "MS2-DUI-va1-bdc-00001.pdf",
        "MS1-RIS-va1-bdc-00001.pdf",
        "MS1-DUI-va2-bdc-00001.pdf",
        "MS1-DUI-va1-fac-00001.pdf",
        "MS1-DUI-va1-bdc-00002.pdf",
        "bon de commande.pdf",
    ],
)
def test_un_nom_hors_nomenclature_est_refuse_en_donnant_le_nom_attendu(nom: str) -> None:
    rapport = verifier({nom: pdf()}, [piece(nom)])
    assert rapport.lignes[0].code == "4143"
    assert "« MS1-DUI-va1-bdc-00001.pdf » est attendu" in rapport.lignes[0].statut
    assert verifier({nom: pdf()}, [piece(nom)], couloir=None).conforme


@pytest.mark.exigence("JSN-035", "JSN-036", "JSN-037")
@pytest.mark.parametrize(
    ("nom", "contenu", "code"),
    [
        ("a.jpeg", image("JPEG"), "4104"),
        ("a.docx", b"PK", "4104"),
        ("a" * 97 + ".pdf", pdf(), "4102"),
        ("a.pdf", b"", "4106"),
        ("a.pdf", b"MZ" + b"x" * 99, "4111"),
        ("a.pdf", pdf(3)[:-200], "4112"),
        ("a.png", image("PNG", (90, 90))[:9_000], "4115"),
    ],
)
def test_une_piece_annoncee_mais_mauvaise_est_refusee_sur_sa_ligne(
    nom: str, contenu: bytes, code: str
) -> None:
    rapport = verifier({nom: contenu}, [piece(nom)], couloir=None)
    assert [(ligne.nom, ligne.code) for ligne in rapport.lignes] == [(nom, code)]
    assert rapport.demandes_completes == []


def _pdf_de(taille: int) -> bytes:
    base = len(pdf(remplissage=taille - 2_000))
    juste = pdf(remplissage=taille - 2_000 + (taille - base))
    assert len(juste) == taille
    return juste


@pytest.mark.exigence("JSN-035")
@pytest.mark.parametrize(("de_trop", "codes_attendus"), [(0, []), (1, ["4105"])])
def test_trois_mo_sont_acceptes_un_octet_de_plus_non(de_trop: int, codes_attendus: list[str]) -> None:
    rapport = verifier({"a.pdf": _pdf_de(3 * MO + de_trop)}, [piece("a.pdf")], couloir=None)
    assert [a.code for a in rapport.anomalies] == codes_attendus


def test_tous_les_problemes_sont_dits_en_une_fois() -> None:
    mauvais = "x" * 100 + ".jpeg"
    rapport = verifier(
        {"../fuite.pdf": pdf(), mauvais: image("JPEG"), "A.pdf": b"MZ", "d/a.pdf": pdf(), BDC.nom: b"%PDF-"},
        [BDC, HT],
    )
    assert {a.code for a in rapport.anomalies} == {"4128", "4141", "4102", "4104", "4130", "4112", "4142"}
    assert codes(rapport)[mauvais] == ["4141", "4102", "4104"]
    for ligne in rapport.lignes:
        assert ligne.statut[0].isupper() or ligne.statut[0] == "«"
        assert ligne.statut[-1] in ".?"


def test_ce_qu_un_logiciel_a_laisse_dans_l_archive_est_dit_ignore() -> None:
    rapport = verifier({BDC.nom: pdf(), f"@eaDir/{BDC.nom}": b"x", "~$bon.docx": b"x"}, [BDC])
    assert rapport.conforme
    assert [ligne.nom for ligne in rapport.lignes] == [BDC.nom]
    assert rapport.phrase_des_ignores == (
        f"2 fichiers ignorés, laissés là par un logiciel : @eaDir/{BDC.nom}, ~$bon.docx."
    )
    assert verifier(SAINE, [BDC, HT, BDC2]).phrase_des_ignores == ""


def test_les_fichiers_ignores_sont_comptes_au_dela_de_ceux_qui_sont_cites() -> None:
    rapport = verifier({BDC.nom: pdf()} | {f"{i}/Thumbs.db": b"" for i in range(300)}, [BDC])
    assert (rapport.nombre_ignores, len(rapport.ignores)) == (300, 20)
    assert rapport.phrase_des_ignores.endswith("19/Thumbs.db, ….")


def test_un_rapport_garde_avant_que_les_ignores_soient_dits_se_relit() -> None:
    donnees = verifier(SAINE, [BDC, HT, BDC2]).en_dict()
    del donnees["ignores"], donnees["nombre_ignores"]
    assert RapportPieces.lire(donnees).phrase_des_ignores == ""


def test_une_archive_refusee_en_entier_le_dit_sans_ligne() -> None:
    rapport = verifier_pieces(io.BytesIO(b"pas un zip"), [BDC], couloir=None)
    assert (rapport.lignes, rapport.conforme, rapport.demandes_completes) == ([], False, [])
    assert [a.code for a in rapport.anomalies] == ["4121"]


def test_chaque_piece_acceptee_est_remise_une_fois_avec_ses_octets() -> None:
    recues: dict[str, tuple[bytes, str, int]] = {}

    def consommer(recue: PieceAttendue, flux: BinaryIO, sha256: str, taille: int) -> None:
        assert recue.nom not in recues
        recues[recue.nom] = (flux.read(), sha256, taille)

    contenus = {**SAINE, HT.nom: b"MZ", "intrus.pdf": pdf()}
    rapport = verifier(contenus, [BDC, HT, BDC2], consommer=consommer)
    assert {nom: octets for nom, (octets, _, _) in recues.items()} == {
        n: SAINE[n] for n in (BDC.nom, BDC2.nom)
    }
    lignes = {ligne.nom: (ligne.sha256, ligne.taille) for ligne in rapport.lignes}
    assert all(lignes[nom] == (sha256, taille) for nom, (_, sha256, taille) in recues.items())


@pytest.mark.exigence("JSN-041")
def test_la_progression_avance_jusqu_au_total() -> None:
    vues: list[tuple[int, int]] = []
    verifier(SAINE, [BDC, HT, BDC2], progression=lambda fait, total: vues.append((fait, total)))
    assert len(vues) == 3
    assert vues == sorted(vues)
    assert vues[-1][0] == vues[-1][1] > 0


def test_le_rapport_se_range_en_json_et_se_relit() -> None:
    rapport = verifier({**SAINE, "x.exe": b"MZ", ".DS_Store": b""}, [BDC, HT, BDC2, piece("absente.pdf", 2)])
    donnees = json.loads(json.dumps(rapport.en_dict()))
    assert RapportPieces.lire(donnees) == rapport
    assert donnees["conforme"] is False


def test_une_anomalie_cite_la_demande_concernee() -> None:
    rapport = verifier({BDC.nom: pdf(), HT.nom: pdf()}, [BDC, HT, BDC2])
    (anomalie,) = rapport.anomalies
    assert (anomalie.numeroEditeur, anomalie.demande, anomalie.chemin) == ("00002", 1, BDC2.nom)
