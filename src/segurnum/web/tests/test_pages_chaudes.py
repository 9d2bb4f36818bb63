"""The pages that everybody opens on closing day read by an index, and count nothing that grows."""

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.web.tests import instruction
from segurnum.web.tests.depot import Fournisseur

pytestmark = pytest.mark.django_db

# What has a row by request, by file, by mail or by gesture: a million of them one day.
GRANDES = {
    "comptes_connexion",
    "courriels_courriel",
    "demandes_beneficiaire",
    "demandes_demande",
    "demandes_dossier",
    "demandes_piecejustificative",
    "demandes_versiondemande",
    "depots_archive",
    "depots_depot",
    "depots_piececontrolee",
    "depots_simulation",
    "fichiers_fichier",
    "journal_evenement",
    "paiements_decision",
    "paiements_versement",
    "procrastinate_jobs",
}


class Scene:
    """A company with a deposit whose pieces are awaited, at its pages; an officer at the queue."""

    def __init__(self) -> None:
        self.fournisseur = Fournisseur()
        self.depot = self.fournisseur.deposant.importer(2)
        self.demande = instruction.demande(inscrit=self.fournisseur.deposant.enrolement)
        self.agent = Client()
        self.agent.force_login(usines.utilisateur(Profil.GESTIONNAIRE))

    def gestion(self, route: str, *args: object, **parametres: str) -> object:
        return self.agent.get(reverse(f"gestion:{route}", args=args), parametres)


PAGES: dict[str, Callable[[Scene], object]] = {
    "accueil public": lambda s: Client().get(reverse("public:accueil")),
    "connexion": lambda s: Client().get(reverse("fournisseur:connexion")),
    "accueil": lambda s: s.fournisseur.lire("accueil"),
    "importer": lambda s: s.fournisseur.lire("importer"),
    "simulation": lambda s: s.fournisseur.lire("simulation", s.depot.simulation_id),
    "compte rendu": lambda s: s.fournisseur.lire("depot", s.depot.pk),
    "pièces": lambda s: s.fournisseur.lire("pieces", s.depot.pk),
    "tableau": lambda s: s.fournisseur.lire("demandes"),
    "tableau, un statut": lambda s: s.fournisseur.lire("demandes", statut="EN_COURS"),
    "tableau, un numéro": lambda s: s.fournisseur.lire("demandes", f_numero=s.demande.numero),
    "demande": lambda s: s.fournisseur.lire("demande", s.demande.numero),
    "gestion, accueil": lambda s: s.gestion("accueil"),
    "gestion, file": lambda s: s.gestion("demandes", statut="EN_COURS"),
    "gestion, demande": lambda s: s.gestion("demande", s.demande.numero),
}


def _lectures(page: str) -> list[str]:
    scene = Scene()
    with CaptureQueriesContext(connection) as lues:
        reponse = PAGES[page](scene)
    assert reponse.status_code == 200  # type: ignore[attr-defined]
    return [lue["sql"] for lue in lues if lue["sql"].startswith("SELECT")]


def _lues_en_entier(plan: object) -> set[str]:
    """Tables that a plan reads row by row, having no index for what is asked."""
    if isinstance(plan, list):
        return set().union(*map(_lues_en_entier, plan)) if plan else set()
    if not isinstance(plan, dict):
        return set()
    ici = {plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set()
    return ici.union(*map(_lues_en_entier, plan.values()))


@pytest.mark.exigence("XCT-007")
@pytest.mark.parametrize("page", PAGES)
def test_une_page_chaude_lit_par_un_index(page: str) -> None:
    lectures = _lectures(page)
    with connection.cursor() as curseur:
        curseur.execute(
            "SET LOCAL enable_seqscan = off"
        )  # then a table is read whole only for want of an index
        for sql in lectures:
            curseur.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", None)
            (plan,) = curseur.fetchone()
            lues = plan if isinstance(plan, list) else json.loads(plan)
            assert _lues_en_entier(lues) & GRANDES == set(), sql


@pytest.mark.exigence("XCT-007")
@pytest.mark.parametrize("page", PAGES)
def test_une_page_chaude_ne_compte_rien_qui_grandit(page: str) -> None:
    """What is counted is counted up to a limit (« 500 ou plus »), or is a company's own, read by its index."""
    for sql in _lectures(page):
        comptees = {table for table in GRANDES if f'"{table}"' in sql}
        if re.search(r"\bCOUNT\(", sql, re.IGNORECASE) and comptees:
            assert " LIMIT " in sql or '."entreprise_id" = ' in sql, sql
