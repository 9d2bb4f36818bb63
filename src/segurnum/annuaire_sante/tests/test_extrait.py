"""Loading an extract: whole or not at all."""

import tracemalloc
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segurnum.annuaire_sante import lecture, services
from segurnum.annuaire_sante.models import AdresseMSS, CompteDomaine, Extrait
from segurnum.annuaire_sante.tests.fichiers import INSTANT, NOM, charger, extrait, ligne, zippe
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Profil
from segurnum.controles.refus import MONTREES, FichierRefuse
from segurnum.demonstration.extrait_mss import TITRES, Boites, ecrire
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import maintenant

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("MSS-009")]

A, B = "a@un.mssante.example", "b@un.mssante.example"


def _refus(chemin: Path, **autres: object) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as refus:
        services.importer_extrait(auteur=PORTAIL, chemin=chemin, **autres)  # type: ignore[arg-type]
    assert not Extrait.objects.exists()
    assert not AdresseMSS.objects.exists()
    return refus.value


def test_seuls_le_type_et_l_adresse_sont_gardes(tmp_path: Path) -> None:
    acteur = usines.utilisateur(Profil.ADMINISTRATION)
    chemin = extrait(tmp_path, [ligne("PER", "Prenom.NOM@Un.MSSante.example")])
    bilan = services.importer_extrait(chemin=chemin, auteur=auteur(acteur))
    assert AdresseMSS.objects.values().get() == {
        "extrait_id": bilan.extrait.pk,
        "domaine": "un.mssante.example",
        "adresse": "prenom.nom@un.mssante.example",
        "type": "PER",
    }
    assert (bilan.extrait.instant, bilan.extrait.nom, bilan.extrait.auteur) == (INSTANT, NOM, acteur)
    (fait,) = evenements_de("annuaire-sante")
    assert fait.details["empreinte"] == bilan.extrait.empreinte


def test_une_adresse_repetee_compte_une_fois(tmp_path: Path) -> None:
    bilan = services.importer_extrait(
        auteur=PORTAIL,
        chemin=extrait(
            tmp_path, [ligne("PER", A), ligne("PER", A.upper()), ligne("ORG", B), ligne("PER", B)]
        ),
    )
    assert (bilan.extrait.nombre_lignes, bilan.extrait.nombre_adresses) == (4, 2)
    assert (bilan.doublons, bilan.plusieurs_types) == (2, 1)
    # Told of two types, it is counted in the one that is financed least.
    assert list(CompteDomaine.objects.values_list("domaine", "type", "nombre")) == [
        ("un.mssante.example", "PER", 2)
    ]


def test_une_ligne_cab_est_dite_et_n_est_pas_comptee(tmp_path: Path) -> None:
    bilan = services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(tmp_path, [ligne("CAB", A), ligne("APP", B)])
    )
    assert bilan.extrait.hors_comptage == 1
    assert bilan.doublons == 0
    assert [(c.type, c.nombre) for c in CompteDomaine.objects.all()] == [("APP", 1)]


def test_le_meme_extrait_en_zip_est_reconnu(tmp_path: Path) -> None:
    texte = extrait(tmp_path, [ligne("PER", A)])
    premier = services.importer_extrait(auteur=PORTAIL, chemin=texte)
    second = services.importer_extrait(auteur=PORTAIL, chemin=zippe(texte), date=maintenant())
    assert second.deja
    assert second.extrait == premier.extrait
    assert Extrait.objects.count() == AdresseMSS.objects.count() == 1


def test_un_zip_se_lit_et_le_nom_dans_l_archive_dit_la_date(tmp_path: Path) -> None:
    bilan = services.importer_extrait(
        auteur=PORTAIL, chemin=zippe(extrait(tmp_path, [ligne("PER", A), ligne("ORG", B)]))
    )
    assert (bilan.extrait.instant, bilan.extrait.nombre_adresses) == (INSTANT, 2)


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        # Summer and winter in Paris.
        ("Extraction_Correspondance_MSSante_202606301400.txt", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("extraction_correspondance_mssante_202601301400.ZIP", datetime(2026, 1, 30, 13, tzinfo=UTC)),
        ("dossier/Extraction_Correspondance_MSSante_202601301400.txt", datetime(2026, 1, 30, 13, tzinfo=UTC)),
        ("extrait.txt", None),
    ],
)
def test_la_date_se_lit_dans_le_nom_a_l_heure_de_paris(nom: str, attendu: datetime | None) -> None:
    assert lecture.instant_du_nom(nom) == attendu


def test_sans_date_l_extrait_est_refuse(tmp_path: Path) -> None:
    assert "--date" in str(_refus(extrait(tmp_path, [ligne("PER", A)], nom="extrait.txt")))


