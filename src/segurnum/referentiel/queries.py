"""Reading the reference data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from segurnum import couloirs
from segurnum.referentiel.models import Bareme, FenetreDepot, ImportReferencements, Plafond, Referencement
from segurnum.regles.calendrier import EtatFenetre, instant_long
from segurnum.regles.cycles import TypeDemande
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


def fenetre(dsr: str, type_demande: TypeDemande) -> FenetreDepot | None:
    return FenetreDepot.objects.filter(dsr=dsr, type=type_demande).first()


def calendrier(dsr: Collection[str] | None = None) -> list[FenetreDepot]:
    """Every window, as the public site announces them; or those of these couloirs only."""
    fenetres = FenetreDepot.objects.order_by("dsr", "type")
    return list(fenetres if dsr is None else fenetres.filter(dsr__in=dsr))


@dataclass(frozen=True)
class Annonce:
    """When one may deposit, for a couloir and a type. `a_savoir`: it is not open, or not until the day first said."""

    quoi: str
    phrase: str
    a_savoir: bool


def annonces(dsr: Collection[str], instant: datetime) -> list[Annonce]:
    """The windows of these couloirs, told as they stand at `instant` (JSN-021)."""
    return [_annonce(fenetre, instant) for fenetre in calendrier(dsr)]


def _annonce(fenetre: FenetreDepot, instant: datetime) -> Annonce:
    etat = fenetre.en_regle().etat(instant)
    ouverte = f"ouverte jusqu'au {instant_long(fenetre.affichee)}"
    phrases = {
        EtatFenetre.PAS_OUVERTE: f"pas encore ouverte : elle ouvrira le {instant_long(fenetre.ouverture)}",
        EtatFenetre.OUVERTE: ", ".join(filter(None, (ouverte, fenetre.report))),
        EtatFenetre.FERMEE: f"fermée depuis le {instant_long(fenetre.fin)}",
    }
    return Annonce(
        f"{couloirs.par_dsr(fenetre.dsr).libelle} - {TypeDemande(fenetre.type).libelle}",
        phrases[etat],
        a_savoir=etat is not EtatFenetre.OUVERTE or bool(fenetre.report),
    )


def baremes() -> list[Bareme]:
    """Every set of figures, the one in force last for each DSR."""
    return list(Bareme.objects.order_by("dsr", "date_effet"))


def nombres_de_plafonds() -> dict[str, int]:
    """How many beneficiaries have a ceiling, by DSR."""
    comptes = Plafond.objects.values("dsr").annotate(nombre=Count("identifiant", distinct=True))
    return {ligne["dsr"]: ligne["nombre"] for ligne in comptes}
