"""What no browser sends, to every address and in every field: told in a sentence, never a breakdown.

The routes are those of `monde`, the fields those of the forms that the pages show: a new page is tried too.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from acces import ACCES, ENTREPRISES
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve, reverse
from monde import (
    AILLEURS,
    REGARDABLES,
    ROUTES,
    Monde,
    adresse_de,
    client_de,
)

from segurnum.comptes.models import Profil
from segurnum.essais.formulaires import Page
from segurnum.essais.partage import essai_annule

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# How often each route is tried: each time, from each person, each of its fields has another hostile value.
TOURS = 2
tour_par_tour = pytest.mark.parametrize("tour", range(TOURS))

URLENCODE = "application/x-www-form-urlencoded"
ENORME = "9" * 5_000
VALEURS = {
    "nul": "avant\x00après",
    "nul seul": "\x00",
    "demi-paire": "\ud800",
    "entier démesuré": ENORME,
    "entier de 30 chiffres": "9" * 30,
    "négatif": "-1",
    "exposant": "1e999999",
    "chiffres d'ailleurs": "٣²",
    "très long": "x" * 20_000,
    "illisible": "\u202e\ufeff\u2028\ufffd\x1b[31m",
    "vide": "",
    "json": '{"a": [1]}',
    "adresse": "http://[",
    "date": "31/02/0000",
}
PARAMETRES = (
    "page",
    "tri",
    "version",
    "couloir",
    "recherche",
    "f_numero",
    "q",
    "next",
    "geste",
    "rang",
    "code",
    "archive",
    "avenant",
    "retenu",
    "extrait",
    "type",
    "statut",
    "genre",
    "etape",
    "numero",
    "jeton",
    "filtre",
    "code_postal",
)


def lire(reponse: Any) -> bytes:
    """The body, to its end: a file is then closed."""
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


@dataclass
class Essais:
    """What was sent, and what broke: the addresses that answered 500, with the reason."""

    pannes: list[str] = field(default_factory=list)
    raison: str = ""

    def noter(self, reponse: Any, quoi: str) -> None:
        lire(reponse)
        reponse.wsgi_request.close()  # the files that were received
        if reponse.status_code >= 500 and "/sante" not in quoi:
            self.pannes.append(f"{quoi} : {self.raison}")

    def recevoir(self, **_: Any) -> None:
        self.raison = repr(sys.exc_info()[1])[:300]


@pytest.fixture
def essais() -> Iterator[Essais]:
    essai = Essais()
    got_request_exception.connect(essai.recevoir)
    yield essai
    got_request_exception.disconnect(essai.recevoir)
    assert not essai.pannes, "\n".join(essai.pannes)


def calme(client: Client) -> Client:
    """A server's own answer, breakdown included."""
    client.raise_request_exception = False
    return client


def poster(client: Client, adresse: str, octets: bytes, genre: str, **entetes: Any) -> HttpResponse:
    """The very octets, whatever they are."""
    reponse: HttpResponse = calme(client).generic("POST", adresse, octets, genre, **entetes)
    return reponse


def gens(nom: str, monde: Monde) -> Iterator[tuple[str, Client]]:
    """Who has the right, who has it elsewhere, nobody."""
    yield "personne", Client()
    permis = ACCES[nom]
    if permis is not None:
        yield "ayant droit", client_de(monde, min(permis))
        if permis & ENTREPRISES:
            yield "autre entreprise", client_de(monde, AILLEURS)


# Read once: the names of the fields are those of the pages, whoever the people are.
_CHAMPS: dict[str, set[str]] = defaultdict(set)


def champs_des_formulaires(monde: Monde) -> dict[str, set[str]]:
    """The fields that each route receives, as the pages that lead to it show them."""
    if _CHAMPS:
        return _CHAMPS
    trouves = _CHAMPS
    for nom in REGARDABLES:
        adresse = adresse_de(nom, monde)
        for _, client in gens(nom, monde):
            reponse = calme(client).get(adresse)
            lue = lire(reponse)
            if reponse.status_code != 200 or "html" not in reponse["Content-Type"]:
                continue
            for action, formulaire in Page(lue.decode(), adresse).formulaires.items():
                trouves[resolve(action).view_name] |= formulaire.champs.keys() | formulaire.fichiers
    return trouves


def envoyer_partout(
    monde: Monde,
    essais: Essais,
    corps: Callable[[list[str], int], tuple[bytes, str]],
    tour: int,
) -> None:
    """To each route, from each person, what `corps` makes of its fields and of a number that never repeats itself."""
    champs = champs_des_formulaires(monde)
    numero = tour
    for nom in ROUTES:
        adresse = adresse_de(nom, monde)
        for qui, client in gens(nom, monde):
            numero += TOURS + 1
            envoi = corps(sorted(champs[nom]), numero)
            with essai_annule():  # a gesture that is made, signing out included, is not there for the next
                essais.noter(poster(client, adresse, *envoi), f"POST {adresse} ({qui}) {envoi[0][:80]!r}")


