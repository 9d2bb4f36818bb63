"""Reading the reference data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from segurnum.referentiel.models import (
    Bareme,
    FenetreDepot,
    ImportReferencements,
    Plafond,
    Projet,
    Referencement,
)
from segurnum.regles.calendrier import EtatFenetre, instant_long, maintenant, reste_long
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage, StatutProjet
from segurnum.regles.identifiants import est_numero_ans

# What closed or closes within it is put forward.
PRESSE = timedelta(days=30)


def par_numero_ans(numero: str) -> Referencement | None:
    """The referencing of this number, its case kept (ENR-016, ENR-021); None when it is unknown."""
    return Referencement.objects.filter(numero_ans=numero).first() if est_numero_ans(numero) else None


def numeros() -> QuerySet[Referencement]:
    """The whole referential of ANS numbers, in their order."""
    return Referencement.objects.order_by("numero_ans")


def importations() -> QuerySet[ImportReferencements]:
    """The files of numbers that were sent, with their report or before it."""
    return ImportReferencements.objects.select_related("fichier", "auteur")


def fenetre(dsr: str, type_demande: TypeDemande, instant: datetime | None = None) -> FenetreDepot | None:
    """The window that judges at this instant; now, unless it is said."""
    juge = instant or maintenant()
    lignes = FenetreDepot.objects.filter(dsr=dsr, type=type_demande, depuis__lte=juge)
    return lignes.order_by("-depuis", "-pk").first()


def calendrier(dsr: Collection[str] | None = None, instant: datetime | None = None) -> list[FenetreDepot]:
    """Every window that judges at this instant, as the public site announces them; or those of these couloirs only."""
    lignes = FenetreDepot.objects.filter(depuis__lte=instant or maintenant())
    if dsr is not None:
        lignes = lignes.filter(dsr__in=dsr)
    return list(lignes.order_by("dsr", "type", "-depuis", "-pk").distinct("dsr", "type"))


def fenetres_de(dsr: str, type_demande: TypeDemande) -> list[FenetreDepot]:
    """Every window that this one has been, is and will be: the latest first."""
    lignes = FenetreDepot.objects.filter(dsr=dsr, type=type_demande)
    return list(lignes.select_related("projet__auteur", "projet__approbateur").order_by("-depuis", "-pk"))


@dataclass(frozen=True)
class Annonce:
    """When one may deposit, for a couloir and a type. `a_savoir`: it presses, or is not what was first said.

    `reste`: how long until it closes, or opens; empty once it is closed. `rang`: the nearest first.
    """

    quoi: str
    phrase: str
    ouverte: bool
    a_savoir: bool
    reste: str
    rang: tuple[int, datetime]


def annonces(dsr: Collection[str], instant: datetime) -> list[Annonce]:
    """The windows of these couloirs, told as they stand at `instant` (JSN-021)."""
    return [_annonce(fenetre, instant) for fenetre in calendrier(dsr, instant)]


def echeances(dsr: Collection[str], instant: datetime) -> list[Annonce]:
    """The same, in the order in which they press: those that close, those that open, then those that are over."""
    return sorted(annonces(dsr, instant), key=lambda annonce: annonce.rang)


def _annonce(fenetre: FenetreDepot, instant: datetime) -> Annonce:
    etat = fenetre.en_regle().etat(instant)
    ouverte = f"ouverte jusqu'au {instant_long(fenetre.affichee)}"
    phrases = {
        EtatFenetre.PAS_OUVERTE: f"pas encore ouverte : elle ouvrira le {instant_long(fenetre.ouverture)}",
        EtatFenetre.OUVERTE: ", ".join(filter(None, (ouverte, fenetre.report))),
        EtatFenetre.FERMEE: f"fermée depuis le {instant_long(fenetre.fin)}",
    }
    bornes = {
        EtatFenetre.OUVERTE: (0, fenetre.fin),
        EtatFenetre.PAS_OUVERTE: (1, fenetre.ouverture),
        EtatFenetre.FERMEE: (2, fenetre.fin),
    }
    rang, borne = bornes[etat]
    close = etat is EtatFenetre.FERMEE
    presse = abs(borne - instant) < PRESSE
    return Annonce(
        f"{fenetre.libelle_couloir} - {TypeDemande(fenetre.type).libelle}",
        phrases[etat],
        ouverte=etat is EtatFenetre.OUVERTE,
        a_savoir=presse or bool(fenetre.report and not close) or etat is EtatFenetre.PAS_OUVERTE,
        reste="" if close else reste_long(instant, borne),
        rang=(rang, instant + (instant - borne) if close else borne),
    )


def baremes() -> list[Bareme]:
    """Every set of figures, the one in force last for each DSR."""
    return list(Bareme.objects.order_by("dsr", "date_effet"))


def annonce(dsr: str, type_demande: TypeDemande, instant: datetime) -> Annonce | None:
    """The one window of these, told as it stands; None where there is none."""
    juge = fenetre(dsr, type_demande, instant)
    return _annonce(juge, instant) if juge else None


def nombres_de_plafonds() -> dict[str, int]:
    """How many beneficiaries have a ceiling, by DSR."""
    comptes = Plafond.objects.values("dsr").annotate(nombre=Count("identifiant", distinct=True))
    return {ligne["dsr"]: ligne["nombre"] for ligne in comptes}


def projets(genre: GenreReglage | None = None) -> QuerySet[Projet]:
    """What is and was proposed, without what it holds."""
    lus = Projet.objects.select_related("auteur", "approbateur").defer("lignes")
    return lus if genre is None else lus.filter(genre=genre)


def projet_entier(cle: int) -> Projet | None:
    return Projet.objects.select_related("auteur", "approbateur").filter(pk=cle).first()


def a_approuver() -> int:
    """How many proposals wait for a second person."""
    return Projet.objects.filter(statut=StatutProjet.A_APPROUVER).count()
