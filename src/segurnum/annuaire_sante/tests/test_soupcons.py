"""An extract that is suspicious is held; nothing counts by it until somebody has confirmed it."""

from datetime import timedelta
from pathlib import Path

import pytest

from segurnum.annuaire_sante import jugements, services
from segurnum.annuaire_sante.models import Extrait
from segurnum.annuaire_sante.queries import comptage
from segurnum.annuaire_sante.tests.fichiers import INSTANT, charger, fournir
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.cycles_annuaire import GesteExtrait, StatutExtrait

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("MSS-009", "GST-028")]

UN, DEUX, AILLEURS = "un.mssante.example", "deux.mssante.example", "ailleurs.mssante.example"
HEURE = timedelta(hours=1)


@pytest.fixture
def operateur() -> str:
    numero = usines.referencement("MSS-MSS").numero_ans
    agent = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    for domaine in (UN, DEUX):
        services.rattacher_domaine(numero_ans=numero, domaine=domaine, auteur=agent)
    return numero


def _boites(genre: str, domaine: str, nombre: int) -> list[tuple[str, str]]:
    return [(genre, f"{genre.lower()}{rang}@{domaine}") for rang in range(nombre)]


def _apres(dossier: Path, *boites: tuple[str, str], heures: int = 1) -> Extrait:
    return charger(dossier, *boites, au=INSTANT + heures * HEURE)


def test_un_dixieme_de_boites_en_moins_retient_l_extrait(tmp_path: Path, operateur: str) -> None:
    charger(tmp_path, *_boites("PER", AILLEURS, 100))
    assert not _apres(tmp_path, *_boites("PER", AILLEURS, 91)).retenu
    retenu = _apres(tmp_path, *_boites("PER", AILLEURS, 81), heures=2)
    assert retenu.soupcons == [
        "L'extrait a 81 adresses, contre 91 à celui qui compte aujourd'hui : il est peut-être coupé."
    ]
    # What is held is nothing to compare with: the next one is compared with what counts.
    assert not _apres(tmp_path, *_boites("PER", AILLEURS, 90), heures=3).retenu


def test_exactement_un_dixieme_en_moins_est_deja_suspect(tmp_path: Path, operateur: str) -> None:
    charger(tmp_path, *_boites("PER", AILLEURS, 20))
    assert _apres(tmp_path, *_boites("PER", AILLEURS, 18)).retenu


def test_la_part_qui_retient_est_un_reglage(
    tmp_path: Path, operateur: str, settings: pytest.FixtureRequest
) -> None:
    settings.ANNUAIRE_SANTE_BAISSE = 50  # type: ignore[attr-defined]
    charger(tmp_path, *_boites("PER", AILLEURS, 20))
    assert not _apres(tmp_path, *_boites("PER", AILLEURS, 11)).retenu


def test_un_domaine_d_operateur_qui_perd_ses_boites_retient_l_extrait(tmp_path: Path, operateur: str) -> None:
    autres = _boites("PER", AILLEURS, 500)
    charger(tmp_path, *autres, *_boites("PER", UN, 20), *_boites("ORG", DEUX, 5))
    assert _apres(tmp_path, *autres, *_boites("ORG", DEUX, 5)).soupcons == [
        f"Le domaine « {UN} » manque dans l'extrait : il y avait 20 boîtes."
    ]
    moins = _apres(tmp_path, *autres, *_boites("PER", UN, 10), *_boites("ORG", DEUX, 5), heures=2)
    assert moins.soupcons == [f"Le domaine « {UN} » a 10 boîtes, contre 20."]


def test_une_sorte_de_boites_qui_disparait_d_un_domaine_se_voit_meme_si_le_total_tient(
    tmp_path: Path, operateur: str
) -> None:
    charger(tmp_path, *_boites("PER", UN, 20), *_boites("ORG", UN, 10))
    change = _apres(tmp_path, *_boites("PER", UN, 28), *_boites("ORG", UN, 2))
    assert change.soupcons == [f"Le domaine « {UN} » a 2 boîtes organisationnelles, contre 10."]


