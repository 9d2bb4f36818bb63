"""Two initial enrolments for one company: the second is not accepted over the persons that the first brought."""

from typing import Any

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees.queries import personnes_de
from segurnum.enrolements import admission, services
from segurnum.enrolements.examen import marque
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import QualiteTiers
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _valider(agent: Agent, enrolement: Enrolement) -> Reponse:
    adresse = reverse("gestion:geste_enrolement", args=[enrolement.numero, "valider"])
    return agent.client.post(adresse, {"vue": marque(enrolement)})


def _deux(**representant: str) -> tuple[Enrolement, Enrolement]:
    """Two initial requests, deposited while nobody could sign in for their company."""
    premier = usines.enrolement_depose()
    second = usines.enrolement_depose(
        societe=premier.entreprise, declare={"representant": usines.personne(**representant)}
    )
    return premier, second


@pytest.mark.exigence("PUB-013", "ENR-002", "GST-004")
def test_un_second_enrolement_initial_ne_remplace_ni_personne_ni_compte() -> None:
    premier, second = _deux(nom="USURPE", prenom="Alix")
    agent = Agent(Profil.GESTIONNAIRE)
    assert _valider(agent, premier).status_code == 302
    avant = personnes_de(premier.entreprise)
    page = agent.lire("enrolement", second.numero)
    assert page.context["valider"] is None
    assert page.context["ouverture"] is None
    assert "Faire une demande complémentaire" in mots(page)
    refus = _valider(agent, second)
    assert refus.status_code == 409
    assert "a déjà un compte sur le portail" in mots(refus)
    second.refresh_from_db()
    assert second.statut == StatutEnrolement.EN_COURS
    assert personnes_de(premier.entreprise) == avant
    assert premier.entreprise.utilisateurs.count() == 1


@pytest.mark.exigence("PUB-013", "ENR-109")
def test_rejete_le_second_libere_son_numero_pour_une_demande_complementaire() -> None:
    premier, second = _deux()
    agent = Agent(Profil.GESTIONNAIRE)
    _valider(agent, premier)
    services.rejeter(enrolement=second.pk, auteur=agent.auteur, motif="Faites une demande complémentaire.")
    numero = second.referencement.numero_ans
    assert admission.referencement_a_enroler(numero, premier.entreprise) == second.referencement


@pytest.mark.exigence("GST-003")
def test_les_personnes_qui_changent_se_voient_avant_de_valider() -> None:
    premier, second = _deux(nom="AUTRE")
    agent = Agent(Profil.GESTIONNAIRE)
    _valider(agent, premier)
    premier.entreprise.utilisateurs.update(is_active=False)
    ecarts = {e.libelle: e for e in agent.lire("enrolement", second.numero).context["ecarts"]}
    assert ecarts["Représentant légal : nom"].connu == "LORMELIN"
    assert ecarts["Représentant légal : nom"].declare == "AUTRE"
    assert "Représentant légal : courriel" in ecarts
    assert "Représentant légal : prénom" not in ecarts
    assert "Dépositaire" not in ecarts


@pytest.mark.exigence("GST-003")
@pytest.mark.parametrize("avec", ["avant", "apres"])
def test_un_depositaire_qui_apparait_ou_s_en_va_se_voit(avec: str) -> None:
    tiers: dict[str, Any] = {
        "depositaire": usines.personne(nom="QUINTRELLE"),
        "qualite": QualiteTiers.EMPLOYE,
    }
    premier = usines.enrolement_depose(declare=tiers if avec == "avant" else None)
    second = usines.enrolement_depose(societe=premier.entreprise, declare=tiers if avec == "apres" else None)
    agent = Agent(Profil.GESTIONNAIRE)
    _valider(agent, premier)
    page = agent.lire("enrolement", second.numero)
    ecart = next(e for e in page.context["ecarts"] if e.libelle == "Dépositaire")
    assert ("QUINTRELLE" in ecart.connu, ecart.declare == "aucun") == ((avec == "avant"),) * 2


@pytest.mark.exigence("XCT-014", "PUB-013")
@pytest.mark.django_db(transaction=True)
def test_deux_validations_a_la_fois_n_ouvrent_qu_un_acces() -> None:
    enrolements = _deux()
    agents = (Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE))

    def valider(rang: int) -> object:
        return services.accepter(enrolement=enrolements[rang].pk, auteur=agents[rang].auteur)

    resultats = ensemble(lambda: valider(0), lambda: valider(1))
    assert sorted(type(r).__name__ for r in resultats) == ["AccesDejaOuvert", "Enrolement"]
    assert enrolements[0].entreprise.utilisateurs.count() == 1
