"""A paid dossier copied as many times as asked, by the database alone: all that a paid request has, and its events.

Each copy has its own keys, establishment, notice and digests: the verifiers find nothing wrong with it.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from bench.accueil import RECOMPTER
from segurnum.demandes.models import Demande
from segurnum.demandes.preuves import SQL as CONTENU
from segurnum.journal.models import Evenement
from segurnum.journal.preuves import DITE
from segurnum.paiements.models import Decision, Versement

# Which rows of the copied dossier, and what each copy says otherwise. Keys of copies begin a billion after others'.
BASE = 1_000_000_000
_CLE = f"{BASE} + n"
_NUMERO = "'FINC' || lpad(n::text, 8, '0')"
_AVIS = "encode(sha256(('avis ' || n)::bytea), 'hex')"
_ETABLISSEMENT = "'8' || lpad(n::text, 8, '0')"
_COPIES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("demandes.Dossier", "id = %(dossier)s", {"id": _CLE, "numero": _NUMERO}),
    (
        "demandes.Demande",
        "id = %(demande)s",
        {"id": _CLE, "dossier_id": _CLE, "numero": f"{_NUMERO} || 'M0'"},
    ),
    ("demandes.VersionDemande", "demande_id = %(demande)s", {"demande_id": _CLE}),
    (
        "demandes.Beneficiaire",
        "demande_id = %(demande)s",
        {"demande_id": _CLE, "identifiants": f"ARRAY[{_ETABLISSEMENT}]"},
    ),
    ("demandes.PieceJustificative", "demande_id = %(demande)s", {"demande_id": _CLE}),
    (
        "financements.Financement",
        "id IN (SELECT financement_id FROM financements_revendication WHERE demande_id = %(demande)s)",
        {"id": _CLE, "valeur": _ETABLISSEMENT, "dossier_id": _CLE},
    ),
    (
        "financements.Revendication",
        "demande_id = %(demande)s",
        {"demande_id": _CLE, "financement_id": _CLE},
    ),
    ("paiements.Decision", "id = %(decision)s", {"id": _CLE, "demande_id": _CLE}),
    (
        "fichiers.Fichier",
        "id = (SELECT avis_id FROM paiements_versement WHERE id = %(versement)s)",
        {"id": _CLE, "empreinte": _AVIS},
    ),
    (
        "paiements.Versement",
        "id = %(versement)s",
        {"id": _CLE, "decision_id": _CLE, "avis_id": _CLE},
    ),
    (
        "grand_livre.Ecriture",
        "demande_id = %(demande)s",
        {
            "dossier_id": _CLE,
            "demande_id": _CLE,
            "versement_id": f"CASE WHEN versement_id IS NULL THEN NULL ELSE {_CLE} END",
        },
    ),
)
_CREDITS = """
UPDATE paiements_enveloppe e SET decide = e.decide + %(montant)s * %(nombre)s,
    montant = e.montant + %(montant)s * %(nombre)s WHERE id = %(enveloppe)s;
UPDATE grand_livre_ecriture l SET montant = l.montant + %(montant)s * %(nombre)s
    WHERE l.id = (SELECT min(id) FROM grand_livre_ecriture WHERE enveloppe_id = %(enveloppe)s AND operation = 'CREDIT')
"""
# One row for each copy: what its events tell of it.
_DITS = f"""
CREATE TEMP TABLE copies ON COMMIT DROP AS
SELECT t.id, t.numero, {", ".join(f"{sql} AS {nom}" for nom, sql in CONTENU.items())},
    {", ".join(f"{sql} AS demande_{cote}" for cote, sql in Demande.PREUVE.sql(Demande).items())},
    {
    ", ".join(
        f"(SELECT {sql} FROM {modele._meta.db_table} t WHERE t.id = q.id) AS {modele._meta.model_name}_{cote}"
        for modele in (Decision, Versement)
        for cote, sql in modele.PREUVE.sql(modele).items()
    )
},
    (SELECT f.empreinte FROM fichiers_fichier f WHERE f.id = q.id) AS avis
