"""Reading the mailbox counts of an operator, as they stood at an instant (MSS-007, MSS-009)."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from segurnum.annuaire_sante.models import (
    AdresseMSS,
    ComptageFourni,
    CompteDomaine,
    DomaineOperateur,
    Extrait,
    PropositionComptages,
    TypeBAL,
)
from segurnum.annuaire_sante.tableurs import LigneComptage
from segurnum.controles.problemes import en_nombre, nombre_fr
from segurnum.referentiel.models import FenetreDepot, Referencement
from segurnum.regles.calendrier import date_fr, date_longue, jour_de_paris, maintenant
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.cycles_annuaire import StatutComptages, StatutExtrait

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
class Hypothese:
    """What counts would be made from if a gesture were made: one extract more, one less, counts not yet confirmed."""

    avec: int | None = None
    sans: int | None = None
    fournis: Sequence[LigneComptage] = ()


REEL = Hypothese()


@dataclass(frozen=True)
class Comptage:
    """The mailboxes of an operator by kind, each with where its number comes from (a French sentence).

    `applicatives_fournies`: that number is not the extract's but what the administration gave, if it did.
    `extrait` and `extrait_du`: the extract that was used. `definitif`: no later extract should change it.
    `domaines`: those that were counted; `absents`: those that the extract has no mailbox of.
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
    domaines: tuple[str, ...]
    absents: tuple[str, ...]


def comptage(numero_ans: str, au: datetime) -> Comptage | None:
    """What was declared at the instant `au`, by the latest extract of then; None when nothing tells it (`manque`)."""
    return connu(comptages([numero_ans], au)[numero_ans])


def connu(trouve: Comptage | Manque) -> Comptage | None:
    return trouve if isinstance(trouve, Comptage) else None


def manque(numero_ans: str, au: datetime) -> Manque | None:
    """Why `comptage` is None; None when it is not."""
    trouve = comptages([numero_ans], au)[numero_ans]
    return trouve if isinstance(trouve, Manque) else None


def comptages(
    numeros: Iterable[str], au: datetime, hypothese: Hypothese = REEL
) -> dict[str, Comptage | Manque]:
    """The count of each number, or why it has none, in four statements whatever their number."""
    domaines: dict[str, list[str]] = {numero: [] for numero in numeros}
    for ligne in DomaineOperateur.objects.filter(numero_ans__in=domaines).order_by("domaine"):
        domaines[ligne.numero_ans].append(ligne.domaine)
    extrait = extrait_au(au, hypothese)
    tous = [domaine for ceux in domaines.values() for domaine in ceux]
    if extrait is None or not tous:
        return {
            numero: Manque.AUCUN_EXTRAIT if ceux else Manque.AUCUN_DOMAINE
            for numero, ceux in domaines.items()
        }
    declarees = _declarees(extrait, tous)
    fournis = _fournis(tous, au, hypothese.fournis)
    return {
        numero: _comptage(extrait, au, ceux, declarees, fournis) if ceux else Manque.AUCUN_DOMAINE
        for numero, ceux in domaines.items()
    }


def en_vigueur(hypothese: Hypothese = REEL) -> QuerySet[Extrait]:
    """The extracts that counts are made from, the latest snapshot first."""
    comptent = Q(statut=StatutExtrait.EN_VIGUEUR) | Q(pk__in=[hypothese.avec] if hypothese.avec else [])
    return (
        Extrait.objects.filter(comptent)
        .exclude(pk__in=[hypothese.sans] if hypothese.sans else [])
        .order_by("-instant", "-pk")
    )


def extrait_au(instant: datetime, hypothese: Hypothese = REEL) -> Extrait | None:
    """The latest extract in force whose snapshot is at or before this instant."""
    return en_vigueur(hypothese).filter(instant__lte=instant).first()


