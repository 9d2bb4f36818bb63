"""Every address with every profile: who gets in, who is told no, and that looking changes nothing.

A page is opened once for each profile, and judged whole then: a thousand pages are a minute of processor.
"""

import io

import pytest
from acces import ACCES, POST_SEULEMENT
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lectures import LECTURES_COUTEUSES
from monde import PARAMETRES, REGARDABLES, TOUTES, Monde, adresse_de, client_de

from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.seuil.lecture_seule import EcritureInterdite
from segurnum.web.fournisseur import accueil

pytestmark = pytest.mark.django_db

# Public, and of use to who holds a draft, a token, a worker.
SANS_RIEN = {"sante": 503, "sante_details": 404, "public:enrolement_piece": 404}


def _regarder(client: Client, nom: str, monde: Monde) -> int:
    """The status of a page, its file read to the end; it writes nothing, and a table is not made without a limit."""
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse_de(nom, monde))
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    # How often an export was read is counted, out of the view and before it.
    assert not [
        requete["sql"]
        for requete in requetes
        if requete["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and "session" not in requete["sql"]
        and "limites_compteur" not in requete["sql"]
    ]
    if reponse.headers.get("Content-Type", "").startswith("text/csv"):
        assert nom in LECTURES_COUTEUSES
    return reponse.status_code


@pytest.mark.exigence("XCT-002")
def test_chaque_adresse_du_portail_dit_a_qui_elle_est() -> None:
    assert sorted(nom for nom, _, _ in TOUTES) == sorted(ACCES)


@pytest.mark.exigence("XCT-002")
@pytest.mark.parametrize("nom", REGARDABLES)
def test_une_page_s_ouvre_aux_profils_qui_y_ont_droit_a_eux_seuls_et_n_ecrit_rien(
    nom: str, monde: Monde
) -> None:
    adresse, permis = adresse_de(nom, monde), ACCES[nom]
    anonyme = Client().get(adresse)
    if permis is None:
        assert anonyme.status_code in (200, 302, SANS_RIEN.get(nom, 200))
        anonyme.close()  # a published document is a stream
        _regarder(client_de(monde, Profil.FOURNISSEUR), nom, monde)
        return
    assert anonyme.status_code == 302
    assert anonyme["Location"].startswith(reverse("fournisseur:connexion"))
    for profil in Profil:
        statut = _regarder(client_de(monde, profil), nom, monde)
        # 404: an object that this page only shows in another state (a sample, a request to complete).
        # 405: a document that is read by a gesture.
        # 404 too for who may not: an object that is not there tells nothing.
        assert statut in ((200, 302, 404, 405) if profil in permis else (403, 404)), (profil, statut)


@pytest.mark.exigence("XCT-002")
@pytest.mark.parametrize("nom", sorted(POST_SEULEMENT))
def test_un_geste_ne_se_fait_pas_en_regardant_ni_par_un_autre_profil(nom: str, monde: Monde) -> None:
    adresse, permis = adresse_de(nom, monde), ACCES[nom]
    assert permis is not None
    assert Client().post(adresse)["Location"].startswith(reverse("fournisseur:connexion"))
    avant = list(Demande.objects.values_list("statut", "etat_paiement"))
    for profil in Profil:
        client = client_de(monde, profil)
        assert client.get(adresse).status_code in (403, 405)
        if profil not in permis:
            assert client.post(adresse).status_code == 403, profil
    assert list(Demande.objects.values_list("statut", "etat_paiement")) == avant


@pytest.mark.exigence("XCT-002", "XCT-005", "FRM-030")
@pytest.mark.parametrize(
    "nom", [nom for nom, cles in PARAMETRES.items() if nom.startswith("fournisseur:") and cles]
)
def test_ce_qui_est_a_une_autre_entreprise_n_existe_pas(nom: str, monde: Monde) -> None:
    client = Client()
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    client.force_login(personne)
    adresse = adresse_de(nom, monde)
    page = {"entreprise": personne.entreprise_id}
    reponse = client.post(adresse, page) if nom in POST_SEULEMENT else client.get(adresse)
    assert reponse.status_code == 404


def test_une_lecture_qui_ecrirait_est_arretee(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    def fautive(*_: object) -> object:
        return Demande.objects.update(commentaire="écrit en lisant")

    monkeypatch.setattr(accueil, "compteurs", fautive)
    with pytest.raises(EcritureInterdite):
        client_de(monde, Profil.FOURNISSEUR).get(reverse("fournisseur:accueil"))


@pytest.mark.exigence("XCT-004", "XCT-009")
def test_les_pages_portent_une_politique_de_contenu_stricte(monde: Monde) -> None:
    reponse = client_de(monde, Profil.FOURNISSEUR).get(reverse("fournisseur:accueil"))
    politique = reponse["Content-Security-Policy"]
    assert "unsafe-inline" not in politique
    assert "unsafe-eval" not in politique
    assert "default-src 'none'" in politique
    assert reponse["X-Content-Type-Options"] == "nosniff"


def test_un_corps_sans_connexion_n_est_pas_recu(monde: Monde) -> None:
    reponse = Client().post(adresse_de("fournisseur:pieces", monde), {"fichier": io.BytesIO(b"x" * 100)})
    assert reponse.status_code == 302
