"""What is told of a simulation, of an import, and of the check of its ZIP."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.controles import Rapport, RapportPieces
from segurnum.controles.problemes import en_nombre
from segurnum.demandes.queries import avances_a_decider
from segurnum.depots.models import Archive, Depot, LigneDepot
from segurnum.fichiers import services as fichiers
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande


@dataclass(frozen=True)
class Regime:
    libelle: str
    demandes: int
    montant_ht: Decimal


@dataclass(frozen=True)
class RecapSimulation:
    """What a conforming file asks for (JSN-010). `avances_a_decider`: of its soldes, those that will wait for it."""

    demandes: int
    beneficiaires: int
    total_ht: Decimal
    regimes: tuple[Regime, ...]
    reserve: str = ""
    avances_a_decider: int = 0


def recap(
    rapport: Rapport, type_demande: TypeDemande, dsr: str, entreprise: Entreprise | int
) -> RecapSimulation:
    couloir = couloirs.par_dsr(dsr)
    places = couloir.format(type_demande).places
    nombres: Counter[str] = Counter()
    montants: dict[str, Decimal] = defaultdict(Decimal)
    beneficiaires = 0
    for demande in rapport.demandes_normalisees:
        regime = couloir.regime_tva(demande, type_demande)
        nombres[regime] += 1
        montants[regime] += couloir.montant_declare(demande, type_demande)
        beneficiaires += sum(len(lu.identifiants) for lu in places.beneficiaires(demande))
    libelles = {"HT": "Hors taxe", "TTC": "Toutes taxes comprises"}
    return RecapSimulation(
        demandes=rapport.demandes,
        beneficiaires=beneficiaires,
        total_ht=sum(montants.values(), Decimal(0)),
        reserve=couloir.bareme.reserve,
        avances_a_decider=avances_a_decider(entreprise, _dossiers(rapport))
        if type_demande is TypeDemande.SOLDE
        else 0,
        regimes=tuple(Regime(libelles[r], nombres[r], montants[r]) for r in sorted(nombres)),
    )


def _dossiers(rapport: Rapport) -> list[str]:
    return [str(demande["numeroASP"])[:12] for demande in rapport.demandes_normalisees]


@dataclass(frozen=True)
class ResultatLigne:
    """One request of the file and what became of it, as the output file says (JSN-014)."""

    rang: int
    numero_editeur: str
    numero: str
    code: str
    libelle: str
    retenue: bool
    devenue: str
    """What became of it since: its status, or why it is no more."""


def resultats(depot: Depot) -> list[ResultatLigne]:
    """Every request of an import, the rejected ones first."""
    sortie = json.loads(fichiers.lire(depot.sortie))["lignesImport"]
    lignes = [
        ResultatLigne(
            rang=ligne.rang + 1,
            numero_editeur=ligne.numero_editeur,
            numero=ligne.demande.numero if ligne.demande else "",
            code=sortie[ligne.rang]["codeTraitement"],
            libelle=sortie[ligne.rang]["libelleTraitement"],
            retenue=sortie[ligne.rang]["codeTraitement"] == "0000",
            devenue=devenue(ligne),
        )
        for ligne in depot.lignes.select_related("demande").order_by("rang")
    ]
    return sorted(lignes, key=lambda ligne: ligne.retenue)


def devenue(ligne: LigneDepot) -> str:
    """What became of a request of an import: its status, why it is no more; nothing for a rejected one."""
    if ligne.demande is not None:
        return ligne.demande.statut.libelle
    if ligne.supprimee_le is None:
        return ""
    return f"{ligne.get_suppression_display()} le {date_fr(jour_de_paris(ligne.supprimee_le))}"


def a_des_supprimees(depot: Depot) -> bool:
    """Whether requests of this import are no more."""
    return depot.lignes.filter(supprimee_le__isnull=False).exists()


def bilans(depots: Sequence[Depot]) -> list[Depot]:
    """These imports, each with a sentence on what became of its requests, in one statement."""
    comptes: dict[int, Counter[str]] = defaultdict(Counter)
    lues = (
        LigneDepot.objects.filter(depot__in=depots)
        .values_list("depot", "demande__statut", "suppression")
        .annotate(nombre=Count("pk"))
    )
    for depot, statut, suppression, nombre in lues:
        if statut == StatutDemande.NON_COMPLETEE:
            comptes[depot]["incomplète"] += nombre
        elif statut:
            comptes[depot]["transmise"] += nombre
        elif suppression:
            comptes[depot]["supprimée"] += nombre
    for depot in depots:
        depot.bilan = ", ".join(en_nombre(n, mot) for mot, n in comptes[depot.pk].items())
    return list(depots)


@dataclass(frozen=True)
class LigneArchive:
    """`resume`: it only counts what the lines of the pieces say."""

    nom: str
    statut: str
    ok: bool
    resume: bool = False


@dataclass(frozen=True)
class Retard:
    """What is told of a check that is late. `dure`: seconds."""

    depuis: datetime
    dure: int
    cause: str


def retard(archive: Archive) -> Retard | None:
    """None while the check is neither held by an outage nor longer than usual."""
    instant = maintenant()
    depuis = archive.en_retard_depuis(instant)
    if depuis is None:
        return None
    cause = f"une partie du portail ne répond pas ({archive.panne})" if archive.panne else "il n'avance pas"
    return Retard(depuis, int((instant - depuis).total_seconds()), cause)


@dataclass(frozen=True)
class SuiviArchive:
    """How far the check of a ZIP is, and what it found: a line for the ZIP itself, then one per piece."""

    archive: Archive
    lignes: Sequence[LigneArchive]
    retard: Retard | None = None

    @property
    def en_controle(self) -> bool:
        return self.archive.attendue

    @property
    def ecartee(self) -> bool:
        return self.archive.etat == Archive.Etat.ILLISIBLE

    @property
    def prochain_regard(self) -> int:
        """Seconds before the page asks again: each second, then ever more seldom once the check is late."""
        return 1 if self.retard is None else min(300, max(15, self.retard.dure // 10))

    @property
    def conforme(self) -> bool:
        return self.archive.etat == Archive.Etat.CONFORME

    @property
    def erreurs(self) -> list[LigneArchive]:
        """What is to be put right, each counted once."""
        return [ligne for ligne in self.lignes if not (ligne.ok or ligne.resume)]

    @property
    def pourcentage(self) -> int:
        return min(100, 100 * self.archive.octets_controles // max(self.archive.fichier.taille, 1))

    @property
    def relance(self) -> int:
        """Seconds before it asks once more where no answer came at all."""
        return max(30, self.prochain_regard)


def suivi_archive(archive: Archive) -> SuiviArchive:
    if archive.etat == Archive.Etat.ILLISIBLE:
        suite = (
            "ou cliquez sur « Recontrôler »."
            if archive.se_recontrole
            else "ou attendez : un gestionnaire, qui le voit, peut seul le recontrôler."
        )
        phrase = (
            "Le contrôle de ce fichier n'a pas abouti après trois essais : recréez l'archive ZIP et envoyez-la de "
            f"nouveau, {suite}"
        )
        return SuiviArchive(archive, [LigneArchive(archive.nom_fichier, phrase, ok=False)])
    if archive.rapport is None:
        return SuiviArchive(archive, [], retard(archive))
    rapport = RapportPieces.lire(archive.rapport)
    pieces = [LigneArchive(ligne.nom, ligne.statut, ligne.ok) for ligne in rapport.lignes]
    # What is wrong comes first: two names among three hundred are not to be looked for page after page.
    return SuiviArchive(
        archive, [_ligne_du_zip(archive, rapport), *sorted(pieces, key=lambda ligne: ligne.ok)]
    )


def _ligne_du_zip(archive: Archive, rapport: RapportPieces) -> LigneArchive:
    noms = {ligne.nom for ligne in rapport.lignes}
    propres = [anomalie.message for anomalie in rapport.anomalies if anomalie.chemin not in noms]
    fautives = sum(not ligne.ok for ligne in rapport.lignes)
    resume = bool(fautives) and not propres
    if resume:
        propres = [f"{fautives} pièce{'s' if fautives > 1 else ''} à corriger, à retirer ou à ajouter."]
    dits = [" ".join(propres) or "OK", rapport.phrase_des_ignores]
    return LigneArchive(archive.nom_fichier, " – ".join(filter(None, dits)), rapport.conforme, resume)