def test_un_domaine_de_personne_peut_bouger(tmp_path: Path, operateur: str) -> None:
    charger(tmp_path, *_boites("PER", AILLEURS, 5), *_boites("PER", "loin.mssante.example", 100))
    assert not _apres(tmp_path, *_boites("PER", "loin.mssante.example", 100)).retenu


def _comptage(dossier: Path, *lignes: str) -> None:
    chemin = dossier / "comptages.csv"
    chemin.write_text("\n".join(("domaine;nombre;date;source", *lignes, "")), encoding="utf-8")
    fournir(chemin)


def test_une_ligne_applicative_a_cote_d_un_comptage_officiel_retient_l_extrait(
    tmp_path: Path, operateur: str
) -> None:
    """Of any of its domains: one line takes the place of the counts of all."""
    _comptage(tmp_path, f"{UN};2900;30/06/2026;ANS", f"{DEUX};100;29/06/2026;ANS")
    nominatives = _boites("PER", UN, 10)
    charger(tmp_path, *nominatives)
    retenu = _apres(tmp_path, *nominatives, *_boites("APP", DEUX, 1))
    assert retenu.soupcons == [
        f"Opérateur {operateur} : l'extrait dit 1 boîte applicative, le comptage du 30/06/2026 dit 3\u202f000."
    ]
    compte = comptage(operateur, INSTANT + 2 * HEURE)
    assert compte is not None
    assert compte.applicatives == 3_000


def test_un_comptage_du_lendemain_contredit_autant_que_celui_de_la_veille(
    tmp_path: Path, operateur: str
) -> None:
    _comptage(tmp_path, f"{UN};3000;02/07/2026;ANS")
    (soupcon,) = charger(tmp_path, *_boites("APP", UN, 1)).soupcons
    assert "le comptage du 02/07/2026 dit 3\u202f000" in soupcon


def test_un_extrait_qui_dit_a_peu_pres_le_comptage_officiel_compte(tmp_path: Path, operateur: str) -> None:
    _comptage(tmp_path, f"{UN};30;30/06/2026;ANS")
    assert not charger(tmp_path, *_boites("APP", UN, 29)).retenu
    assert _apres(tmp_path, *_boites("APP", UN, 33), *_boites("PER", AILLEURS, 1)).retenu


def test_ce_qui_a_ete_confirme_n_est_pas_redemande_chaque_jour(tmp_path: Path, operateur: str) -> None:
    _comptage(tmp_path, f"{UN};3000;29/06/2026;ANS")
    un = _boites("APP", UN, 1)
    retenu = charger(tmp_path, *un)
    assert retenu.retenu
    jugements.juger(
        extrait=retenu.pk,
        geste=GesteExtrait.CONFIRMER,
        motif="Vérifié",
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
    assert not _apres(tmp_path, *un, *_boites("PER", UN, 1)).retenu


def test_un_extrait_ancien_charge_apres_est_compare_a_celui_d_avant_lui(
    tmp_path: Path, operateur: str
) -> None:
    charger(tmp_path, *_boites("PER", AILLEURS, 100))
    assert not _apres(tmp_path, *_boites("PER", AILLEURS, 1), heures=-1).retenu


def test_qui_a_charge_un_extrait_ne_le_confirme_pas_et_un_seul_le_confirme(
    tmp_path: Path, operateur: str
) -> None:
    charger(tmp_path, *_boites("PER", AILLEURS, 100))
    charge, autre = (auteur(usines.utilisateur(Profil.GESTIONNAIRE)) for _ in range(2))
    retenu = _apres(tmp_path, *_boites("PER", AILLEURS, 1))
    Extrait.objects.filter(pk=retenu.pk).update(auteur=charge.cle)

    def confirmer(qui: object) -> Extrait:
        return jugements.juger(extrait=retenu.pk, geste=GesteExtrait.CONFIRMER, motif="Vu", auteur=qui)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="une autre personne doit le confirmer"):
        confirmer(charge)
    assert confirmer(autre).statut is StatutExtrait.EN_VIGUEUR
    with pytest.raises(TransitionRefusee, match="Pris en compte"):
        confirmer(autre)
