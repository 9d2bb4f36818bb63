"""Loading FINESS and RPPS: whole or not at all, the newest in force, what shrank held until somebody looks."""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segurnum.comptes.auteurs import PORTAIL
from segurnum.controles.refus import FichierRefuse
from segurnum.demonstration.repertoires import professionnels, structures
from segurnum.journal.models import Evenement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.repertoires import queries, services
from segurnum.repertoires.lecture import Repertoire
from segurnum.repertoires.models import Inscrit, Releve

pytestmark = pytest.mark.django_db

FINESS, RPPS = Repertoire.FINESS, Repertoire.RPPS
NUMEROS = [f"99000{rang:04d}" for rang in range(20)]
Ecrire = Callable[[str, bytes | str], Path]


@pytest.fixture
def ecrire(tmp_path: Path) -> Ecrire:
    def faire(nom: str, contenu: bytes | str) -> Path:
        chemin = tmp_path / nom
        chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
        return chemin

    return faire


def charger(chemin: Path, repertoire: Repertoire = FINESS) -> services.Bilan:
    return services.charger(repertoire=repertoire, chemin=chemin, auteur=PORTAIL)


def finess(numeros: list[str], fermes: list[str] | None = None) -> str:
    return json.dumps(structures(numeros, fermes or []))


def reproches(*cles: str) -> dict[str, str]:
    return queries.reprocher(cles, queries.en_vigueur())


def test_le_fichier_de_finess_se_charge_nu_ou_compresse(ecrire: Ecrire, tmp_path: Path) -> None:
    texte = finess(NUMEROS, NUMEROS[:1])
    assert charger(ecrire("finess-structures_202601010600.json", texte)).releve.nombre == 20
    bilan = charger(ecrire("finess-structures_202601020600.json.gz", gzip.compress(texte.encode() + b" ")))
    assert (bilan.releve.nombre, bilan.releve.fermes) == (20, 1)
    with zipfile.ZipFile(tmp_path / "finess-structures_202601030600.zip", "w") as archive:
        archive.writestr("finess-structures.json", texte + "\n")
    charger(tmp_path / "finess-structures_202601030600.zip")
    assert [releve.statut for releve in queries.releves()] == ["EN_VIGUEUR", "REMPLACE", "REMPLACE"]
    assert Inscrit.objects.count() == 20
    assert Inscrit.objects.get(numero=NUMEROS[1]).categorie == "500"


def test_un_numero_inconnu_ou_ferme_est_dit_avec_la_date_du_releve(ecrire: Ecrire) -> None:
    charger(ecrire("finess-structures_202601010600.json", finess(NUMEROS, NUMEROS[:1])))
    cles = (f"FINESS {NUMEROS[0]}", f"FINESS {NUMEROS[1]}", "FINESS 990009999", "RPPS 99900000011")
    assert reproches(*cles) == {
        f"FINESS {NUMEROS[0]}": "est fermé au répertoire FINESS du 01/01/2026",
        "FINESS 990009999": "n'est pas inscrit au répertoire FINESS du 01/01/2026",
    }


def test_l_extrait_du_rpps_se_charge_sans_rien_garder_des_personnes(ecrire: Ecrire) -> None:
    texte = (
        professionnels(["99900000011", "99900000029", "99900000011"])
        + "0|123456789|0123456789|60|Infirmier\n"
    )
    bilan = charger(ecrire("PS_LibreAcces_Personne_activite_202601010600.txt", texte), RPPS)
    assert bilan.releve.nombre == 2
    assert bilan.releve.instant == datetime(2026, 1, 1, 5, 0, tzinfo=UTC)
    assert set(reproches("RPPS 99900000011", "RPPS 99900000037")) == {"RPPS 99900000037"}
    assert {champ.name for champ in Inscrit._meta.get_fields()} == {
        "pk",
        "releve",
        "numero",
        "ferme",
        "categorie",
    }


