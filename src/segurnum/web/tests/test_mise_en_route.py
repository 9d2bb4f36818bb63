"""« Mise en route »: from an empty base to one where a request can be deposited, decided and paid."""

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.installation.mise_en_route import points
from segurnum.referentiel.models import Bareme, Plafond
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


def _essayer(admin: Agent, essai: str) -> str:
    return mots(admin.client.post(reverse("gestion:essayer", args=[essai]), follow=True))


def _restants() -> set[str]:
    return {point.titre for point in points() if not point.est_fait}


def test_une_base_vide_dit_ce_qui_lui_manque_et_ou_le_regler(admin: Agent, settings: Any) -> None:
    settings.ANNUAIRE, settings.DEMONSTRATION = "demonstration", False
    page = admin.lire("mise_en_route")
    texte = mots(page)
    for phrase in (
        "Il manque : comptable, décideur, gestionnaire, second administrateur",
        "Aucun serveur d'envoi n'est réglé",
        "Aucun antivirus n'est réglé",
        "ses entreprises sont inventées",
        "le directeur de la publication (SEGURNUM_DIRECTEUR_PUBLICATION)",
        "Le référentiel est vide",
        "MDV-LGC-va1 (avance), MDV-LGC-va1 (solde)",
        "Sans enveloppe : BIO-LOINC-va1",
    ):
        assert phrase in texte
    for route in ("agents", "fenetres", "baremes", "enveloppes", "referencements", "securite"):
        assert f'href="{reverse(f"gestion:{route}")}"' in page.content.decode()


def test_l_accueil_y_mene_tant_que_rien_ne_peut_etre_depose(admin: Agent) -> None:
    adresse = f'href="{reverse("gestion:mise_en_route")}">Voir la mise en route'
    assert adresse in admin.lire("accueil").content.decode()
    assert adresse not in Agent(Profil.GESTIONNAIRE).lire("accueil").content.decode()
    usines.enveloppe(usines.enrolement().referencement.dsr)
    assert adresse not in admin.lire("accueil").content.decode()


def test_ce_qui_est_regle_n_est_plus_a_faire(admin: Agent, settings: Any) -> None:
    for profil in (*Profil, Profil.ADMINISTRATION):
        personne = usines.utilisateur(profil)
        personne.set_password("une-phrase-que-personne-ne-devine")
        personne.save()
    settings.COURRIELS_PARTENT, settings.LETTRES_DONNEES, settings.ANNUAIRE = True, True, "api"
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    settings.MENTIONS_LEGALES = dict.fromkeys(("editeur", "directeur", "hebergeur", "donnees"), "Quelqu'un")
    _essayer(admin, "courriel")
    usines.referencement()
    aujourdhui = jour_de_paris(maintenant())
    for couloir in couloirs.tous():
        for type_demande in TypeDemande:
            usines.fenetre(couloir.dsr, type_demande)
        usines.enveloppe(couloir.dsr)
        if not couloir.bareme.par_table:
            Bareme.objects.create(dsr=couloir.dsr, date_effet=aujourdhui, valeurs={}, source="A")
        else:
            Plafond.objects.create(
                dsr=couloir.dsr, identifiant="1", montant_ht=1, date_effet=aujourdhui, source="A"
            )
    assert _restants() == set()
    assert "Rien ne manque" in mots(admin.lire("mise_en_route"))
    numero = usines.referencement("MSS-MSS", profil_operateur="DEVELOPPEUR").numero_ans
    assert f"Sans domaine de messagerie : {numero}" in mots(admin.lire("mise_en_route"))


def test_le_courriel_d_essai_va_a_qui_le_demande_et_rend_la_reponse_du_serveur(
    admin: Agent, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "donnez la variable EMAIL_URL" in _essayer(admin, "courriel")
    settings.COURRIELS_PARTENT = True
    assert admin.utilisateur.email in _essayer(admin, "courriel")
    (message,) = mail.outbox
    assert message.to == [admin.utilisateur.email]

    def refuser(self: object) -> None:
        raise ConnectionRefusedError("fermé")

    monkeypatch.setattr(mail.EmailMessage, "send", refuser)
    assert "ConnectionRefusedError : fermé" in _essayer(admin, "courriel")


@pytest.mark.parametrize(
    ("avis", "phrase"),
    [
        (Analyse.INFECTE, "reconnaît le fichier d'essai"),
        (Analyse.SAIN, "ne reconnaît pas le fichier d'essai"),
    ],
)
def test_l_antivirus_s_essaie_avec_le_fichier_que_tous_connaissent(
    avis: Analyse, phrase: str, admin: Agent, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "donnez la variable ANTIVIRUS_URL" in _essayer(admin, "antivirus")
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    assert "ne répond pas" in _essayer(admin, "antivirus")
    monkeypatch.setattr(
        antivirus, "analyser", lambda flux, **_: avis if b"EICAR" in flux.read() else Analyse.NON_ANALYSE
    )
    assert phrase in _essayer(admin, "antivirus")


def test_un_essai_inconnu_n_existe_pas(admin: Agent) -> None:
    assert admin.client.post(reverse("gestion:essayer", args=["autre"])).status_code == 404


def test_la_page_securite_dit_la_meme_chose_que_la_commande(admin: Agent, settings: Any) -> None:
    settings.DEBUG = True
    texte = mots(admin.lire("securite"))
    assert "L'installation n'est pas conforme" in texte
    assert "Mode de mise au point À corriger" in texte
    assert "À faire : Retirez SEGURNUM_DEBUG." in texte
