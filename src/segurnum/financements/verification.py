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
WHERE d.statut NOT IN ('REJETEE', 'ANNULEE', 'HISTORISEE') AND EXISTS (
    SELECT FROM unnest(b.identifiants) v (valeur) WHERE NOT EXISTS (
        SELECT FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
        WHERE r.demande_id = d.id AND (f.sons, f.genre, f.valeur) = (b.dsr, b.type_identifiant, v.valeur)))
"""
_PAS_DECLARES = """
SELECT d.numero FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
JOIN demandes_demande d ON d.id = r.demande_id
WHERE NOT EXISTS (SELECT FROM demandes_beneficiaire b WHERE b.demande_id = r.demande_id
    AND (b.dsr, b.type_identifiant) = (f.sons, f.genre) AND f.valeur = ANY (b.identifiants))
"""
_TENUS_SANS_DEMANDE = """
SELECT o.numero, f.genre, f.valeur FROM financements_financement f JOIN demandes_dossier o ON o.id = f.dossier_id
WHERE NOT EXISTS (SELECT FROM financements_revendication r JOIN demandes_demande d ON d.id = r.demande_id
    WHERE r.financement_id = f.id AND d.dossier_id = f.dossier_id AND d.statut IN ('VALIDEE', 'DECIDEE'))
"""
_MAL_SUSPENDUS = """
SELECT f.genre, f.valeur FROM financements_financement f
WHERE f.contestee <> EXISTS (SELECT FROM financements_contestation c
    WHERE c.financement_id = f.id AND c.statut IN ('EN_REPONSE', 'A_TRANCHER'))
"""


def incoherences() -> Iterator[str]:
    """Each request, and each beneficiary, that is not as the portal's services and trigger would have it."""
    with connection.cursor() as curseur:
        curseur.execute(_GARDE)
        if curseur.fetchone() != (True,):
            yield "Le déclencheur financements_exiger des demandes a été supprimé ou désactivé."
    for (numero,) in lire_par_tranches("mal_tenus", _MAL_TENUS):
        yield f"Demande {numero} : elle est validée, et un autre dossier tient un de ses bénéficiaires."
    for (numero,) in lire_par_tranches("plus_revendiques", _PLUS_REVENDIQUES):
        yield f"Demande {numero} : elle vit, et ne revendique plus un de ses bénéficiaires."
    for (numero,) in lire_par_tranches("pas_declares", _PAS_DECLARES):
        yield f"Demande {numero} : elle revendique un bénéficiaire qu'elle ne déclare pas."
    for numero, genre, valeur in lire_par_tranches("tenus_sans_demande", _TENUS_SANS_DEMANDE):
        yield f"Dossier {numero} : il tient {genre} {valeur} sans demande validée qui le revendique."
    for genre, valeur in lire_par_tranches("mal_suspendus", _MAL_SUSPENDUS):
        yield f"Bénéficiaire {genre} {valeur} : il n'est pas suspendu par ses contestations comme il le devrait."
