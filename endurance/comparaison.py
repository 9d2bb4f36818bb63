"""At the end: what was acknowledged is there, once; nothing is half there; nothing waits; what is computed is right."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db import connection
from django.db.models import Count, Sum

from endurance.bilan import Bilan
from segurnum.controles import sortie, verifier
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Beneficiaire, Demande, PieceJustificative, VersionDemande
from segurnum.depots.contexte import contexte
from segurnum.depots.models import Archive, Depot
from segurnum.essais.parties import BoiteSmtp
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import lire
from segurnum.installation.services import verifier_le_journal
from segurnum.journal.models import Evenement
from segurnum.journal.pieces import LETTRE
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.regles.cycles import (
    DEMANDE,
    STATUTS_INITIAUX,
    EtatPaiement,
    StatutDemande,
    TypeDemande,
)

Differences = Iterator[str]
PAIEMENT_ = "PAIEMENT_"  # how the journal begins the gestures on payments
UNE_FOIS = ("COMPLETER", "VALIDER", "DECIDER", "REJETER", "PAIEMENT_METTRE_EN_PAIEMENT", "PAIEMENT_CONSTATER")


def comparer(bilan: Bilan, boite: BoiteSmtp) -> None:
    """Write in the balance how much was verified, and each difference."""
    controles: dict[str, Callable[[], Differences]] = {
        "imports comparés": lambda: _imports(bilan),
        "archives comparées": lambda: _archives(bilan),
        "demandes comparées": lambda: _demandes(bilan),
        "fichiers relus octet par octet": _fichiers,
        "enveloppes comparées": _enveloppes,
        "événements du journal vérifiés": _journal,
        "courriels comparés": lambda: _courriels(boite),
        "tâches de la file": _file,
    }
    comptes: dict[str, Callable[[], int]] = {
        "imports comparés": Depot.objects.count,
        "archives comparées": Archive.objects.count,
        "demandes comparées": Demande.objects.count,
        "fichiers relus octet par octet": Fichier.objects.count,
        "enveloppes comparées": Enveloppe.objects.count,
        "événements du journal vérifiés": Evenement.objects.count,
        "courriels comparés": Courriel.objects.count,
        "tâches de la file": _taches,
    }
    for nom, controle in controles.items():
        bilan.verifies[nom] = comptes[nom]()
        for phrase in controle():
            bilan.differe(phrase)
    bilan.verifies["courriels reçus par le serveur d'envoi"] = len(boite.recus)
    bilan.verifies["courriels reçus en double (même Message-ID)"] = len(boite.recus) - len(set(boite.recus))


def _imports(bilan: Bilan) -> Differences:
    acquis = bilan.acquis.imports
    faits = dict(Depot.objects.values_list("pk", "simulation"))
    for depot, simulation in acquis.items():
        if faits.get(depot) != simulation:
            yield f"L'import {depot}, accusé, n'est pas dans la base."
    for depot in faits.keys() - acquis.keys():
        yield f"L'import {depot} est dans la base et n'a été montré à personne."
    for depot in Depot.objects.select_related("simulation__fichier", "enrolement__referencement", "sortie"):
        yield from _import(depot)
        if depot.pk in bilan.acquis.termines and depot.termine_le is None:
            yield f"L'import {depot.pk}, montré terminé, ne l'est pas."


def _import(depot: Depot) -> Differences:
    lignes = list(depot.lignes.select_related("demande").order_by("rang"))
    retenues = [ligne for ligne in lignes if ligne.demande is not None]
    if len(lignes) != depot.nombre or len(retenues) != depot.retenues:
        yield (
            f"L'import {depot.pk} est à moitié fait : {len(lignes)} lignes sur {depot.nombre}, {len(retenues)} "
            f"demandes sur {depot.retenues}."
        )
    numeros = {ligne.rang: ligne.demande.numero for ligne in retenues if ligne.demande}
    siennes = set(numeros.values())
    connu = contexte(
        enrolement=depot.enrolement,
        type_demande=TypeDemande(depot.type),
        taux_tva=depot.simulation.taux_tva,
        instant=depot.depose_le,
    )
    finances = connu.beneficiaires_finances
    assert finances is not None
    connu = replace(
        connu,
        # What this very import finances was free when it came.
        beneficiaires_finances=lambda cles: {
            cle: connu for cle, connu in finances(cles).items() if not any(n in connu.par for n in siennes)
        },
    )
    refaite = sortie(verifier(lire(depot.entree), connu), imp_id=depot.pk, numeros=numeros)
    if refaite != lire(depot.sortie):
        yield f"Le JSON de sortie de l'import {depot.pk} n'est pas celui que l'on recalcule."
    if json.loads(refaite)["impId"] != depot.pk:
        yield f"Le JSON de sortie de l'import {depot.pk} porte un autre identifiant."


def _archives(bilan: Bilan) -> Differences:
    recues = Counter(Archive.objects.values_list("depot", "fichier__empreinte"))
    for depot, empreinte in sorted(bilan.acquis.archives):
        if recues[depot, empreinte] != 1:
            nombre = recues[depot, empreinte]
            yield f"Le ZIP {empreinte[:12]}… de l'import {depot}, accusé, est {nombre} fois dans la base."
    suspectes = (Archive.Etat.RECUE, Archive.Etat.EN_CONTROLE, Archive.Etat.ILLISIBLE)
    for archive in Archive.objects.filter(etat__in=suspectes):
        yield f"Le ZIP {archive.pk} de l'import {archive.depot_id} est resté « {archive.get_etat_display()} »."


def _demandes(bilan: Bilan) -> Differences:
    vus: dict[str, list[Evenement]] = {}
    for evenement in Evenement.objects.filter(objet__startswith="demande:").order_by("chaine", "rang"):
        vus.setdefault(evenement.objet, []).append(evenement)
    for demande in Demande.objects.all():
        histoire = [e for e in vus.get(demande.objet, []) if e.avant or e.apres]
        siennes = [e for e in histoire if not e.geste.startswith(PAIEMENT_) and e.geste != LETTRE]
        yield from _histoire(demande, siennes)
        payee = next((e.apres for e in reversed(histoire) if e.geste.startswith(PAIEMENT_)), "")
        if payee and payee != demande.etat_paiement:
            yield f"Le paiement de {demande.numero} est {demande.etat_paiement}, le journal dit {payee}."
        gestes = Counter(evenement.geste for evenement in histoire)
        for numero, geste in bilan.acquis.gestes:
            if numero == demande.numero and not gestes[geste]:
                yield f"{geste} de {numero}, accusé, n'est pas au journal."
        for geste in UNE_FOIS:
            if gestes[geste] > 1:
                yield f"{geste} de {demande.numero} a été fait {gestes[geste]} fois."
    yield from _entieres(bilan)


def _histoire(demande: Demande, histoire: list[Evenement]) -> Differences:
    """What the journal tells is a way through the life cycle, and ends where the row is."""
    permis = {(t.depuis.value, t.vers.value) for t in DEMANDE if t.vers is not None}
    statut = next((e.avant or e.apres for e in histoire), demande.statut)
    if statut not in {etat.value for etat in STATUTS_INITIAUX}:
        yield f"{demande.numero} commence au statut {statut}."
    for evenement in histoire:
        if evenement.avant and evenement.avant != statut:
            yield f"{demande.numero} : {evenement.geste} part de {evenement.avant}, elle était {statut}."
        if evenement.avant and (evenement.avant, evenement.apres) not in permis:
            yield f"{demande.numero} : {evenement.avant} → {evenement.apres} n'est pas permis."
        statut = evenement.apres or statut
    if statut != demande.statut:
        yield f"{demande.numero} est {demande.statut}, le journal dit {statut}."


def _entieres(bilan: Bilan) -> Differences:
    """What hangs on each request."""
    for genre, lignes in (
        ("version", VersionDemande.objects),
        ("bénéficiaire", Beneficiaire.objects),
        ("pièce", PieceJustificative.objects),
    ):
        avec = set(lignes.values_list("demande", flat=True))
        for demande in Demande.objects.exclude(pk__in=avec):
            yield f"{demande.numero} n'a aucune {genre}."
    vides = PieceJustificative.objects.filter(fichier=None).exclude(
        demande__statut=StatutDemande.NON_COMPLETEE
    )
    for piece in vides.select_related("demande"):
        yield f"La pièce {piece.nom} de {piece.demande.numero} n'a pas de fichier."
    pieces = Counter(PieceJustificative.objects.values_list("demande__numero", "nom"))
    for numero, nom in sorted(bilan.acquis.pieces):
        if pieces[numero, nom] != 1:
            yield f"La pièce {nom} de {numero}, accusée, y est {pieces[numero, nom]} fois."


def _fichiers() -> Differences:
    for fichier in Fichier.objects.all():
        try:
            octets = lire(fichier)
        except FileNotFoundError:
            yield f"Le fichier {fichier} n'a plus ses octets."
            continue
        if hashlib.sha256(octets).hexdigest() != fichier.empreinte or len(octets) != fichier.taille:
            yield f"Le fichier {fichier} n'a pas les octets que sa ligne annonce."


def _enveloppes() -> Differences:
    for enveloppe in Enveloppe.objects.all():
        decide = enveloppe.decisions.aggregate(somme=Sum("montant"))["somme"] or 0
        if decide != enveloppe.decide:
            yield f"L'enveloppe {enveloppe} dit {enveloppe.decide}, ses décisions font {decide}."
    vivants = Versement.objects.exclude(etat=EtatPaiement.REJETE)
    for decision in Decision.objects.annotate(nombre=Count("versements")):
        if vivants.filter(decision=decision).aggregate(s=Sum("montant_decide"))["s"] != decision.montant:
            yield f"Les paiements de la décision {decision.pk} ne font pas son montant."


def _journal() -> Differences:
    anomalies: list[str] = []
    verifier_le_journal(dire=anomalies.append)
    yield from anomalies


def _courriels(boite: BoiteSmtp) -> Differences:
    # The same Message-ID twice is one mail; a long subject is folded on its way.
    recus = Counter((recu.destinataire, _colle(recu.objet)) for recu in set(boite.recus))
    ecrits = Counter(
        (qui, _colle(objet)) for qui, objet in Courriel.objects.values_list("destinataire", "objet")
    )
    for courriel in Courriel.objects.filter(envoye_le=None, retenu_le=None):
        erreur = courriel.derniere_erreur or "sans erreur notée"
        yield f"Le courriel {courriel.pk} ({courriel.code}) n'est pas parti : {erreur}."
    for (destinataire, objet), nombre in sorted(ecrits.items()):
        if recus[destinataire, objet] < nombre:
            yield f"« {objet} » pour {destinataire} : {nombre} écrits, {recus[destinataire, objet]} reçus."


def _colle(texte: str) -> str:
    return "".join(texte.split())


def _file() -> Differences:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT task_name, status::text, count(*), max(attempts) FROM procrastinate_jobs"
            " WHERE status NOT IN ('succeeded', 'todo') OR (status = 'todo' AND args->>'timestamp' IS NULL)"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        for nom, statut, nombre, essais in curseur.fetchall():
            yield f"{nombre} tâche(s) {nom} à l'état « {statut} » ({essais} essais)."


def _taches() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(curseur.fetchone()[0])