def test_un_releve_qui_perd_un_dixieme_de_ses_numeros_attend_une_confirmation(ecrire: Ecrire) -> None:
    charger(ecrire("finess_202601010600.json", finess(NUMEROS)))
    bilan = charger(ecrire("finess_202601020600.json", finess(NUMEROS[:17])))
    assert "confirmer" in services.phrase_du_bilan(bilan)
    assert not reproches(f"FINESS {NUMEROS[19]}")
    services.confirmer(releve=bilan.releve.pk, auteur=PORTAIL)
    assert reproches(f"FINESS {NUMEROS[19]}")
    assert Inscrit.objects.count() == 17
    with pytest.raises(GesteImpossible):
        services.ecarter(releve=bilan.releve.pk, auteur=PORTAIL)
    gestes = list(
        Evenement.objects.filter(chaine="repertoires").values_list("geste", flat=True).order_by("pk")
    )
    assert gestes == ["CHARGER_REPERTOIRE", "CHARGER_REPERTOIRE", "CONFIRMER_REPERTOIRE"]


def test_un_releve_retenu_s_ecarte_et_celui_d_avant_reste(ecrire: Ecrire) -> None:
    charger(ecrire("finess_202601010600.json", finess(NUMEROS)))
    bilan = charger(ecrire("finess_202601020600.json", finess(NUMEROS[:2])))
    services.ecarter(releve=bilan.releve.pk, auteur=PORTAIL)
    assert Inscrit.objects.count() == 20
    assert Releve.objects.get(statut="EN_VIGUEUR").nombre == 20


def test_le_meme_fichier_ne_se_charge_qu_une_fois_et_un_plus_ancien_est_refuse(ecrire: Ecrire) -> None:
    charger(ecrire("finess_202601020600.json", finess(NUMEROS)))
    assert charger(ecrire("finess_202601030600.json", finess(NUMEROS))).deja
    assert charger(ecrire("finess_202601040600.json.gz", gzip.compress(finess(NUMEROS).encode()))).deja
    with pytest.raises(FichierRefuse, match="plus récent"):
        charger(ecrire("finess_202601010600.json", finess(NUMEROS[1:])))


@pytest.mark.parametrize(
    ("repertoire", "nom", "contenu", "phrase"),
    [
        (FINESS, "finess_202601010600.json", '{"a": 1}', "finess-structures"),
        (FINESS, "finess_202601010600.json", '{"pmej": [{"ege": [{"activitesExercees": []}]}]}', "activités"),
        (FINESS, "finess_202601010600.json", '{"pmej": [{"numFinessPm": "99', "tronqué"),
        (FINESS, "finess_202601010600.json", '{"pmej": [{"numFinessPm": "9"}]}', "1 ligne en erreur"),
        (FINESS, "finess_202601010600.json", '{"pmej": []}', "aucun numéro"),
        (FINESS, "finess_202601010600.json", b'{"pmej": [\xe9]}', "UTF-8"),
        (FINESS, "finess_202601010600.json.gz", b"\x1f\x8b\x08\x00rien", "abîmé"),
        (FINESS, "finess.json", finess(NUMEROS), "date du fichier"),
        (FINESS, "finess_299901010600.json", finess(NUMEROS), "pas encore passé"),
        (RPPS, "rpps_202601010600.txt", "a|b\n", "première ligne"),
        (RPPS, "rpps_202601010600.txt", professionnels(["99900000011"]) + "8|999\n", "1 ligne en erreur"),
        (RPPS, "rpps_202601010600.txt", professionnels(["9990000001"]), "1 ligne en erreur"),
    ],
)
def test_un_fichier_qui_n_est_pas_le_bon_est_refuse_en_entier(
    ecrire: Ecrire, repertoire: Repertoire, nom: str, contenu: bytes | str, phrase: str
) -> None:
    with pytest.raises(FichierRefuse, match=phrase):
        charger(ecrire(nom, contenu), repertoire)
    assert not Releve.objects.exists()
    assert not Inscrit.objects.exists()


def test_un_element_plus_long_qu_un_bloc_se_lit_en_entier(ecrire: Ecrire) -> None:
    fichier = structures(NUMEROS)
    fichier["pmej"][3]["note"] = "x" * 3_000_000
    assert charger(ecrire("finess_202601010600.json", json.dumps(fichier))).releve.nombre == 20


def test_les_controles_ne_demandent_rien_quand_le_reglage_le_dit(ecrire: Ecrire, settings: object) -> None:
    assert queries.pour_les_controles() is None
    charger(ecrire("finess_202601010600.json", finess(NUMEROS)))
    assert queries.pour_les_controles() is not None
    settings.REPERTOIRES = False  # type: ignore[attr-defined]
    assert queries.pour_les_controles() is None
