"""Windows, scales and ceilings, settled on screen: what an empty base needs before a first deposit."""

from collections.abc import Mapping

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.web.tests.instruction import Agent, Reponse

pytestmark = pytest.mark.django_db

DSR = "DSR-MS1-DUI-Va1"


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


def _vue(admin: Agent, adresse: str) -> str:
    return str(admin.client.get(adresse).context["vue"])


def _poster(admin: Agent, route: str, saisie: Mapping[str, object], *args: object) -> Reponse:
    """Send a form as its page, read before, holds it."""
    adresse = reverse(f"gestion:{route}", args=args)
    return admin.client.post(adresse, {"vue": _vue(admin, adresse), **saisie})


def test_le_titre_d_une_saisie_refusee_dit_erreur_une_seule_fois(admin: Agent) -> None:
    reponse = _poster(admin, "fenetre", {}, DSR, "avance")
    titre = reponse.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert titre.count("Erreur") == 1


def test_chaque_colonne_du_tableau_des_fenetres_a_sa_cellule_meme_sans_dates(admin: Agent) -> None:
    """On a narrow screen a cell says the title of its column: a missing one would give its neighbour another's."""
    page = admin.lire("fenetres").content.decode()
    lignes = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    assert {ligne.count("<td") for ligne in lignes} == {page.count('<th scope="col"') - 1}


def test_une_tranche_sans_montant_est_dite_a_cote_des_tranches(admin: Agent) -> None:
    saisie = {"date_effet": "2027-01-01", "source": "Arrêté", "tranches": "1 ; 625,00\n2"}
    reponse = _poster(admin, "bareme", saisie, "DSR-PHA-LGO-Va1")
    assert reponse.status_code == 422
    erreurs = reponse.context["form"].errors
    assert list(erreurs) == ["tranches"]
    assert "« 2 » n'est pas une tranche" in erreurs["tranches"][0]


def test_une_enveloppe_nomme_la_vague_de_chaque_couloir_une_seule_fois(admin: Agent) -> None:
    proposes = admin.lire("nouvelle_enveloppe").context["form"].fields["dsr"].choices
    assert {libelle.count("vague") for _, libelle in proposes} == {1}
