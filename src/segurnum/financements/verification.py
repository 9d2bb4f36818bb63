"""Whether each beneficiary still is held once, and by whom it should: for who verifies the tables behind the portal."""

from collections.abc import Iterator

from django.db import connection

from segurnum.journal.queries import lire_par_tranches

_GARDE = (
    "SELECT tgenabled IN ('O', 'A') FROM pg_trigger WHERE tgname = 'financements_exiger' AND NOT tgisinternal"
)
_MAL_TENUS = """
SELECT d.numero FROM demandes_demande d
JOIN financements_revendication r ON r.demande_id = d.id JOIN financements_financement f ON f.id = r.financement_id
WHERE d.statut IN ('VALIDEE', 'DECIDEE') AND f.dossier_id IS DISTINCT FROM d.dossier_id
"""
_PLUS_REVENDIQUES = """
SELECT d.numero FROM demandes_demande d JOIN demandes_beneficiaire b ON b.demande_id = d.id
WHERE d.statut IN ('VALIDEE', 'DECIDEE') AND EXISTS (
    SELECT FROM unnest(b.identifiants) v (valeur) WHERE NOT EXISTS (
        SELECT FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
        WHERE r.demande_id = d.id AND f.valeur = v.valeur))
"""


def incoherences() -> Iterator[str]:
    """Each request that is validated without what the portal's services and trigger would have asked for."""
    with connection.cursor() as curseur:
        curseur.execute(_GARDE)
        if curseur.fetchone() != (True,):
            yield "Le déclencheur financements_exiger des demandes a été supprimé ou désactivé."
    for (numero,) in lire_par_tranches("mal_tenus", _MAL_TENUS):
        yield f"Demande {numero} : elle est validée, et un autre dossier tient un de ses bénéficiaires."
    for (numero,) in lire_par_tranches("plus_revendiques", _PLUS_REVENDIQUES):
        yield f"Demande {numero} : elle est validée, et ne revendique plus un de ses bénéficiaires."
