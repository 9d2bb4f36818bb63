"""Reading the mailbox counts of an operator, as they stood at an instant (MSS-007, MSS-009)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from segurnum.annuaire_sante.models import (
    AdresseMSS,
    ComptageFourni,
    CompteDomaine,
    DomaineOperateur,
    Extrait,
    TypeBAL,
)
from segurnum.controles.problemes import en_nombre, nombre_fr
from segurnum.referentiel.models import FenetreDepot, Referencement
from segurnum.regles.calendrier import date_fr, date_longue, jour_de_paris, maintenant
from segurnum.regles.cycles import EnumLibelle

DSR_OPERATEURS = "DSR-MSS-"  # how the DSR of an operator of secure messaging begins
_SOURCES_MONTREES = 3


class Manque(EnumLibelle):
    """Why there is no count."""

    AUCUN_DOMAINE = (
        "AUCUN_DOMAINE",
        "Aucun domaine de messagerie n'est connu pour ce numéro ANS : un gestionnaire doit l'indiquer.",
    )
    AUCUN_EXTRAIT = (
        "AUCUN_EXTRAIT",
        "Aucun extrait de l'Annuaire Santé n'est chargé à cette date : l'administration doit en charger un.",
    )


@dataclass(frozen=True)
class Comptage:
    """The mailboxes of an operator by kind, each with where its number comes from (a French sentence).

    `applicatives_fournies`: that number is not the extract's but what the administration gave, if it did.
    `extrait` and `extrait_du`: the extract that was used. `definitif`: no later extract should change it.
    """

    applicatives: int
    organisationnelles: int
    nominatives: int
    source_applicatives: str
    source_organisationnelles: str
    source_nominatives: str
    applicatives_fournies: bool
    extrait: int
    extrait_du: datetime
    definitif: bool


def comptage(numero_ans: str, au: datetime) -> Comptage | None:
    """What was declared at the instant `au`, by the latest extract of then; None when nothing tells it (`manque`)."""
    trouve = comptages([numero_ans], au)[numero_ans]
    return trouve if isinstance(trouve, Comptage) else None


def manque(numero_ans: str, au: datetime) -> Manque | None:
    """Why `comptage` is None; None when it is not."""
    trouve = comptages([numero_ans], au)[numero_ans]
    return trouve if isinstance(trouve, Manque) else None


def comptages(numeros: Iterable[str], au: datetime) -> dict[str, Comptage | Manque]:
    """The count of each number, or why it has none, in four statements whatever their number."""
    domaines: dict[str, list[str]] = {numero: [] for numero in numeros}
    for ligne in DomaineOperateur.objects.filter(numero_ans__in=domaines).order_by("domaine"):
        domaines[ligne.numero_ans].append(ligne.domaine)
    extrait = extrait_au(au)
    tous = [domaine for ceux in domaines.values() for domaine in ceux]
    if extrait is None or not tous:
        return {
            numero: Manque.AUCUN_EXTRAIT if ceux else Manque.AUCUN_DOMAINE
            for numero, ceux in domaines.items()
        }
    declarees = _declarees(extrait, tous)
    fournis = _fournis(tous, au)
    return {
        numero: _comptage(extrait, au, ceux, declarees, fournis) if ceux else Manque.AUCUN_DOMAINE
        for numero, ceux in domaines.items()
    }


def extrait_au(instant: datetime) -> Extrait | None:
    """The latest extract whose snapshot is at or before this instant."""
    return Extrait.objects.filter(instant__lte=instant).order_by("-instant", "-pk").first()


def _declarees(extrait: Extrait, domaines: list[str]) -> dict[str, Counter[str]]:
    par_domaine: dict[str, Counter[str]] = {domaine: Counter() for domaine in domaines}
    for compte in CompteDomaine.objects.filter(extrait=extrait, domaine__in=domaines):
        par_domaine[compte.domaine][compte.type] = compte.nombre
    return par_domaine


def _fournis(domaines: list[str], au: datetime) -> dict[str, ComptageFourni]:
    """The last count given for each domain, on that day or before."""
    derniers = (
        ComptageFourni.objects.filter(domaine__in=domaines, date__lte=jour_de_paris(au))
        .order_by("domaine", "-date")
        .distinct("domaine")
    )
    return {fourni.domaine: fourni for fourni in derniers}


def _comptage(
    extrait: Extrait,
    au: datetime,
    domaines: list[str],
    declarees: dict[str, Counter[str]],
    fournis: dict[str, ComptageFourni],
) -> Comptage:
    total = sum((declarees[domaine] for domaine in domaines), Counter[str]())
    source = source_extrait(extrait)
    siens = [fournis[domaine] for domaine in domaines if domaine in fournis]
    applicatives, source_applicatives = _applicatives(total[TypeBAL.APPLICATIVE], source, siens)
    # Nobody said how many there are, not even that there are none: the number may still come.
    connues = bool(total[TypeBAL.APPLICATIVE] or siens)
    return Comptage(
        applicatives=applicatives,
        organisationnelles=total[TypeBAL.ORGANISATIONNELLE],
        nominatives=total[TypeBAL.NOMINATIVE],
        source_applicatives=source_applicatives,
        source_organisationnelles=source,
        source_nominatives=source,
        applicatives_fournies=not total[TypeBAL.APPLICATIVE],
        extrait=extrait.pk,
        extrait_du=extrait.instant,
        definitif=connues and _definitif(extrait, au),
    )


def _definitif(extrait: Extrait, au: datetime) -> bool:
    fraicheur = timedelta(days=settings.ANNUAIRE_SANTE_FRAICHEUR)
    return au < maintenant() and au - extrait.instant <= fraicheur


def _applicatives(declarees: int, source: str, fournis: list[ComptageFourni]) -> tuple[int, str]:
    """The extract's own as soon as it has one for this operator, else what the administration gave: never both."""
    nombre = sum(fourni.nombre for fourni in fournis)
    if declarees:
        ecarte = f" ; comptage fourni écarté : {nombre_fr(nombre)}" if fournis else ""
        return declarees, f"{source}{ecarte}"
    if fournis:
        return nombre, _source_fournis(fournis)
    return (
        0,
        "Aucune : l'extrait n'a pas d'adresse applicative et l'administration n'a pas fourni de comptage",
    )


