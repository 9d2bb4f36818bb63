"""A file of ANS numbers: a report by line, then all of it or nothing (GST-009)."""

from typing import Any

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import services, tableur
from segurnum.referentiel.models import ImportReferencements, Referencement
from segurnum.referentiel.tableur import Effet, analyser, exporter
from segurnum.regles.erreurs import GesteImpossible

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-009")]

ENTETE = "Numéro ANS;Nom du logiciel;Version du logiciel;DSR;Nature;Référencement validé à l'ANS"
LIGNE = "zbuESS0001;Valusager Évolué;1.0;MS1-DUI;Distributeur;non"


def _csv(*lignes: str, entete: str = ENTETE) -> bytes:
    return "\r\n".join((entete, *lignes)).encode()


def _effets(octets: bytes) -> list[Effet]:
    rapport = analyser(octets)
    assert rapport.faute == ""
    return [ligne.effet for ligne in rapport.lignes]


def _deposer(octets: bytes) -> ImportReferencements:
    acteur = usines.utilisateur(Profil.GESTIONNAIRE)
    return services.deposer_import(nom="numeros.csv", octets=octets, auteur=auteur(acteur))


def _appliquer(importation: ImportReferencements) -> ImportReferencements:
    return services.appliquer_import(importation=importation.pk, auteur=auteur(importation.auteur))


@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ","])
def test_un_fichier_se_lit_quels_que_soient_son_codage_et_son_separateur(codage: str, separateur: str):
    octets = _csv(LIGNE).decode().replace(";", separateur).encode(codage)
    (ligne,) = analyser(octets).lignes
    assert (ligne.rang, ligne.effet) == (2, Effet.NOUVEAU)
    assert ligne.valeurs is not None
    assert (ligne.valeurs["logiciel"], ligne.valeurs["nature"]) == ("Valusager Évolué", "DISTRIBUTEUR")
    assert (ligne.valeurs["valide"], ligne.valeurs["dsr"]) == (False, "DSR-MS1-DUI-Va1")


def test_le_compte_rendu_dit_ligne_par_ligne_ce_que_le_fichier_ferait():
    present = usines.referencement(numero_ans="zbuESS0002", logiciel="Avant", version="1", profils=["PA"])
    usines.referencement(numero_ans="zbuESS0003", logiciel="Même", version="1")
    rapport = analyser(
        _csv(
            LIGNE,
            "zbuESS0002;Après;1;MS1-DUI;Éditeur;oui",
            "",
            "zbuESS0003;Même;1;MS1-DUI;Éditeur;oui",
            "zbuESS0001;Valusager;1.0;MS1-DUI;Éditeur;oui",
            "trop court;;1;ailleurs;Éditeur;oui",
        )
    )
    assert [ligne.rang for ligne in rapport.lignes] == [2, 3, 5, 6, 7]
    nouveau, modifie, inchange, repete, fautif = rapport.lignes
    assert (nouveau.effet, inchange.effet) == (Effet.NOUVEAU, Effet.INCHANGE)
    (changement,) = modifie.changements
    assert (changement.libelle, changement.avant, changement.apres) == ("Nom du logiciel", "Avant", "Après")
    assert modifie.valeurs is not None
    assert modifie.valeurs["profils"] == present.profils  # a column that is not there changes nothing
    assert "déjà sur une ligne précédente" in repete.fautes[0]
    assert [faute.partition(" :")[0] for faute in fautif.fautes] == ["Numéro ANS", "Nom du logiciel", "DSR"]
    assert not rapport.acceptable
    assert dict(rapport.bilan) == {"En erreur": 2, "Nouveau": 1, "Modifié": 1, "Inchangé": 1}


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"", "Il manque la colonne « Numéro ANS »"),
        (_csv(), "aucune ligne"),
        (_csv(LIGNE, entete="Numéro ANS;Marque"), "Colonne inconnue : « Marque »"),
        (
            _csv(LIGNE, entete="Numéro ANS;Version du logiciel;DSR"),
            "Il manque la colonne « Nom du logiciel »",
        ),
        (_csv(LIGNE, entete=f"{ENTETE};dsr"), "deux fois"),
        (_csv('"guillemet ouvert;1;2'), "ne se lit pas comme un CSV"),
        (b"PK\x03\x04" + bytes(range(256)), "Colonne inconnue"),
    ],
)
def test_un_fichier_illisible_est_dit_d_une_phrase(octets: bytes, attendu: str):
    rapport = analyser(octets)
    assert attendu in rapport.faute
    assert not rapport.acceptable