def test_les_champs_des_formulaires_sont_vus(monde: Monde) -> None:
    champs = champs_des_formulaires(monde)
    assert {"fichier", "taux_tva"} <= champs["fournisseur:importer"]
    assert {"username", "password"} <= champs["fournisseur:connexion"]
    assert len([nom for nom, lus in champs.items() if lus]) > 30


def valeurs(noms: Sequence[str], numero: int) -> dict[str, str]:
    """Each name with one of the values, another for the next name and for the next number."""
    toutes = list(VALEURS.values())
    return {nom: toutes[(rang * 5 + numero) % len(toutes)] for rang, nom in enumerate(noms)}


@tour_par_tour
def test_aucun_parametre_d_adresse_n_abat_une_page(tour: int, monde: Monde, essais: Essais) -> None:
    numero = tour
    for nom in REGARDABLES:
        adresse = adresse_de(nom, monde)
        for qui, client in gens(nom, monde):
            numero += TOURS + 1
            lus = {nom: v.encode("utf-8", "replace") for nom, v in valeurs(PARAMETRES, numero).items()}
            essais.noter(calme(client).get(adresse, lus), f"GET {adresse} ({qui}), {numero}")


@tour_par_tour
def test_aucune_valeur_de_champ_n_abat_un_formulaire(tour: int, monde: Monde, essais: Essais) -> None:
    """As they come on the wire: a lone half of a pair is three octets that are no UTF-8."""

    def corps(champs: list[str], numero: int) -> tuple[bytes, str]:
        saisie = "&".join(
            f"{quote(nom)}={quote(valeur.encode('utf-8', 'surrogatepass'))}"
            for nom, valeur in valeurs(champs, numero).items()
        )
        return saisie.encode(), URLENCODE

    envoyer_partout(monde, essais, corps, tour)


NOMS = (
    "a\x00b.pdf",
    "x" * 10_000 + ".pdf",
    "../../etc/passwd",
    "..\\..\\a.pdf",
    "é\udcff.pdf",
    ".",
    "\u202efdp.exe",
)


def test_aucun_nom_de_fichier_n_abat_un_formulaire(monde: Monde, essais: Essais) -> None:
    def corps(champs: list[str], numero: int) -> tuple[bytes, str]:
        parties = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{champ}"; '
            f'filename="{NOMS[(rang + numero) % len(NOMS)]}"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n'
            for rang, champ in enumerate([*champs, "fichier"])
        )
        return f"{parties}--{BOUNDARY}--\r\n".encode("utf-8", "surrogateescape"), MULTIPART_CONTENT

    envoyer_partout(monde, essais, corps, 0)


