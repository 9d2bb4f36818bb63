"""Readings that leave a trace: an identity document, a RIB, a whole IBAN, an export (XCT-009).

The journal is the key: what is followed is shown to somebody only while the journal holds the event of that reading,
by that person, less than `DUREE` old. A page that would forget to write it shows nothing.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Utilisateur
from segurnum.fichiers.documents import Document
from segurnum.fichiers.permissions import Usage, est_suivi
from segurnum.journal import services as journal
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant

DUREE = timedelta(minutes=15)
PREFIXE = "lectures:"


def chaine(personne: int) -> str:
    """Each person's readings make one chain: reading delays nobody else's gestures."""
    return f"{PREFIXE}{personne}"


@transaction.atomic
def noter(*, auteur: Auteur, document: Document, usage: Usage) -> None:
    """Write who reads what, now; nothing for a document that is not followed."""
    if not est_suivi(document.genre):
        return
    Utilisateur.objects.select_for_update(no_key=True).get(pk=auteur.personne)
    fait = journal.Fait(
        chaine=chaine(auteur.personne),
        objet=document.objet,
        geste=usage,
        auteur=auteur,
        details={"genre": document.genre, "sujet": document.sujet},
    )
    journal.consigner([fait])


def ouvertes(personne: Utilisateur, documents: Iterable[Document]) -> frozenset[str]:
    """The `objet` of each of these documents that this person may look at now: not followed, or just noted."""
    lus = list(documents)
    libres = {document.objet for document in lus if not est_suivi(document.genre)}
    suivis = {document.objet for document in lus} - libres
    if not suivis:
        return frozenset(libres)
    notees = Evenement.objects.filter(
        objet__in=suivis, chaine=chaine(personne.pk), geste=Usage.VOIR, instant__gt=maintenant() - DUREE
    )
    return frozenset(libres.union(notees.values_list("objet", flat=True)))


def toutes() -> QuerySet[Evenement]:
    """Every reading that left a trace, for who supervises."""
    return Evenement.objects.filter(chaine__startswith=PREFIXE).select_related("acteur")
