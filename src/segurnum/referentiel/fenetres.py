"""When one may deposit: a window per DSR and type of request, which another follows when the dates change."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time

from django.db import transaction
from django.db.models.functions import Coalesce

from segurnum import couloirs
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.problemes import lisible
from segurnum.controles.refus import Fautes
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel.models import FenetreDepot, Projet
from segurnum.referentiel.queries import calendrier, fenetre
from segurnum.referentiel.suivi import Ecrites, fait, marque
from segurnum.referentiel.tables import Lignes, Table, couloir_de, source_de
from segurnum.regles.calendrier import (
    PARIS,
    Panne,
    fermeture_reportee,
    instant_fr,
    lire_date_fr,
    maintenant,
)
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

REGLER, REPORTER = "REGLER_FENETRE", "REPORTER_FERMETURE"
COLONNES = (
    "dsr",
    "type",
    "ouverture",
    "affichee",
    "fermeture",
    "derniere_modification",
    "comptage",
    "date_effet",
    "source",
)
_INSTANT = re.compile(r"([0-9]{2}/[0-9]{2}/[0-9]{4})(?: à)? ([01][0-9]|2[0-3])[:h]([0-5][0-9])")


@dataclass(frozen=True)
class LigneFenetre:
    """A window as it is proposed. `comptage`: when the mailboxes are counted; None: at the closing.

    `depuis`: from when on it judges; None: as soon as it is approved.
    """

    dsr: str
    type: TypeDemande
    ouverture: datetime
    affichee: datetime
    fermeture: datetime
    derniere_modification: datetime | None
    comptage: datetime | None
    depuis: datetime | None
    source: str

    @property
    def cle(self) -> tuple[object, ...]:
        return self.dsr, self.type

    @property
    def nom(self) -> str:
        return f"{self.dsr}:{self.type}"


def _ligne(cellules: Sequence[str]) -> LigneFenetre:
    dsr, type_demande, ouverture, affichee, fermeture, modification, comptage, depuis, source = cellules
    ligne = LigneFenetre(
        couloir_de(dsr).dsr,
        _type(type_demande),
        _instant(ouverture, "L'ouverture"),
        _instant(affichee, "L'échéance annoncée"),
        _instant(fermeture, "La fermeture"),
        _instant(modification, "La dernière modification") if modification else None,
        _instant(comptage, "Le comptage") if comptage else None,
        _instant(depuis, "La date d'effet") if depuis else None,
        source_de(source),
    )
    _verifier(ligne)
    return ligne


def _type(texte: str) -> TypeDemande:
    trouve = next((t for t in TypeDemande if texte.strip().casefold() == t.libelle.casefold()), None)
    if trouve is None:
        raise ValueError(f"« {lisible(texte)} » n'est pas un type de demande : avance ou solde est attendu.")
    return trouve


def _instant(texte: str, quoi: str) -> datetime:
    lu = _INSTANT.fullmatch(texte.strip())
    try:
        if lu is None:
            raise ValueError(texte)
        return datetime.combine(lire_date_fr(lu[1]), time(int(lu[2]), int(lu[3])), PARIS)
    except ValueError:
        raise ValueError(
            f"{quoi} n'est pas lisible : « {lisible(texte)} ». Un jour et une heure de Paris sont attendus, comme "
            "28/02/2024 14:00."
        ) from None


def ecrire_instant(instant: datetime | None) -> str:
    """As a file of windows writes it: what `_instant` reads."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y %H:%M}" if instant else ""


def _verifier(ligne: LigneFenetre) -> None:
    if ligne.affichee <= ligne.ouverture:
        raise GesteImpossible("L'échéance annoncée doit suivre l'ouverture.", champ="affichee")
    if ligne.fermeture < ligne.affichee:
        raise GesteImpossible(
            "La fermeture ne peut pas précéder l'échéance annoncée : elle est au même instant, ou après.",
            champ="fermeture",
        )
    if ligne.derniere_modification and ligne.derniere_modification < ligne.fermeture:
        raise GesteImpossible(
            "Une demande déposée au dernier instant doit pouvoir se corriger : la dernière modification ne peut pas "
            "précéder la fermeture.",
            champ="derniere_modification",
        )


def _ensemble(lues: Lignes[LigneFenetre], fautes: Fautes) -> None:
    """Nothing of what is there forbids a window: what changed meanwhile is judged when it is approved."""


def _decrire(ligne: LigneFenetre | FenetreDepot) -> tuple[str, ...]:
    instants = (ligne.ouverture, ligne.affichee, ligne.fermeture, ligne.derniere_modification, ligne.comptage)
    effet = instant_fr(ligne.depuis) if ligne.depuis else "dès l'approbation"
    return (
        ligne.dsr,
        ligne.type.libelle,
        *(instant_fr(instant) if instant else "" for instant in instants),
        effet,
        ligne.source,
    )


TITRES = (
    "DSR",
    "Type",
    "Ouverture",
    "Échéance annoncée",
    "Fermeture",
    "Dernière modification",
    "Comptage",
    "Prend effet",
    "Texte légal",
)
TABLE = Table(COLONNES, _ligne, _ensemble, "cette fenêtre", TITRES, _decrire, 2_000)


