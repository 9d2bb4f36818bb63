"""The database: who the portal is there, what it could undo, and whether all is up to date."""

from datetime import date, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from segurnum.controles.problemes import en_nombre
from segurnum.grand_livre.queries import dernier_controle
from segurnum.installation import sommes
from segurnum.installation.jugement import Constat, Controle, a_corriger, conforme, non_verifie, selon
from segurnum.installation.models import Temoin
from segurnum.installation.queries import vu_le
from segurnum.installation.securite.reglages import LOCAUX
from segurnum.regles.calendrier import date_longue, instant_long, jour_de_paris, maintenant

FINS_POSTGRESQL = {
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
JOURNAL_MAXIMUM = timedelta(hours=50)  # read each night; one night may be missed
GARDES = "les gardes qui empêchent de réécrire le journal et le grand livre"


def _lire(requete: str) -> tuple[Any, ...]:
    with connection.cursor() as curseur:
        curseur.execute(requete)
        return cast(tuple[Any, ...], curseur.fetchone())


def version() -> Constat:
    majeure = int(_lire("SELECT current_setting('server_version_num')::int / 10000")[0])
    fin = FINS_POSTGRESQL.get(majeure)
    if fin is None or fin < jour_de_paris(maintenant()):
        return a_corriger(
            f"PostgreSQL {majeure} n'est pas d'une version suivie.",
            f"Passez à l'une de celles-ci : {', '.join(map(str, FINS_POSTGRESQL))}.",
        )
    return conforme(f"PostgreSQL {majeure} est suivi jusqu'au {date_longue(fin)}.")


def role() -> Constat:
    nom, tout_puissant, sans_regle, cree = _lire(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb FROM pg_roles "
        "WHERE rolname = current_user"
    )
    fautes = [
        phrase
        for vrai, phrase in (
            (tout_puissant, "Il est superutilisateur."),
            (sans_regle, "Il passe outre les règles de lignes (BYPASSRLS)."),
            (cree, "Il peut créer des rôles ou des bases."),
        )
        if vrai
    ]
    return selon(
        [f"Rôle « {nom} ».", *fautes] if fautes else [],
        f"Le rôle « {nom} » n'a aucun pouvoir sur le serveur.",
        "Servez le portail par un rôle ordinaire, voir docs/operations/installation.md.",
    )


def gardes() -> Constat:
    """Who owns a table may disable its triggers: the pages must not be served by the owner of the journal."""
    proprietaire, reecrire, contourner = _lire(
        "SELECT pg_has_role(current_user, relowner, 'MEMBER'), "
        "has_table_privilege('journal_evenement', 'UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege('grand_livre_ecriture', 'UPDATE, DELETE, TRUNCATE'), "
        "has_parameter_privilege('session_replication_role', 'SET') "
        "FROM pg_class WHERE oid = 'journal_evenement'::regclass"
    )
    return selon(
        [f"Le rôle qui sert les pages peut lever {GARDES}."]
        if proprietaire or reecrire or contourner
        else [],
        f"Le rôle qui sert les pages ne peut pas lever {GARDES}.",
        "Faites les migrations avec un autre rôle, propriétaire des tables, voir docs/operations/installation.md.",
    )


def chiffrement() -> Constat:
    chiffre, hote = _lire(
        "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), "
        "coalesce(host(inet_client_addr()), '')"
    )
    if chiffre:
        return conforme("Ce qui va à la base est chiffré.")
    if not hote or hote in LOCAUX:
        return conforme("La base est sur cette machine.")
    return a_corriger(
        "Ce qui va à la base passe en clair sur le réseau.",
        "Ajoutez « ?sslmode=verify-full » à DATABASE_URL.",
    )


def migrations() -> Constat:
    moteur = MigrationExecutor(connection)
    attendues = [migration for migration, _ in moteur.migration_plan(moteur.loader.graph.leaf_nodes())]
    return selon(
        [f"{en_nombre(len(attendues), 'migration')} à faire."] if attendues else [],
        "La base est à jour.",
        "Lancez « segurnum django migrate » avec le rôle propriétaire des tables.",
    )


def journal() -> Constat:
    lu = vu_le(Temoin.Nom.JOURNAL)
    if lu is None or maintenant() - lu > JOURNAL_MAXIMUM:
        quand = f"depuis le {instant_long(lu)}" if lu else "depuis l'installation"
        return a_corriger(
            f"Le journal n'a pas été relu en entier et trouvé intact {quand}.",
            "Lancez « segurnum journal verifier » ; un ouvrier le fait ensuite chaque nuit.",
        )
    return conforme(f"Le journal a été relu en entier et trouvé intact le {instant_long(lu)}.")


def grand_livre() -> Constat:
    fait = dernier_controle()
    if fait is None or maintenant() - fait.fait_le > JOURNAL_MAXIMUM:
        quand = f"depuis le {instant_long(fait.fait_le)}" if fait else "depuis l'installation"
        return a_corriger(
            f"Le grand livre n'a pas été comparé aux demandes, aux paiements et aux enveloppes {quand}.",
            "Lancez « segurnum grand-livre verifier » ; un ouvrier le fait ensuite chaque nuit.",
        )
    trouvees = f"{en_nombre(fait.anomalies, 'anomalie')} au grand livre, le {instant_long(fait.fait_le)}."
    return selon(
        [trouvees] if fait.anomalies else [],
        f"Le grand livre a été trouvé juste le {instant_long(fait.fait_le)}.",
        "Cherchez qui a écrit dans la base autrement que par le portail, voir docs/operations/grand-livre.md.",
    )


def connexions() -> Constat:
    """What the processes may open in all, and what the server accepts."""
    fautes = sommes.fautes()
    if fautes:
        return a_corriger(" ".join(fautes), sommes.REMEDE)
    compte = f"{sommes.detail(sommes.somme())}, sur {sommes.accepte()} que PostgreSQL accepte."
    if settings.BASE_PAR_REPARTITEUR:
        return non_verifie(
            compte,
            "Ajoutez celles du répartiteur vers PostgreSQL (default_pool_size et reserve_pool_size de PgBouncer).",
        )
    return conforme(compte)


CONTROLES = (
    Controle("postgresql", "Version de PostgreSQL", version),
    Controle("role", "Rôle de la base", role),
    Controle("gardes", "Gardes du journal", gardes),
    Controle("chiffrement-base", "Chemin vers la base", chiffrement),
    Controle("connexions", "Connexions à la base", connexions),
    Controle("migrations", "Migrations", migrations),
    Controle("journal", "Journal vérifié", journal),
    Controle("grand-livre", "Grand livre vérifié", grand_livre),
)
