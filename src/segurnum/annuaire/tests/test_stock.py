"""The imported stock file, and the demonstration's extract."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.annuaire.models import EtablissementSirene
from segurnum.annuaire.queries import chercher, dans_l_extrait
from segurnum.annuaire.stock import ETABLISSEMENT
from segurnum.demonstration import identites
from segurnum.demonstration.reference import _SOCIETES

OUVERT, FERME, ABSENT = identites.siret(91), identites.siret(92), identites.siret(93)
ENTETE = ",".join((*ETABLISSEMENT, "enseigne1Etablissement"))
LIGNES = (
    f"{OUVERT},A,,12,,RUE,DES TROIS LUNES,87000,LIMOGES,ENSEIGNE DES LUNES",
    f"{FERME},F,[ND],[ND],[ND],[ND],[ND],[ND],[ND],",
    "12345678901234,A,,1,,RUE,FAUSSE,87000,LIMOGES,",
)


@pytest.fixture
def stock(tmp_path: Path, settings: Any) -> Path:
    settings.ANNUAIRE = "sirene"
    return _ecrire(tmp_path / "StockEtablissement_utf8.csv", ENTETE, *LIGNES)


def _ecrire(chemin: Path, *lignes: str) -> Path:
    chemin.write_text("\n".join(lignes) + "\n", "utf-8")
    return chemin


def _importer(*arguments: Path | str) -> str:
    sortie = io.StringIO()
    call_command("importer_sirene", *map(str, arguments), stdout=sortie)
    return sortie.getvalue()


@pytest.mark.django_db
@pytest.mark.exigence("ENR-029", "ENR-031")
def test_le_fichier_sirene_importe_repond_aux_recherches(stock: Path) -> None:
    rapport = _importer(stock)
    assert "3 lignes lues, 2 établissements chargés dont 1 fermé et 1 sans nom, 1 ligne" in rapport
    assert "ligne 4 : « 12345678901234 » n'est pas un SIRET" in rapport
    trouvee = chercher(OUVERT)
    assert trouvee is not None
    assert (trouvee.denomination, trouvee.numero, trouvee.type_voie) == ("ENSEIGNE DES LUNES", "12", "Rue")
    assert (trouvee.nom_voie, trouvee.commune, trouvee.actif) == ("DES TROIS LUNES", "Limoges", True)
    ferme = chercher(FERME)
    assert ferme is not None
    assert not ferme.actif
    assert (ferme.nom_voie, ferme.code_postal) == ("", "")
    assert chercher(ABSENT) is None


@pytest.mark.django_db
def test_les_noms_viennent_du_fichier_des_unites_legales(stock: Path) -> None:
    unites = _ecrire(
        stock.with_name("StockUniteLegale.csv"),
        "siren,denominationUniteLegale,nomUniteLegale,nomUsageUniteLegale,prenomUsuelUniteLegale",
        f"{OUVERT[:9]},LOGICIELS DES LUNES,,,",
        f"{FERME[:9]},,OBRECOURT,QUINTRELLE,ALIX",
    )
    assert "0 sans nom" in _importer(stock, "--unites", unites)
    assert {e.siret: e.denomination for e in EtablissementSirene.objects.all()} == {
        OUVERT: "LOGICIELS DES LUNES",
        FERME: "ALIX QUINTRELLE",
    }


@pytest.mark.django_db
def test_un_import_remplace_le_precedent_et_se_lit_dans_son_zip(stock: Path) -> None:
    _importer(stock)
    archive = stock.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as zip_insee:
        zip_insee.writestr(
            "StockEtablissement_utf8.csv", f"{ENTETE}\n{ABSENT},A,,1,,QUAI,NEUF,44000,NANTES,\n" * 2
        )
    rapport = _importer(archive)
    assert "1 établissement chargé" in rapport  # a repeated line, and a repeated heading put aside
    assert list(EtablissementSirene.objects.values_list("siret", flat=True)) == [ABSENT]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "contenu",
    [
        b"siret;etatAdministratifEtablissement\n",
        b"",
        ENTETE.encode() + b"\n",
        ENTETE.encode() + b"\n\xff\xfe,A\n",
        ENTETE.encode() + b"\n12,A,,,,,,,,\n",
    ],
)
def test_un_fichier_qui_n_est_pas_le_stock_ne_change_rien(stock: Path, contenu: bytes) -> None:
    _importer(stock)
    avant = list(EtablissementSirene.objects.order_by("pk").values())
    autre = stock.with_name("autre.csv")
    autre.write_bytes(contenu)
    with pytest.raises(CommandError, match="Rien n'a été importé"):
        _importer(autre)
    assert list(EtablissementSirene.objects.order_by("pk").values()) == avant


@pytest.mark.django_db
def test_un_fichier_absent_ou_un_zip_abime_est_dit(stock: Path) -> None:
    with pytest.raises(CommandError, match="ne se lit pas"):
        _importer(stock.with_name("nulle-part.csv"))
    abime = stock.with_name("abime.zip")
    abime.write_bytes(b"PK pas un zip")
    with pytest.raises(CommandError, match="ne se lit pas"):
        _importer(abime)


@pytest.mark.django_db
def test_sans_fichier_importe_l_annuaire_est_indisponible(settings: Any) -> None:
    settings.ANNUAIRE = "sirene"
    with pytest.raises(AnnuaireIndisponible):
        chercher(OUVERT)


@pytest.mark.exigence("ENR-029", "ENR-031")
def test_l_extrait_de_demonstration_connait_les_societes_de_la_demonstration(settings: Any) -> None:
    settings.ANNUAIRE = "demonstration"
    for societe in _SOCIETES.values():
        trouvee = chercher(identites.siret(societe.rang))
        assert trouvee is not None
        assert trouvee.denomination == societe.denomination
        adresse = f"{trouvee.numero} {trouvee.type_voie.lower()} {trouvee.nom_voie}"
        assert (adresse, trouvee.code_postal, trouvee.commune) == (
            societe.adresse,
            societe.code_postal,
            societe.commune,
        )
    assert chercher(ABSENT) is None


def test_l_extrait_de_demonstration_a_un_etablissement_ferme_et_le_meme_ailleurs_ouvert() -> None:
    ferme, ouvert = dans_l_extrait("99900037500017"), dans_l_extrait("99900037500025")
    assert ferme is not None
    assert ouvert is not None
    assert (ferme.actif, ouvert.actif) == (False, True)
    assert ferme.denomination == ouvert.denomination


def test_un_annuaire_inconnu_est_une_faute_de_reglage(settings: Any) -> None:
    settings.ANNUAIRE = "pages-jaunes"
    with pytest.raises(ImproperlyConfigured, match="sirene"):
        chercher(OUVERT)
