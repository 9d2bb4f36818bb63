"""The way of a deposit: simulate, import, hand over the pieces, finish."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import exiger, reserve
from segurnum.controles import Contexte, Correction, Rapport, sortie
from segurnum.controles.separation import Separation
from segurnum.demandes import creation
from segurnum.demandes.models import Demande
from segurnum.depots.contexte import contexte
from segurnum.depots.models import Depot, LigneDepot, Simulation
from segurnum.depots.queries import depot_issu_de
from segurnum.depots.recepisses import attester_l_import
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.isolement import ControleImpossible, portes
from segurnum.isolement.portes import rapport_interrompu, verifier
from segurnum.limites.quotas import admettre
from segurnum.regles import calendrier
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot

LOT_DE_PURGE = 500  # simulations erased in one transaction


@dataclass(frozen=True)
class ResultatSimulation:
    """The simulation kept, and the whole report (with the text of the file, which is not kept in it)."""

    simulation: Simulation
    rapport: Rapport


@reserve(GesteDepot.IMPORTER, sur="enrolement")
def simuler(
    *,
    enrolement: Enrolement,
    auteur: Auteur,
    type_demande: TypeDemande,
    taux_tva: Decimal,
    nom_fichier: str,
    octets: bytes,
    recu_le: datetime | None = None,
) -> ResultatSimulation:
    """Pass a file through every check, and keep it: a conforming one needs not be chosen again (JSN-010).

    `recu_le`, here and below: when the portal began to receive the gesture, which the window is judged on.
    Raises ControleImpossible, and keeps nothing, when it could not be read to its end; GesteImpossible past the
    company's quota, and while no file is taken.
    """
    admettre(octets=len(octets))
    instant = calendrier.instant_juge(recu_le)
    rapport = verifier(
        octets, contexte(enrolement=enrolement, type_demande=type_demande, taux_tva=taux_tva, instant=instant)
    )
    fichier = fichiers.deposer(flux=io.BytesIO(octets))
    simulation = Simulation.objects.create(
        entreprise_id=enrolement.entreprise_id,
        auteur_id=auteur.personne,
        enrolement=enrolement,
        type=type_demande,
        taux_tva=taux_tva,
        nom_fichier=nom_fichier,
        fichier=fichier,
        recue_le=instant,
        conforme=rapport.conforme,
        rapport=rapport.en_dict(),
    )
    return ResultatSimulation(simulation, rapport)


def corriger(simulation: Simulation, *, recu_le: datetime | None = None) -> Correction:
    """The file of a simulation with all that is sure written in it; nothing is kept. Raises GesteImpossible."""
    try:
        return portes.corriger(fichiers.lire(simulation.fichier), _contexte_du_jour(simulation, recu_le))
    except ControleImpossible as refus:
        raise GesteImpossible(str(refus)) from refus


def separer(simulation: Simulation, *, recu_le: datetime | None = None) -> Separation:
    """The file of a simulation parted in what is right and what is not; nothing is kept. Raises GesteImpossible."""
    try:
        faite = portes.separer(fichiers.lire(simulation.fichier), _contexte_du_jour(simulation, recu_le))
    except ControleImpossible as refus:
        raise GesteImpossible(str(refus)) from refus
    if faite is None:
        raise GesteImpossible("Il n'y a pas, dans ce fichier, des demandes en erreur à écarter des autres.")
    return faite


def simuler_sans_les_fautives(
    *, simulation: Simulation, auteur: Auteur, recu_le: datetime | None = None
) -> Simulation:
    """Simulate, under the same choices, the requests of a file that are right. Raises as `separer` and `simuler`."""
    return simuler(
        enrolement=simulation.enrolement,
        auteur=auteur,
        type_demande=TypeDemande(simulation.type),
        taux_tva=simulation.taux_tva,
        nom_fichier=f"{PurePath(simulation.nom_fichier).stem[:200]}-sans-erreur.json",
        octets=separer(simulation, recu_le=recu_le).justes,
        recu_le=recu_le,
    ).simulation


def _contexte_du_jour(simulation: Simulation, recu_le: datetime | None) -> Contexte:
    return contexte(
        enrolement=simulation.enrolement,
        type_demande=TypeDemande(simulation.type),
        taux_tva=simulation.taux_tva,
        instant=calendrier.instant_juge(recu_le),
    )


def rejouer(simulation: Simulation, *, recu_le: datetime | None = None) -> Rapport:
    """The report of a simulation again, on today's state: it is what the import would say now."""
    connu = _contexte_du_jour(simulation, recu_le)
    try:
        return verifier(fichiers.lire(simulation.fichier), connu)
    except ControleImpossible as refus:
        return rapport_interrompu(refus, connu)


def purger_simulations(*, instant: datetime) -> int:
    """Erase what was only tried, past GARDE_SIMULATIONS days. Returns how many simulations were.

    Those that became an import stay, as it does; one being imported at this instant is left alone. Their files, which
    nobody owns any more, are erased the same night by the files' own task.
    """
    limite = instant - timedelta(days=settings.GARDE_SIMULATIONS)
    effacees = 0
    while lot := _effacer_des_simulations(limite):
        effacees += lot
    return effacees


@transaction.atomic
def _effacer_des_simulations(limite: datetime) -> int:
    anciennes = Simulation.objects.filter(recue_le__lt=limite, depot__isnull=True).order_by("pk")
    tenues = anciennes.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    return Simulation.objects.filter(pk__in=list(tenues[:LOT_DE_PURGE])).delete()[0]


