"""The import of 200 requests, against a bare COPY of the rows that it writes."""

from collections.abc import Iterator

from django.db import connection, transaction

from bench.fichiers import DEMANDES, deposant, fichier_d_avances, source
from bench.mesures import Ligne, Reglages, compter, duree_fr, mediane
from segurnum.comptes.auteurs import auteur
from segurnum.demonstration.fabrique import en_octets
from segurnum.depots import services
from segurnum.depots.models import Depot, Simulation
from segurnum.regles.cycles import TypeDemande

_DEMANDES = "SELECT demande_id FROM depots_lignedepot WHERE depot_id = {depot}"
TABLES = {
    "demandes_dossier": f"id IN (SELECT dossier_id FROM demandes_demande WHERE id IN ({_DEMANDES}))",
    "demandes_demande": f"id IN ({_DEMANDES})",
    "demandes_versiondemande": f"demande_id IN ({_DEMANDES})",
    "demandes_beneficiaire": f"demande_id IN ({_DEMANDES})",
    "demandes_piecejustificative": f"demande_id IN ({_DEMANDES})",
    "journal_evenement": f"objet IN (SELECT 'demande:' || d.demande_id FROM ({_DEMANDES}) d)",
    "depots_depot": "id = {depot}",
    "depots_lignedepot": "depot_id = {depot}",
}


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    importation = _Importation()
    petite = importation.compter(DEMANDES // 10)
    grande = importation.compter(DEMANDES)
    duree = mediane(importation.importer, reglages.passes, preparer=lambda: importation.simuler(DEMANDES))
    controle = mediane(lambda: services.rejouer(importation.simulation), reglages.passes)
    copie = _Copie(Depot.objects.latest("pk").pk)
    reference = mediane(copie.copier, reglages.passes)
    detail = (
        f"{grande} requêtes SQL ({petite} pour {DEMANDES // 10} demandes) ; dont {duree_fr(controle)} de contrôle ; "
        f"{copie.lignes} lignes écrites"
    )
    yield Ligne(
        f"Import de {DEMANDES} demandes, une transaction",
        duree,
        "COPY seul des mêmes lignes, sans index",
        reference,
        detail,
    )


class _Importation:
    simulation: Simulation

    def simuler(self, nombre: int) -> None:
        resultat = services.simuler(
            enrolement=source().enrolement,
            auteur=auteur(deposant()),
            type_demande=TypeDemande.AVANCE,
            taux_tva=source().enrolement.taux_tva,
            nom_fichier="mesure.json",
            octets=en_octets(fichier_d_avances(nombre)),
        )
        assert resultat.rapport.conforme
        self.simulation = resultat.simulation

    def importer(self) -> None:
        services.importer(simulation=self.simulation.pk, auteur=auteur(deposant()))

    def compter(self, nombre: int) -> int:
        self.simuler(nombre)
        with compter() as compteur:
            self.importer()
        return compteur.nombre


class _Copie:
    """The rows of one import, ready to be copied into tables that have neither index, nor constraint, nor log."""

    def __init__(self, depot: int) -> None:
        self.contenus: dict[str, bytes] = {}
        self.lignes = 0
        with transaction.atomic(), connection.cursor() as curseur:
            for table, condition in TABLES.items():
                curseur.execute(f"CREATE UNLOGGED TABLE copie_{table} (LIKE {table})")
                lecture = f"COPY (SELECT * FROM {table} WHERE {condition.format(depot=depot)}) TO STDOUT"
                with curseur.copy(lecture) as copie:
                    self.contenus[table] = b"".join(bytes(bloc) for bloc in copie)
                self.lignes += self.contenus[table].count(b"\n")

    def copier(self) -> None:
        with transaction.atomic(), connection.cursor() as curseur:
            for table, contenu in self.contenus.items():
                with curseur.copy(f"COPY copie_{table} FROM STDIN") as copie:
                    copie.write(contenu)
