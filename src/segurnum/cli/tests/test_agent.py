"""`segurnum agent`: the first administrator of an empty base, and the accounts of the others."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from segurnum.cli import principal
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.comptes.second_facteur import exige
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu, recus
from segurnum.journal.queries import evenements_de

pytestmark = pytest.mark.usefixtures("sur_la_base_du_test")

INVITER = ["agent", "inviter", "--courriel", "anne.lormelin@administration.example", "--nom", "Lormelin"]
INVITER += ["--prenom", "Anne", "--profil"]
MOT_DE_PASSE = "une-phrase-que-personne-ne-devine"


def _invite(profil: str = "ADMINISTRATION") -> Utilisateur:
    assert principal([*INVITER, profil]) == 0
    return Utilisateur.objects.latest("pk")


@pytest.mark.exigence("XCT-010")
def test_le_premier_administrateur_recoit_son_identifiant_et_un_lien_et_entre(settings: Any) -> None:
    settings.SECOND_FACTEUR_AGENTS = True
    personne = _invite()
    assert (personne.username, personne.profil) == ("alormelin", Profil.ADMINISTRATION)
    assert not personne.has_usable_password()
    assert recus(personne) == ["M60", "M06"]
    adresse, client = lien_recu(personne), Client()
    choix = {"jeton": adresse.partition("jeton=")[2], "new_password1": MOT_DE_PASSE}
    client.post(adresse, choix | {"new_password2": MOT_DE_PASSE})
    client.post("/segurnums/", {"username": personne.username, "password": MOT_DE_PASSE})
    assert exige(personne)
    assert client.get("/segurnums/gestion/")["Location"].endswith("/compte/second-facteur")
    assert evenements_de(f"compte:{personne.pk}")[0].geste == "INVITER_AGENT"


@pytest.mark.parametrize("partent", [True, False])
def test_le_lien_n_est_ecrit_que_la_ou_aucun_courriel_ne_part(
    partent: bool, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.COURRIELS_PARTENT = partent
    personne = _invite()
    dit = capsys.readouterr().out
    assert ("jeton=" in dit) is not partent
    if not partent:
        lien = re.search(r"/segurnums/mot-de-passe/nouveau\?jeton=\S+", dit)
        assert lien is not None
        assert lien[0] == lien_recu(personne)


def test_une_adresse_connue_ou_fausse_est_refusee(capsys: pytest.CaptureFixture[str]) -> None:
    personne = _invite()
    assert principal([*INVITER, "COMPTABLE"]) == 2
    assert f"a déjà un compte d'agent, « {personne.username} »" in capsys.readouterr().err
    fournisseur = usines.utilisateur(Profil.FOURNISSEUR)
    for adresse, phrase in (
        (fournisseur.email.upper(), "agit pour une entreprise"),
        ("pas une adresse", "nom@domaine.fr"),
    ):
        commande = [*INVITER, "COMPTABLE"]
        commande[3] = adresse
        assert principal(commande) == 2
        assert phrase in capsys.readouterr().err
    assert Utilisateur.objects.count() == 2


def test_le_dernier_administrateur_ne_se_ferme_pas_les_autres_si(capsys: pytest.CaptureFixture[str]) -> None:
    premier = usines.utilisateur(Profil.ADMINISTRATION)
    premier.set_password(MOT_DE_PASSE)
    premier.save()
    autre = _invite()  # has chosen no password yet: nobody would be left
    for geste in (["fermer", premier.username], ["changer-profil", premier.username, "COMPTABLE"]):
        assert principal(["agent", *geste]) == 2
        assert "dernier administrateur" in capsys.readouterr().err
    assert principal(["agent", "fermer", autre.username]) == 0
    autre.refresh_from_db()
    assert not autre.is_active
    with pytest.raises(AssertionError):
        _ouvrir(lien_recu(autre))


def _ouvrir(adresse: str) -> None:
    assert Client().get(adresse).status_code == 200


def test_un_compte_ferme_se_rouvre_sans_son_ancien_mot_de_passe() -> None:
    personne = usines.utilisateur(Profil.DECIDEUR)
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    client = Client()
    client.force_login(personne)
    assert principal(["agent", "fermer", personne.username]) == 0
    assert client.get("/segurnums/gestion/").status_code == 302
    assert principal(["agent", "rouvrir", personne.username]) == 0
    personne.refresh_from_db()
    assert (personne.is_active, personne.has_usable_password()) == (True, False)
    _ouvrir(lien_recu(personne))


def test_un_nouveau_lien_remplace_le_precedent() -> None:
    personne = _invite()
    premier = lien_recu(personne)
    assert principal(["agent", "renouveler", personne.username]) == 0
    assert Client().get(premier).status_code == 302
    _ouvrir(lien_recu(personne))


def test_les_comptes_se_listent_et_un_inconnu_est_dit(capsys: pytest.CaptureFixture[str]) -> None:
    personne = _invite("COMPTABLE")
    usines.utilisateur(Profil.FOURNISSEUR)
    capsys.readouterr()
    assert principal(["agent", "lister"]) == 0
    (ligne,) = capsys.readouterr().out.splitlines()
    assert ligne.startswith(f"{personne.username} ")
    assert "invité" in ligne
    assert principal(["agent", "fermer", "personne"]) == 2
    assert "segurnum agent lister" in capsys.readouterr().err


def test_un_second_facteur_perdu_se_retire(capsys: pytest.CaptureFixture[str]) -> None:
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    assert principal(["agent", "retirer-second-facteur", personne.username]) == 2
    assert "n'a pas de second facteur" in capsys.readouterr().err
