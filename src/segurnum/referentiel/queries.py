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
from segurnum.regles.calendrier import EtatFenetre, instant_long, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage, StatutProjet
from segurnum.regles.identifiants import est_numero_ans


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


BIENTOT = timedelta(days=7)
RECEMMENT = timedelta(days=30)
AUJOURD_HUI = ", aujourd'hui"


@dataclass(frozen=True)
class Annonce:
    """When one may deposit, for a couloir and a type. `a_savoir`: what its supplier should not miss of it – it ends
    soon, ended lately, has not begun, or does not end on the day first said.
    """

    quoi: str
    phrase: str
    ouverte: bool
    a_savoir: bool


def annonces(dsr: Collection[str], instant: datetime) -> list[Annonce]:
    """The windows of these couloirs, told as they stand at `instant` (JSN-021), the nearest first, the closed last."""
    return [
        _annonce(fenetre, etat, instant)
        for etat in (EtatFenetre.OUVERTE, EtatFenetre.PAS_OUVERTE, EtatFenetre.FERMEE)
        for fenetre in sorted(calendrier(dsr, instant), key=lambda une: _proximite(une, instant))
        if fenetre.en_regle().etat(instant) is etat
    ]


def annonce(dsr: str, type_demande: TypeDemande, instant: datetime) -> Annonce | None:
    """The one window of these, told as it stands; None where there is none."""
    juge = fenetre(dsr, type_demande, instant)
    return _annonce(juge, juge.en_regle().etat(instant), instant) if juge else None


def _proximite(fenetre: FenetreDepot, instant: datetime) -> timedelta:
    """From now to what happens next of a window, or to its end."""
    return abs((fenetre.ouverture if fenetre.ouverture > instant else fenetre.fin) - instant)


def _annonce(fenetre: FenetreDepot, etat: EtatFenetre, instant: datetime) -> Annonce:
    du_jour = jour_de_paris(fenetre.affichee) == jour_de_paris(instant)
    ouverte = f"ouverte jusqu'au {instant_long(fenetre.affichee)}{AUJOURD_HUI if du_jour else ''}"
    a_savoir = {
        EtatFenetre.OUVERTE: bool(fenetre.report) or fenetre.fin - instant <= BIENTOT,
        EtatFenetre.PAS_OUVERTE: True,
        EtatFenetre.FERMEE: instant - fenetre.fin <= RECEMMENT,
    }
    phrases = {
        EtatFenetre.PAS_OUVERTE: f"pas encore ouverte : elle ouvrira le {instant_long(fenetre.ouverture)}",
        EtatFenetre.OUVERTE: ", ".join(filter(None, (ouverte, fenetre.report))),
        EtatFenetre.FERMEE: f"fermée depuis le {instant_long(fenetre.fin)}",
    }
    return Annonce(
        f"{fenetre.libelle_couloir} - {TypeDemande(fenetre.type).libelle}",
        phrases[etat],
        ouverte=etat is EtatFenetre.OUVERTE,
        a_savoir=a_savoir[etat],
    )


def baremes() -> list[Bareme]:
    """Every set of figures, the one in force last for each DSR."""
    return list(Bareme.objects.order_by("dsr", "date_effet"))


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
