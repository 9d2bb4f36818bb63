"""Finding requests by a part of one of their numbers, in a time that does not grow with their number."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]
from django.db.models import F, Func, Q, QuerySet, TextField

from segurnum.comptes.queries import nommees
from segurnum.demandes.models import Demande

# Companies that a search may name at once: a word that names more is too vague to help.
ENTREPRISES_CHERCHEES = 50


class _Trigrammes(Func):
    """The expression that the index `demande_recherche` holds."""

    template = "trigrammes(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field: Any = ArrayField(TextField())


def contenant(texte: str, *champs: str) -> Q:
    """The requests of which `numero` or `numero_editeur`, as named by `champs`, contains `texte` in any case.

    From three characters on the index answers; shorter texts are compared row by row.
    """
    condition = Q()
    for champ in champs:
        condition |= Q(**{f"{champ}__icontains": texte})
    morceaux = sorted({texte[i : i + 3].upper() for i in range(len(texte) - 2)})
    if not morceaux:
        return condition
    return Q(ArrayContains(_Trigrammes(F("numero"), F("numero_editeur")), morceaux)) & condition


def cherchees(demandes: QuerySet[Demande], texte: str) -> QuerySet[Demande]:
    """By dossier or request number, SIRET or name of the company, supplier's own number."""
    compact = "".join(texte.split()).upper()
    entreprises = list(nommees(texte).values_list("pk", flat=True)[:ENTREPRISES_CHERCHEES])
    return demandes.filter(
        contenant(compact, "numero") | contenant(texte, "numero_editeur") | Q(entreprise_id__in=entreprises)
    )
