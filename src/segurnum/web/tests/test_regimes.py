"""The VAT regime of an enrolment changes on screen: proved, dated, for what is deposited from then on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.depots.formulaires import formulable
from segurnum.enrolements.models import Enrolement, RegimeTVA
from segurnum.essais import usines
from segurnum.essais.operateurs import Operateur
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.candidat import PDF
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return Agent(Profil.GESTIONNAIRE)


def _changer(
    agent: Agent, enrolement: Enrolement, taux: str, jours: int = 0, *, preuve: bool = True
) -> Reponse:
    jour = jour_de_paris(maintenant()) + timedelta(days=jours)
    saisie: dict[str, object] = {"taux_tva": taux, "date_effet": jour.isoformat()}
    if preuve:
        saisie["preuve"] = SimpleUploadedFile("attestation.pdf", PDF)
    return agent.client.post(reverse("gestion:regime_tva", args=[enrolement.numero]), saisie)


def test_un_regime_change_avec_sa_preuve_pour_ce_qui_se_depose_ensuite(agent: Agent) -> None:
    operateur = Operateur.nouveau("SAS-AGE", profil="")
    enrolement = operateur.enrolement
    Enrolement.objects.filter(pk=enrolement.pk).update(taux_tva=Decimal(20))
    assert "Changer le régime de TVA" in mots(agent.lire("enrolement", enrolement.numero))
    assert _changer(agent, enrolement, "0", 3).status_code == 302
    relu = Enrolement.objects.get(pk=enrolement.pk)
    avant, apres = maintenant(), maintenant() + timedelta(days=4)
    assert (relu.taux_au(avant), relu.taux_au(apres)) == (Decimal(20), Decimal(0))
    assert formulable(relu, TypeDemande.AVANCE).enrolement.taux_du_jour == Decimal(20)
    page = mots(agent.lire("enrolement", enrolement.numero))
    assert f"À partir du {date_fr(apres - timedelta(days=1))}" in page
    assert "attestation.pdf" in page
    fait = evenements_de(enrolement.chaine).filter(geste="CHANGER_REGIME").get()
    assert fait.acteur == agent.utilisateur
    assert fait.details["valeurs"]["taux_tva"][0].startswith("20")


def test_ce_qui_est_depose_garde_son_taux(agent: Agent) -> None:
    demande = usines.demande()
    taux = demande.taux_tva
    enrolement = demande.dossier.enrolement
    autre = "0" if enrolement.taux_tva else "20"
    assert _changer(agent, enrolement, autre).status_code == 302
    demande.refresh_from_db()
    assert demande.taux_tva == taux
    assert Enrolement.objects.get(pk=enrolement.pk).taux_du_jour == Decimal(autre)


@pytest.mark.parametrize(
    ("taux", "jours", "preuve", "phrase"),
    [
        ("8.5", -1, True, "est passée"),
        ("20", 0, True, "déjà de 20"),
        ("8.5", 0, False, "Joignez le justificatif"),
        ("19", 0, True, "Sélectionnez un choix valide"),
    ],
)
def test_un_regime_sans_preuve_passe_ou_inchange_est_refuse(
    agent: Agent, taux: str, jours: int, preuve: bool, phrase: str
) -> None:
    enrolement = usines.enrolement()
    Enrolement.objects.filter(pk=enrolement.pk).update(taux_tva=Decimal(20))
    reponse = _changer(agent, enrolement, taux, jours, preuve=preuve)
    assert reponse.status_code == 422
    assert phrase.replace(" ", "") in mots(reponse).replace("\xa0", "").replace(" ", "")
    assert not RegimeTVA.objects.exists()


def test_deux_changements_ne_prennent_pas_effet_le_meme_jour(agent: Agent) -> None:
    enrolement = usines.enrolement()
    Enrolement.objects.filter(pk=enrolement.pk).update(taux_tva=Decimal(20))
    assert _changer(agent, enrolement, "0", 2).status_code == 302
    assert "prend déjà effet ce jour-là" in mots(_changer(agent, enrolement, "8.5", 2))
    assert RegimeTVA.objects.count() == 1
