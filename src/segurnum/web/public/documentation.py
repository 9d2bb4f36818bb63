"""The documentation of the JSON files, generated from the declarations, and their simulator (PUB-006, PUB-048)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.controles.catalogue import FAMILLES
from segurnum.controles.correction import corrigeable
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.presentation import presenter
from segurnum.couloirs import Couloir, par_fichier
from segurnum.couloirs.documentation import VersionPubliee, documentation, types_de_pieces, versions
from segurnum.couloirs.schema import schema as schema_json
from segurnum.couloirs.vierges import exemple, fichier_vierge
from segurnum.depots.severites import catalogue_en_vigueur, en_vigueur
from segurnum.editorial.documents import modeles_du_couloir
from segurnum.fichiers.documents import Genre
from segurnum.isolement.portes import corriger
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.limites.models import Interrupteur
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.documents import publie
from segurnum.seuil.limites import ferme_par, sans_ecriture
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.commun.tableur import FICHIER, FormulaireDemandes, lire, suites_tenues

# An instant that comes before every date of effect.
DEPUIS_TOUJOURS = datetime.min.replace(tzinfo=UTC)
MODELES = {"vierge": fichier_vierge, "exemple": exemple}

COULOIRS = Tableau(
    "liste-couloirs",
    "Fichiers par couloir",
    (
        Colonne(
            "libelle_vague",
            "Couloir",
            titre=True,
            lien=lambda c: reverse("public:documentation_couloir", args=[c]),
        ),
        Colonne("dsr", "DSR", insecable=True),
        Colonne("avance", "Avance", cellule="public/cellules/modeles_avance.html"),
        Colonne("solde", "Solde", cellule="public/cellules/modeles_solde.html"),
    ),
)
# The two tables of a format.
CHAMPS = (
    Colonne("nom", "Champ", titre=True, cellule="public/cellules/champ.html"),
    Colonne("libelle", "Libellé"),
    Colonne("type", "Type"),
    Colonne("obligatoire", "Obligatoire", cellule='obligatoire|yesno:"oui,non"'),
    Colonne("regle", "Règle", cellule="public/cellules/regle.html"),
    Colonne("exemple", "Exemple", cellule="public/cellules/exemple.html"),
)
PIECES = (
    Colonne("libelle", "Pièce", titre=True),
    Colonne("type", "typeFichier", cellule="type|code"),
    Colonne("code", "Code dans le nom", cellule="code|code"),
    Colonne("obligation", "Obligation"),
    Colonne("exemple", "Exemple de nom", cellule="exemple|code", insecable=True),
)
ANOMALIES = (
    Colonne("code", "Code", titre=True),
    Colonne("titre", "Anomalie"),
    Colonne("severite", "Gravité", cellule="severite|pastille_de_gravite"),
    Colonne("explication", "Explication"),
    Colonne("remede", "Que faire"),
    Colonne("version", "Version", nombre=True),
    Colonne("depuis", "Juge les dépôts depuis", cellule='depuis|date:"d/m/Y"|default:"l\'ouverture"'),
)


@page_publique
def sommaire(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/documentation.html", {"affiche": COULOIRS.montrer(par_fichier())})


@page_publique
def couloir(requete: HttpRequest, couloir: Couloir) -> HttpResponse:
    """The format in force, or an older one by its rank: `?version=0`."""
    publiees = versions(couloir, maintenant())
    demandee = requete.GET.get("version")
    montree = next(
        (v for v in publiees if (v.en_vigueur if demandee is None else str(v.rang) == demandee)), None
    )
    if montree is None:
        raise Http404
    formats = [_format(couloir, type_demande, montree) for type_demande in TypeDemande]
    contexte = {
        "couloir": couloir,
        "places": couloir.format(TypeDemande.AVANCE).places,
        "formats": formats,
        "versions": publiees if len(publiees) > 1 else (),
        "montree": montree,
    }
    return render(requete, "public/documentation_couloir.html", contexte)


@page_publique
def anomalies(requete: HttpRequest) -> HttpResponse:
    codes = catalogue_en_vigueur()
    familles = [
        Tableau(
            f"famille-{chiffre}", titre, ANOMALIES, ancre=lambda anomalie: f"code-{anomalie.code}"
        ).montrer(code for code in codes if code.code.startswith(chiffre))
        for chiffre, titre in FAMILLES.items()
    ]
    return render(requete, "public/anomalies.html", {"familles": familles})


@page_publique
@sert(Genre.PUBLIE)
def modele(requete: HttpRequest, couloir: Couloir, type_demande: TypeDemande, nom: str) -> HttpResponseBase:
    """The blank model or the filled example, as a file to download."""
    if nom not in MODELES:
        raise Http404
    titre = f"{couloir.prefixe}-{type_demande.value.lower()}-{nom}"
    return _fichier(requete, MODELES[nom](couloir, type_demande), titre)


@page_publique
@sert(Genre.PUBLIE)
def modeles(requete: HttpRequest, couloir: Couloir) -> HttpResponseBase:
    """All the models of a couloir, in one archive."""
    return envoyer(requete, publie(f"{couloir.prefixe}-modeles.zip"), modeles_du_couloir(couloir))


@page_publique
@sert(Genre.PUBLIE)
def schema(requete: HttpRequest, couloir: Couloir, type_demande: TypeDemande) -> HttpResponseBase:
    nom = f"{couloir.prefixe}-{type_demande.value.lower()}-schema"
    return _fichier(requete, schema_json(couloir, type_demande), nom)


def _format(couloir: Couloir, type_demande: TypeDemande, version: VersionPubliee) -> dict[str, Any]:
    """The file of one type of request."""
    nom, de, article = (
        ("avance", "de l'avance", "d'")
        if type_demande is TypeDemande.AVANCE
        else ("solde", "du solde", "de ")
    )
    champs = Tableau(f"champs-{nom}", f"Champs du fichier {article}{nom}", CHAMPS)
    pieces = Tableau(f"pieces-{nom}", f"Pièces justificatives {de}", PIECES)
    instant = couloir.depot.formats(type_demande)[version.rang].depuis or DEPUIS_TOUJOURS
    return {
        "type": type_demande,
        "titre": f"Fichier {article}{nom}",
        "champs": champs.montrer(documentation(couloir, type_demande, instant)),
        "pieces": pieces.montrer(types_de_pieces(couloir, type_demande)),
        "exemple": ecrire_json(exemple(couloir, type_demande, instant=instant)),
    }


def _fichier(requete: HttpRequest, valeur: object, nom: str) -> HttpResponseBase:
    return envoyer(requete, publie(f"{nom}.json"), ecrire_json(valeur))


@formulaire_public("simulateur", 100, quoi="simulations")
@FICHIER.recoit
@sans_ecriture
@ferme_par(Interrupteur.Cle.SIMULATEUR)
def simulateur(requete: HttpRequest) -> HttpResponse:
    def page(form: FormulaireDemandes, statut: int, **rapport: Any) -> HttpResponse:
        return render(requete, "public/simulateur.html", {"form": form, **rapport}, status=statut)

    def simuler(form: FormulaireDemandes) -> HttpResponse:
        fichier = form.cleaned_data["fichier"]
        octets = fichier.read()
        contexte = replace(form.contexte, severites=en_vigueur(maintenant()))
        conversion, juge = lire(fichier.name, octets, contexte)
        sur = conversion is None and corrigeable(juge)
        correction = corriger(octets, contexte) if sur else None
        suite = {
            "nom": fichier.name,
            "rapport": presenter(juge),
            "correction": correction,
            "suites": suites_tenues(juge, correction, fichier.name),
        }
        return page(FormulaireDemandes(), 200, **suite)

    return FICHIER.servir(requete, FormulaireDemandes, simuler, page)
