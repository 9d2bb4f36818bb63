"""Finding requests by a part of one of their numbers, in a time that does not grow with their number."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]
from django.db.models import F, Func, Model, Q, QuerySet, TextField

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.comptes.queries import nommees
from segurnum.demandes.models import TRIGRAMMES_DU_NOM, Beneficiaire, Demande
from segurnum.enrolements.models import Enrolement
from segurnum.regles.calendrier import PARIS

M = TypeVar("M", bound=Model)

# Companies that a search may name at once: a word that names more is too vague to help.
ENTREPRISES_CHERCHEES = 50
DEMANDES_CHERCHEES = 500  # of one beneficiary


# The letters that the function `simplifie` of the database writes plainly.
ACCENTS = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ", "AAACEEEEIIOOUUUY")
ASSEZ = 3  # characters from which an index answers
PROPOSEES = 10


class _Trigrammes(Func):
    """The expression that the index `demande_recherche` holds."""

    template = "trigrammes(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field: Any = ArrayField(TextField())


class _Simplifie(Func):
    """Capitals without accents, as the database writes them."""

    template = "simplifie(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field: Any = TextField()


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
    """By dossier or request number, supplier's own number; by ANS number; by SIRET, name or people of the company; by
    beneficiary: identifier, whole, or a part of its name. What stands in other tables is looked up first, so that the
    indexes answer.
    """
    compact = "".join(texte.split()).upper()
    inscrits = list(
        Enrolement.objects.filter(referencement__numero_ans__iexact=compact).values_list("pk", flat=True)
    )
    if inscrits:
        return demandes.filter(dossier__enrolement__in=inscrits)
    entreprises = (nommees(texte) | _dont_une_personne_se_nomme(texte)).values_list("pk", flat=True)
    return demandes.filter(
        contenant(compact, "numero")
        | contenant(texte, "numero_editeur")
        | Q(entreprise_id__in=list(entreprises.distinct()[:ENTREPRISES_CHERCHEES]))
        | Q(pk__in=list(equipant(texte)[:DEMANDES_CHERCHEES]))
    )


def _dont_une_personne_se_nomme(texte: str) -> QuerySet[Entreprise]:
    """The companies of which a person bears these words, name and first name in any order."""
    condition = Q()
    for mot in texte.split():
        condition &= Q(personnes_physiques__nom__icontains=mot) | Q(
            personnes_physiques__prenom__icontains=mot
        )
    return Entreprise.objects.filter(condition)


def selon(demandes: QuerySet[Demande], criteres: Mapping[str, Any]) -> QuerySet[Demande]:
    """The requests that the search criteria of a supplier keep (REQ-002 to REQ-007)."""
    for champ, cle in (("type", "type_demande"), ("etat_paiement", "etat_paiement")):
        if criteres.get(cle):
            demandes = demandes.filter(**{champ: criteres[cle]})
    if statuts := criteres.get("statut"):
        demandes = demandes.filter(statut__in=statuts)
    if numero := criteres.get("numero"):
        demandes = demandes.filter(contenant(numero, "numero"))
    if beneficiaire := criteres.get("beneficiaire"):
        demandes = demandes.filter(pk__in=equipant(beneficiaire))
    if logiciels := criteres.get("logiciel"):
        demandes = demandes.filter(dsr__in=[c.dsr for c in couloirs.tous() if c.logiciel in logiciels])
    return deposees_entre(demandes, criteres.get("du"), criteres.get("au"))


def proposer_numeros(demandes: QuerySet[Demande], texte: str) -> list[Demande]:
    """The last deposited requests whose number contains `texte`; none for less than three characters (REQ-002)."""
    cherche = "".join(texte.split())
    if len(cherche) < ASSEZ:
        return []
    trouvees = demandes.filter(contenant(cherche, "numero")).order_by("-depose_le", "-pk")
    # A cancelled request shares its number with the avenant that it left: twice as many are enough for each to be said.
    uniques = {demande.numero: demande for demande in trouvees[: 2 * PROPOSEES]}
    return list(uniques.values())[:PROPOSEES]


def equipant(texte: str) -> QuerySet[Beneficiaire, int]:
    """The keys of the requests for a beneficiary of whom one identifier is this or, from three characters on, whose
    name contains it, in any case and without its accents.

    Two readings, each by its index: of their union, told as one condition, PostgreSQL would compute every name again.
    """
    compact = "".join(texte.split())
    identifies = Beneficiaire.objects.filter(identifiants__contains=[compact.upper()])
    simple = _simplifier(" ".join(texte.split()))
    morceaux = sorted({simple[i : i + 3] for i in range(len(simple) - 2)})
    trouves = identifies.values_list("demande", flat=True)
    if not morceaux:
        return trouves
    lignes = Beneficiaire.objects.alias(simple=_Simplifie(F("nom"), F("raison_sociale")))
    nommes = lignes.filter(ArrayContains(TRIGRAMMES_DU_NOM, morceaux), simple__contains=simple)
    return trouves.union(nommes.values_list("demande", flat=True))


def _simplifier(texte: str) -> str:
    """As `simplifie` does in the database."""
    return texte.upper().translate(ACCENTS)


def deposees_entre(lignes: "QuerySet[M]", du: date | None, au: date | None) -> "QuerySet[M]":
    """Both days included, as days of Paris; all of them unless both are given."""
    if not (du and au):
        return lignes
    debut, fin = (datetime.combine(jour, time.min, PARIS) for jour in (du, au + timedelta(days=1)))
    return lignes.filter(depose_le__gte=debut, depose_le__lt=fin)
