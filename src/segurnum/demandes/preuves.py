"""What a request holds, told by digests: nothing of it enters the journal, and whoever alters it contradicts it.

One SQL tells it in the event of the gesture that changes it, and reads it again when the journal is verified.
"""

from collections.abc import Collection

from django.db import connection

from segurnum.demandes.models import Demande

VERSIONS, BENEFICIAIRES, PIECES = CONTENU = ("versions", "beneficiaires", "pieces")


def _empreinte(sql: str) -> str:
    return f"encode(sha256(convert_to({sql}, 'UTF8')), 'hex')"


def _toutes(valeurs: str, ordre: str, lignes: str) -> str:
    """The digest of the rows of the request `t`, written as JSON: no value runs into the next."""
    return (
        f"coalesce((SELECT {_empreinte(f'jsonb_agg(jsonb_build_array({valeurs}) ORDER BY {ordre})::text')} "  # noqa: S608 - ours
        f"FROM {lignes} WHERE l.demande_id = t.id), '')"
    )


# Of a request `t`. Each version is digested alone: the whole of what was declared is never held at once.
SQL = {
    VERSIONS: _toutes(
        f"l.rang, l.auteur_id, extract(epoch FROM l.cree_le), l.motif, {_empreinte('l.donnees::text')}",
        "l.rang",
        "demandes_versiondemande l",
    ),
    BENEFICIAIRES: _toutes(
        "l.rang, l.dsr, l.type_identifiant, l.identifiants, l.nom, l.courriel, l.telephone, l.raison_sociale",
        "l.rang",
        "demandes_beneficiaire l",
    ),
    PIECES: _toutes(
        "l.nom, l.type, l.origine, f.empreinte, extract(epoch FROM l.depose_le)",
        'l.nom COLLATE "C"',
        "demandes_piecejustificative l LEFT JOIN fichiers_fichier f ON f.id = l.fichier_id",
    ),
}


def preuves(demandes: Collection[Demande], quoi: Collection[str]) -> dict[int, dict[str, str]]:
    """By key of request, the digest of each thing asked for, as the tables have it now. One statement."""
    choisies = "".join(f", {SQL[nom]}" for nom in quoi)
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT t.id{choisies} FROM demandes_demande t WHERE t.id = ANY(%s)",  # noqa: S608 - ours
            [[demande.pk for demande in demandes]],
        )
        return {cle: dict(zip(quoi, lues, strict=True)) for cle, *lues in curseur.fetchall()}
