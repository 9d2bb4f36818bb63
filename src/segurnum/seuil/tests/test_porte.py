"""The door: where the instant of arrival is read, whom it believes, and that no screen forgets to hand it over."""

import ast
import inspect
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from segurnum.cli.communs import PAQUET
from segurnum.depots.models import Depot
from segurnum.limites.reglages import lire_mandataires
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles import calendrier
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.arrivee import Arrivee, recu_le
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.horloge_tenue import HorlogeTenue

pytestmark = pytest.mark.django_db


def _recu(entete: str, pair: str) -> datetime:
    """What the gestures of a request are judged on, by its header and the peer that sent it."""
    requete = RequestFactory().get("/", headers={"X-Request-Start": entete})
    requete.META["REMOTE_ADDR"] = pair
    lus: list[datetime] = []

    def vue(recue: HttpRequest) -> HttpResponse:
        lus.append(recu_le(recue))
        return HttpResponse()

    Arrivee(vue)(requete)
    return lus[0]


@pytest.fixture
def _derriere_un_mandataire(settings: Settings) -> None:
    settings.MANDATAIRES = lire_mandataires(["192.0.2.0/24", "2001:db8::1"])
    settings.MANDATAIRE_DIT_L_ARRIVEE = True


INSTANT = datetime(2026, 6, 30, 11, 59, 59, 250_000, tzinfo=UTC)
MILLISECONDES = int(INSTANT.timestamp() * 1000)


@pytest.mark.usefixtures("_derriere_un_mandataire")
@pytest.mark.parametrize(
    "entete",
    [f"t={MILLISECONDES / 1000:.3f}", f"t={MILLISECONDES}", f"{MILLISECONDES}", f"t={MILLISECONDES}000"],
)
@pytest.mark.parametrize("pair", ["192.0.2.7", "2001:db8::1", ""])  # « »: the Unix socket of a local proxy
def test_un_mandataire_dit_quand_l_envoi_a_commence(
    entete: str, pair: str, horloge_tenue: HorlogeTenue
) -> None:
    horloge_tenue.instant = INSTANT + timedelta(minutes=40)
    assert _recu(entete, pair) == INSTANT


@pytest.mark.usefixtures("_derriere_un_mandataire")
@pytest.mark.parametrize(
    ("pair", "present", "entete"),
    [
        ("198.51.100.7", INSTANT + timedelta(minutes=40), f"t={MILLISECONDES}"),  # nobody's proxy
        ("192.0.2.7", INSTANT - timedelta(seconds=1), f"t={MILLISECONDES}"),  # in the future
        ("192.0.2.7", INSTANT + timedelta(hours=1, seconds=1), f"t={MILLISECONDES}"),  # too long ago
        ("192.0.2.7", INSTANT, "t=hier"),
        ("192.0.2.7", INSTANT, f"t={MILLISECONDES}, t=1"),
        ("192.0.2.7", INSTANT, "t=" + "9" * 400),
    ],
)
def test_ce_qu_un_inconnu_ou_une_horloge_folle_dit_ne_compte_pas(
    pair: str, present: datetime, entete: str, horloge_tenue: HorlogeTenue
) -> None:
    horloge_tenue.instant = present
    assert _recu(entete, pair) == present


@pytest.mark.usefixtures("_derriere_un_mandataire")
def test_un_mandataire_qui_laisse_passer_l_entete_de_son_client_ne_dit_rien(
    horloge_tenue: HorlogeTenue, settings: Settings
) -> None:
    """Who is late would otherwise write in the header the hour that suits."""
    settings.MANDATAIRE_DIT_L_ARRIVEE = False
    horloge_tenue.instant = INSTANT + timedelta(minutes=40)
    assert _recu(f"t={MILLISECONDES}", "192.0.2.7") == horloge_tenue.instant


@pytest.mark.usefixtures("_derriere_un_mandataire")
def test_l_horloge_d_une_demonstration_voyage_avec_son_mandataire(monkeypatch: pytest.MonkeyPatch) -> None:
    reel = calendrier.maintenant() - timedelta(minutes=10)
    monkeypatch.setattr(calendrier, "_avance", lambda: timedelta(days=30))
    lu = _recu(f"t={reel.timestamp():.3f}", "192.0.2.7")
    assert abs(lu - (reel + timedelta(days=30))) < timedelta(milliseconds=2)


def test_une_fermeture_derriere_un_mandataire_qui_garde_l_envoi(
    horloge_tenue: HorlogeTenue, settings: Settings
) -> None:
    settings.MANDATAIRES, settings.MANDATAIRE_DIT_L_ARRIVEE = lire_mandataires(["127.0.0.1"]), True
    fournisseur = Fournisseur()
    simulation = fournisseur.deposant.simuler(fournisseur.deposant.fichier(1))
    fermeture = FenetreDepot.objects.values_list("fermeture", flat=True).get(type=TypeDemande.AVANCE)
    arrivee = fermeture - timedelta(seconds=1)
    horloge_tenue.instant = fermeture + timedelta(minutes=10)
    fournisseur.client.defaults["HTTP_X_REQUEST_START"] = f"t={arrivee.timestamp():.3f}"
    fournisseur.faire("importer_simulation", simulation.pk)
    assert abs(Depot.objects.get().depose_le - arrivee) < timedelta(milliseconds=2)


# --- No screen forgets it


def test_chaque_ecran_dit_quand_il_a_recu_ce_qu_une_echeance_juge() -> None:
    jugees, oublis = 0, []
    for ecran in sorted((PAQUET / "web").rglob("*.py")):
        if "tests" in ecran.parts or ecran.name == "arrivee.py":  # the door itself
            continue
        module = import_module(".".join(ecran.relative_to(PAQUET.parent).with_suffix("").parts))
        for appel in ast.walk(ast.parse(ecran.read_text("utf-8"))):
            if isinstance(appel, ast.Call) and _juge_une_echeance(module, _appelee(appel)):
                jugees += 1
                if "recu_le" not in {cle.arg for cle in appel.keywords}:
                    oublis.append(f"{ecran.relative_to(PAQUET)}:{appel.lineno}")
    assert oublis == []
    assert jugees > 15


def _appelee(appel: ast.Call) -> ast.expr:
    """What a gesture of the kit is given to call, as well as what is called here."""
    differe = isinstance(appel.func, ast.Name) and appel.func.id == "partial" and bool(appel.args)
    return appel.args[0] if differe else appel.func


def _juge_une_echeance(module: ModuleType, appelee: ast.expr) -> bool:
    """True for a call of « services.importer(…) » and its like, whose function takes the instant of arrival."""
    if not isinstance(appelee, ast.Attribute) or not isinstance(appelee.value, ast.Name):
        return False
    fonction = getattr(getattr(module, appelee.value.id, None), appelee.attr, None)
    return inspect.isfunction(fonction) and "recu_le" in inspect.signature(fonction).parameters