def en_vigueur(projet: Projet) -> list[tuple[str, ...]]:
    """The windows of today that these would follow, as screens show them."""
    suivies = {_fenetre_nommee(cellules) for cellules in projet.lignes}
    return [_decrire(ligne) for ligne in calendrier(projet.dsr) if (ligne.dsr, ligne.type) in suivies]


def _fenetre_nommee(cellules: Sequence[str]) -> tuple[str, TypeDemande] | None:
    """However it is written; None when no couloir is called so any more."""
    try:
        return couloir_de(cellules[0]).dsr, _type(cellules[1])
    except ValueError:
        return None


def vues(lues: Lignes[LigneFenetre]) -> dict[str, str]:
    """What these windows are today, to tell later whether they still are."""
    return {ligne.nom: marque(_ecrites(fenetre(ligne.dsr, ligne.type))) for ligne in lues.values()}


def appliquer(lues: Lignes[LigneFenetre], projet: Projet, *, auteur: Auteur) -> list[Fait]:
    """New windows: what was received before they take effect was judged by the ones that they follow (RUL-006)."""
    instant, faits = maintenant(), []
    for ligne in lues.values():
        avant = _ecrites(fenetre(ligne.dsr, ligne.type))
        nouvelle = FenetreDepot(
            **asdict(ligne) | {"depuis": max(ligne.depuis or instant, instant)}, projet=projet
        )
        nouvelle.save()
        faits.append(fait(nouvelle.chaine, REGLER, auteur, avant, _ecrites(nouvelle), lignes=[nouvelle]))
    return [ecrit for ecrit in faits if ecrit]


@transaction.atomic
def reporter(*, panne: Panne) -> int:
    """Put off the closings that this outage has cut, each told in the journal. Returns how many."""
    reportes = []
    qui_jugent = [ligne.pk for ligne in calendrier()]
    touchees = FenetreDepot.objects.alias(close_le=Coalesce("reportee", "fermeture")).filter(
        pk__in=qui_jugent, close_le__gt=panne.recu_le, close_le__lt=panne.repit
    )
    for coupee in touchees.select_for_update().order_by("pk"):
        avant = _ecrites(coupee)
        reportee = fermeture_reportee(coupee.fermeture, coupee.reportee, panne)
        if reportee == coupee.reportee:
            continue
        coupee.reportee, coupee.panne_du, coupee.panne_au = reportee, panne.debut, panne.fin
        coupee.save(update_fields=["reportee", "panne_du", "panne_au"])
        reportes.append(fait(coupee.chaine, REPORTER, PORTAIL, avant, _ecrites(coupee), lignes=[coupee]))
    consigner(ecrit for ecrit in reportes if ecrit)
    return len(reportes)


@dataclass(frozen=True)
class LigneDatee(LigneFenetre):
    """One of those that follow each other, in a file that tells the past."""

    @property
    def cle(self) -> tuple[object, ...]:
        return self.dsr, self.type, self.depuis


def _ligne_datee(cellules: Sequence[str]) -> LigneDatee:
    ligne = LigneDatee(**asdict(_ligne(cellules)))
    if ligne.depuis is None:
        raise ValueError("La date d'effet est attendue : depuis quand cette fenêtre a jugé.")
    return ligne


@dataclass(frozen=True)
class BilanFenetres:
    """`deja`: windows that have dates, and keep them; `inconnus`: DSR that no couloir declares."""

    chargees: int
    deja: int
    inconnus: tuple[str, ...]


@reserve(GesteReference.CHARGER_REGLAGE)
@transaction.atomic
def charger(*, octets: bytes, auteur: Auteur) -> BilanFenetres:
    """The windows of a file that tells the past, where nothing is settled yet: a command, on a new installation.

    Raises FichierRefuse. What has dates already keeps them.
    """
    table = replace(TABLE, ligne=_ligne_datee)
    brutes = table.du_fichier(octets)
    connus = {couloir.dsr for couloir in couloirs.tous()}
    inconnus = {cellules[0] for _, cellules in brutes if cellules[0].startswith("DSR-")} - connus
    lues = table.lire((rang, cellules) for rang, cellules in brutes if cellules[0] not in inconnus)
    reglees = set(FenetreDepot.objects.values_list("dsr", "type"))
    nouvelles = [ligne for ligne in lues.values() if (ligne.dsr, ligne.type) not in reglees]
    ecrites = FenetreDepot.objects.bulk_create(FenetreDepot(**asdict(ligne)) for ligne in nouvelles)
    faits = (fait(ecrite.chaine, REGLER, auteur, {}, _ecrites(ecrite), lignes=[ecrite]) for ecrite in ecrites)
    consigner(ecrit for ecrit in faits if ecrit)
    return BilanFenetres(len(nouvelles), len(lues) - len(nouvelles), tuple(sorted(inconnus)))


def _ecrites(fenetre: FenetreDepot | None) -> Ecrites:
    if fenetre is None:
        return {}
    instants = ("ouverture", "affichee", "fermeture", "derniere_modification", "comptage", "reportee")
    lues = {champ: getattr(fenetre, champ) for champ in instants}
    return {champ: instant_fr(lu) if lu else "" for champ, lu in lues.items()} | {"source": fenetre.source}
