"""What an officer opens first: the home page and the requests to decide, of ten thousand requests or a million."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from bench.liste import STATIQUES, remplir
from bench.mesures import Ligne, Reglages, compter, entier_fr, mediane
from segurnum.comptes.models import Profil
from segurnum.essais import usines

# The rows were copied without the triggers that count them.
RECOMPTER = """
DELETE FROM grand_livre_compteur;
INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
SELECT dsr, statut, count(*), coalesce(sum(greatest(montant_decide, 0)), 0),
    count(*) FILTER (WHERE montant_decide <= 0)
FROM demandes_demande GROUP BY dsr, statut;
"""
_PAGES = {
    "Accueil du gestionnaire": (Profil.GESTIONNAIRE, "gestion:accueil", {}),
    "Accueil du décideur, montants à décider": (Profil.DECIDEUR, "gestion:accueil", {}),
    "Demandes à décider": (Profil.DECIDEUR, "gestion:demandes", {"statut": "VALIDEE"}),
}


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    tailles = (1_000, 10_000) if reglages.rapide else (10_000, 1_000_000)
    premieres: dict[str, float] = {}
    deja = 0
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": STATIQUES}):
        navigateurs = {profil: _navigateur(profil) for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR)}
        for taille in tailles:
            reglages.dire(f"  {entier_fr(taille)} demandes…")
            remplir(deja, taille)
            with connection.cursor() as curseur:
                curseur.execute(RECOMPTER)
                curseur.execute("ANALYZE demandes_demande")
            deja = taille
            for nom, (profil, route, parametres) in _PAGES.items():
                page = partial(_demander, navigateurs[profil], route, parametres)
                duree = mediane(page, reglages.passes)
                with compter() as compteur:
                    page()
                premiere = premieres.get(nom)
                premieres.setdefault(nom, duree)
                yield Ligne(
                    f"{nom}, à {entier_fr(taille)} demandes",
                    duree,
                    f"la même page à {entier_fr(tailles[0])}" if premiere else "",
                    premiere,
                    f"{compteur.nombre} requêtes SQL",
                )


def _navigateur(profil: Profil) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(usines.utilisateur(profil), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _demander(navigateur: Client, route: str, parametres: dict[str, str]) -> None:
    reponse = navigateur.get(reverse(route), parametres)
    assert reponse.status_code == 200, reponse.status_code
