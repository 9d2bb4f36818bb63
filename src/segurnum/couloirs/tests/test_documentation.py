"""The published documentation and JSON Schema, derived from the declarations."""

from __future__ import annotations

import json

import jsonschema
import pytest

from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import par_code, par_fichier
from segurnum.couloirs.documentation import documentation, types_de_pieces
from segurnum.couloirs.schema import schema
from segurnum.couloirs.vierges import exemple
from segurnum.regles.cycles import TypeDemande

JSON = par_fichier()
AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE


@pytest.mark.exigence("JSN-032")
@pytest.mark.parametrize("couloir", JSON, ids=lambda couloir: couloir.code)
@pytest.mark.parametrize("type_demande", list(TypeDemande))
def test_chaque_champ_est_documente(couloir, type_demande) -> None:
    lignes = documentation(couloir, type_demande)
    assert len({ligne.chemin for ligne in lignes}) == len(lignes)
    for ligne in lignes:
        assert ligne.libelle
        assert ligne.type
        assert ligne.regle == "" or ligne.regle.endswith(".")
    feuilles = [ligne for ligne in lignes if "objet" not in ligne.type]
    assert all(ligne.regle for ligne in feuilles)


@pytest.mark.parametrize("couloir", JSON, ids=lambda couloir: couloir.code)
def test_le_nom_de_fichier_donne_en_exemple_est_du_couloir(couloir) -> None:
    exemples = {ligne.chemin: ligne.exemple for ligne in documentation(couloir, AVANCE)}
    nom = exemples["lignesImport[].piecesJustificatives[].nomFichier"]
    assert nom == f"{couloir.code}-va{couloir.vague}-bdc-00001.pdf"


def test_une_ligne_dit_tout_du_champ() -> None:
    lignes = {ligne.chemin: ligne for ligne in documentation(par_code("MS1-DUI"), SOLDE)}
    deploiement = lignes["lignesImport[].deploiementMSS"]
    assert (deploiement.type, deploiement.obligatoire, deploiement.exemple) == ("texte", True, "Cas 1")
    assert deploiement.regle == '"Cas 1" ou "Cas 2". Obligatoire depuis le 12 septembre 2024 à 14 h 00.'
    site = lignes["lignesImport[].beneficiaires[].etablissementsClients[].FINESSGeo"]
    assert (site.type, site.obligatoire, len(site.parents)) == ("liste (texte)", True, 3)
    assert lignes["siret"].regle.startswith("14 chiffres")
    assert "SIRET" in lignes["siret"].regle


def test_les_pieces_obligatoires_sont_dites_par_type_de_demande() -> None:
    avance = {p.type: p.obligation for p in types_de_pieces(par_code("HOP-DPI"), AVANCE)}
    solde = {p.type: p.obligation for p in types_de_pieces(par_code("HOP-DPI"), SOLDE)}
    assert avance["BON_COMMANDE"] == "Obligatoire"
    assert avance["PREUVE_HT"] == solde["PREUVE_HT"] == "Obligatoire sous le régime HT"
    assert avance["FACTURE"] == solde["BON_COMMANDE"] == "Facultative"
    assert solde["VA"] == "Obligatoire, sauf si MOM est jointe"


@pytest.mark.parametrize("couloir", JSON, ids=lambda couloir: couloir.code)
@pytest.mark.parametrize("type_demande", list(TypeDemande))
def test_le_schema_json_accepte_l_exemple_et_refuse_ce_qui_en_sort(couloir, type_demande) -> None:
    valideur = jsonschema.Draft202012Validator(schema(couloir, type_demande))
    valideur.check_schema(valideur.schema)
    donnees = json.loads(ecrire_json(exemple(couloir, type_demande, "HT")))
    assert list(valideur.iter_errors(donnees)) == []
    donnees["lignesImport"][0]["couleur"] = "bleu"
    del donnees["siret"]
    assert len(list(valideur.iter_errors(donnees))) == 2


def test_le_schema_demande_l_un_des_identifiants_d_un_client() -> None:
    valideur = jsonschema.Draft202012Validator(schema(par_code("RAD-RIS"), AVANCE))
    donnees = json.loads(ecrire_json(exemple(par_code("RAD-RIS"), AVANCE)))
    donnees["lignesImport"][0]["beneficiaires"]["clients"][0]["FINESS"] = None
    assert len(list(valideur.iter_errors(donnees))) == 1