def retenu_au(instant: datetime) -> Extrait | None:
    """The latest extract that waits for somebody, and whose snapshot is at or before this instant."""
    retenus = Extrait.objects.filter(statut=StatutExtrait.RETENU, instant__lte=instant)
    return retenus.order_by("-instant", "-pk").first()


def _declarees(extrait: Extrait, domaines: list[str]) -> dict[str, Counter[str]]:
    par_domaine: dict[str, Counter[str]] = {domaine: Counter() for domaine in domaines}
    for compte in CompteDomaine.objects.filter(extrait=extrait, domaine__in=domaines):
        par_domaine[compte.domaine][compte.type] = compte.nombre
    return par_domaine


def _fournis(
    domaines: list[str], au: datetime, supposes: Sequence[LigneComptage] = ()
) -> dict[str, ComptageFourni | LigneComptage]:
    """The last count given for each domain, on that day or before; those that are supposed take the place of theirs."""
    derniers = (
        ComptageFourni.objects.filter(domaine__in=domaines, date__lte=jour_de_paris(au))
        .order_by("domaine", "-date")
        .distinct("domaine")
    )
    retenus: dict[str, ComptageFourni | LigneComptage] = {fourni.domaine: fourni for fourni in derniers}
    for suppose in sorted(supposes, key=lambda ligne: ligne.date):
        actuel = retenus.get(suppose.domaine)
        if suppose.date <= jour_de_paris(au) and (actuel is None or actuel.date <= suppose.date):
            retenus[suppose.domaine] = suppose
    return retenus


def officiels_vers(domaines: list[str], au: datetime) -> dict[str, ComptageFourni]:
    """The official count of each domain whose day is the nearest to this one, before it or after."""
    jour = jour_de_paris(au)
    fournis = ComptageFourni.objects.filter(domaine__in=domaines)
    # The farthest first: the nearest is what stays.
    par_distance = sorted(fournis, key=lambda fourni: abs((fourni.date - jour).days), reverse=True)
    return {fourni.domaine: fourni for fourni in par_distance}


def _comptage(
    extrait: Extrait,
    au: datetime,
    domaines: list[str],
    declarees: dict[str, Counter[str]],
    fournis: dict[str, ComptageFourni | LigneComptage],
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
        definitif=connues and au < maintenant() and est_frais(extrait, au),
        domaines=tuple(domaines),
        absents=tuple(domaine for domaine in domaines if not declarees[domaine]),
    )


def est_frais(extrait: Extrait, au: datetime) -> bool:
    """Whether it is recent enough at this instant for its counts to be final."""
    return au - extrait.instant <= timedelta(days=settings.ANNUAIRE_SANTE_FRAICHEUR)


def _applicatives(
    declarees: int, source: str, fournis: Sequence[ComptageFourni | LigneComptage]
) -> tuple[int, str]:
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


def _source_fournis(fournis: Sequence[ComptageFourni | LigneComptage]) -> str:
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
    return Extrait.objects.select_related("auteur", "juge_par").order_by("-instant", "-pk")


def propositions() -> QuerySet[PropositionComptages]:
    """The counts that were given, the last first."""
    return PropositionComptages.objects.select_related("auteur", "juge_par").order_by("-cree_le", "-pk")


def a_confirmer() -> tuple[int, int]:
    """How many extracts, and how many counts, wait for somebody."""
    return (
        Extrait.objects.filter(statut=StatutExtrait.RETENU).count(),
        PropositionComptages.objects.filter(statut=StatutComptages.A_CONFIRMER).count(),
    )


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
    """The extracts whose addresses explain a count, or may: the latest one, that of each closing, those held."""
    fenetres = FenetreDepot.objects.filter(dsr__startswith=DSR_OPERATEURS)
    clotures = {fenetre.compte_le for fenetre in fenetres}
    gardes = (extrait_au(instant) for instant in {maintenant(), *clotures})
    retenus = Extrait.objects.filter(statut=StatutExtrait.RETENU).values_list("pk", flat=True)
    return {extrait.pk for extrait in gardes if extrait} | set(retenus)