def _source_fournis(fournis: list[ComptageFourni]) -> str:
    sources = list(dict.fromkeys(f"{fourni.source}, {date_fr(fourni.date)}" for fourni in fournis))
    suite = len(sources) - _SOURCES_MONTREES
    phrase = " ; ".join(sources[:_SOURCES_MONTREES]) + (
        f" ; et {en_nombre(suite, 'autre')}" if suite > 0 else ""
    )
    return f"Comptage fourni par l'administration, {phrase}"


def source_extrait(extrait: Extrait) -> str:
    """« Annuaire Santé, extrait du 30 juin 2026 (empreinte 1a2b…) »."""
    return f"Annuaire Santé, extrait du {date_longue(extrait.instant)} (empreinte {extrait.empreinte_courte})"


def adresses(numero_ans: str, extrait: int, type_bal: str = "") -> QuerySet[AdresseMSS]:
    """The addresses of an operator in an extract, of one type or of all; none once they were forgotten."""
    domaines = DomaineOperateur.objects.filter(numero_ans=numero_ans).values_list("domaine")
    trouvees = AdresseMSS.objects.filter(extrait=extrait, domaine__in=domaines)
    return trouvees.filter(type=type_bal) if type_bal else trouvees


def extraits() -> QuerySet[Extrait]:
    """Every extract, the latest snapshot first."""
    return Extrait.objects.select_related("auteur").order_by("-instant", "-pk")


def operateurs() -> QuerySet[Referencement]:
    """The ANS numbers that mailboxes are counted for."""
    return Referencement.objects.filter(dsr__startswith=DSR_OPERATEURS)


def domaines_de(numeros: Collection[str]) -> dict[str, list[DomaineOperateur]]:
    """The mail domains of each number, in order."""
    trouves: dict[str, list[DomaineOperateur]] = {numero: [] for numero in numeros}
    for ligne in DomaineOperateur.objects.filter(numero_ans__in=trouves).order_by("domaine"):
        trouves[ligne.numero_ans].append(ligne)
    return trouves


def extraits_a_garder() -> set[int]:
    """The extracts whose addresses still explain a count: the latest one, and that of each closing of a window."""
    fenetres = FenetreDepot.objects.filter(dsr__startswith=DSR_OPERATEURS)
    clotures = {fenetre.compte_le for fenetre in fenetres}
    gardes = (extrait_au(instant) for instant in {maintenant(), *clotures})
    return {extrait.pk for extrait in gardes if extrait}
