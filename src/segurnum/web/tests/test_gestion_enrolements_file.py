"""The officers' queue of enrolments, what of it waits, and the enrolment that comes after another."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

S = StatutEnrolement


def _numeros(page: Reponse) -> list[str]:
    return [ligne.numero for ligne in page.context["affiche"].lignes]


@pytest.mark.exigence("GST-002", "ENR-061", "ENR-105", "ENR-108")
def test_la_file_s_ouvre_sur_ce_qui_attend_un_gestionnaire_le_plus_ancien_d_abord() -> None:
    hier, avant_hier = (maintenant() - timedelta(days=jours) for jours in (1, 2))
    for statut in (S.EN_ATTENTE_PIECE, S.VALIDATION_PARTIELLE, S.VALIDEE, S.REJETEE):
        usines.enrolement_depose(statut)
    recent = usines.enrolement_depose(depose_le=hier)
    certificats = usines.enrolement_depose(S.CERTIFICAT_A_VALIDER, anticipe=True, depose_le=avant_hier)
    agent = Agent(Profil.GESTIONNAIRE)
    assert _numeros(agent.lire("enrolements")) == [certificats.numero, recent.numero]
    assert len(_numeros(agent.lire("enrolements", statut="TOUS"))) == 6
    assert len(_numeros(agent.lire("enrolements", statut="n'importe quoi", type="x", du="y"))) == 6


@pytest.mark.exigence("GST-002", "XCT-007")
def test_la_file_se_filtre_par_statut_type_date_siret_numero_ans_et_texte() -> None:
    agent = Agent(Profil.GESTIONNAIRE)
    initial = usines.enrolement_depose(depose_le=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    anticipe = usines.enrolement_depose(anticipe=True, depose_le=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    complementaire = usines.enrolement_depose(type=Enrolement.Type.COMPLEMENTAIRE)
    rejete = usines.enrolement_depose(S.REJETEE)

    def trouves(**parametres: str) -> list[str]:
        return _numeros(agent.lire("enrolements", **parametres))

    assert trouves(statut="REJETEE") == [rejete.numero]
    assert trouves(type="INITIAL") == [initial.numero]
    assert trouves(type="INITIAL_ANTICIPE") == [anticipe.numero]
    assert trouves(type="COMPLEMENTAIRE") == [complementaire.numero]
    # Days are those of Paris: 23:30 UTC is already the day after.
    assert trouves(du="2026-03-01", au="2026-03-01") == [initial.numero]
    assert trouves(du="2026-03-02", au="2026-03-02") == [anticipe.numero]
    siret = initial.entreprise.siret
    assert trouves(siret=f"{siret[:9]} {siret[9:]}") == [initial.numero]
    assert trouves(ans=anticipe.referencement.numero_ans) == [anticipe.numero]
    assert trouves(texte=f"{anticipe.numero}M0".lower()) == [anticipe.numero]
    assert trouves(texte=initial.entreprise.denomination.lower()) == [initial.numero]
    assert trouves(texte=complementaire.courriel) == [complementaire.numero]
    assert trouves(texte="\0") == trouves()
    assert trouves(texte="9" * 30) == []


@pytest.mark.exigence("FRM-027")
def test_une_file_vide_le_dit() -> None:
    page = Agent(Profil.GESTIONNAIRE).lire("enrolements")
    assert "Aucune donnée disponible dans le tableau" in mots(page)


@pytest.mark.exigence("XCT-007")
def test_la_file_et_la_page_coutent_autant_de_requetes_quand_il_y_a_plus_a_lire() -> None:
    enrolement, _ = usines.enrolement_depose(), usines.enrolement_depose()
    agent = Agent(Profil.GESTIONNAIRE)
    couts = []
    agent.lire("accueil")
    for _ in range(2):
        with CaptureQueriesContext(connection) as lues:
            agent.lire("enrolements")
            agent.lire("enrolement", enrolement.numero)
            agent.lire("accueil")
        couts.append(len(lues))
        for _ in range(5):
            usines.enrolement_depose(societe=enrolement.entreprise)
            usines.piece_enrolement(enrolement, TypePiece.AUTRE)
    assert couts[0] == couts[1]


@pytest.mark.exigence("GST-002")
def test_l_accueil_dit_combien_d_enrolements_attendent_et_depuis_quand() -> None:
    ancien = usines.enrolement_depose(depose_le=maintenant() - timedelta(days=9))
    usines.enrolement_depose()
    usines.enrolement_depose(S.EN_ATTENTE_PIECE)
    page = Agent(Profil.GESTIONNAIRE).lire("accueil")
    comptes = [(a.statut, a.nombre, a.ancienne) for a in page.context["enroler"]]
    assert comptes == [(S.EN_COURS, 2, ancien.depose_le), (S.CERTIFICAT_A_VALIDER, 0, None)]
    assert f"{reverse('gestion:enrolements')}?statut=EN_COURS" in page.content.decode()
    assert Agent(Profil.COMPTABLE).lire("accueil").context["enroler"] is None


@pytest.mark.exigence("GST-002")
def test_l_enrolement_suivant_est_celui_d_apres_dans_la_file_filtree_puis_le_premier() -> None:
    depart = maintenant() - timedelta(days=5)
    premier, deuxieme = (
        usines.enrolement_depose(depose_le=depart + timedelta(hours=rang)) for rang in range(2)
    )
    agent = Agent(Profil.GESTIONNAIRE)
    assert agent.lire("enrolement", premier.numero).context["suivante"] == deuxieme
    assert agent.lire("enrolement", deuxieme.numero).context["suivante"] == premier
    seul = agent.lire("enrolement", premier.numero, texte=premier.numero)
    assert "C'est le dernier enrôlement de cette file." in mots(seul)