@reserve(GesteDepot.IMPORTER)
@transaction.atomic
def importer(*, simulation: int, auteur: Auteur, recu_le: datetime | None = None) -> Depot:
    """Create the requests of a conforming simulation (JSN-009, JSN-012). Its own arrival counts, not the simulation's.

    Importing the same simulation again returns the first import: a double click makes one deposit. The state may
    have changed since the simulation: what it now refuses is told, request by request, and the rest is kept; a
    refusal of the whole file (window closed…) raises GesteImpossible and creates nothing.
    """
    source = (
        Simulation.objects.select_for_update(of=("self",))
        .select_related("fichier")
        .filter(pk=simulation)
        .first()
    )
    if source is None:  # erased since its page was shown
        raise GesteImpossible("Cette simulation a été effacée : simulez de nouveau le fichier.")
    exiger(auteur, GesteDepot.IMPORTER, source)
    deja = depot_issu_de(source)
    if deja is not None:
        return deja
    if not source.conforme:
        raise GesteImpossible(
            "Le fichier a des erreurs : corrigez-le et simulez-le de nouveau avant de l'importer."
        )
    # One import at a time for an enrolment: two tabs cannot finance the same beneficiary twice.
    enrolement = (
        Enrolement.objects.select_for_update(of=("self",))
        .select_related("entreprise", "referencement")
        .get(pk=source.enrolement_id)
    )
    source.enrolement = enrolement
    instant = calendrier.instant_juge(recu_le)
    connu = contexte(
        enrolement=enrolement,
        type_demande=TypeDemande(source.type),
        taux_tva=source.taux_tva,
        instant=instant,
    )
    if connu.fenetre is None:
        raise GesteImpossible(
            f"Aucune fenêtre de dépôt n'est prévue pour {enrolement.referencement.dsr} : "
            "l'import attendra qu'elle soit publiée."
        )
    rapport = verifier(fichiers.lire(source.fichier), connu)
    if rapport.erreurs_fichier():
        raise GesteImpossible(rapport.erreurs_fichier()[0].message)
    return _enregistrer(source, rapport, auteur, instant)


def _enregistrer(source: Simulation, rapport: Rapport, auteur: Auteur, instant: datetime) -> Depot:
    retenues = [i for i in range(rapport.demandes) if i not in rapport.demandes_rejetees()]
    demandes = _creer_demandes(source, rapport, retenues, auteur, instant)
    numeros = {index: demande.numero for index, demande in zip(retenues, demandes, strict=True)}
    identifiant = _identifiant()
    depot = Depot.objects.create(
        pk=identifiant,
        simulation=source,
        entreprise_id=source.entreprise_id,
        enrolement=source.enrolement,
        auteur_id=auteur.personne,
        type=source.type,
        nom_fichier=source.nom_fichier,
        entree=source.fichier,
        sortie=_sortie(rapport, identifiant, numeros),
        depose_le=instant,
        nombre=rapport.demandes,
        retenues=len(retenues),
        rejetees=rapport.demandes - len(retenues),
        rapport=rapport.en_dict(),
    )
    par_rang = dict(zip(retenues, demandes, strict=True))
    LigneDepot.objects.bulk_create(
        LigneDepot(
            depot=depot,
            rang=rang,
            numero_editeur=str(donnees.get("numeroEditeur") or ""),
            demande=par_rang.get(rang),
        )
        for rang, donnees in enumerate(rapport.demandes_normalisees)
    )
    attester_l_import(depot, rapport, numeros)
    return depot


def _creer_demandes(
    source: Simulation, rapport: Rapport, retenues: list[int], auteur: Auteur, instant: datetime
) -> list[Demande]:
    couloir = couloirs.par_dsr(source.enrolement.referencement.dsr)
    type_demande = TypeDemande(source.type)
    return creation.enregistrer(
        enrolement=source.enrolement,
        couloir=couloir,
        type_demande=type_demande,
        declarations=[
            _declaration(rapport.demandes_normalisees[i], couloir, type_demande, source.taux_tva)
            for i in retenues
        ],
        auteur=auteur,
        instant=instant,
    )


def _declaration(
    donnees: dict[str, Any], couloir: couloirs.Couloir, type_demande: TypeDemande, taux_tva: Decimal
) -> creation.Declaration:
    bloc = donnees["commande" if type_demande is TypeDemande.AVANCE else "facture"]
    numero_asp = donnees.get("numeroASP")
    return creation.Declaration(
        donnees=donnees,
        numero_editeur=donnees["numeroEditeur"],
        montant_declare=couloir.montant_declare(donnees, type_demande),
        taux_tva=taux_tva if bloc["regimeTVA"] == "TTC" else Decimal(0),
        dossier=numero_asp[:12] if numero_asp else None,
    )


def _identifiant() -> int:
    """The number of the import, known before its row because the output file carries it."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval(pg_get_serial_sequence('depots_depot', 'id'))")
        return int(curseur.fetchone()[0])


def _sortie(rapport: Rapport, identifiant: int, numeros: dict[int, str]) -> Fichier:
    octets = sortie(rapport, imp_id=identifiant, numeros=numeros)
    return fichiers.deposer(flux=io.BytesIO(octets))
