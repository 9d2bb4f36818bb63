"""« Recherche d'entreprises », replayed by a server of this machine with invented answers."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from segurnum.annuaire import api
from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.annuaire.queries import chercher
from segurnum.regles.calendrier import maintenant

SIEGE, AUTRE, FERME, INCONNU = "99900011000018", "99900011000026", "99900017700017", "99900090200018"
UNITE: dict[str, Any] = {
    "siren": "999000110",
    "nom_complet": "ATELIERS HAUTECIME (AH)",
    "nom_raison_sociale": "ATELIERS HAUTECIME",
    "siege": {
        "siret": SIEGE,
        "adresse": "BATIMENT C 27 B AVENUE DES GRANDES BRUYERES 87200 SAINT-JUNIEN",
        "complement_adresse": "BATIMENT C",
        "numero_voie": "27",
        "indice_repetition": "B",
        "type_voie": "AVENUE",
        "libelle_voie": "DES GRANDES BRUYERES",
        "code_postal": "87200",
        "libelle_commune": "SAINT-JUNIEN",
        "etat_administratif": "A",
        "est_siege": True,
    },
    "matching_etablissements": [
        {
            "siret": AUTRE,
            "adresse": "4 TER RUE DE LA LANDE PERDUE 44000 NANTES",
            "code_postal": "44000",
            "libelle_commune": "NANTES",
            "etat_administratif": "A",
        }
    ],
}


class Repondeur(BaseHTTPRequestHandler):
    """Answers each SIRET by what the test has said: a status, headers, a body."""

    reponses: dict[str, tuple[int, dict[str, str], bytes]]
    recues: list[Any]

    def do_GET(self) -> None:
        question = parse_qs(urlsplit(self.path).query)
        self.recues.append((urlsplit(self.path).path, question, self.headers["User-Agent"]))
        statut, entetes, corps = self.reponses.get(question["q"][0], (200, {}, b'{"results": []}'))
        self.send_response(statut)
        for nom, valeur in entetes.items():
            self.send_header(nom, valeur)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def serveur(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Repondeur]]:
    monkeypatch.setenv("no_proxy", "*")
    repondeur = type("RepondeurDuTest", (Repondeur,), {"reponses": {}, "recues": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), repondeur) as ecoute:
        fil = threading.Thread(target=ecoute.serve_forever, args=(0.01,))
        fil.start()
        settings.ANNUAIRE = "api"
        settings.ANNUAIRE_API = f"http://127.0.0.1:{ecoute.server_port}"
        yield repondeur
        ecoute.shutdown()
        fil.join()


def _trouve(unite: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps({"results": [unite]}).encode()


@pytest.mark.exigence("ENR-029", "ENR-031", "ENR-034")
def test_le_siege_arrive_avec_son_adresse_decoupee(serveur: type[Repondeur]) -> None:
    serveur.reponses[SIEGE] = _trouve(UNITE)
    trouvee = chercher(SIEGE)
    assert trouvee is not None
    assert (trouvee.siret, trouvee.denomination, trouvee.actif) == (SIEGE, "ATELIERS HAUTECIME", True)
    assert (trouvee.numero, trouvee.extension, trouvee.type_voie) == ("27", "bis", "Avenue")
    assert (trouvee.nom_voie, trouvee.complement) == ("DES GRANDES BRUYERES", "BATIMENT C")
    assert (trouvee.code_postal, trouvee.commune, trouvee.refus) == ("87200", "Saint-Junien", "")
    ((chemin, question, agent),) = serveur.recues
    assert chemin == "/search"
    assert question["q"] == [SIEGE]
    assert "dirigeants" not in question["include"][0]  # nothing about people is asked for
    assert agent.startswith("segurnum")


def test_un_autre_etablissement_arrive_avec_une_ligne_que_l_on_decoupe(serveur: type[Repondeur]) -> None:
    serveur.reponses[AUTRE] = _trouve(UNITE)
    trouvee = chercher(AUTRE)
    assert trouvee is not None
    assert (trouvee.numero, trouvee.extension, trouvee.type_voie) == ("4", "ter", "Rue")
    assert (trouvee.nom_voie, trouvee.commune) == ("DE LA LANDE PERDUE", "Nantes")


def test_un_etablissement_ferme_est_trouve_et_dit_ferme(serveur: type[Repondeur]) -> None:
    serveur.reponses[FERME] = _trouve(
        {**UNITE, "siege": {**UNITE["siege"], "siret": FERME, "etat_administratif": "F"}}
    )
    trouvee = chercher(FERME)
    assert trouvee is not None
    assert not trouvee.actif
    assert FERME in trouvee.refus
    assert "fermé" in trouvee.refus


def test_ce_que_la_personne_n_a_pas_voulu_publier_est_a_saisir(serveur: type[Repondeur]) -> None:
    masque = dict.fromkeys(("adresse", "code_postal", "numero_voie", "libelle_voie"), "[NON-DIFFUSIBLE]")
    serveur.reponses[SIEGE] = _trouve(
        {**UNITE, "nom_raison_sociale": None, "nom_complet": "[NON-DIFFUSIBLE]"}
        | {"siege": {**UNITE["siege"], **masque}}
    )
    trouvee = chercher(SIEGE)
    assert trouvee is not None
    assert (trouvee.denomination, trouvee.code_postal, trouvee.numero, trouvee.nom_voie) == ("", "", "", "")


def test_un_siret_inconnu_ne_donne_rien(serveur: type[Repondeur]) -> None:
    assert chercher(INCONNU) is None
    # The unit is known, this establishment is not.
    serveur.reponses[INCONNU] = _trouve(UNITE)
    assert chercher(INCONNU) is None


@pytest.mark.exigence("ENR-030")
def test_un_siret_faux_n_est_meme_pas_demande(serveur: type[Repondeur]) -> None:
    assert chercher("99900011000019") is None
    assert chercher("q=1&x") is None
    assert serveur.recues == []


@pytest.mark.parametrize(
    ("retry_after", "attendu"), [("12", 12), ("", None), ("bientot", None), ("date", range(25, 31))]
)
def test_l_annuaire_qui_demande_d_attendre_dit_combien(
    serveur: type[Repondeur], retry_after: str, attendu: Any
) -> None:
    if retry_after == "date":
        retry_after = format_datetime(maintenant() + timedelta(seconds=30), usegmt=True)
    serveur.reponses[SIEGE] = (429, {"Retry-After": retry_after}, b"")
    with pytest.raises(AnnuaireIndisponible) as refus:
        chercher(SIEGE)
    attente = refus.value.reessayer_dans
    assert attente in attendu if isinstance(attendu, range) else attente == attendu


@pytest.mark.parametrize(
    "reponse",
    [
        (500, {}, b"panne"),
        (404, {}, b""),
        (200, {}, b"<html>maintenance</html>"),
        (200, {}, b"[]"),
        (200, {}, b'{"erreur": "autre chose"}'),
        (200, {}, b'{"results": [[1]]}'),
        (200, {}, b"\xff\xfe"),
    ],
)
def test_une_reponse_inattendue_est_une_indisponibilite(serveur: type[Repondeur], reponse: Any) -> None:
    serveur.reponses[SIEGE] = reponse
    with pytest.raises(AnnuaireIndisponible):
        chercher(SIEGE)


def test_un_annuaire_injoignable_ou_muet_est_une_indisponibilite(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(api, "DELAI", 0.05)
    settings.ANNUAIRE = "api"
    with socket.create_server(("127.0.0.1", 0)) as muet:
        settings.ANNUAIRE_API = f"http://127.0.0.1:{muet.getsockname()[1]}"
        with pytest.raises(AnnuaireIndisponible):
            chercher(SIEGE)
    with pytest.raises(AnnuaireIndisponible):  # and now nobody listens there
        chercher(SIEGE)
