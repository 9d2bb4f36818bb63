"""Reading: encoding, size, syntax. Each refusal says where, in a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segurnum.controles import Contexte, verifier
from segurnum.controles.codes_lecture import CLE_REPETEE
from segurnum.controles.lecture import ANOMALIES_MAX, TAILLE_MAX, lire
from segurnum.controles.tests.fabrique import codes, controler, fichier, octets


def place(texte: str) -> tuple[str, int | None, int | None, str]:
    """Code, line, column and sentence of the only anomaly."""
    rapport = verifier(texte.encode())
    assert len(rapport.anomalies) == 1
    anomalie = rapport.anomalies[0]
    return anomalie.code, anomalie.ligne, anomalie.colonne, anomalie.message


def test_un_fichier_de_plus_de_5_mo_est_refuse() -> None:
    juste = octets(fichier())
    assert verifier(juste + b" " * (TAILLE_MAX - len(juste))).conforme
    rapport = verifier(juste + b" " * (TAILLE_MAX - len(juste) + 1))
    assert codes(rapport) == ["1002"]
    assert "5 Mo au plus" in rapport.anomalies[0].message


@pytest.mark.parametrize(
    ("texte", "ligne", "colonne", "mot"),
    [
        ('{"a": 1,}', 1, 8, "virgule est en trop"),
        ('{"a": [1, 2,\n]}', 1, 12, "virgule est en trop"),
        ('{"a": 1,, "b": 2}', 1, 9, "virgule est en trop"),
        ('{,"a": 1}', 1, 2, "virgule est en trop"),
        ('{"a": 1\n "b": 2}', 2, 2, "manque une virgule"),
        ("{'a': 1}", 1, 2, "guillemets doubles"),
        ("{\"a\": 'x'}", 1, 7, "guillemets doubles"),
        ('{"a": “x”}', 1, 7, "typographique"),
        ("{a: 1}", 1, 2, "nom de champ entre guillemets"),
        ('{"a" 1}', 1, 6, "deux points"),
        ('{"a": True}', 1, 7, "écrivez true"),
        ('{"a": None}', 1, 7, "écrivez null"),
        ('{"a": 1 // b\n}', 1, 9, "commentaire"),
        ('/* b */ {"a": 1}', 1, 1, "commentaire"),
        ('{"a": 1, # b\n}', 1, 10, "commentaire"),
        ('{"a": 1,5}', 1, 9, "avec un point"),
        ('{"a": 01}', 1, 8, "ne commence pas par 0"),
        ('{"a": .5}', 1, 7, "valeur est attendue"),
        ('{"a": +1}', 1, 7, "valeur est attendue"),
        ('{"a": }', 1, 7, "valeur est attendue"),
        ('{"a": "x', 1, 7, "jamais fermé"),
        ('{"a": "x\ny"}', 1, 9, "retour à la ligne"),
        ('{"a": "c:\\docs"}', 1, 10, "antislash"),
        ('{"a": [1, 2', 1, 12, "s'arrête trop tôt"),
        ('{"a": 1} {"b": 2}', 1, 10, "continue après"),
        ("bonjour", 1, 1, "valeur est attendue"),
    ],
)
def test_une_faute_de_syntaxe_est_dite_a_sa_place(texte: str, ligne: int, colonne: int, mot: str) -> None:
    code, lue, col, message = place(texte)
    assert (code, lue, col) == ("1005", ligne, colonne)
    assert mot in message


def test_la_colonne_compte_des_caracteres_et_non_des_octets() -> None:
    assert place('{"é€𝄞": 1,}')[1:3] == (1, 10)


def test_les_fins_de_ligne_windows_ne_decalent_rien() -> None:
    assert place('{\r\n  "a": 1,\r\n}')[1:3] == (2, 9)


def test_un_bom_est_refuse_sans_cacher_le_reste() -> None:
    rapport = verifier(b"\xef\xbb\xbf" + octets(fichier()).replace(b'"TTC"', b'"TTX"'))
    assert codes(rapport) == ["1004", "2010"]
    assert rapport.anomalies[1].ligne == 14


@pytest.mark.parametrize("constante", ["NaN", "Infinity", "-Infinity"])
def test_nan_et_infini_sont_refuses_a_leur_place(constante: str) -> None:
    code, ligne, colonne, message = place(f'{{"a": "NaN",\n "b": {constante}}}')
    assert (code, ligne, colonne) == ("1006", 2, 7)
    assert constante in message


@pytest.mark.parametrize("texte", ["[" * 21 + "]" * 21, '{"a":' * 21 + "1" + "}" * 21, "[" * 100_000])
def test_au_dela_de_vingt_niveaux_le_fichier_est_refuse(texte: str) -> None:
    code, ligne, colonne, _ = place(texte)
    attendu = 101 if texte.startswith("{") else 21
    assert (code, ligne, colonne) == ("1008", 1, attendu)


def test_vingt_niveaux_sont_lus() -> None:
    assert lire(b"[" * 20 + b"]" * 20).defauts == []


@pytest.mark.parametrize("nombre", ["1e9999999999999999999999", "-1E-9999999999999999999999"])
def test_un_nombre_demesure_est_refuse_a_sa_place(nombre: str) -> None:
    assert place(f'{{"e": "1e9", "a": {nombre}}}')[:3] == ("1009", 1, 19)


def test_un_entier_de_milliers_de_chiffres_n_arrete_pas_le_controle() -> None:
    texte = octets(fichier()).replace(b'"numLigne": 1', b'"numLigne": ' + b"9" * 6000)
    assert codes(verifier(texte)) == ["1103"]


def test_les_montants_sont_exacts_et_jamais_flottants() -> None:
    texte = octets(fichier()).replace(b"1074.99", b"358.33")
    montant = verifier(texte).demandes_normalisees[0]["commande"]["montantSegurHT"]
    assert isinstance(montant, Decimal)
    assert montant == Decimal("358.33")


def test_le_message_cite_les_caracteres_invisibles_sans_les_ecrire() -> None:
    donnees = fichier()
    donnees["lignesImport"][0]["\x1b[31m\ud800"] = 1
    rapport = verifier(octets(donnees, ensure_ascii=True))
    assert codes(rapport) == ["1102"]
    assert rapport.en_texte().isascii() or "\x1b" not in rapport.en_texte()
    assert rapport.en_json().encode()


@pytest.mark.parametrize(
    "texte",
    [
        '{"lignesImport": [{"piecesJustificatives": [' + "0," * 20_000 + "0]}]}",
        "{" + ",".join(f'"x{rang}": 0' for rang in range(20_000)) + "}",
        "{" + ",".join('"siret": 0' for _ in range(20_000)) + "}",
        "[" + ",".join(["NaN"] * 20_000) + "]",
    ],
    ids=["elements", "champs", "repetitions", "constantes"],
)
def test_un_fichier_hostile_n_encombre_pas_le_rapport(texte: str) -> None:
    rapport = verifier(texte.encode(), Contexte(dsr="DSR-MDV-LGC-Va1"))
    assert len(rapport.anomalies) == ANOMALIES_MAX + 1
    assert rapport.anomalies[0].code == "1010"


def test_un_numero_editeur_illisible_n_abime_pas_le_rapport() -> None:
    donnees = fichier()
    donnees["lignesImport"][0]["numeroEditeur"] = "\x00\ud800" + "9" * 500
    rapport = verifier(octets(donnees, ensure_ascii=True))
    assert codes(rapport) == ["2015"]
    assert rapport.anomalies[0].numeroEditeur is not None
    assert len(rapport.anomalies[0].numeroEditeur) < 80
    assert "\\u0000" not in rapport.en_json().replace("\\\\", "")


def test_une_lettre_rare_n_est_pas_un_caractere_interdit() -> None:
    donnees = fichier()
    donnees["lignesImport"][0]["beneficiaires"]["liberal"][0]["nomMedecin"] = (
        "L\u2019HA\u00ff \U0001f600\u00a0\u0152"
    )
    assert controler(donnees).anomalies == []


def test_sans_rien_savoir_les_regles_non_evaluees_sont_listees() -> None:
    rapport = controler(fichier())
    assert {"3436", "5001", "5005"} <= set(rapport.regles_non_evaluees)
    assert (
        "3436"
        not in controler(
            fichier(), Contexte(beneficiaires_finances=lambda _identifiants: {})
        ).regles_non_evaluees
    )


def test_une_cle_repetee_se_dit_meme_dans_le_seul_objet_du_fichier() -> None:
    assert CLE_REPETEE.code in [
        anomalie.code for anomalie in verifier(b'{"siret": "1", "siret": "2"}').anomalies
    ]