FROM demandes_demande t JOIN demandes_demande q ON q.id = t.id
WHERE t.id BETWEEN {BASE} + %(debut)s AND {BASE} + %(fin)s ORDER BY t.id
"""
_DETAILS = {
    "numero": "c.numero",
    "versement": "c.id",
    "avis": "CASE WHEN e.details->>'avis' = '' THEN '' ELSE c.avis END",
    "preuve": f"jsonb_build_object({', '.join(f'{nom!r}, c.{nom}' for nom in CONTENU)})",
}


@dataclass(frozen=True)
class Modele:
    """The dossier that is copied: its keys."""

    dossier: int
    demande: int
    decision: int
    versement: int
    enveloppe: int
    chaine: str


def modele() -> Modele:
    """The last paid avance of the demonstration that has one establishment, and nothing asked back of it."""
    versement = (
        Versement.objects.filter(etat="EFFECTUE", type="AVANCE", decision__demande__statut="DECIDEE")
        .filter(decision__recouvrements=None, compense=0, decision__demande__octrois=None)
        .exclude(decision__demande__beneficiaires__rang__gt=1)
        .exclude(decision__demande__beneficiaires__identifiants__len__gt=1)
        .exclude(decision__demande__dossier__demandes__type="SOLDE")
        .select_related("decision__demande__dossier")
        .latest("pk")
    )
    demande = versement.decision.demande
    return Modele(
        dossier=demande.dossier_id,
        demande=demande.pk,
        decision=versement.decision_id,
        versement=versement.pk,
        enveloppe=versement.decision.enveloppe_id,
        chaine=demande.dossier.chaine,
    )


def remplir(deja: int, taille: int) -> None:
    """Bring the copies from `deja` to `taille`. Their events are chained by the journal's own trigger."""
    copie = modele()
    montant = Decision.objects.get(pk=copie.decision).montant
    parametres = copie.__dict__ | {
        "debut": deja + 1,
        "fin": taille,
        "nombre": taille - deja,
        "montant": montant,
    }
    with transaction.atomic(), connection.cursor() as curseur:
        # The keys are right by construction: checking each would take minutes.
        curseur.execute("SET LOCAL session_replication_role = replica")
        for nom, ou, autres in _COPIES:
            curseur.execute(_copier(nom, ou, autres), parametres)
        for ordre in (*_CREDITS.split(";"), *RECOMPTER.strip().split(";")):
            if ordre.strip():
                curseur.execute(ordre, parametres if "%(" in ordre else None)
        curseur.execute(_DITS, parametres)
        curseur.execute("SET LOCAL session_replication_role = origin")
        for evenement in Evenement.objects.filter(chaine=copie.chaine).order_by("rang"):
            curseur.execute(
                _raconter(evenement), {"evenement": evenement.pk, "base": json.dumps(_tus(evenement))}
            )
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")


def _copier(nom: str, ou: str, autres: dict[str, str]) -> str:
    table = apps.get_model(nom)._meta
    colonnes = [c.column for c in table.concrete_fields if c.column != "id" or "id" in autres]
    valeurs = ", ".join(autres.get(colonne, f'"{colonne}"') for colonne in colonnes)
    noms = ", ".join(f'"{colonne}"' for colonne in colonnes)
    return (
        f"INSERT INTO {table.db_table} ({noms}) SELECT {valeurs} FROM {table.db_table}, "
        f"generate_series(%(debut)s, %(fin)s) n WHERE {ou}"
    )


def _tus(evenement: Evenement) -> dict[str, Any]:
    """What each copy's event tells as the model's does."""
    return {
        nom: dit for nom, dit in evenement.details.items() if nom not in _DETAILS and not nom.startswith(DITE)
    }


def _raconter(evenement: Evenement) -> str:
    autres = [f"{nom!r}, {sql}" for nom, sql in _DETAILS.items() if nom in evenement.details]
    for sorte in ("demande", "decision", "versement"):
        if any(nom.startswith(f"{DITE}{sorte}:") for nom in evenement.details):
            autres.append(f"'{DITE}{sorte}:' || c.id, jsonb_build_array(c.{sorte}_fixe, c.{sorte}_suit)")
    return (
        "INSERT INTO journal_evenement (chaine, rang, instant, acteur_id, role, objet, geste, avant, apres, motif, "
        "details, empreinte_precedente, empreinte) SELECT 'dossier:' || left(c.numero, 12), 0, e.instant, e.acteur_id, "
        "e.role, 'demande:' || c.id, e.geste, e.avant, e.apres, e.motif, "
        f"%(base)s::jsonb || jsonb_build_object({', '.join(autres)}), '', '' "
        "FROM copies c, journal_evenement e WHERE e.id = %(evenement)s ORDER BY c.id"
    )
