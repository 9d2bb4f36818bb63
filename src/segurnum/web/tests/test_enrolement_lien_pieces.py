"""Answering a request of pieces by the link of its mail, without an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.enrolements import liens, services
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.regles import secrets
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.public import par_lien
from segurnum.web.tests.candidat import piece
from segurnum.web.tests.depot import Reponse, gestionnaire
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db
S = StatutEnrolement
MOTIF = "Un RIB <lisible> est attendu."


def adresse_recue() -> str:
    """What the last mail leads to."""
    trouve = re.search(r"(/segurnum/\S+)", Courriel.objects.filter(code="M08").latest("pk").corps)
    assert trouve
    return trouve[1]


class Demandeur:
    """An applicant whom an officer asked for a piece, in front of the link of the mail."""

    def __init__(self) -> None:
        self.enrolement = usines.enrolement_depose()
        services.demander_pieces(enrolement=self.enrolement.pk, auteur=gestionnaire(), motif=MOTIF)
        self.adresse = adresse_recue()
        self.client = Client()

    def ouvrir(self, adresse: str | None = None) -> Reponse:
        return self.client.get(adresse or self.adresse, follow=True)

    def lire(self) -> Reponse:
        return self.client.get(reverse("public:deposer_pieces"))

    def importer(self, nom: str = "rib.pdf", **saisie: Any) -> Reponse:
        lot = TypePiece.CERTIFICAT.value
        envoi = {"lot": lot, f"{lot}-type_piece": "RIB", f"{lot}-fichier": piece(nom)} | saisie
        return self.client.post(reverse("public:deposer_pieces"), envoi, follow=True)

    def retirer(self, cle: int) -> Reponse:
        return self.client.post(reverse("public:retirer_piece", args=[cle]), follow=True)

    def terminer(self) -> Reponse:
        return self.client.post(reverse("public:terminer_depot_pieces"), follow=True)

    @property
    def statut(self) -> str:
        return Enrolement.objects.values_list("statut", flat=True).get(pk=self.enrolement.pk)

    @property
    def nouvelles(self) -> list[str]:
        return list(self.enrolement.pieces.filter(confirmee=False).values_list("nom", flat=True))


@pytest.fixture
def demandeur() -> Demandeur:
    return Demandeur()


@pytest.mark.exigence("ENR-082", "ENR-084", "ENR-085", "ENR-086", "ENR-107")
def test_le_lien_du_courriel_ouvre_le_depot_qui_se_fait_et_se_termine(demandeur: Demandeur) -> None:
    page = demandeur.ouvrir()
    texte = mots(page)
    assert page.redirect_chain[-1][0] == reverse("public:deposer_pieces")  # no secret stays in the address
    assert demandeur.enrolement.numero in texte
    assert MOTIF in texte
    assert "disabled>Terminer mon dépôt" in page.content.decode()
    assert lien(page, "contactez l'assistance") == reverse("public:assistance")
    importee = demandeur.importer()
    assert "Le fichier « rib.pdf » est importé (RIB)." in mots(importee)
    assert "Confirmer : terminer mon dépôt" in mots(importee)
    fini = demandeur.terminer()
    assert titres(fini, 1) == ["Votre dépôt de pièces est terminé"]
    assert "« En cours »" in mots(fini).replace("\xa0", " ")
    assert demandeur.statut == S.EN_COURS
    assert not demandeur.nouvelles


@pytest.mark.exigence("ENR-084")
def test_le_script_d_envoi_montre_le_succes_dans_la_page_et_l_attend_ailleurs(demandeur: Demandeur) -> None:
    demandeur.ouvrir()
    page = reverse("public:deposer_pieces")
    demandeur.client.post(page, {"lot": "CERTIFICAT"})
    envoi = {"lot": "CERTIFICAT", "CERTIFICAT-type_piece": "RIB"}
    for attendu, depuis in ((False, "/ailleurs"), (True, page)):
        fichier = {"CERTIFICAT-fichier": piece("rib.pdf")}
        script = {"headers": {"X-Televersement": depuis}, "follow": True}
        reponse = demandeur.client.post(page, envoi | fichier, **script)  # type: ignore[arg-type]
        assert ("Le fichier « rib.pdf » est importé" in mots(reponse)) is attendu
        if not attendu:
            assert "Le fichier « rib.pdf » est importé" in mots(demandeur.lire())


@pytest.mark.exigence("ENR-084", "ENR-024", "XCT-008")
def test_un_fichier_qui_ne_convient_pas_se_dit_a_son_champ(demandeur: Demandeur) -> None:
    demandeur.ouvrir()
    for saisie, phrase in (
        ({"CERTIFICAT-type_piece": ""}, "Choisissez le type du document à importer."),
        ({"CERTIFICAT-fichier": piece("rib.docx")}, "porte l'extension .docx"),
        ({"CERTIFICAT-fichier": piece("rib.pdf", b"")}, "est vide"),
    ):
        page = demandeur.importer("rib.pdf", **saisie)
        assert page.status_code == 422
        assert phrase in mots(page)
    assert not demandeur.nouvelles


@pytest.mark.exigence("ENR-024", "XCT-004")
def test_un_fichier_trop_gros_se_dit(demandeur: Demandeur, monkeypatch: pytest.MonkeyPatch) -> None:
    demandeur.ouvrir()
    monkeypatch.setattr(par_lien.deposer, "taille_max", 100)
    page = demandeur.importer("gros.pdf", **{"CERTIFICAT-fichier": piece("gros.pdf", b"x" * 3_000)})
    assert page.status_code == 413
    assert "dépasse 4 Mo" in mots(page)


@pytest.mark.exigence("ENR-084")
def test_une_piece_se_supprime_avant_la_fin_et_son_fichier_avec_elle(
    demandeur: Demandeur, django_capture_on_commit_callbacks: Any
) -> None:
    demandeur.ouvrir()
    demandeur.importer("faux.pdf")
    nouvelle = demandeur.enrolement.pieces.get(nom="faux.pdf")
    cle = nouvelle.fichier.cle
    with django_capture_on_commit_callbacks(execute=True):
        assert "faux.pdf" not in mots(demandeur.retirer(nouvelle.pk))
    assert not Fichier.objects.filter(pk=nouvelle.fichier_id).exists()
    assert not default_storage.exists(cle)
    assert "Importez au moins une pièce" in mots(demandeur.terminer())
    deposee = demandeur.enrolement.pieces.filter(confirmee=True)[0]
    assert "Seule une pièce dont le dépôt n'est pas encore terminé" in mots(demandeur.retirer(deposee.pk))


@pytest.mark.exigence("XCT-002", "XCT-005")
def test_seul_le_porteur_du_lien_atteint_la_demande(demandeur: Demandeur) -> None:
    autre = Demandeur()
    autre.ouvrir()
    autre.importer("autre.pdf")
    d_un_autre = autre.enrolement.pieces.get(nom="autre.pdf")
    inconnu = Demandeur.__new__(Demandeur)
    inconnu.client = Client()
    for page in (inconnu.lire(), inconnu.importer(), inconnu.retirer(d_un_autre.pk), inconnu.terminer()):
        assert titres(page, 1) == ["Ce lien ne mène plus à un dépôt de pièces"]
        assert demandeur.enrolement.numero not in mots(page)
    faux = reverse("public:ouvrir_depot_pieces", args=["x" * 43])
    assert inconnu.ouvrir(faux).status_code == 404
    demandeur.ouvrir()
    demandeur.retirer(d_un_autre.pk)
    assert autre.nouvelles == ["autre.pdf"]


@pytest.mark.exigence("XCT-004")
def test_la_base_ne_garde_du_lien_qu_une_empreinte(demandeur: Demandeur) -> None:
    secret = demandeur.adresse.rpartition("/")[2]
    ligne = Enrolement.objects.get(pk=demandeur.enrolement.pk)
    assert ligne.empreinte_lien == secrets.empreinte(secret) != secret
    assert ligne.lien_expire_le is not None
    assert timedelta(days=29) < ligne.lien_expire_le - maintenant() < timedelta(days=31)


@pytest.mark.exigence("ENR-085")
def test_une_fois_le_depot_fini_le_lien_dit_ou_en_est_la_demande(demandeur: Demandeur) -> None:
    demandeur.ouvrir()
    demandeur.importer()
    demandeur.terminer()
    assert demandeur.importer("tard.pdf").status_code == 200
    assert not demandeur.nouvelles
    services.accepter(enrolement=demandeur.enrolement.pk, auteur=gestionnaire())
    page = demandeur.ouvrir()
    assert "« Validée »" in mots(page).replace("\xa0", " ")
    assert lien(page, "Se connecter")


def test_un_lien_expire_se_renouvelle_a_l_adresse_de_la_demande(demandeur: Demandeur) -> None:
    demandeur.ouvrir()
    Enrolement.objects.update(lien_expire_le=maintenant())
    page = demandeur.lire()
    assert page.status_code == 410
    assert titres(page, 1) == ["Ce lien a expiré"]
    assert demandeur.importer().status_code == 410
    for _ in range(liens.ENVOIS_PAR_JOUR):
        page = demandeur.client.post(reverse("public:nouveau_lien_pieces"), follow=True)
        assert Courriel.objects.latest("pk").destinataire == demandeur.enrolement.courriel
        demandeur.ouvrir(adresse_recue())
    assert MOTIF in mots(demandeur.lire())
    refus = demandeur.client.post(reverse("public:nouveau_lien_pieces"), follow=True)
    assert "recommencez à partir du" in mots(refus)
    # The first link opens nothing any more.
    ancien = Client().get(demandeur.adresse)
    assert ancien.status_code == 404


def test_les_imports_d_un_lien_sont_comptes(demandeur: Demandeur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liens, "IMPORTS_PAR_JOUR", 1)
    demandeur.ouvrir()
    demandeur.importer("un.pdf")
    assert "recommencez à partir du" in mots(demandeur.importer("deux.pdf"))
    assert demandeur.nouvelles == ["un.pdf"]


@pytest.mark.exigence("XCT-014")
def test_un_lien_remplace_pendant_l_import_n_importe_rien(
    demandeur: Demandeur, monkeypatch: pytest.MonkeyPatch
) -> None:
    demandeur.ouvrir()
    trouver = liens.trouver

    def remplace_aussitot(empreinte: str) -> Enrolement | None:
        ligne = trouver(empreinte)
        liens.renvoyer(enrolement=demandeur.enrolement.pk, auteur=gestionnaire())
        return ligne

    monkeypatch.setattr(liens, "trouver", remplace_aussitot)
    page = demandeur.importer()
    assert page.status_code == 422
    assert "Ce lien n'est plus valable : ouvrez celui du dernier courriel reçu." in mots(page)
    assert not demandeur.nouvelles


@pytest.mark.exigence("ENR-082", "GST-006")
def test_le_gestionnaire_envoie_un_nouveau_lien_qui_ferme_l_ancien(demandeur: Demandeur) -> None:
    agent = Agent(Profil.GESTIONNAIRE)
    numero = demandeur.enrolement.numero
    page = agent.lire("enrolement", numero)
    assert "Envoyer un nouveau lien de dépôt" in mots(page)
    # The officer reads the mail, not what opens the deposit in the applicant's place.
    assert demandeur.adresse.rpartition("/")[2] not in page.content.decode()
    assert "/deposer-pieces/(lien personnel)" in mots(page)
    demandeur.ouvrir()
    envoi = {"vue": page.context["marque"]}
    geste = reverse("gestion:geste_enrolement", args=[numero, "renvoyer-lien"])
    assert agent.client.post(geste, envoi).status_code == 302
    assert titres(demandeur.lire(), 1) == ["Ce lien ne mène plus à un dépôt de pièces"]
    assert MOTIF in mots(demandeur.ouvrir(adresse_recue()))
    assert agent.lire("enrolement", numero).context["moments"][0].geste == "Envoyer un nouveau lien de dépôt"


@pytest.mark.exigence("ENR-082", "ENR-083")
def test_une_entreprise_qui_a_un_compte_repond_par_lui() -> None:
    ligne = usines.enrolement_depose(societe=usines.entreprise())
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=ligne.entreprise)
    services.demander_pieces(enrolement=ligne.pk, auteur=gestionnaire(), motif=MOTIF)
    corps = Courriel.objects.get(code="M08").corps
    assert "« Gérer mes demandes d'enrôlement »" in corps
    assert "deposer-pieces" not in corps
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("enrolement", ligne.numero)
    assert "Envoyer un nouveau lien de dépôt" not in mots(page)
    geste = reverse("gestion:geste_enrolement", args=[ligne.numero, "renvoyer-lien"])
    assert agent.client.post(geste, {"vue": page.context["marque"]}).status_code == 409
