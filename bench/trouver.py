"""Finding and taking away, for a company of ten thousand requests then of two hundred thousand, beside others."""

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from bench.fichiers import deposant, source
from bench.liste import STATIQUES, remplir
from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.comptes.models import Entreprise
from segurnum.demandes.queries import de_l_entreprise
from segurnum.exports.listes import DEMANDES, ORDRE
from segurnum.exports.models import Forme
from segurnum.exports.services import composer

_PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "tableau, un statut": ("demandes", {"statut": "EN_COURS"}),
    "tableau, les 500 suivants": ("demandes", {"statut": "EN_COURS", "apres": "APRES"}),
    "tableau, un bénéficiaire": ("demandes", {"beneficiaire": "Clinique 77"}),
    "autocomplétion, trois caractères communs": ("numeros", {"q": "FIN"}),
    "autocomplétion, un numéro presque entier": ("numeros", {"q": "00007"}),
    "demandes incomplètes": ("incompletes", {}),
}
_BENEFICIAIRES = """
INSERT INTO demandes_beneficiaire
    (demande_id, rang, dsr, type_identifiant, identifiants, nom, courriel, telephone, raison_sociale)
SELECT d.id, 1, d.dsr, 'FINESS', ARRAY[lpad(d.id::text, 9, '0')], 'Clinique ' || d.id, '', '', 'Société ' || d.id
FROM demandes_demande d WHERE NOT EXISTS (SELECT 1 FROM demandes_beneficiaire b WHERE b.demande_id = d.id)
"""
# What the others have: the rows of the measured company are given to another.
_DONNER = """
UPDATE demandes_demande SET entreprise_id = %s WHERE entreprise_id = %s AND numero LIKE 'FINB%%'
"""


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    petite, grande, autres = (1_000, 20_000, 50_000) if reglages.rapide else (10_000, 200_000, 800_000)
    passes = 20 if reglages.rapide else 200
    personne = deposant()
    premieres: dict[str, float] = {}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": STATIQUES}):
        navigateur = Client(SERVER_NAME="localhost")
        navigateur.force_login(personne, backend="django.contrib.auth.backends.ModelBackend")
        reglages.dire(f"  {entier_fr(autres)} demandes d'une autre entreprise…")
        remplir(0, autres)
        _donner_a_une_autre()
        debut = autres
        for taille in (petite, grande):
            reglages.dire(f"  {entier_fr(taille)} demandes…")
            remplir(debut, autres + taille)
            debut = autres + taille
            _beneficiaires()
            for nom, (route, parametres) in _PAGES.items():
                duree = _p95(partial(_demander, navigateur, route, _situer(parametres)), passes)
                premiere = premieres.get(nom)
                premieres.setdefault(nom, duree)
                yield Ligne(
                    f"{nom.capitalize()}, p95 de {passes} passes, à {entier_fr(taille)} demandes",
                    duree,
                    f"la même à {entier_fr(petite)}" if premiere else "",
                    premiere,
                )
    yield from _exports(source().enrolement.entreprise, grande, reglages)


def _donner_a_une_autre() -> None:
    societe = source().enrolement.entreprise
    autre = Entreprise.objects.exclude(pk=societe.pk).order_by("pk")[0]
    with connection.cursor() as curseur:
        curseur.execute(_DONNER, [autre.pk, societe.pk])


def _beneficiaires() -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(_BENEFICIAIRES)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE demandes_demande, demandes_beneficiaire")


def _situer(parametres: dict[str, str]) -> dict[str, str]:
    """« APRES » is the five hundredth of the list."""
    if "apres" not in parametres:
        return parametres
    siennes = de_l_entreprise(source().enrolement.entreprise).filter(statut=parametres["statut"])
    depose_le, cle = siennes.order_by(*ORDRE).values_list("depose_le", "pk")[99]
    return parametres | {"apres": f"{depose_le.isoformat()}~{cle}"}


def _demander(navigateur: Client, route: str, parametres: dict[str, str]) -> None:
    reponse = navigateur.get(reverse(f"fournisseur:{route}"), parametres)
    assert reponse.status_code == 200, reponse.status_code


def _p95(fonction: Callable[[], object], passes: int) -> float:
    fonction()
    durees = []
    for _ in range(passes):
        debut = time.perf_counter()
        fonction()
        durees.append(time.perf_counter() - debut)
    return statistics.quantiles(durees, n=20)[-1]


def _exports(entreprise: Entreprise, taille: int, reglages: Reglages) -> Iterator[Ligne]:
    cles = list(de_l_entreprise(entreprise).order_by(*ORDRE).values_list("pk", flat=True))
    reference = mediane(partial(_copier, entreprise), 3)
    for forme in Forme:
        reglages.dire(f"  export {forme.libelle} de {entier_fr(len(cles))} demandes…")
        _consommer(composer(DEMANDES, entreprise, cles[:5_000], ORDRE, forme))
        avant = _memoire()
        debut = time.perf_counter()
        octets = _consommer(composer(DEMANDES, entreprise, cles, ORDRE, forme))
        duree = time.perf_counter() - debut
        yield Ligne(
            f"Export {forme.libelle} de {entier_fr(taille)} demandes",
            duree,
            "COPY de la même lecture" if forme is Forme.CSV else "",
            reference if forme is Forme.CSV else None,
            f"{octets // 1024} Ko ; {_memoire() - avant} Ko de mémoire de plus qu'à 5 000 demandes",
        )


def _copier(entreprise: Entreprise) -> int:
    """What psql's \\copy reads: the same rows and columns, written by the server."""
    from segurnum.paiements.queries import _avec_paiement

    lignes: Any = _avec_paiement(entreprise, None).order_by(*ORDRE)
    champs = [colonne.cle for colonne in DEMANDES.colonnes]
    sql, valeurs = lignes.values(*champs).query.sql_with_params()
    with (
        connection.cursor() as curseur,
        curseur.cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')", valeurs) as copie,
    ):
        return sum(len(lot) for lot in copie)


def _consommer(lots: Iterator[bytes]) -> int:
    return sum(len(lot) for lot in lots)


def _memoire() -> int:
    """The most that this process has held, in Ko."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
