"""Finding and taking away, for a company of two hundred thousand requests and one of ten thousand, beside others."""

import json
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import mogrify
from django.test import Client, override_settings
from django.urls import reverse

from bench.fichiers import deposant, source
from bench.liste import STATIQUES, remplir
from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.demandes.models import VersionDemande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.essais.depots import Deposant
from segurnum.exports.listes import DEMANDES, ORDRE
from segurnum.exports.models import Forme
from segurnum.exports.services import composer
from segurnum.lanceur.binaires import compte_du_serveur, dossier_des_binaires
from segurnum.paiements.queries import demandes_a_exporter

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
# What a request of the demonstration declares, word for word.
_VERSIONS = """
INSERT INTO demandes_versiondemande (demande_id, rang, donnees, cree_le, motif)
SELECT d.id, 1, %s::jsonb, d.depose_le, '' FROM demandes_demande d
WHERE d.entreprise_id = %s
    AND NOT EXISTS (SELECT 1 FROM demandes_versiondemande v WHERE v.demande_id = d.id)
"""
# A hundred of those of the company wait for their pieces.
_INCOMPLETES = """
UPDATE demandes_demande SET statut = 'NON_COMPLETEE', expire_le = now() + interval '5 days'
WHERE id IN (
    SELECT id FROM demandes_demande WHERE entreprise_id = %s AND numero LIKE 'FINB%%' AND statut = 'EN_COURS'
    ORDER BY depose_le DESC LIMIT 100
)
"""
# Whose some of the rows are, the last deposited first.
_DONNER = """
UPDATE demandes_demande SET entreprise_id = %s
WHERE id IN (
    SELECT id FROM demandes_demande WHERE entreprise_id = %s AND numero LIKE 'FINB%%' ORDER BY id DESC LIMIT %s
)
"""


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    petite, grande, toutes = (1_000, 20_000, 70_000) if reglages.rapide else (10_000, 200_000, 1_000_000)
    societe = source().enrolement.entreprise
    autre, petit = Deposant.nouveau(), Deposant.nouveau()
    reglages.dire(f"  {entier_fr(toutes)} demandes…")
    remplir(0, toutes)
    _donner(societe, autre.enrolement.entreprise, toutes - grande)
    _donner(autre.enrolement.entreprise, petit.enrolement.entreprise, petite)
    _garnir(societe, petit.enrolement.entreprise)
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": STATIQUES}):
        yield from _pages(petit.utilisateur, deposant(), (petite, grande, toutes), reglages)
    yield from _exports(societe, grande, reglages)


def _pages(
    petit: Utilisateur, grand: Utilisateur, tailles: tuple[int, int, int], reglages: Reglages
) -> Iterator[Ligne]:
    petite, grande, toutes = map(entier_fr, tailles)
    passes = 20 if reglages.rapide else 200
    navigateurs = [(_navigateur(qui), qui.entreprise) for qui in (petit, grand)]
    for nom, (route, parametres) in _PAGES.items():
        reglages.dire(f"  {nom}…")
        pages = [partial(_demander, un, route, _situer(parametres, societe)) for un, societe in navigateurs]
        reference, duree = _p95(pages, passes)
        yield Ligne(
            f"{nom.capitalize()}, p95 de {passes} passes, compte de {grande} demandes",
            duree,
            f"le même d'un compte de {petite}",
            reference,
            f"tour à tour, dans une base de {toutes}",
        )


def _navigateur(qui: Utilisateur) -> Client:
    navigateur = Client(SERVER_NAME="localhost")
    navigateur.force_login(qui, backend="django.contrib.auth.backends.ModelBackend")
    return navigateur


def _donner(depuis: Entreprise, a: Entreprise, nombre: int) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(_DONNER, [a.pk, depuis.pk, nombre])


def _garnir(*societes: Entreprise) -> None:
    """What the requests have beside their own row: beneficiaries, and versions for those of the measured companies."""
    couloir = source().couloir
    declare = VersionDemande.objects.filter(demande__entreprise=societes[0], demande__dsr=couloir.dsr)[0]
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(_BENEFICIAIRES)
        for societe in societes:
            curseur.execute(_VERSIONS, [json.dumps(declare.donnees), societe.pk])
            curseur.execute(_INCOMPLETES, [societe.pk])
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE demandes_demande, demandes_beneficiaire, demandes_versiondemande")


def _situer(parametres: dict[str, str], entreprise: Entreprise | None) -> dict[str, str]:
    """« APRES » is the hundredth of the list."""
    if "apres" not in parametres or entreprise is None:
        return parametres
    siennes = de_l_entreprise(entreprise).filter(statut=parametres["statut"])
    depose_le, cle = siennes.order_by(*ORDRE).values_list("depose_le", "pk")[99]
    return parametres | {"apres": f"{depose_le.isoformat()}~{cle}"}


def _demander(navigateur: Client, route: str, parametres: dict[str, str]) -> None:
    reponse = navigateur.get(reverse(f"fournisseur:{route}"), parametres)
    assert reponse.status_code == 200, reponse.status_code


def _p95(fonctions: Sequence[Callable[[], object]], passes: int) -> list[float]:
    """Of each, in seconds: one after the other at each pass, so that what else the machine does is shared."""
    durees: list[list[float]] = [[] for _ in fonctions]
    for passe in range(passes + 1):
        for fonction, siennes in zip(fonctions, durees, strict=True):
            debut = time.perf_counter()
            fonction()
            if passe:  # the first fills the caches
                siennes.append(time.perf_counter() - debut)
    return [statistics.quantiles(siennes, n=20)[-1] for siennes in durees]


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
            "psql \\copy de la même lecture" if forme is Forme.CSV else "",
            reference if forme is Forme.CSV else None,
            f"{octets // 1024} Ko ; {_memoire() - avant} Ko de mémoire de plus qu'à 5 000 demandes",
        )


def _copier(entreprise: Entreprise) -> None:
    """The same rows and columns, as the database has them, by the tool of PostgreSQL."""
    champs = [colonne.cle for colonne in DEMANDES.colonnes]
    sql, valeurs = demandes_a_exporter(entreprise).values_list(*champs).query.sql_with_params()
    connection.ensure_connection()
    ordre = f"\\copy ({mogrify(sql, valeurs, connection)}) TO '{os.devnull}' WITH (FORMAT csv, DELIMITER ';')"
    psql = dossier_des_binaires(compte_du_serveur()) / "psql"
    subprocess.run(
        [psql, "--no-psqlrc", "--quiet", os.environ["DATABASE_URL"], "--command", ordre], check=True
    )


def _consommer(lots: Iterator[bytes]) -> int:
    return sum(len(lot) for lot in lots)


def _memoire() -> int:
    """The most that this process has held, in Ko."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
