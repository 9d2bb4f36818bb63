"""« Courriels non partis »: what did not arrive is told to officers and to the company, until something is done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees.tests.monde import Societe
from segurnum.courriels import services, tasks
from segurnum.courriels.message import Remise
from segurnum.courriels.models import Courriel, EtatServeur
from segurnum.courriels.retours import Retour, noter_retour
from segurnum.courriels.textes import Texte
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.journal.queries import evenements_de
from segurnum.limites.origine import Origine, depuis
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _envoi(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION, usines.utilisateur(Profil.ADMINISTRATION))


def ecrire(adresse: str = "a@societe.example", *, corps: str = "Motif.", sujet: str = "") -> Courriel:
    envoi = services.Envoi(code="M13", texte=Texte("Rejet", corps), destinataire=adresse, sujet=sujet)
    services.envoyer([envoi])
    return Courriel.objects.latest("pk")


def revenu(adresse: str = "a@societe.example", *, corps: str = "Motif.") -> Courriel:
    courriel = ecrire(adresse, corps=corps)
    tasks.expedier([courriel.pk])
    noter_retour(Retour(Remise(courriel.pk, 0), "5.1.1", definitif=True))
    courriel.refresh_from_db()
    return courriel


def page(admin: Agent, etat: str, **filtres: str) -> str:
    return mots(admin.client.get(reverse("gestion:courriels"), {"etat": etat} | filtres))


def faire(admin: Agent, geste: str, etat: str, **saisie: object) -> str:
    adresse = reverse("gestion:geste_courriels", args=[geste])
    return mots(admin.client.post(adresse, {"etat": etat} | saisie, follow=True))


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("attente", "Tout ce qui devait partir est parti."),
        ("refuses", "Aucun courriel refusé par le serveur n'attend de geste."),
        ("revenus", "Aucun courriel revenu n'attend de geste."),
        ("retenus", "Aucun courriel n'est retenu."),
        ("autre", "Tout ce qui devait partir est parti."),
    ],
)
def test_une_page_sans_courriel_le_dit(etat: str, phrase: str, admin: Agent) -> None:
    lue = page(admin, etat)
    assert phrase in lue
    assert "Renvoyer la sélection" not in lue


def test_ce_qui_attend_se_voit_avec_la_panne_du_serveur(admin: Agent) -> None:
    ecrire()
    EtatServeur.objects.create(panne_depuis=maintenant(), erreur="SMTPConnectError 421")
    lue = page(admin, "attente")
    assert "Le serveur de courriel ne répond pas depuis le" in lue
    assert "Dernière erreur : SMTPConnectError 421." in lue
    assert "En attente (1)" in lue
    assert "a@societe.example" in lue
    assert "Pas encore remis au serveur" in lue


def test_un_courriel_revenu_se_renvoie_seul_et_part(admin: Agent) -> None:
    courriel, autre = revenu(), revenu("b@societe.example")
    assert "Cette adresse n'existe pas (Retour 5.1.1)" in page(admin, "revenus")
    assert "1 courriel va partir." in faire(
        admin, "renvoyer", "revenus", seul=courriel.pk, courriel=[autre.pk]
    )
    courriel.refresh_from_db()
    assert (courriel.envoye_le, courriel.revenu_le, courriel.renvois) == (None, None, 1)
    assert page(admin, "attente").count("a@societe.example") >= 1
    tasks.balayer(0)
    courriel.refresh_from_db()
    assert courriel.envoye_le
    fait = evenements_de(f"courriel:{courriel.pk}").order_by("-pk")[0]
    assert (fait.geste, fait.acteur, fait.motif) == ("RENVOYER", admin.utilisateur, "Retour 5.1.1")
    autre.refresh_from_db()
    assert autre.revenu_le


def test_une_selection_se_renvoie_ou_se_classe(admin: Agent) -> None:
    tous = [revenu(f"a{rang}@societe.example").pk for rang in range(4)]
    assert "2 courriels vont partir." in faire(admin, "renvoyer", "revenus", courriel=tous[:2])
    assert "2 courriels sont classés." in faire(admin, "classer", "revenus", courriel=tous[2:])
    assert "Aucun courriel revenu n'attend de geste." in page(admin, "revenus")
    classe = Courriel.objects.get(pk=tous[3])
    assert (classe.a_remettre_le, classe.attendu_depuis) == (None, None)
    assert classe.revenu_le  # its dossier still says so
    # Done twice, the second is told.
    assert "il n'y a plus rien à faire" in faire(admin, "classer", "revenus", courriel=tous[2:])
    assert "quelqu'un l'a classé" in faire(admin, "renvoyer", "revenus", courriel=tous[2:])


def test_rien_de_coche_se_dit(admin: Agent) -> None:
    assert "Cochez au moins un courriel." in faire(admin, "renvoyer", "revenus")
    assert "Cochez au moins un courriel." in faire(admin, "classer", "revenus", courriel=["x", "9" * 40])


def test_un_lien_qui_n_est_plus_garde_ne_se_renvoie_pas(admin: Agent) -> None:
    courriel = revenu(corps="https://portail.example/x?jeton=secret-invente")
    lue = faire(admin, "renvoyer", "revenus", seul=courriel.pk)
    assert "son lien personnel n'est gardé nulle part" in lue
    courriel.refresh_from_db()
    assert courriel.a_remettre_le is None


def test_ce_qui_attend_et_se_classe_ne_part_plus(admin: Agent) -> None:
    courriel = ecrire()
    faire(admin, "classer", "attente", courriel=[courriel.pk])
    tasks.balayer(0)
    tasks.expedier([courriel.pk])
    courriel.refresh_from_db()
    assert courriel.envoye_le is None


def test_ce_que_le_portail_retient_part_si_un_agent_le_veut_et_ne_se_classe_pas(admin: Agent) -> None:
    for _ in range(21):
        with depuis(Origine("reseau-1")):
            envoi = services.Envoi(
                code="M30", texte=Texte("Message", "Reçu."), destinataire="v@societe.example", sujet=""
            )
            services.envoyer([envoi])
    tasks.balayer(0)
    retenu = Courriel.objects.get(retenu_le__isnull=False)
    lue = page(admin, "retenus")
    assert "déjà partis à cette adresse en un jour" in lue
    assert "Classer la sélection" not in lue
    adresse = reverse("gestion:geste_courriels", args=["classer"])
    assert admin.client.post(adresse, {"etat": "retenus", "seul": retenu.pk}).status_code == 404
    faire(admin, "renvoyer", "retenus", seul=retenu.pk)
    tasks.balayer(0)
    retenu.refresh_from_db()
    assert retenu.envoye_le
    assert [fait.geste for fait in evenements_de(f"courriel:{retenu.pk}")] == ["RETENIR", "RELACHER"]


def test_la_liste_se_filtre_se_trie_et_se_lit_page_apres_page(admin: Agent) -> None:
    couts = []
    for tour in range(2):
        for rang in range(15):
            ecrire(f"p{tour}-{rang:02}@societe.example")
        with CaptureQueriesContext(connection) as lues:
            page(admin, "attente")
        couts.append(len(lues))
    assert couts[0] == couts[1]
    assert "p1-07@societe.example" in page(admin, "attente", f_destinataire="P1-07")
    assert "Aucune ligne ne correspond à vos filtres." in page(admin, "attente", f_objet="introuvable")
    assert "p1-14@societe.example" in page(admin, "attente", tri="-destinataire")
    assert "p1-14@societe.example" in page(admin, "attente", page="2")


def accueil(profil: Profil) -> str:
    return mots(Agent(profil).lire("accueil"))


def test_ce_qui_n_est_pas_arrive_depuis_une_semaine_se_dit_a_l_accueil(horloge: Horloge) -> None:
    perdu = revenu("b@societe.example")
    ecrire()
    horloge.avancer(days=6, hours=23)
    assert "arrivé" not in accueil(Profil.ADMINISTRATION)
    horloge.avancer(hours=2)
    assert "2 courriels ne sont pas arrivés depuis plus de 7 jours" in accueil(Profil.ADMINISTRATION)
    assert "arrivé" not in accueil(Profil.GESTIONNAIRE)
    tasks.balayer(0)
    assert "Un courriel n'est pas arrivé depuis plus de 7 jours" in accueil(Profil.ADMINISTRATION)
    faire(Agent(Profil.ADMINISTRATION), "classer", "revenus", courriel=[perdu.pk])
    assert "arrivé" not in accueil(Profil.ADMINISTRATION)


def test_l_entreprise_apprend_quelle_adresse_ne_recoit_pas(admin: Agent) -> None:
    societe = Societe()
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise)
    ailleurs = usines.utilisateur(Profil.FOURNISSEUR)
    perdu = revenu(personne.email.upper())
    phrase = f"Les courriels envoyés à {personne.email} ne lui parviennent pas"
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise)
    for qui, dit in ((personne, True), (collegue, True), (ailleurs, False)):
        client = Agent(Profil.FOURNISSEUR, qui).client
        assert (phrase in mots(client.get(reverse("fournisseur:accueil")))) is dit
    compte = reverse("fournisseur:compte")
    assert phrase in mots(Agent(Profil.FOURNISSEUR, personne).client.get(compte))
    assert phrase not in mots(Agent(Profil.FOURNISSEUR, collegue).client.get(compte))
    faire(admin, "classer", "revenus", courriel=[perdu.pk])
    assert phrase not in mots(Agent(Profil.FOURNISSEUR, personne).client.get(compte))