CORPS: dict[str, tuple[bytes, str]] = {
    "multipart sans limite": (b"x", "multipart/form-data"),
    "multipart coupé": (
        b'--B\r\nContent-Disposition: form-data; name="a"',
        "multipart/form-data; boundary=B",
    ),
    "limite illisible": (b"--\xff\r\n", 'multipart/form-data; boundary="\u00e9"'),
    "base64 abîmé": (
        b'--B\r\nContent-Disposition: form-data; name="fichier"; filename="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--B--",
        "multipart/form-data; boundary=B",
    ),
    "codage inconnu": (b"a=1", "application/x-www-form-urlencoded; charset=klingon"),
    "codage utf-16": (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
    "multipart rot13": (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--B--',
        "multipart/form-data; boundary=B; charset=rot13",
    ),
    "multipart utf-7": (
        b'--B\r\nContent-Disposition: form-data; name="+2AA-"\r\n\r\n+2AA-\r\n--B--',
        "multipart/form-data; boundary=B; charset=utf-7",
    ),
    "octets en UTF-8 fautif": (b"identifiant=%ff%fe&a=\xff\xfe&%00=%00", URLENCODE),
    "trop de champs": (b"a=1&" * 20_100, URLENCODE),
    "trop long": (b"a=" + b"x" * 2_700_000, URLENCODE),
    "json": (b'{"a": 1}', "application/json"),
    "type absurde": (b"a=1", "a/b; charset=\x01; ="),
    "vide": (b"", "multipart/form-data; boundary=B"),
}


def test_aucun_corps_de_requete_n_abat_une_adresse(monde: Monde, essais: Essais) -> None:
    tous = list(CORPS.values())
    envoyer_partout(monde, essais, lambda _, numero: tous[numero % len(tous)], 0)


SUFFIXES = (
    "%00",
    "/%00/",
    "9" * 30,
    "9" * 5_000,
    "%ff%fe",
    "%ed%a0%80",
    "..%2f..%2f",
    "?%00=%00&page=%ff",
    "'\"<>",
)


def test_aucune_adresse_inventee_n_abat_le_portail(monde: Monde, essais: Essais) -> None:
    """Each changing part of each address replaced in turn by what it never holds."""
    clients = {profil: calme(client_de(monde, profil)) for profil in Profil}
    numero = 0
    for nom, motif in ROUTES.items():
        adresse, client = adresse_de(nom, monde), clients[min(ACCES[nom] or {Profil.FOURNISSEUR})]
        parties = [str(monde.parametres[cle]) for cle in getattr(motif.pattern, "converters", {})]
        for partie in [*parties, *parties, *parties, ""]:
            numero += 1
            suffixe = SUFFIXES[numero % len(SUFFIXES)]
            inventee = adresse.replace(partie, suffixe) if partie else adresse.rstrip("/") + suffixe
            essais.noter(client.get(inventee), f"GET {inventee[:120]}")


ENTETES = {
    "cookie de session nul": {"cookies": {"sessionid": "abc\x00defghijklm"}},
    "cookie de session long": {"cookies": {"sessionid": "x" * 20_000}},
    "cookie de session étrange": {"cookies": {"sessionid": "'; DROP TABLE --é"}},
    "cookies abîmés": {"HTTP_COOKIE": 'sessionid="a\\000bcdefghijkl"; csrftoken=\xff; messages=%00; ==;;"'},
    "hôte": {"HTTP_HOST": "a b\x00"},
    "hôtes": {"HTTP_HOST": "localhost, ailleurs.example"},
    "longueur": {"CONTENT_LENGTH": "-1"},
    "dates": {"HTTP_IF_MODIFIED_SINCE": "hier", "HTTP_IF_NONE_MATCH": '"\xff', "HTTP_RANGE": "bytes=9-1"},
    "htmx": {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[", "HTTP_HX_TRIGGER": "\x00"},
    "htmx codé": {"HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true", "HTTP_HX_CURRENT_URL": "%ff%00"},
    "provenance": {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "http://[\x00"},
    "adresse du client": {"REMOTE_ADDR": "\x00", "HTTP_X_FORWARDED_FOR": "::::, \x00, 999.1.1.1"},
    "navigateur": {"HTTP_USER_AGENT": "\x00" + "x" * 10_000, "HTTP_ACCEPT_LANGUAGE": "fr;q=\x00, " * 500},
}


def test_aucun_entete_n_abat_le_portail(monde: Monde, essais: Essais) -> None:
    """What comes before any view: a few pages and forms are enough."""
    for cas, entetes in ENTETES.items():
        envoyes = {cle: valeur for cle, valeur in entetes.items() if cle != "cookies"}
        for nom in ("public:accueil", "public:simulateur", "fournisseur:connexion", "fournisseur:demandes"):
            for qui, client in gens(nom, monde):
                for cle, valeur in entetes.get("cookies", {}).items():
                    client.cookies[cle] = valeur
                adresse = adresse_de(nom, monde)
                essais.noter(calme(client).get(adresse, **envoyes), f"GET {nom} ({qui}), {cas}")
                essais.noter(
                    poster(client, adresse, b"a=1", URLENCODE, **envoyes), f"POST {nom} ({qui}), {cas}"
                )


def test_ce_qui_est_refuse_avant_la_page_est_dit_en_mots() -> None:
    for (corps, genre), statut, mots in (
        (CORPS["trop long"], 413, "trop long"),
        (CORPS["trop de champs"], 413, "trop de champs"),
        (CORPS["multipart sans limite"], 400, "incomplet ou abîmé"),
        (CORPS["codage utf-16"], 400, "en UTF-8"),
    ):
        reponse = poster(Client(), reverse("fournisseur:connexion"), corps, genre)
        assert (reponse.status_code, mots in reponse.content.decode()) == (statut, True), mots


def test_un_signe_nul_est_dit_a_son_champ_et_la_saisie_reste() -> None:
    corps = encode_multipart(BOUNDARY, {"nom": "Du\x00rand", "raison_sociale": "Claire"})
    page = poster(Client(), reverse("public:assistance"), corps, MULTIPART_CONTENT)
    assert page.status_code < 500
    assert "Le caractère nul n’est pas autorisé" in page.content.decode()
    assert 'value="Claire"' in page.content.decode()


def test_un_fichier_au_nom_etrange_est_juge_comme_un_autre() -> None:
    fichier = SimpleUploadedFile("x" * 10_000 + ".json", b"{}")
    fichier.name = "a\x00/../é.json"
    page = Client().post(reverse("public:simulateur"), {"fichier": fichier})
    assert page.status_code == 200
    assert "Rapport de contrôle" in page.content.decode()
