"""What the directories say of the numbers of a file."""

from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from django.db.models import QuerySet

from segurnum.repertoires.models import Inscrit, Releve


def releves() -> QuerySet[Releve]:
    """Every snapshot, the latest first."""
    return Releve.objects.select_related("auteur").order_by("-charge_le", "-pk")


def en_vigueur() -> dict[str, Releve]:
    """The snapshot in force of each directory that has one."""
    return {releve.repertoire: releve for releve in Releve.objects.filter(statut=Releve.Statut.EN_VIGUEUR)}


def pour_les_controles() -> Callable[[Collection[str]], Mapping[str, str]] | None:
    """What the check engine asks; None when no directory is loaded, or when the administration asks for none."""
    if not settings.REPERTOIRES:
        return None
    releves = en_vigueur()
    if not releves:
        return None
    return lambda cles: reprocher(cles, releves)


def reprocher(cles: Collection[str], releves: Mapping[str, Releve]) -> dict[str, str]:
    """Of « FINESS 990000010 », what is wrong with each number that is: closed, or unknown, by which snapshot."""
    reproches: dict[str, str] = {}
    for nom, releve in releves.items():
        cherches = {cle.removeprefix(f"{nom} ") for cle in cles if cle.startswith(f"{nom} ")}
        connus = dict(
            Inscrit.objects.filter(releve=releve, numero__in=cherches).values_list("numero", "ferme")
        )
        for numero in cherches:
            if numero not in connus:
                reproches[f"{nom} {numero}"] = f"n'est pas inscrit au {_nom(releve)}"
            elif connus[numero]:
                reproches[f"{nom} {numero}"] = f"est fermé au {_nom(releve)}"
    return reproches


def _nom(releve: Releve) -> str:
    """« répertoire FINESS du 28/11/2026 »: inside a sentence."""
    return releve.designation[0].lower() + releve.designation[1:]
