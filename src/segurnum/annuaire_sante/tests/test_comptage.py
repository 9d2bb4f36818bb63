"""What an operator declared at an instant, and where each number comes from."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from segurnum.annuaire_sante import propositions, queries, services
from segurnum.annuaire_sante.models import AdresseMSS, ComptageFourni, CompteDomaine, Extrait
from segurnum.annuaire_sante.queries import Comptage, Manque, comptage, comptages, manque
from segurnum.annuaire_sante.tests.fichiers import INSTANT, charger, fournir
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Profil
from segurnum.controles.refus import FichierRefuse
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("MSS-009")]

DSR = "DSR-MSS-MSS-Va1"
UN, DEUX = "un.mssante.example", "deux.mssante.example"
SECONDE = timedelta(seconds=1)


def _operateur(*domaines: str) -> str:
    numero = usines.referencement(dsr=DSR, profil_operateur="DEVELOPPEUR").numero_ans
    for domaine in domaines:
        services.rattacher_domaine(
            numero_ans=numero, domaine=domaine, auteur=auteur(usines.utilisateur(Profil.ADMINISTRATION))
        )
    return numero


def _csv(dossier: Path, *lignes: str, titres: str = "domaine;nombre;date;source") -> Path:
    chemin = dossier / "fichier.csv"
    chemin.write_text("\n".join((titres, *lignes, "")), encoding="utf-8")
    return chemin


def _boites(type_bal: str, domaine: str, nombre: int) -> Iterable[tuple[str, str]]:
    return ((type_bal, f"{type_bal}{rang}@{domaine}") for rang in range(nombre))


def _compte(numero: str, au: datetime = INSTANT) -> Comptage:
    trouve = comptage(numero, au)
    assert trouve is not None
    return trouve


@pytest.mark.exigence("MSS-007")
def test_les_domaines_d_un_numero_s_additionnent(tmp_path: Path) -> None:
    numero = _operateur(UN, DEUX)
    extrait = charger(
        tmp_path,
        *_boites("ORG", UN, 2),
        *_boites("ORG", DEUX, 3),
        *_boites("PER", DEUX, 4),
        *_boites("PER", "autre.example", 9),
    )
    compte = _compte(numero)
    assert (compte.applicatives, compte.organisationnelles, compte.nominatives) == (0, 5, 4)
    assert (compte.extrait, compte.extrait_du) == (extrait.pk, INSTANT)
    assert compte.source_nominatives == (
        f"Annuaire Santé, extrait du 30 juin 2026 (empreinte {extrait.empreinte[:12]}…)"
    )
    assert compte.source_applicatives.startswith("Aucune")


def test_l_extrait_est_le_dernier_a_l_instant_ou_avant(tmp_path: Path) -> None:
    numero = _operateur(UN)
    charger(tmp_path, *_boites("PER", UN, 1), au=INSTANT)
    charger(tmp_path, *_boites("PER", UN, 2), au=INSTANT + SECONDE)
    assert comptage(numero, INSTANT - SECONDE) is None
    assert _compte(numero, INSTANT).nominatives == 1
    assert _compte(numero, INSTANT + SECONDE).nominatives == 2


def test_un_compte_est_definitif_si_l_extrait_est_proche_d_un_instant_passe(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.ANNUAIRE_SANTE_FRAICHEUR = 3  # type: ignore[attr-defined]
    numero = _operateur(UN)
    charger(tmp_path, *_boites("PER", UN, 1))
    # Nobody said how many applicative mailboxes there are, not even none: the number may still come.
    assert not _compte(numero, INSTANT + timedelta(days=3)).definitif
    ComptageFourni.objects.create(domaine=UN, date=date(2026, 6, 1), nombre=0, source="Essais")
    assert _compte(numero, INSTANT + timedelta(days=3)).definitif
    assert not _compte(numero, INSTANT + timedelta(days=3) + SECONDE).definitif
    recent = maintenant() - timedelta(hours=1)
    charger(tmp_path, *_boites("PER", UN, 2), au=recent)
    assert _compte(numero, recent).definitif
    assert not _compte(numero, maintenant() + timedelta(hours=1)).definitif


def test_ce_qui_manque_est_dit(tmp_path: Path) -> None:
    sans, avec = _operateur(), _operateur(UN)
    assert manque(avec, INSTANT) is Manque.AUCUN_EXTRAIT
    charger(tmp_path, *_boites("PER", UN, 1))
    assert manque(sans, INSTANT) is Manque.AUCUN_DOMAINE
    assert comptage(sans, INSTANT) is None
    assert manque(avec, INSTANT) is None
    assert manque(avec, INSTANT - SECONDE) is Manque.AUCUN_EXTRAIT


def test_le_nombre_de_requetes_ne_depend_de_rien(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    numeros = [_operateur(*(f"d{rang}{lettre}.example" for rang in range(3))) for lettre in "abcd"]
    charger(tmp_path, *_boites("PER", "d0a.example", 3))
    with django_assert_num_queries(4):
        trouves = comptages(numeros, INSTANT)
    assert set(trouves) == set(numeros)
    with django_assert_num_queries(4):
        comptage(numeros[0], INSTANT)


class TestApplicatives:
    def test_le_dernier_comptage_fourni_compte(self, tmp_path: Path) -> None:
        numero = _operateur(UN, DEUX)
        charger(tmp_path, *_boites("PER", UN, 1))
        fournir(
            _csv(
                tmp_path,
                f"{UN};900;01/06/2026;ANS",
                f"{UN};1000;30/06/2026;ANS",
                f"{DEUX};5;30/06/2026;Relevé",
                f"{UN};7;01/07/2026;ANS",
            )
        )
        assert ComptageFourni.objects.count() == 4
        compte = _compte(numero)
        assert compte.applicatives == 1_005
        assert compte.applicatives_fournies
        assert compte.source_applicatives == (
            "Comptage fourni par l'administration, Relevé, 30/06/2026 ; ANS, 30/06/2026"
        )

    def test_celles_de_l_extrait_passent_devant_et_cela_se_voit(self, tmp_path: Path) -> None:
        numero = _operateur(UN)
        charger(tmp_path, *_boites("APP", UN, 2))
        fournir(_csv(tmp_path, f"{UN};1000;30/06/2026;ANS"))
        compte = _compte(numero)
        assert compte.applicatives == 2
        assert not compte.applicatives_fournies
        assert compte.source_applicatives.startswith("Annuaire Santé, extrait du 30 juin 2026")
        assert compte.source_applicatives.endswith("comptage fourni écarté : 1\u202f000")

    def test_un_comptage_du_meme_jour_est_remplace_et_le_journal_garde_l_ancien(self, tmp_path: Path) -> None:
        _operateur(UN)
        fournir(_csv(tmp_path, f"{UN};1;30/06/2026;ANS", f"{UN};2;29/06/2026;ANS"))
        fournir(
            _csv(
                tmp_path,
                f"@{UN.upper()};3;30/06/2026;ANS",
                f"{UN};2;29/06/2026;ANS",
                f"{UN};4;28/06/2026;ANS",
            )
        )
        assert ComptageFourni.objects.count() == 3
        fait = list(evenements_de("annuaire-sante"))[-1]
        assert [UN, "2026-06-30", [1, "ANS"], [3, "ANS"]] in fait.details["valeurs"]

    def test_chaque_ligne_en_faute_est_dite_et_rien_n_est_charge(self, tmp_path: Path) -> None:
        _operateur(UN)
        demain = maintenant() + timedelta(days=2)
        with pytest.raises(FichierRefuse) as refus:
            propositions.proposer_fichier(
                auteur=PORTAIL,
                chemin=_csv(
                    tmp_path,
                    f"{UN};10;30/06/2026;ANS",
                    f"{UN};-1;30/06/2026;ANS",
                    f"{UN};10;31/06/2026;ANS",
                    f"{UN};10;{demain:%d/%m/%Y};ANS",
                    "",
                    f"{UN};10;30/06/2026",
                    f"{UN};10;29/06/2026;",
                    "inconnu.example;10;30/06/2026;ANS",
                    "pas un domaine;10;30/06/2026;ANS",
                    f"{UN};11;30/06/2026;ANS",
                ),
            )
        assert [f.split(" : ")[0] for f in refus.value.fautes] == [
            f"Ligne {n}" for n in (3, 4, 5, 7, 8, 9, 10, 11)
        ]
        assert "déjà à la ligne 2" in refus.value.fautes[-1]
        assert not ComptageFourni.objects.exists()

    @pytest.mark.parametrize(
        ("octets", "phrase"),
        [
            (b"domaine,nombre\n", "La premi"),
            (b"", "La premi"),
            (b"domaine;nombre;date;source\n", "aucune ligne"),
            (b"domaine;nombre;date;source\nun.example;1;30/06/2026;\xe9\n", "La ligne 2 n'est pas en UTF-8"),
            (b'domaine;nombre;date;source\n"un;1\n', "ne se lit pas"),
            (b"x" * 2_200_000, "2 Mo"),
        ],
    )
    def test_un_fichier_qui_n_est_pas_le_bon_est_refuse(
        self, tmp_path: Path, octets: bytes, phrase: str
    ) -> None:
        chemin = tmp_path / "f.csv"
        chemin.write_bytes(octets)
        with pytest.raises(FichierRefuse, match=phrase):
            propositions.proposer_fichier(auteur=PORTAIL, chemin=chemin)


class TestDomaines:
    def test_un_fichier_de_domaines_s_ajoute_a_ce_qui_est_la(self, tmp_path: Path) -> None:
        numero = _operateur(UN)
        chemin = _csv(tmp_path, f"{numero};{UN}", f"{numero};{DEUX}", titres="numero_ans;domaine")
        bilan = services.importer_domaines(auteur=PORTAIL, chemin=chemin)
        assert (bilan.nouveaux, bilan.inchanges) == (1, 1)
        assert [d.domaine for d in queries.domaines_de([numero])[numero]] == [DEUX, UN]

    def test_un_domaine_n_est_qu_a_un_operateur(self, tmp_path: Path) -> None:
        _operateur(UN)
        autre = _operateur()
        editeur = usines.referencement().numero_ans
        with pytest.raises(FichierRefuse) as refus:
            services.importer_domaines(
                auteur=PORTAIL,
                chemin=_csv(tmp_path, f"{autre};{UN}", f"{editeur};{DEUX}", titres="numero_ans;domaine"),
            )
        assert "déjà celui du numéro ANS" in refus.value.fautes[0]
        assert "opérateur MSSanté" in refus.value.fautes[1]
        with pytest.raises(GesteImpossible, match="déjà celui du numéro"):
            services.rattacher_domaine(
                numero_ans=autre, domaine=UN, auteur=auteur(usines.utilisateur(Profil.ADMINISTRATION))
            )

    def test_un_domaine_retire_ne_compte_plus(self, tmp_path: Path) -> None:
        numero = _operateur(UN, DEUX)
        charger(tmp_path, *_boites("PER", UN, 1), *_boites("PER", DEUX, 2))
        acteur = usines.utilisateur(Profil.GESTIONNAIRE)
        cle = queries.domaines_de([numero])[numero][0].pk
        services.retirer_domaine(numero_ans=numero, domaine=cle, auteur=auteur(acteur))
        assert _compte(numero).nominatives == 1
        with pytest.raises(GesteImpossible):
            services.retirer_domaine(numero_ans=numero, domaine=cle, auteur=auteur(acteur))


class TestOubli:
    def test_les_adresses_qui_n_expliquent_plus_rien_sont_oubliees_et_les_comptes_restent(
        self, tmp_path: Path
    ) -> None:
        numero = _operateur(UN)
        vieux, cloture, dernier = (
            charger(tmp_path, *_boites("PER", UN, rang), au=INSTANT + timedelta(days=rang))
            for rang in (1, 2, 3)
        )
        usines.fenetre(DSR, TypeDemande.SOLDE, fermeture=INSTANT + timedelta(days=2, hours=5))
        assert services.oublier_adresses() == 1
        assert services.oublier_adresses() == 0
        assert set(AdresseMSS.objects.values_list("extrait", flat=True)) == {cloture.pk, dernier.pk}
        assert Extrait.objects.get(adresses_oubliees_le=None, pk=cloture.pk)
        assert Extrait.objects.exclude(adresses_oubliees_le=None).get() == vieux
        assert _compte(numero, INSTANT + timedelta(days=1)).nominatives == 1
        assert not queries.adresses(numero, vieux.pk).exists()
        assert queries.adresses(numero, cloture.pk, "PER").count() == 2

    def test_un_extrait_supprime_emporte_ce_qui_vient_de_lui(self, tmp_path: Path) -> None:
        charger(tmp_path, *_boites("PER", UN, 1)).delete()
        assert not AdresseMSS.objects.exists()
        assert not CompteDomaine.objects.exists()
