"""The supplier's table of requests, when the company has a thousand, a hundred thousand, a million of them."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.fichiers import deposant, source
from bench.mesures import Ligne, Reglages, compter, entier_fr, mediane

STATIQUES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

_DOSSIERS = """
INSERT INTO demandes_dossier (numero, entreprise_id, enrolement_id, dsr)
SELECT 'FINB' || lpad((n / 500000)::text, 2, '0') || lpad((n %% 500000)::text, 6, '0'),
    %(entreprise)s, %(enrolement)s, %(dsr)s
FROM generate_series(%(debut)s, %(fin)s) n
"""
_DEMANDES = """
INSERT INTO demandes_demande (
    dossier_id, entreprise_id, numero, type, dsr, numero_editeur, version_courante, statut, statut_depuis, depose_le,
    commentaire, montant_declare, taux_tva, instruite, montant_decide, etat_paiement)
SELECT id, entreprise_id, numero || 'M0', 'AVANCE', dsr, '00001', 1,
    (ARRAY['EN_COURS', 'EN_ATTENTE_PIECE', 'VALIDEE', 'DECIDEE', 'REJETEE'])[id %% 5 + 1], now(),
    now() - id * interval '7 seconds', '', 1000 + id %% 9000, 20, true, 360, 'AUCUN'
FROM demandes_dossier WHERE numero LIKE 'FINB%%' AND id > %(dernier)s
"""


# What a person asks of the table: nothing yet, one status among many, one request by its number.
_PAGES = {
    "sans critère (demandé au-delà de 500)": {},
    "un statut": {"statut": "EN_COURS"},
    "un numéro": {"f_numero": "FINB00000500"},
}


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    tailles = (1_000, 10_000, 100_000) if reglages.rapide else (1_000, 100_000, 1_000_000)
    premieres: dict[str, float] = {}
    deja = 0
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": STATIQUES}):
        navigateur = Client(SERVER_NAME="localhost")
        navigateur.force_login(deposant(), backend="django.contrib.auth.backends.ModelBackend")
        for taille in tailles:
            reglages.dire(f"  {entier_fr(taille)} demandes…")
            remplir(deja, taille)
            deja = taille
            for nom, parametres in _PAGES.items():
                page = partial(_demander, navigateur, parametres)
                duree = mediane(page, reglages.passes)
                with compter() as compteur:
                    page()
                premiere = premieres.get(nom)
                premieres.setdefault(nom, duree)
                yield Ligne(
                    f"Tableau des demandes, {nom}, à {entier_fr(taille)} demandes",
                    duree,
                    f"la même page à {entier_fr(tailles[0])}" if premiere else "",
                    premiere,
                    f"{compteur.nombre} requêtes SQL ; {_plans(page)}",
                )


def _demander(navigateur: Client, parametres: dict[str, str]) -> None:
    reponse = navigateur.get(reverse("fournisseur:demandes"), parametres)
    assert reponse.status_code == 200, reponse.status_code


def remplir(deja: int, taille: int) -> None:
    """Bring the company's requests from `deja` to `taille`, by the database alone."""
    depot = source()
    with transaction.atomic(), connection.cursor() as curseur:
        # The keys are right by construction: checking a million of them one by one would take minutes.
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute("SELECT coalesce(max(id), 0) FROM demandes_dossier")
        parametres = {
            "entreprise": depot.enrolement.entreprise_id,
            "enrolement": depot.enrolement.pk,
            "dsr": depot.couloir.dsr,
            "debut": deja,
            "fin": taille - 1,
            "dernier": curseur.fetchone()[0],
        }
        curseur.execute(_DOSSIERS, parametres)
        curseur.execute(_DEMANDES, parametres)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE demandes_dossier, demandes_demande")


def _plans(page: Callable[[], None]) -> str:
    """Which indexes the page's statements on requests go through, and whether one reads the whole table."""
    with CaptureQueriesContext(connection) as requetes:
        page()
    lues = [r["sql"] for r in requetes.captured_queries if 'FROM "demandes_demande"' in r["sql"]]
    plans = []
    with connection.cursor() as curseur:
        for sql in lues:
            curseur.execute(f"EXPLAIN {sql}")
            plans.append("\n".join(ligne[0] for ligne in curseur.fetchall()))
    texte = "\n".join(plans)
    index = sorted(set(re.findall(r"Index(?: Only)? Scan(?: Backward)? (?:using|on) (demande_\w+)", texte)))
    if "Seq Scan on demandes_demande" in texte:
        return "lit toute la table"
    return f"par l'index {' et '.join(index)}"
