"""The officers' pages of the referential of ANS numbers (GST-009)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.kits.televersement import TABLEUR
from segurnum.referentiel import services
from segurnum.referentiel.models import ImportReferencements, Referencement
from segurnum.web.tests.instruction import Agent, Reponse

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-009")]

SAISIE = {
    "logiciel": "Valusager",
    "version": "1.4.2",
    "dsr": "DSR-MS1-DUI-Va1",
    "profils": "PA, PH",
    "date_effet": "2021-10-27",
    "valide": "oui",
    "nature": "EDITEUR",
    "profil_operateur": "",
}


def _creer(agent: Agent, **saisie: str) -> Reponse:
    donnees = {"numero_ans": "zbuESS0045"} | SAISIE | saisie
    return agent.client.post(reverse("gestion:nouveau_referencement"), donnees)


def _modifier(agent: Agent, reference: Referencement, **saisie: str) -> Reponse:
    donnees = {"vue": services.marque(reference)} | SAISIE | saisie
    return agent.client.post(reverse("gestion:referencement", args=[reference.numero_ans]), donnees)


def _deposer(agent: Agent, octets: bytes, nom: str = "numeros.csv") -> Reponse:
    fichier = SimpleUploadedFile(nom, octets, content_type="text/csv")
    return agent.client.post(reverse("gestion:importer_referencements"), {"fichier": fichier})


def _numeros(agent: Agent, **parametres: str) -> list[str]:
    lignes = agent.lire("referencements", **parametres).context["affiche"].lignes
    return [ligne.numero_ans for ligne in lignes]


@pytest.mark.parametrize("profil", [Profil.GESTIONNAIRE, Profil.ADMINISTRATION])
def test_un_numero_se_cree_puis_se_modifie_et_son_histoire_se_lit(profil: Profil):
    agent = Agent(profil)
    assert _creer(agent).url == reverse("gestion:referencement", args=["zbuESS0045"])
    reference = Referencement.objects.get()
    assert (reference.logiciel, reference.profils, reference.nature) == ("Valusager", ["PA", "PH"], "EDITEUR")
    assert _modifier(agent, reference, version="2.0", valide="non").status_code == 302
    reference.refresh_from_db()
    assert (reference.version, reference.valide) == ("2.0", False)
    page = agent.lire("referencement", "zbuESS0045").content.decode()
    assert "Médico-social (DUI) - vague 1" in page
    assert page.index("Modification") < page.index("Création")
    assert agent.utilisateur.username in page


def test_un_lecteur_lit_sans_pouvoir_ecrire():
    lecteur = Agent(Profil.DECIDEUR)
    reference = usines.referencement()
    page = lecteur.lire("referencement", reference.numero_ans).content.decode()
    assert reference.logiciel in page
    assert 'name="version"' not in page
    assert "Ajouter un numéro" not in lecteur.lire("referencements").content.decode()
    assert _modifier(lecteur, reference, version="2.0").status_code == 403
    assert _creer(lecteur).status_code == 403
    assert _deposer(lecteur, b"x").status_code == 403
    reference.refresh_from_db()
    assert reference.version == "1.0"


@pytest.mark.exigence("XCT-008")
@pytest.mark.parametrize(
    ("champ", "texte", "attendu"),
    [
        ("numero_ans", "court", "dix lettres ou chiffres"),
        ("dsr", "ailleurs", "DSR-MS1-DUI-Va1"),
        ("date_effet", "32/01/2024", "calendrier"),
        ("profil_operateur", "ACHETEUR", "messagerie"),
        ("logiciel", "", "obligatoire"),
    ],
)
def test_une_saisie_fausse_est_dite_pres_du_champ_et_rien_n_est_perdu(champ: str, texte: str, attendu: str):
    reponse = _creer(Agent(Profil.GESTIONNAIRE), **{champ: texte})
    assert reponse.status_code == 422
    form = reponse.context["form"]
    assert attendu in form.errors[champ][0]
    assert form["version"].value() == SAISIE["version"]
    assert f'href="#id_{champ}"' in reponse.content.decode()
    assert not Referencement.objects.exists()


def test_un_numero_deja_present_est_dit():
    usines.referencement(numero_ans="zbuESS0045")
    reponse = _creer(Agent(Profil.GESTIONNAIRE))
    assert reponse.status_code == 409
    assert "déjà au référentiel" in reponse.content.decode()


@pytest.mark.exigence("XCT-014")
def test_une_correction_sur_une_page_depassee_est_refusee_jusqu_a_ce_qu_on_la_relise():
    agent, reference = Agent(Profil.GESTIONNAIRE), usines.referencement()
    depassee = services.marque(reference)
    _modifier(agent, reference, version="2.0")
    reponse = _modifier(agent, reference, version="3.0", vue=depassee)
    assert reponse.status_code == 409
    assert "a changé depuis" in reponse.content.decode()
    assert f'value="{depassee}"' in reponse.content.decode()
    reference.refresh_from_db()
    assert reference.version == "2.0"


def test_un_numero_inconnu_n_existe_pas():
    assert Agent(Profil.GESTIONNAIRE).lire("referencement", "zzzzzzzzzz").status_code == 404


@pytest.mark.exigence("FRM-027")
def test_le_tableau_se_filtre_se_trie_et_dit_quand_il_est_vide():
    agent = Agent(Profil.COMPTABLE)
    assert "Aucune donnée disponible dans le tableau" in agent.lire("referencements").content.decode()
    usines.referencement("HOP-DPI", numero_ans="aaaESS0001", logiciel="Zèbre", valide=False)
    usines.referencement(numero_ans="bbbESS0002", logiciel="Abeille", nature="DISTRIBUTEUR")
    assert _numeros(agent) == ["aaaESS0001", "bbbESS0002"]
    assert _numeros(agent, tri="logiciel") == ["bbbESS0002", "aaaESS0001"]
    for filtre, attendu in (
        ({"f_numero": "bbb"}, "bbbESS0002"),
        ({"f_nature": "distri"}, "bbbESS0002"),
        ({"f_valide": "non"}, "aaaESS0001"),
        ({"f_dsr": "dpi"}, "aaaESS0001"),
        ({"f_effet": "27/10/2021", "f_logiciel": "zèb"}, "aaaESS0001"),
    ):
        assert _numeros(agent, **filtre) == [attendu]


def test_l_export_est_le_modele_de_l_import():
    agent = Agent(Profil.GESTIONNAIRE)
    usines.referencement(numero_ans="aaaESS0001")
    export: Reponse = agent.client.post(reverse("gestion:exporter_referencements"))
    assert "numeros-ans.csv" in export["Content-Disposition"]
    octets = export.content.replace("Logiciel inventé".encode(), b"Nouveau nom")
    depose = _deposer(agent, octets)
    rapport = agent.client.get(depose.url)
    assert "Nouveau nom" in rapport.content.decode()
    assert Referencement.objects.get().logiciel == "Logiciel inventé"
    assert agent.client.post(depose.url, follow=True).redirect_chain[-1][0] == reverse(
        "gestion:referencements"
    )
    assert Referencement.objects.get().logiciel == "Nouveau nom"
    assert "1 modifié" in agent.client.get(depose.url).content.decode()
    assert agent.client.post(depose.url).status_code == 409


def test_un_fichier_fautif_montre_ses_lignes_et_ne_propose_pas_l_import():
    agent = Agent(Profil.GESTIONNAIRE)
    octets = b"numero_ans,logiciel,version,dsr\nzbuESS0001,A,1,MS1-DUI\nfaux,B,1,MS1-DUI\n"
    depose = _deposer(agent, octets)
    page = agent.client.get(depose.url).content.decode()
    assert "dix lettres ou chiffres" in page
    assert "Importer ces numéros" not in page
    refuse = agent.client.post(depose.url)
    assert refuse.status_code == 409
    assert not Referencement.objects.exists()


@pytest.mark.exigence("XCT-004")
@pytest.mark.parametrize(
    ("octets", "statut", "attendu"),
    [
        (b"", 422, "Ce fichier est vide"),
        (b"x" * (TABLEUR.taille_max + 1), 413, "dépasse 2\u00a0Mo"),
    ],
)
def test_un_fichier_vide_ou_trop_gros_n_est_pas_recu(octets: bytes, statut: int, attendu: str):
    reponse = _deposer(Agent(Profil.GESTIONNAIRE), octets)
    assert reponse.status_code == statut
    assert attendu in reponse.content.decode()
    assert not ImportReferencements.objects.exists()


def test_un_fichier_qui_n_est_pas_un_csv_est_dit():
    agent = Agent(Profil.GESTIONNAIRE)
    page: Any = agent.client.get(_deposer(agent, b"\x89PNG\r\n\x1a\n\x00\x00").url)
    assert "ne peut pas être lu" in page.content.decode()
    assert page.status_code == 200
