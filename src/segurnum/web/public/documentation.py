"""The published documentation of the JSON files, all of it generated from the declarations (PUB-048)."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.controles import catalogue
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import Couloir, par_fichier
from segurnum.couloirs.documentation import LigneDocumentation, TypePiece, documentation, types_de_pieces
from segurnum.couloirs.schema import schema as schema_json
from segurnum.couloirs.vierges import exemple, fichier_vierge
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.documents import publie
from segurnum.web.commun.telechargements import envoyer, sert

MODELES = {"vierge": fichier_vierge, "exemple": exemple}

# First digit of a code -> what its family is about.
FAMILLES = {
    "1": "Lecture et structure du fichier",
    "2": "Valeurs et identifiants",
    "3": "Règles de gestion",
    "4": "Pièces justificatives",
    "5": "Droits, enrôlements et fenêtres de dépôt",
}


@dataclass(frozen=True)
class Ligne:
    """One field of the table, under the objects that hold it; `exemple` as it is written in the file."""

    parents: list[str]
    nom: str
    libelle: str
    type: str
    obligatoire: bool
    regle: str
    exemple: str


@dataclass(frozen=True)
class Format:
    """The file of one type of request."""

    type: TypeDemande
    lignes: list[Ligne]
    pieces: list[TypePiece]
    exemple: str

    @property
    def titre(self) -> str:
        return "Fichier d'avance" if self.type is TypeDemande.AVANCE else "Fichier de solde"

    @property
    def legende_champs(self) -> str:
        return f"Champs du {self.titre[0].lower()}{self.titre[1:]}"

    @property
    def legende_pieces(self) -> str:
        return "Pièces justificatives " + ("de l'avance" if self.type is TypeDemande.AVANCE else "du solde")


@login_not_required
@require_safe
def sommaire(requete: HttpRequest) -> HttpResponse:
    couloirs = par_fichier()
    return render(requete, "public/documentation.html", {"couloirs": couloirs, "types": list(TypeDemande)})


@login_not_required
@require_safe
def couloir(requete: HttpRequest, couloir: Couloir) -> HttpResponse:
    formats = [_format(couloir, type_demande) for type_demande in TypeDemande]
    return render(requete, "public/documentation_couloir.html", {"couloir": couloir, "formats": formats})


@login_not_required
@require_safe
def anomalies(requete: HttpRequest) -> HttpResponse:
    codes = catalogue().values()
    familles = [
        (titre, [code for code in codes if code.code.startswith(chiffre)])
        for chiffre, titre in FAMILLES.items()
    ]
    return render(requete, "public/anomalies.html", {"familles": familles})


@login_not_required
@require_safe
@sert(Genre.PUBLIE)
def modele(requete: HttpRequest, couloir: Couloir, type_demande: TypeDemande, nom: str) -> HttpResponseBase:
    """The blank model or the filled example, as a file to download."""
    if nom not in MODELES:
        raise Http404
    titre = f"{couloir.code}-{type_demande.value.lower()}-{nom}"
    return _fichier(requete, MODELES[nom](couloir, type_demande), titre)


@login_not_required
@require_safe
@sert(Genre.PUBLIE)
def schema(requete: HttpRequest, couloir: Couloir, type_demande: TypeDemande) -> HttpResponseBase:
    nom = f"{couloir.code}-{type_demande.value.lower()}-schema"
    return _fichier(requete, schema_json(couloir, type_demande), nom)


def _format(couloir: Couloir, type_demande: TypeDemande) -> Format:
    lignes = [_ligne(ligne) for ligne in documentation(couloir, type_demande)]
    pieces = types_de_pieces(couloir, type_demande)
    return Format(type_demande, lignes, pieces, ecrire_json(exemple(couloir, type_demande)))


def _ligne(ligne: LigneDocumentation) -> Ligne:
    *parents, nom = ligne.chemin.split(".")
    return Ligne(
        parents=parents,
        nom=nom,
        libelle=ligne.libelle,
        type=ligne.type,
        obligatoire=ligne.obligatoire,
        regle=ligne.regle,
        exemple=_valeur(ligne.exemple),
    )


def _valeur(exemple: object) -> str:
    return "" if exemple is None else " ".join(ecrire_json(exemple).split())


def _fichier(requete: HttpRequest, valeur: object, nom: str) -> HttpResponseBase:
    return envoyer(requete, publie(f"{nom}.json"), ecrire_json(valeur))