def test_une_date_qui_n_existe_pas_ou_pas_encore_est_refusee(tmp_path: Path) -> None:
    nom = "Extraction_Correspondance_MSSante_202613301400.txt"
    chemin = extrait(tmp_path, [ligne("PER", A)], nom=nom)
    assert "n'existe pas" in str(_refus(chemin))
    assert "pas encore" in str(_refus(chemin, date=maintenant() + timedelta(minutes=5)))


def test_chaque_ligne_en_faute_est_dite_par_son_numero_et_rien_n_est_charge(tmp_path: Path) -> None:
    bonne = ligne("PER", A)
    chemin = extrait(
        tmp_path,
        [
            bonne,
            "PER|a@un.example",
            ligne("PER", ""),
            ligne("ORG", "sans-domaine"),
            ligne("ORG", "deux mots@un.example"),
            ligne("ORG", "a\\tb@un.example"),
            bonne,
        ],
    )
    refus = _refus(chemin)
    assert refus.nombre_fautes == 5
    assert [faute.split(" : ")[0] for faute in refus.fautes] == [f"Ligne {rang}" for rang in range(3, 8)]
    assert "2 colonnes ; 31 sont attendues" in refus.fautes[0]
    # What may be somebody's address is not written in a report.
    assert "deux mots" not in " ".join(refus.fautes)


def test_un_octet_qui_n_est_pas_de_l_utf8_est_dit_par_sa_ligne(tmp_path: Path) -> None:
    chemin = extrait(tmp_path, [ligne("PER", A), ligne("PER", B)])
    chemin.write_bytes(chemin.read_bytes().replace(b"b@un", b"\xe9b@un"))
    assert _refus(chemin).fautes == ("Ligne 3 : l'octet 5 n'est pas de l'UTF-8, qui est attendu partout.",)


def test_les_fautes_montrees_sont_bornees(tmp_path: Path) -> None:
    refus = _refus(extrait(tmp_path, ["x"] * (MONTREES + 5)))
    assert (len(refus.fautes), refus.nombre_fautes, refus.nombre_tues) == (MONTREES, MONTREES + 5, 5)


def test_une_ligne_sans_fin_arrete_la_lecture(tmp_path: Path) -> None:
    refus = _refus(extrait(tmp_path, [ligne("PER", A), "x" * (20 * lecture.LIGNE_MAX), ligne("PER", B)]))
    assert refus.nombre_fautes == 1
    assert refus.fautes[0].startswith("Ligne 3 : elle dépasse 16 Ko")


def test_une_ligne_vide_ou_d_un_type_inconnu_est_dite_et_comptee_a_part(tmp_path: Path) -> None:
    lignes = [*(ligne("PER", f"p{rang}@un.example") for rang in range(300)), ligne("XXX", B), "", ""]
    charge = services.importer_extrait(auteur=PORTAIL, chemin=extrait(tmp_path, lignes))
    assert (charge.extrait.nombre_lignes, charge.extrait.nombre_adresses, charge.doublons) == (303, 300, 0)
    assert (charge.extrait.types_inconnus, charge.extrait.lignes_vides) == (1, 2)
    assert charge.extrait.lignes_dites == [
        "Ligne 302 : le type « XXX » est inconnu ; APP, CAB, ORG, PER sont attendus."
    ]
    assert not charge.extrait.soupcons


def test_trop_de_types_inconnus_retiennent_l_extrait_et_aucune_boite_aussi(tmp_path: Path) -> None:
    retenu = services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(tmp_path, [ligne("PER", A), *[ligne("XXX", B)] * 40])
    ).extrait
    assert retenu.retenu
    assert retenu.soupcons == ["40 lignes d'un type inconnu, sur 41 : ces boîtes ne sont pas comptées."]
    assert len(retenu.lignes_dites) == MONTREES
    sans = services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(tmp_path, [ligne("XXX", B), ligne("CAB", A)])
    ).extrait
    assert "Aucune ligne n'est d'une boîte comptée." in sans.soupcons


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "Le fichier est vide : aucun octet"),
        ("\n".join((TITRES, ligne("PER", A))).encode("latin-1"), "enregistré en latin-1"),
        ("\n".join((TITRES, ligne("PER", A))).encode("utf-16"), "enregistré en UTF-16"),
    ],
    ids=["vide", "latin-1", "utf-16"],
)
def test_la_vraie_raison_d_un_refus_est_dite(tmp_path: Path, octets: bytes, phrase: str) -> None:
    chemin = tmp_path / NOM
    chemin.write_bytes(octets)
    assert phrase in str(_refus(chemin))


@pytest.mark.parametrize(
    "titres", ["a;b;c", "Type de BAL|Adresse BAL", "|".join(f"c{i}" for i in range(31)), ""]
)
def test_d_autres_titres_que_ceux_de_l_extrait_sont_refuses(tmp_path: Path, titres: str) -> None:
    assert "première ligne" in str(_refus(extrait(tmp_path, [ligne("PER", A)], titres=titres)))


