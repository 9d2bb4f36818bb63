"""A bank account as each person reads it: recognised by its mask, read whole by a gesture that leaves a trace."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import CoordonneesBancaires, Utilisateur
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers import lectures
from segurnum.fichiers.documents import Document
from segurnum.fichiers.permissions import Usage, peut_ouvrir
from segurnum.regles.identifiants import iban_en_groupes, iban_masque
from segurnum.web.commun.documents import iban_declare, iban_du_compte
from segurnum.web.commun.entrees import adresse_du_portail
from segurnum.web.commun.telechargements import exiger, personne


@dataclass(frozen=True)
class IbanLu:
    """`texte`: the mask, or the whole while this person's reading is open; `adresse`: where to ask for the whole."""

    texte: str
    adresse: str = ""
    entier: bool = False


def comptes_lus(
    requete: HttpRequest, comptes: Iterable[CoordonneesBancaires], adresse: Callable[[int], str]
) -> Mapping[int, IbanLu]:
    """Key of the account -> how this person reads it. `adresse`: where the account of a key is asked for whole."""
    lus = list(comptes)
    documents = {compte.pk: iban_du_compte(compte) for compte in lus}
    ouvertes = _ouvertes(requete, documents.values())
    return {
        compte.pk: _lire(requete, compte.iban, documents[compte.pk], adresse(compte.pk), ouvertes)
        for compte in lus
    }


def declare_lu(requete: HttpRequest, iban: str, enrolement: Enrolement, adresse: str) -> IbanLu:
    """How this person reads the account that an enrolment declares."""
    document = iban_declare(enrolement)
    return _lire(requete, iban, document, adresse, _ouvertes(requete, [document]))


def noter_la_lecture(requete: HttpRequest, document: Document, secours: str) -> HttpResponseRedirect:
    """« Afficher »: write who looks at what, then back to the page that asked (`suite`), else to `secours`."""
    exiger(requete, document, Usage.VOIR)
    qui = personne(requete)
    if isinstance(qui, Utilisateur):
        lectures.noter(auteur=auteur(qui), document=document, usage=Usage.VOIR)
    return redirect(adresse_du_portail(requete, requete.POST.get("suite", "")) or secours)


def _ouvertes(requete: HttpRequest, documents: Iterable[Document]) -> frozenset[str]:
    qui = personne(requete)
    return lectures.ouvertes(qui, documents) if isinstance(qui, Utilisateur) else frozenset()


def _lire(
    requete: HttpRequest, iban: str, document: Document, adresse: str, ouvertes: frozenset[str]
) -> IbanLu:
    if not peut_ouvrir(personne(requete), document, Usage.VOIR):
        return IbanLu(iban_masque(iban))
    if document.objet in ouvertes:
        return IbanLu(iban_en_groupes(iban), entier=True)
    return IbanLu(iban_masque(iban), adresse)
