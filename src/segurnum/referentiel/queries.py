"""Reading the reference data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, QuerySet

from segurnum import couloirs
from segurnum.controles.problemes import en_nombre
from segurnum.couloirs import Couloir
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


@dataclass(frozen=True)
class PlafondCalcule:
    """The ceiling of a request (euros HT): None where the table lacks a beneficiary, who is then named."""

    montant_ht: Decimal | None
    explication: str
    manquants: tuple[str, ...] = ()


def bareme(couloir: Couloir, jour: date) -> Bareme | None:
    """The figures in force on `jour`."""
    return Bareme.objects.filter(dsr=couloir.dsr, date_effet__lte=jour).order_by("-date_effet").first()


def plafond(couloir: Couloir, identifiants: Collection[str], jour: date) -> PlafondCalcule:
    """What the scale in force on `jour` allows for these beneficiaries (one identifier each)."""
    if couloir.bareme == "par_beneficiaire":
        return _par_beneficiaire(couloir, len(identifiants), jour)
    return _par_table(couloir, identifiants, jour)


def plafonds_par_groupe(couloir: Couloir, groupes: Collection[str], jour: date) -> dict[str, Decimal]:
    """The ceiling of each group of beneficiaries (identifiers parted by spaces), where the scale in force gives one.

    Two statements at most, however many groups: a file has 200 of them.
    """
    if couloir.bareme == "par_beneficiaire":
        unite = _par_beneficiaire(couloir, 1, jour).montant_ht
        return {} if unite is None else {groupe: len(groupe.split()) * unite for groupe in groupes}
    if couloir.bareme != "par_table":
        return {}
    montants = _montants_de_la_table(couloir, {un for groupe in groupes for un in groupe.split()}, jour)
    return {
        groupe: sum((montants[un] for un in groupe.split()), Decimal(0))
        for groupe in groupes
        if montants.keys() >= set(groupe.split())
    }


def _par_beneficiaire(couloir: Couloir, nombre: int, jour: date) -> PlafondCalcule:
    en_vigueur = bareme(couloir, jour)
    if en_vigueur is None:
        return PlafondCalcule(None, f"Aucun barème n'est en vigueur pour {couloir.dsr}.")
    unite = Decimal(en_vigueur.valeurs["par_beneficiaire"])
    return PlafondCalcule(
        nombre * unite, f"{en_nombre(nombre, 'bénéficiaire')} × {unite} € HT ({en_vigueur.source})"
    )


def _par_table(couloir: Couloir, identifiants: Collection[str], jour: date) -> PlafondCalcule:
    montants = _montants_de_la_table(couloir, identifiants, jour)
    manquants = tuple(sorted(set(identifiants) - set(montants)))
    if manquants:
        return PlafondCalcule(None, "Le barème ne dit rien de certains bénéficiaires.", manquants)
    combien = (
        "plafond de la table" if len(montants) == 1 else f"somme de {len(montants)} plafonds de la table"
    )
    return PlafondCalcule(sum(montants.values(), Decimal(0)), f"{combien} du couloir".capitalize())


def _montants_de_la_table(couloir: Couloir, identifiants: Collection[str], jour: date) -> dict[str, Decimal]:
    lignes = (
        Plafond.objects.filter(dsr=couloir.dsr, identifiant__in=set(identifiants), date_effet__lte=jour)
        .order_by("identifiant", "-date_effet")
        .distinct("identifiant")
    )
    return {ligne.identifiant: ligne.montant_ht for ligne in lignes}


def baremes() -> list[Bareme]:
    """Every set of figures, the one in force last for each DSR."""
    return list(Bareme.objects.order_by("dsr", "date_effet"))


def nombres_de_plafonds() -> dict[str, int]:
    """How many beneficiaries have a ceiling, by DSR."""
    comptes = Plafond.objects.values("dsr").annotate(nombre=Count("identifiant", distinct=True))
    return {ligne["dsr"]: ligne["nombre"] for ligne in comptes}
