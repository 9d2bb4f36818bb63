"""What makes an extract suspicious: it is then held, since it would set amounts by itself (MSS-009, GST-028)."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from segurnum.annuaire_sante import queries
from segurnum.annuaire_sante.models import CompteDomaine, DomaineOperateur, Extrait, TypeBAL
from segurnum.controles.problemes import en_nombre, nombre_fr
from segurnum.regles.calendrier import date_fr, jour_de_paris

_PAR_TYPE = {
    TypeBAL.APPLICATIVE: ("boîte applicative", "boîtes applicatives"),
    TypeBAL.ORGANISATIONNELLE: ("boîte organisationnelle", "boîtes organisationnelles"),
    TypeBAL.NOMINATIVE: ("boîte nominative", "boîtes nominatives"),
}
_INCONNUS = 100  # one line in so many of an unknown type is no accident any more
Comptes = dict[str, Counter[str]]


def juger(extrait: Extrait) -> list[str]:
    """Why somebody must look at it before it counts, one sentence each; none when nothing is strange.

    Its own counts are written. It is compared with the extract in force just before it.
    """
    precedent = precedent_de(extrait)
    domaines: dict[str, list[str]] = {}
    for ligne in DomaineOperateur.objects.order_by("numero_ans", "domaine"):
        domaines.setdefault(ligne.numero_ans, []).append(ligne.domaine)
    tous = [domaine for siens in domaines.values() for domaine in siens]
    avant, apres = _comptes(precedent, tous), _comptes(extrait, tous)
    dits = [*_lignes(extrait)]
    if precedent is not None:
        dits += _total(precedent, extrait)
        dits += [dit for domaine in tous for dit in _domaine(domaine, avant[domaine], apres[domaine])]
    return dits + list(_contredits(precedent, extrait, domaines, avant, apres))


def precedent_de(extrait: Extrait) -> Extrait | None:
    """The extract that counted until this one."""
    return queries.en_vigueur().filter(instant__lte=extrait.instant).exclude(pk=extrait.pk).first()


def _comptes(extrait: Extrait | None, domaines: list[str]) -> Comptes:
    lus: Comptes = {domaine: Counter() for domaine in domaines}
    if extrait is not None:
        for compte in CompteDomaine.objects.filter(extrait=extrait, domaine__in=domaines):
            lus[compte.domaine][compte.type] = compte.nombre
    return lus


def _baisse(avant: int, apres: int) -> bool:
    """Whether too many are gone: a tenth, unless it is settled otherwise."""
    return apres * 100 <= avant * (100 - settings.ANNUAIRE_SANTE_BAISSE) and apres < avant


def _lignes(extrait: Extrait) -> Iterator[str]:
    if not extrait.nombre_adresses:
        yield "Aucune ligne n'est d'une boîte comptée."
    if extrait.types_inconnus * _INCONNUS > extrait.nombre_lignes:
        lignes = en_nombre(extrait.types_inconnus, "ligne")
        yield f"{lignes} d'un type inconnu, sur {nombre_fr(extrait.nombre_lignes)} : ces boîtes ne sont pas comptées."


def _total(precedent: Extrait, extrait: Extrait) -> Iterator[str]:
    if _baisse(precedent.nombre_adresses, extrait.nombre_adresses):
        yield (
            f"L'extrait a {en_nombre(extrait.nombre_adresses, 'adresse')}, contre "
            f"{nombre_fr(precedent.nombre_adresses)} à celui qui compte aujourd'hui : il est peut-être coupé."
        )


def _domaine(domaine: str, avant: Counter[str], apres: Counter[str]) -> Iterator[str]:
    if avant and not apres:
        yield f"Le domaine « {domaine} » manque dans l'extrait : il y avait {en_nombre(avant.total(), 'boîte')}."
    elif _baisse(avant.total(), apres.total()):
        yield f"Le domaine « {domaine} » a {en_nombre(apres.total(), 'boîte')}, contre {nombre_fr(avant.total())}."
    else:
        for genre, mots in _PAR_TYPE.items():
            if _baisse(avant[genre], apres[genre]):
                yield f"Le domaine « {domaine} » a {en_nombre(apres[genre], *mots)}, contre {nombre_fr(avant[genre])}."


def _contredits(
    precedent: Extrait | None,
    extrait: Extrait,
    domaines: dict[str, list[str]],
    avant: Comptes,
    apres: Comptes,
) -> Iterator[str]:
    """An applicative line takes the place of every official count of its operator: they must say about the same."""
    fournis = queries.officiels_vers([d for siens in domaines.values() for d in siens], extrait.instant)
    for numero, siens in domaines.items():
        officiels = [fournis[domaine] for domaine in siens if domaine in fournis]
        declare = sum(apres[domaine][TypeBAL.APPLICATIVE] for domaine in siens)
        if not officiels or not declare:
            continue
        officiel, jour = sum(dit.nombre for dit in officiels), max(dit.date for dit in officiels)
        ancien = sum(avant[domaine][TypeBAL.APPLICATIVE] for domaine in siens)
        connu = precedent is not None and jour <= jour_de_paris(precedent.instant)
        deja_admis = connu and ancien > 0 and not _ecart(ancien, declare)
        if _ecart(officiel, declare) and not deja_admis:
            yield (
                f"Opérateur {numero} : l'extrait dit {en_nombre(declare, *_PAR_TYPE[TypeBAL.APPLICATIVE])}, le "
                f"comptage du {date_fr(jour)} dit {nombre_fr(officiel)}."
            )


def _ecart(attendu: int, dit: int) -> bool:
    """Whether they are a tenth apart, one way or the other."""
    return dit != attendu and abs(dit - attendu) * 100 >= attendu * settings.ANNUAIRE_SANTE_BAISSE
