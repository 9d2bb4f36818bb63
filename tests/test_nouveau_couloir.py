"""Adding a couloir is adding one file: dropped in, it is checked, modelled, documented and shown like the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import segurnum.couloirs
from segurnum.cli import principal
from segurnum.controles import Contexte
from segurnum.controles.tests.fabrique import codes, controler
from segurnum.couloirs import Couloir, actualiser, par_code, tous
from segurnum.couloirs.documentation import documentation, types_de_pieces
from segurnum.couloirs.schema import schema
from segurnum.couloirs.vierges import exemple
from segurnum.regles.cycles import TypeDemande

OFFICINE = '''
"""A throw-away couloir: pharmacies, known by their AM number."""

from segurnum.couloirs.champs import AM, COURRIEL, TELEPHONE, Champ, Identifiant, Objet, Tableau, Texte
from segurnum.couloirs.commun import forme_demande, mandataire
from segurnum.couloirs.declaration import Couloir, IdentifiantBeneficiaire, ListeBeneficiaires
from segurnum.regles.cycles import TypeDemande

LICENCE = Identifiant("numéro de licence", "L suivi de six chiffres", str.isalnum, "^L[0-9]{6}$", "L123456")
OFFICINE = Objet((
    Champ("nomTitulaire", Texte(), "Nom du titulaire"),
    Champ("email", COURRIEL, "Email"),
    Champ("telephone", TELEPHONE, "Téléphone"),
    Champ("AM", AM, "Numéro AM"),
    Champ("licence", LICENCE, "Licence"),
))
BENEFICIAIRES = Objet((*mandataire("isMandataire"), Champ("officines", Tableau(OFFICINE, minimum=1), "Officines")))


def forme(type_demande):
    return forme_demande(type_demande, couloir="ZZZ", beneficiaires=BENEFICIAIRES, scenario=None)


COULOIRS = (
    Couloir(
        couloir="ZZZ",
        logiciel="LGO",
        vague=2,
        libelle="Essai (LGO)",
        rubrique="Essai",
        identifiant_beneficiaire=IdentifiantBeneficiaire("Numéro AM", "AM"),
        avance=forme(TypeDemande.AVANCE),
        solde=forme(TypeDemande.SOLDE),
        listes=(
            ListeBeneficiaires(
                ("beneficiaires", "officines", "*"), (("AM", "AM"),), "nomTitulaire", "email", "telephone"
            ),
        ),
        cle_mandataire="isMandataire",
    ),
)
'''


@pytest.fixture
def couloir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Couloir]:
    """The couloir, found because its file lies in the package's path."""
    (tmp_path / "zzz_essai.py").write_text(OFFICINE, encoding="utf-8")
    monkeypatch.setattr(segurnum.couloirs, "__path__", [*segurnum.couloirs.__path__, str(tmp_path)])
    actualiser()
    yield par_code("ZZZ-LGO")
    monkeypatch.undo()
    sys.modules.pop("segurnum.couloirs.zzz_essai", None)
    actualiser()


def test_un_couloir_ajoute_par_un_fichier_est_controle_comme_les_autres(couloir: Couloir) -> None:
    assert couloir in tous()
    for type_demande in TypeDemande:
        rapport = controler(exemple(couloir, type_demande, "HT"))
        assert rapport.anomalies == []
        assert (rapport.dsr, rapport.type) == ("DSR-ZZZ-LGO-Va2", type_demande)
    donnees = exemple(couloir, TypeDemande.AVANCE)
    donnees["lignesImport"][0]["beneficiaires"]["officines"][0].update(AM="12345678X", licence="!")
    assert codes(controler(donnees)) == ["2008", "2000"]
    finances = Contexte(
        beneficiaires_finances=lambda identifiants: dict.fromkeys(identifiants, "dossier FINZZZ000001")
    )
    assert codes(controler(exemple(couloir, TypeDemande.AVANCE), finances)) == ["3436"]


def test_un_couloir_ajoute_par_un_fichier_est_documente_et_montre(couloir: Couloir) -> None:
    chemins = [ligne.chemin for ligne in documentation(couloir, TypeDemande.AVANCE)]
    assert "lignesImport[].beneficiaires.officines[].AM" in chemins
    assert types_de_pieces(couloir, TypeDemande.AVANCE)[0].exemple == "ZZZ-LGO-va2-bdc-00001.pdf"
    assert schema(couloir, TypeDemande.AVANCE)["title"] == "DSR-ZZZ-LGO-Va2 - avance"
    demande = exemple(couloir, TypeDemande.AVANCE)["lignesImport"][0]
    assert couloir.beneficiaires(demande)[0].identifiants == ("123456789",)
    assert couloir.scenario_lignes(demande).reponses == ()


def test_un_couloir_ajoute_par_un_fichier_a_son_modele_en_ligne_de_commande(
    couloir: Couloir, capsys: pytest.CaptureFixture[str]
) -> None:
    assert principal(["modele", couloir.dsr, "--exemple"]) == 0
    assert '"AM": "123456789"' in capsys.readouterr().out


def test_le_couloir_d_essai_disparait_avec_son_fichier() -> None:
    assert "ZZZ" not in {couloir.couloir for couloir in tous()}
