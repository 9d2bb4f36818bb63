"""Reading a piece beside the data. What a supplier sent is shown, never run."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from segurnum.demandes.queries import pieces_de, visibles_des_agents
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.paiements.queries import versements_de
from segurnum.web.commun.acces import Requete, agents
from segurnum.web.commun.telechargements import servir

# Nothing may be loaded nor run from the document; the browser's own viewer needs its styles.
_FERME = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
POLITIQUES = {
    # No « sandbox » here: browsers refuse to start their PDF viewer inside one. The viewer is isolated by itself.
    "application/pdf": _FERME,
    "image/png": f"sandbox; img-src 'self'; {_FERME}",
    "image/jpeg": f"sandbox; img-src 'self'; {_FERME}",
    "text/plain": f"sandbox; {_FERME}",
}


@dataclass(frozen=True)
class Lisible:
    """A piece of the reading frame; `adresse` empty when it cannot be read, and `empechement` says why."""

    libelle: str
    adresse: str = ""
    affichable: bool = False
    empechement: str = ""


RESERVEE = "Les pièces d'identité sont réservées aux profils qui instruisent."


def lisible(libelle: str, fichier: Fichier | None, adresse: str, *, permise: bool = True) -> Lisible:
    """How the frame offers a piece that `adresse` serves. `permise`: this person may read it."""
    if fichier is None:
        return Lisible(libelle, empechement="Annoncée, pas encore déposée")
    if fichier.analyse == Analyse.INFECTE:
        return Lisible(libelle, empechement="Bloquée : l'antivirus y a trouvé une menace")
    if not permise:
        return Lisible(libelle, empechement="Réservée aux profils qui instruisent")
    return Lisible(libelle, adresse + _vue_pdf(fichier), _affichable(fichier))


def _affichable(fichier: Fichier) -> bool:
    """Whether a browser shows it in the reading frame; otherwise it is downloaded."""
    return fichier.type_mime in POLITIQUES


def _vue_pdf(fichier: Fichier) -> str:
    """What to add to the address of a PDF so that its page takes the whole width of the frame."""
    return "#navpanes=0&view=FitH" if fichier.type_mime == "application/pdf" else ""


@agents
def piece(requete: Requete, numero: str, piece: int) -> HttpResponse:
    """A piece of a request that officers may see, in the frame, or downloaded on demand."""
    ligne = get_object_or_404(pieces_de(visibles_des_agents()), pk=piece, demande__numero=numero)
    return lire(ligne.fichier, ligne.nom, telecharger="telecharger" in requete.GET)


@agents
def avis(requete: Requete, versement: int) -> HttpResponse:
    """The notice of a payment that was made."""
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement, avis__isnull=False)
    if ligne.avis is None:
        raise Http404("Ce paiement n'a pas d'avis.")
    return _servir(ligne.avis, f"avis_de_paiement_{ligne.decision.demande.numero}.pdf", telecharger=True)


def lire(fichier: Fichier | None, nom: str, *, telecharger: bool) -> HttpResponse:
    """A piece, in the frame or downloaded; 404 when there is nothing that may be read."""
    if fichier is None:
        raise Http404("Cette pièce n'est pas encore déposée.")
    return _servir(fichier, nom, telecharger=telecharger)


def _servir(fichier: Fichier, nom: str, *, telecharger: bool) -> HttpResponse:
    reponse = servir(fichier, nom, dans_la_page=_affichable(fichier) and not telecharger)
    reponse["Content-Security-Policy"] = POLITIQUES.get(fichier.type_mime, f"sandbox; {_FERME}")
    return cast(HttpResponse, reponse)  # a stream: what the decorators and the server make of it is the same
