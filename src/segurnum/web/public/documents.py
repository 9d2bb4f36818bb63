"""« Documents utiles » (PUB-044 to PUB-048): what officers publish, and what the portal makes from its own rules."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import par_fichier
from segurnum.couloirs.vierges import fichier_vierge
from segurnum.editique import attestation_hds, contrat_prestation, exemple_pieces, mandat_signature
from segurnum.editorial.queries import documents
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.documents import document_utile, publie
from segurnum.web.commun.telechargements import envoyer, sert, servir
from segurnum.web.public import guides

_DATE_ZIP = (2024, 1, 1, 0, 0, 0)  # the same declarations give the same octets


@dataclass(frozen=True)
class Document:
    """One line of the list."""

    titre: str
    description: str
    adresse: str
    nom: str
    taille: int
    en_ligne: str = ""
    """Where it is read without being downloaded."""


@dataclass(frozen=True)
class DocumentPropose:
    """A document that the portal makes: always in step with what it checks."""

    titre: str
    description: str
    faire: Callable[[], bytes]
    route: str = ""


def _modeles_json(type_demande: TypeDemande) -> bytes:
    """The blank model of every couloir, in one archive."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for couloir in par_fichier():
            nom = zipfile.ZipInfo(f"{couloir.code}-{type_demande.value.lower()}-vierge.json", _DATE_ZIP)
            archive.writestr(nom, ecrire_json(fichier_vierge(couloir, type_demande)))
    return tampon.getvalue()


def _guide(nom: str, titre: str, description: str) -> DocumentPropose:
    return DocumentPropose(titre, description, lambda: guides.en_pdf(nom), route=f"public:guide_{nom}")


PROPOSES = {
    "exemple-bon-de-commande-mom-va.pdf": DocumentPropose(
        "Exemple de bon de commande, MOM, VA",
        "Ce que ces pièces contiennent, sur des données inventées.",
        exemple_pieces,
    ),
    **{f"guide-{nom}.pdf": _guide(nom, *textes) for nom, textes in guides.GUIDES.items()},
    "attestation-hebergement-hds.pdf": DocumentPropose(
        "Attestation sur l'honneur - hébergement de données de santé (HDS)",
        "À remplir et signer, quand l'enrôlement la demande.",
        attestation_hds,
    ),
    "contrat-prestation.pdf": DocumentPropose(
        "Modèle contrat de prestation",
        "Pour un centre de gestion ou un expert-comptable qui s'enrôle au nom de l'entreprise.",
        contrat_prestation,
    ),
    "mandat-delegation-signature.pdf": DocumentPropose(
        "Modèle de mandat",
        "Pour un employé qui s'enrôle au nom du représentant légal.",
        mandat_signature,
    ),
    "modeles-avance.zip": DocumentPropose(
        "Modèles de fichiers - Demande d'avance",
        "Le modèle JSON vierge de chaque couloir.",
        lambda: _modeles_json(TypeDemande.AVANCE),
    ),
    "modeles-solde.zip": DocumentPropose(
        "Modèles de fichiers - Demande de solde",
        "Le modèle JSON vierge de chaque couloir.",
        lambda: _modeles_json(TypeDemande.SOLDE),
    ),
}


@cache
def _octets(nom: str) -> bytes:
    return PROPOSES[nom].faire()


@login_not_required
@require_safe
def liste(requete: HttpRequest) -> HttpResponse:
    lignes = [
        Document(
            ligne.titre,
            ligne.description,
            reverse("public:document", args=[ligne.pk]),
            ligne.nom_fichier,
            poids,
        )
        for ligne in documents()
        if (poids := ligne.fichier.taille) and not ligne.fichier.retenu
    ]
    publies = {ligne.titre for ligne in lignes}
    lignes += [
        Document(
            modele.titre,
            modele.description,
            reverse("public:document_modele", args=[nom]),
            nom,
            len(_octets(nom)),
            reverse(modele.route) if modele.route else "",
        )
        for nom, modele in PROPOSES.items()
        if modele.titre not in publies  # what officers publish takes the place of the portal's own
    ]
    return render(requete, "public/documents.html", {"documents": lignes})


@login_not_required
@require_safe
@sert(Genre.PUBLIE)
def document(requete: HttpRequest, document: int) -> HttpResponseBase:
    """A published document, as a file to save."""
    return servir(requete, document_utile(get_object_or_404(documents(), pk=document)))


@login_not_required
@require_safe
@sert(Genre.PUBLIE)
def modele(requete: HttpRequest, fichier: str) -> HttpResponseBase:
    if fichier not in PROPOSES:
        raise Http404
    return envoyer(requete, publie(fichier), _octets(fichier))