def test_un_fichier_trop_long_est_refuse(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tableur, "LIGNES_MAX", 2)
    assert "plus de 2 lignes" in analyser(_csv(*[LIGNE] * 3)).faute


@pytest.mark.parametrize("octet", ["\x00", "\x00bcESS0001"])
def test_un_signe_impossible_est_une_erreur_de_ligne(octet: str):
    assert _effets(_csv(f"{octet};L;1;MS1-DUI;Éditeur;oui")) == [Effet.ERREUR]


def test_deposer_un_fichier_ne_change_rien_et_le_confirmer_change_tout():
    usines.referencement(numero_ans="zbuESS0002", logiciel="Avant")
    importation = _deposer(_csv(LIGNE, "zbuESS0002;Après;1.0;MS1-DUI;Éditeur;oui"))
    assert Referencement.objects.get().logiciel == "Avant"
    importation = _appliquer(importation)
    assert (importation.crees, importation.modifies) == (1, 1)
    assert dict(Referencement.objects.values_list("numero_ans", "logiciel")) == {
        "zbuESS0001": "Valusager Évolué",
        "zbuESS0002": "Après",
    }
    (creation,) = evenements_de("referencement:zbuESS0001")
    (modification,) = evenements_de("referencement:zbuESS0002")
    assert (creation.geste, modification.geste) == (services.CREER, services.MODIFIER)
    assert modification.details["valeurs"] == {"logiciel": ["Avant", "Après"]}


def test_une_seule_ligne_en_erreur_et_rien_n_est_importe():
    importation = _deposer(_csv(LIGNE, "faux;L;1;MS1-DUI;Éditeur;oui"))
    with pytest.raises(GesteImpossible, match="une ligne au moins est en erreur"):
        _appliquer(importation)
    assert not Referencement.objects.exists()


def test_un_fichier_ne_s_importe_pas_deux_fois():
    importation = _appliquer(_deposer(_csv(LIGNE)))
    with pytest.raises(GesteImpossible, match="déjà importé"):
        _appliquer(importation)


def test_l_import_juge_le_referentiel_du_moment_et_non_celui_du_depot():
    reference = usines.referencement(numero_ans="zbuESS0001")
    importation = _deposer(_csv("zbuESS0001;L;1;DSR-HOP-DPI-Va1;Éditeur;oui"))
    assert analyser(_csv("zbuESS0001;L;1;DSR-HOP-DPI-Va1;Éditeur;oui")).acceptable
    inscrit = usines.enrolement()
    inscrit.referencement = reference
    inscrit.save()
    with pytest.raises(GesteImpossible):
        _appliquer(importation)


def test_l_export_se_reimporte_sans_rien_changer():
    usines.referencement("HOP-DPI", profils=[], date_effet=None, valide=False)
    usines.referencement(nature="DISTRIBUTEUR", logiciel='Nom "cité"; et, ponctué')
    assert _effets(exporter(Referencement.objects.all())) == [Effet.INCHANGE, Effet.INCHANGE]


def test_un_numero_cree_entre_la_lecture_et_l_ecriture_arrete_l_import(monkeypatch: pytest.MonkeyPatch):
    importation = _deposer(_csv(LIGNE))

    def puis_cree(octets: bytes) -> Any:
        rapport = analyser(octets)
        usines.referencement(numero_ans="zbuESS0001", logiciel="Plus rapide")
        return rapport

    monkeypatch.setattr(services, "analyser", puis_cree)
    with pytest.raises(GesteImpossible, match="quelqu'un d'autre"):
        _appliquer(importation)
