"""The officers' pages of the Annuaire Santé (MSS-007, MSS-009)."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.annuaire_sante import services
from segurnum.annuaire_sante.models import ComptageFourni, DomaineOperateur
from segurnum.annuaire_sante.tableurs import TAILLE_MAX
from segurnum.annuaire_sante.tests.fichiers import charger
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.web.tests.instruction import Agent, Reponse

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("MSS-009", "GST-028")]

UN = "un.mssante.example"


@pytest.fixture
def numero() -> str:
    return usines.referencement(dsr="DSR-MSS-MSS-Va1", profil_operateur="DEVELOPPEUR").numero_ans


@pytest.fixture
def agent() -> Agent:
    return Agent(Profil.GESTIONNAIRE)


def _ajouter(agent: Agent, numero: str, domaine: str) -> Reponse:
    return agent.client.post(reverse("gestion:annuaire_operateur", args=[numero]), {"domaine": domaine})


def _juger(agent: Agent, page: str, geste: str, **saisie: str) -> Reponse:
    """As the page's own form does, with the mark of what it shows."""
    marque = agent.client.get(page).context["marque"]
    return agent.client.post(f"{page}/{geste}", {"vue": marque, **saisie})


def _deposer(agent: Agent, octets: bytes) -> Reponse:
    fichier = SimpleUploadedFile("comptages.csv", octets, content_type="text/csv")
    return agent.client.post(reverse("gestion:annuaire_comptages"), {"fichier": fichier})


@pytest.mark.exigence("MSS-007")
@pytest.mark.parametrize("profil", [Profil.GESTIONNAIRE, Profil.ADMINISTRATION])
def test_chaque_nombre_dit_d_ou_il_vient(profil: Profil, numero: str, tmp_path: Path):
    agent = Agent(profil)
    assert "Aucun domaine de messagerie" in agent.lire("annuaire_sante").content.decode()
    assert _ajouter(agent, numero, f"@{UN.upper()}").status_code == 302
    assert "Aucun extrait" in agent.lire("annuaire_operateur", numero).content.decode()
    extrait = charger(tmp_path, ("ORG", f"a@{UN}"), ("PER", f"b@{UN}"), ("PER", f"c@{UN}"))
    fichier = f"domaine;nombre;date;source\n{UN};1000;30/06/2026;Relevé\n"
    donnes = _deposer(agent, fichier.encode())
    assert donnes.status_code == 302
    assert "Relevé, 30/06/2026" not in agent.lire("annuaire_sante").content.decode()
    autre = Agent(Profil.GESTIONNAIRE)
    assert _juger(autre, donnes["Location"], "confirmer").status_code == 302
    for page in (agent.lire("annuaire_sante"), agent.lire("annuaire_operateur", numero)):
        texte = page.content.decode()
        assert UN in texte
        assert "1\u202f000" in texte
        # The annuaire's apostrophes are escaped by the page.
        assert "Relevé, 30/06/2026" in texte
        assert f"extrait du 30 juin 2026 (empreinte {extrait.empreinte_courte})" in texte
    assert "segurnum annuaire importer" in agent.lire("annuaire_extraits").content.decode()


def test_les_adresses_se_lisent_par_type_page_et_filtre(agent: Agent, numero: str, tmp_path: Path):
    services.rattacher_domaine(numero_ans=numero, domaine=UN, auteur=auteur(agent.utilisateur))
    boites = [("PER", f"p{rang:02}@{UN}") for rang in range(25)]
    charger(tmp_path, *boites, ("ORG", f"org@{UN}"), ("PER", "p@autre.example"))

    def lues(**parametres: str) -> list[str]:
        liste = agent.lire("annuaire_adresses", numero, **parametres).context["affiche"]
        return [ligne.adresse for ligne in liste.lignes]

    assert lues(type="ORG") == [f"org@{UN}"]
    assert len(lues(type="PER")) == 20
    assert lues(type="PER", page="2") == [f"p{rang}@{UN}" for rang in range(20, 25)]
    assert lues(f_adresse="P07") == [f"p07@{UN}"]
    assert lues(tri="-adresse", type="PER")[0] == f"p24@{UN}"
    assert lues(extrait="0", type="ORG") == [f"org@{UN}"]


def test_sans_extrait_la_page_des_adresses_le_dit(agent: Agent, numero: str):
    assert "Aucun extrait" in agent.lire("annuaire_adresses", numero).content.decode()


def test_un_domaine_refuse_l_est_sous_son_champ(agent: Agent, numero: str):
    for domaine, phrase in (("pas un domaine", "n'est pas un domaine"), ("", "Indiquez le domaine")):
        reponse = _ajouter(agent, numero, domaine)
        assert reponse.status_code == 422
        assert phrase in reponse.context["form"].errors["domaine"][0]
    _ajouter(agent, numero, UN)
    assert "rien à ajouter" in _ajouter(agent, numero, UN).context["form"].errors["domaine"][0]
    assert DomaineOperateur.objects.count() == 1


def test_un_domaine_se_retire_une_fois(agent: Agent, numero: str):
    _ajouter(agent, numero, UN)
    adresse = reverse("gestion:annuaire_retirer_domaine", args=[numero, DomaineOperateur.objects.get().pk])
    assert "est retiré" in agent.client.post(adresse, follow=True).content.decode()
    assert "rien à retirer" in agent.client.post(adresse, follow=True).content.decode()
    assert not DomaineOperateur.objects.exists()


def test_un_fichier_en_faute_est_refuse_ligne_par_ligne(agent: Agent, numero: str):
    _ajouter(agent, numero, UN)
    reponse = _deposer(
        agent, f"domaine;nombre;date;source\n{UN};1;30/06/2026;A\n{UN};x;30/06/2026;A\n".encode()
    )
    assert reponse.status_code == 422
    assert "Ligne 3 :" in reponse.content.decode()
    assert not ComptageFourni.objects.exists()


def test_un_fichier_absent_vide_ou_trop_gros_est_refuse(agent: Agent):
    assert agent.client.post(reverse("gestion:annuaire_comptages")).status_code == 422
    assert _deposer(agent, b"").status_code == 422
    assert _deposer(agent, b"x" * (TAILLE_MAX + 1)).status_code == 413


@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE, Profil.OPERATEUR])
def test_les_autres_profils_n_y_ont_pas_acces(profil: Profil, numero: str):
    agent = Agent(profil)
    for nom, arguments in (
        ("annuaire_sante", []),
        ("annuaire_operateur", [numero]),
        ("annuaire_adresses", [numero]),
    ):
        assert agent.client.get(reverse(f"gestion:{nom}", args=arguments)).status_code == 403
    assert _ajouter(agent, numero, UN).status_code == 403
    assert not DomaineOperateur.objects.exists()


def test_un_numero_qui_n_est_pas_d_un_operateur_n_a_pas_de_page(agent: Agent):
    editeur = usines.referencement().numero_ans
    assert agent.client.get(reverse("gestion:annuaire_operateur", args=[editeur])).status_code == 404
    assert _ajouter(agent, editeur, UN).status_code == 404
