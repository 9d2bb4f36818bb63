"""The corpus: every file gets exactly its anomalies, at their exact place, through every door without a portal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.controles import Code, catalogue, verifier
from segurnum.controles.metier import regles
from segurnum.controles.tests.corpus import CORPUS, Cas, cas_du_corpus, places, trier

CAS = cas_du_corpus()
SANS_PORTAIL = [cas for cas in CAS if set(cas.contexte_brut) <= {"dsr", "type"}]

# What no stored file can show, or would show at great cost: a test of the package does.
MONTRES_PAR_UN_TEST = {
    "1002": "test_un_fichier_de_plus_de_5_mo_est_refuse",
    "1010": "test_un_fichier_hostile_n_encombre_pas_le_rapport",
    "1090": "test_un_fichier_qui_l_arrete_est_refuse_par_une_phrase_et_un_code",
    "1091": "test_un_fichier_qui_l_arrete_est_refuse_par_une_phrase_et_un_code",
    "1011": "test_un_fichier_de_trop_d_elements_est_refuse_sans_etre_lu",
    "1107": "test_un_fichier_contient_de_1_a_200_demandes",
    "1301": "test_ce_qui_n_est_pas_un_tableur_recoit_une_phrase",
    "1302": "test_une_feuille_sans_en_tetes_dit_lesquels_sont_attendus",
    "1303": "test_un_titre_qui_peut_designer_deux_colonnes_ou_qui_est_repete_est_refuse",
    "1304": "test_deux_lignes_d_une_demande_qui_se_contredisent_sont_refusees",
    "1305": "test_un_modele_ancien_est_dit_avec_sa_date_et_il_est_lu_quand_meme",
    "1306": "test_une_cellule_d_un_autre_genre_est_refusee_a_sa_place",
    "1307": "test_une_feuille_porte_deux_cents_demandes_au_plus",
    "1308": "test_deux_couloirs_dans_une_feuille_sont_refuses_a_leur_ligne",
    "1309": "test_une_colonne_attendue_qui_manque_est_dite_une_fois",
    "1310": "test_le_couloir_et_le_type_se_reconnaissent_aux_colonnes",
    "1311": "test_une_colonne_inconnue_est_laissee_de_cote_et_le_titre_proche_est_propose",
    "1312": "test_une_date_se_lit_quelle_que_soit_sa_cellule",
    "1313": "test_un_zero_perdu_est_rendu_quand_le_numero_le_prouve",
    "1314": "test_les_feuilles_masquees_et_les_autres_ne_sont_pas_lues_et_c_est_dit",
    "1315": "test_une_ligne_qui_n_ajoute_rien_est_signalee_et_compte_une_fois",
    "3437": "test_un_numero_que_son_repertoire_ne_connait_pas_est_signale_avec_le_releve",
    "2000": "test_un_couloir_ajoute_par_un_fichier_est_controle_comme_les_autres",
    "2009": "test_un_champ_mal_rempli_dit_ce_qui_est_attendu",
}


@pytest.mark.exigence("JSN-032")
@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.nom)
def test_chaque_fichier_recoit_ses_anomalies_a_leur_place(cas: Cas) -> None:
    rapport = verifier(cas.fichier.read_bytes(), cas.contexte)
    assert places(rapport) == trier(cas.attendu)
    assert rapport.conforme == cas.conforme
    if cas.code:
        assert cas.code in {anomalie.code for anomalie in rapport.anomalies}


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.nom)
def test_chaque_anomalie_est_une_phrase(cas: Cas) -> None:
    for anomalie in verifier(cas.fichier.read_bytes(), cas.contexte).anomalies:
        assert anomalie.message[0].isupper() or anomalie.message[0] == "«"
        assert anomalie.message[-1] in ".?"
        assert not any(ord(caractere) < 0x20 for caractere in anomalie.message)


@pytest.mark.parametrize("cas", SANS_PORTAIL, ids=lambda cas: cas.nom)
def test_la_ligne_de_commande_rend_le_meme_rapport(cas: Cas, capsys: pytest.CaptureFixture[str]) -> None:
    options = [mot for nom, valeur in cas.contexte_brut.items() for mot in (f"--{nom}", valeur)]
    options = [mot.lower() if mot in ("AVANCE", "SOLDE") else mot for mot in options]
    sortie = principal(["verifier", str(cas.fichier), "--format", "json", *options])
    rapport = verifier(cas.fichier.read_bytes(), cas.contexte)
    assert json.loads(capsys.readouterr().out) == rapport.en_dict()
    assert sortie == (0 if cas.conforme else 1)


def test_le_meme_fichier_rend_toujours_le_meme_rapport() -> None:
    for cas in CAS:
        octets = cas.fichier.read_bytes()
        assert verifier(octets, cas.contexte).en_json() == verifier(octets, cas.contexte).en_json()


def test_chaque_code_du_json_est_montre_par_le_corpus_ou_par_un_test() -> None:
    codes = {code for code in catalogue() if not code.startswith("41")}
    montres = {anomalie["code"] for cas in CAS for anomalie in cas.attendu}
    assert codes - montres == set(MONTRES_PAR_UN_TEST)
    dossiers = {chemin.name for chemin in (CORPUS / "non_conforme").iterdir()}
    assert dossiers <= codes


def test_les_tests_qui_remplacent_un_fichier_du_corpus_existent() -> None:
    paquet = CORPUS.parent / "src" / "segurnum"
    fichiers = [*paquet.glob("controles/tests/test_*.py"), *paquet.glob("isolement/tests/test_*.py")]
    fichiers += paquet.glob("tableurs/tests/test_*.py")
    fichiers += Path(__file__).parent.glob("test_*.py")
    sources = "".join(fichier.read_text(encoding="utf-8") for fichier in fichiers)
    for nom in MONTRES_PAR_UN_TEST.values():
        assert f"def {nom}(" in sources


@pytest.mark.parametrize("code", catalogue().values(), ids=lambda code: code.code)
def test_chaque_code_est_documente(code: Code) -> None:
    assert code.titre
    assert not code.titre.endswith(".")
    assert code.explication.endswith(".")
    assert code.remede.endswith(".")


def test_chaque_regle_metier_est_enregistree_sous_son_code() -> None:
    connus = catalogue()
    for regle in regles():
        assert connus[regle.code.code] is regle.code
    assert len({regle.fonction.__name__ for regle in regles()}) == len(regles())


def test_le_corpus_ne_contient_que_des_adresses_inventees() -> None:
    for cas in CAS:
        texte = cas.fichier.read_bytes().decode("utf-8", "replace").replace("\x00", "")
        for morceau in texte.split('"'):
            assert "@" not in morceau or morceau.endswith(".example")
