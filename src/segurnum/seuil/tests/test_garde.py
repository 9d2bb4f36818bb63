"""Limits and switches on the pages: a sentence, when to try again, and nothing that was typed is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.limites.interrupteurs import basculer
from segurnum.limites.models import Interrupteur
from segurnum.seuil.limites import limites_de
from segurnum.web.public import documentation, informations
from segurnum.web.tests.candidat import Candidat, piece
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_connexion import avec_mot_de_passe, saisir
from segurnum.web.tests.test_contact import SAISIE

pytestmark = pytest.mark.django_db
CONTACT = "/segurnum/contacter-assistance"
MAXIMUM = limites_de(informations.contact)[0].maximum


@pytest.fixture(autouse=True)
def _sans_captcha(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False


def fermer(cle: str, motif: str = "Maintenance jusqu'à 14 h.") -> None:
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    basculer(cle=Interrupteur.Cle(cle), fermer=True, motif=motif, auteur=auteur(agent))


def epuiser(client: Client) -> None:
    for _ in range(MAXIMUM):
        client.post(CONTACT, {})


def champs(page: Any) -> Iterator[tuple[str, str]]:
    for morceau in page.content.decode().split('<textarea name="')[1:]:
        nom, _, reste = morceau.partition('"')
        yield nom, reste.partition(">\n")[2].partition("</textarea>")[0]


def test_au_dela_de_la_limite_le_message_attend_dans_la_page(horloge: Horloge) -> None:
    client = Client(REMOTE_ADDR="198.51.100.1")
    epuiser(client)
    refus = client.post(CONTACT, SAISIE | {"description": "Où en est <mon> paiement ?\nMerci."})
    assert refus.status_code == 429
    assert titres(refus, 1) == ["Trop d'envois"]
    assert f"au plus {MAXIMUM} messages en une heure pour un même réseau" in mots(refus)
    assert "Recommencez à partir du" in mots(refus)
    assert int(refus["Retry-After"]) in range(3_500, 3_601)
    garde = dict(champs(refus))
    assert garde["description"] == "Où en est &lt;mon&gt; paiement ?\nMerci."
    assert garde["nom"] == SAISIE["nom"]
    assert not Ticket.objects.exists()
    horloge.avancer(hours=1)
    assert client.post(CONTACT, SAISIE).status_code == 302
    assert Client(REMOTE_ADDR="198.51.100.2").post(CONTACT, SAISIE).status_code == 302


def test_un_mot_de_passe_ne_revient_pas_dans_la_page_d_un_refus() -> None:
    fermer("LECTURE_SEULE")
    donnees = {"jeton": "abc", "new_password1": "tres-secret", "new_password2": "tres-secret"}
    page = Client().post(reverse("fournisseur:nouveau_mot_de_passe"), donnees)
    assert page.status_code == 503
    assert "tres-secret" not in page.content.decode()
    assert dict(champs(page)) == {"jeton": "abc"}


def test_le_fichier_d_un_envoi_refuse_n_est_pas_lu_et_le_reste_est_rendu() -> None:
    client = Client()
    epuiser(client)
    refus = client.post(CONTACT, SAISIE | {"piece_jointe": SimpleUploadedFile("a.txt", b"x" * 100_000)})
    assert refus.status_code == 429
    assert dict(champs(refus))["nom"] == SAISIE["nom"]
    assert not refus.wsgi_request.FILES


def test_un_formulaire_forge_ne_fait_pas_montrer_sa_saisie(settings: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    epuiser(Client())
    page = client.post(CONTACT, SAISIE)
    assert page.status_code == 403
    assert "<textarea" not in page.content.decode()


def test_un_export_se_compte_aussi() -> None:
    adresse = reverse("fournisseur:beneficiaires_csv")

    def exporter(personne: Utilisateur) -> Any:
        client = Client()
        client.force_login(personne)
        return client.post(adresse, {"entreprise": personne.entreprise_id})

    personne, autre = usines.utilisateur(Profil.FOURNISSEUR), usines.utilisateur(Profil.FOURNISSEUR)
    statuts = [exporter(personne).status_code for _ in range(61)]
    assert statuts == [302] * 60 + [429]  # to its page: this company has nothing to export
    assert "exports en une heure pour une même personne" in mots(exporter(personne))
    assert exporter(autre).status_code == 302


def test_qui_est_connecte_ne_fait_pas_n_importe_combien_de_gestes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segurnum.seuil.garde.GESTES", limites_de(documentation.simulateur)[0])
    client = Client()
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    adresse = reverse("fournisseur:fermer_sessions")
    assert {client.post(adresse).status_code for _ in range(100)} == {302}
    assert client.post(adresse).status_code == 429


def test_en_lecture_seule_tout_se_lit_avec_le_motif_et_rien_ne_s_ecrit() -> None:
    fermer("LECTURE_SEULE")
    page = Client().get(CONTACT)
    assert page.status_code == 200
    assert "Portail en lecture seule Maintenance jusqu'à 14 h." in mots(page)
    refus = Client().post(CONTACT, SAISIE)
    assert refus.status_code == 503
    assert titres(refus, 1) == ["Portail en lecture seule"]
    assert dict(champs(refus))["description"] == SAISIE["description"]
    assert not Ticket.objects.exists()


def test_en_lecture_seule_on_entre_on_sort_et_l_on_rouvre() -> None:
    fermer("LECTURE_SEULE")
    agent, client = avec_mot_de_passe(Profil.ADMINISTRATION), Client()
    assert saisir(client, agent.username).status_code == 302
    adresse = reverse("gestion:interrupteurs")
    assert client.post(adresse, {"interrupteur": "LECTURE_SEULE", "geste": "rouvrir"}).status_code == 302
    assert Client().post(CONTACT, SAISIE).status_code == 302
    assert client.post(reverse("fournisseur:deconnexion")).status_code == 302


def test_le_simulateur_ferme_le_dit_et_lui_seul() -> None:
    fermer("SIMULATEUR", "Trop de charge.")
    adresse = reverse("public:simulateur")
    assert "Simulateur public fermé Trop de charge." in mots(Client().get(adresse))
    assert Client().post(adresse, {"fichier": SimpleUploadedFile("a.json", b"{}")}).status_code == 503
    assert "Trop de charge" not in mots(Client().get(CONTACT))
    assert Client().post(CONTACT, SAISIE).status_code == 302


def test_sans_nouveau_fichier_le_reste_se_fait_et_le_refus_est_a_cote_du_champ() -> None:
    fermer("FICHIERS", "Disque plein.")
    assert "Plus de nouveau dépôt de fichier Disque plein." in mots(Client().get(CONTACT))
    assert "Disque plein" not in mots(Client().get(reverse("public:faq")))
    page = Client().post(CONTACT, SAISIE | {"piece_jointe": SimpleUploadedFile("a.txt", b"texte")})
    assert page.status_code == 422
    assert "Aucun nouveau fichier n'est reçu pour le moment : Disque plein." in mots(page)
    assert SAISIE["description"] in mots(page)
    assert Client().post(CONTACT, SAISIE).status_code == 302


def test_la_page_des_interrupteurs_dit_qui_a_ferme_quoi_et_exige_un_motif() -> None:
    agent, client = usines.utilisateur(Profil.ADMINISTRATION, first_name="Maud", last_name="Vallon"), Client()
    client.force_login(agent)
    adresse = reverse("gestion:interrupteurs")
    envoi = {"interrupteur": "SIMULATEUR", "geste": "fermer", "SIMULATEUR-motif": ""}
    refus = client.post(adresse, envoi)
    assert refus.status_code == 422
    assert "Dites pourquoi" in mots(refus)
    assert client.post(adresse, {"interrupteur": "AUTRE"}).status_code == 422
    client.post(adresse, envoi | {"SIMULATEUR-motif": "Trop de charge."})
    assert "Maud Vallon" in mots(client.get(adresse))
    assert 'value="Trop de charge."' in client.get(adresse).content.decode()


def test_le_premier_fichier_d_un_inconnu_attend_une_verification(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = True
    candidat = Candidat()
    candidat.rechercher()
    page = candidat.envoyer("referencement", piece_certificat=piece())
    assert page.status_code == 422
    assert "Vos fichiers n'ont pas été gardés" in mots(page)
    assert candidat.lire("enrolement_etape", "demandeur").status_code == 302
    settings.CAPTCHA_ACTIF = False
    assert candidat.envoyer("referencement", piece_certificat=piece()).status_code == 302
    settings.CAPTCHA_ACTIF = True
    candidat.envoyer("referencement", piece_certificat=piece("autre.pdf"))
    assert "autre.pdf" in mots(candidat.lire("enrolement_etape", "referencement"))


def test_une_verification_faite_ne_se_refait_pas_a_chaque_refus(settings: Any) -> None:
    client = Client()
    assert client.post(CONTACT, SAISIE | {"nom": ""}).status_code == 422
    settings.CAPTCHA_ACTIF = True
    page = client.post(CONTACT, SAISIE | {"courriel": "faux"})
    assert "Déjà faite : vous n'avez rien à cocher." in mots(page)
    assert client.post(CONTACT, SAISIE).status_code == 302
    assert client.post(CONTACT, SAISIE | {"nom": ""}).status_code == 422
    assert client.post(CONTACT, SAISIE).status_code == 302
    # One proof is worth five sendings.
    assert "Cochez « Je ne suis pas un robot »" in mots(client.post(CONTACT, SAISIE))
    assert "Cochez « Je ne suis pas un robot »" in mots(Client().post(CONTACT, SAISIE))