def test_un_extrait_sans_ligne_est_refuse(tmp_path: Path) -> None:
    assert "n'a que ses titres" in str(_refus(extrait(tmp_path, [])))


def test_un_fichier_absent_est_refuse(tmp_path: Path) -> None:
    assert "ne se lit pas" in str(_refus(tmp_path / NOM))


class TestArchives:
    def test_plusieurs_fichiers_sont_refuses(self, tmp_path: Path) -> None:
        texte = extrait(tmp_path, [ligne("PER", A)])
        assert "contient 2 fichiers" in str(_refus(zippe(texte, membres=2)))

    def test_une_archive_tronquee_est_refusee(self, tmp_path: Path) -> None:
        archive = zippe(extrait(tmp_path, [ligne("PER", A)]))
        archive.write_bytes(archive.read_bytes()[:-30])
        assert "tronquée ou abîmée" in str(_refus(archive))

    def test_un_contenu_abime_ne_charge_rien(self, tmp_path: Path) -> None:
        archive = tmp_path / NOM
        with zipfile.ZipFile(archive, "w") as zipee:
            zipee.write(extrait(tmp_path, [ligne("PER", A)], nom="e.txt"), "e.txt")
        octets = archive.read_bytes()
        archive.write_bytes(octets.replace(b"a@un", b"c@un"))
        assert "tronquée ou abîmée" in str(_refus(archive))

    def test_une_bombe_est_refusee_sans_etre_gonflee(self, tmp_path: Path) -> None:
        texte = tmp_path / NOM
        texte.write_bytes(b"0" * 5_000_000)
        assert "démesurément" in str(_refus(zippe(texte)))

    def test_la_taille_est_bornee_en_lisant(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lecture, "TAILLE_MAX", 2_000)
        texte = extrait(tmp_path, [ligne("PER", f"a{rang}@un.example") for rang in range(100)])
        assert "dépasse" in str(_refus(texte))
        assert "dépasse" in str(_refus(zippe(texte)))


def test_la_memoire_ne_depend_pas_du_nombre_de_lignes(tmp_path: Path) -> None:
    def pic(lignes: int) -> int:
        chemin = tmp_path / f"{lignes}.txt"
        ecrire(chemin, autres=lignes)
        tracemalloc.start()
        services.importer_extrait(auteur=PORTAIL, chemin=chemin, date=INSTANT)
        lu = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return lu

    pic(10)
    assert pic(40_000) < 1.3 * pic(10_000)


def test_l_avancement_va_jusqu_au_bout(tmp_path: Path) -> None:
    chemin = extrait(tmp_path, [ligne("PER", A)])
    vus: list[tuple[int, int]] = []
    services.importer_extrait(
        auteur=PORTAIL, chemin=chemin, avancer=lambda lus, total: vus.append((lus, total))
    )
    assert vus[-1] == (chemin.stat().st_size, chemin.stat().st_size)


def test_l_extrait_invente_a_la_forme_du_national(tmp_path: Path) -> None:
    un, deux = tmp_path / "un.txt", tmp_path / "deux.txt"
    for chemin in (un, deux):
        ecrire(chemin, boites=[Boites("un.example", "ORG", 3)], autres=7_000)
    assert un.read_bytes() == deux.read_bytes()
    bilan = services.importer_extrait(auteur=PORTAIL, chemin=un, date=INSTANT)
    assert bilan.extrait.nombre_lignes == 7_003
    assert bilan.doublons == 2
    assert set(CompteDomaine.objects.values_list("type", flat=True)) == {"ORG", "PER"}


_boites = st.lists(
    st.tuples(
        st.sampled_from(["PER", "ORG", "APP", "CAB"]),
        st.tuples(st.sampled_from("abcé"), st.sampled_from(["un.example", "UN.example", "deux.example"])).map(
            "@".join
        ),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(boites=_boites)
def test_les_comptes_sont_ceux_d_un_compte_naif(tmp_path: Path, boites: list[tuple[str, str]]) -> None:
    Extrait.objects.all().delete()
    charge = charger(tmp_path, *boites)
    retenus: dict[str, str] = {}
    for type_bal, adresse in boites:
        if type_bal != "CAB":
            retenus[adresse.lower()] = max(type_bal, retenus.get(adresse.lower(), ""))
    naif = Counter((adresse.split("@")[1], type_bal) for adresse, type_bal in retenus.items())
    comptes = CompteDomaine.objects.filter(extrait=charge)
    assert {(c.domaine, c.type): c.nombre for c in comptes} == dict(naif)
    assert charge.nombre_adresses == len(retenus)
