"""What a supplier takes away: its requests and their beneficiaries for a spreadsheet, the pieces of its dossiers.

EXP-001 to EXP-007.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise, Profil
from segurnum.controles.problemes import nombre_fr
from segurnum.demandes.queries import de_l_entreprise, dsr_de, nombre_de_beneficiaires
from segurnum.exports import queries, services
from segurnum.exports.listes import DEMANDES, ORDRE, liste_de
from segurnum.exports.models import Contenu, Export, Forme
from segurnum.exports.pieces import DEMANDES_MAX, zip_des_pieces
from segurnum.exports.services import IMMEDIATES, composer
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.champs import liste, proposer
from segurnum.kits.geste import faire, tenter
from segurnum.kits.selection import cochees
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import donner, envoyer, offrir, sert
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise
from segurnum.web.fournisseur.recherches import demandes_de, recherche_de, trouvees


class FormulaireExport(forms.Form):
    """« Exporter vos bénéficiaires »: one couloir at a time, among those of the company's requests (EXP-004)."""

    couloir = liste(
        "Couloir",
        "Sélectionnez d'abord un couloir : l'identifiant des bénéficiaires en dépend.",
        "Veuillez sélectionner un couloir",
        autre="Vous n'avez aucune demande dans ce couloir : choisissez-en un de la liste.",
    )

    def __init__(self, dsr: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes = map(couloirs.par_dsr, dsr)
        proposer(self, "couloir", ((un.dsr, un.libelle_vague) for un in proposes))


@consultation(profil=Profil.FOURNISSEUR)
def exporter_demandes(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Exporter vos demandes de financement",
        "aucun": "aucune demande de financement",
        "quoi": "Toutes vos demandes de financement, tous couloirs confondus : une ligne par demande, la plus récente "
        "d'abord. Pour une partie d'entre elles, exportez la liste que vous avez filtrée sous « Gérer mes demandes de "
        "financement ».",
        "adresse": reverse("fournisseur:demandes_csv"),
        "quelque_chose": de_l_entreprise(entreprise_de(requete)).exists(),
        "colonnes": DEMANDES.colonnes,
    }
    return render(requete, "fournisseur/exports.html", contexte)


@consultation(profil=Profil.FOURNISSEUR)
def exporter_beneficiaires(requete: Requete) -> HttpResponse:
    """« Vous devez d'abord sélectionner un couloir »: what was chosen wrong comes back here."""
    dsr = dsr_de(entreprise_de(requete))
    contexte = {
        "titre": "Exporter vos bénéficiaires",
        "aucun": "aucun bénéficiaire",
        "quoi": "Les bénéficiaires (clients) déclarés dans vos demandes d'un couloir : une ligne par bénéficiaire de "
        "chaque demande. Le type d'identification du bénéficiaire dépend du couloir : sélectionnez-le d'abord.",
        "adresse": reverse("fournisseur:beneficiaires_csv"),
        "quelque_chose": bool(dsr),
        "form": FormulaireExport(dsr, requete.GET if "couloir" in requete.GET else None),
    }
    return render(requete, "fournisseur/exports.html", contexte)


def _export(vue: Any) -> Any:
    """A view that gives an export, made for the company of its page."""
    bornee = limite("exports", PERSONNE, 60, HEURE, quoi="exports")(sert(Genre.EXPORT)(vue))
    return geste(pour_cette_entreprise, profil=Profil.FOURNISSEUR)(bornee)


@_export
def demandes_csv(requete: Requete) -> HttpResponseBase:
    """The requests that the criteria and the filters of the address find, in its order; all of them without any."""
    entreprise = entreprise_de(requete)
    tableau, form = demandes_de(entreprise), recherche_de(requete)
    ordre = (*tableau.tri(requete.GET), *ORDRE)
    lignes = tableau.filtrer(trouvees(entreprise, form), requete.GET).order_by(*ordre)
    cles = list(lignes.values_list("pk", flat=True))
    if not cles:
        return redirect("fournisseur:exporter_demandes")
    return _donner(requete, Contenu.DEMANDES, "demandes", cles, len(cles), ordre=ordre)


@_export
def beneficiaires_csv(requete: Requete) -> HttpResponseBase:
    entreprise = entreprise_de(requete)
    choix = {"couloir": requete.POST.get("couloir", "")}
    form = FormulaireExport(dsr_de(entreprise), choix)
    if not form.is_valid():
        return redirect(f"{reverse('fournisseur:exporter_beneficiaires')}?{urlencode(choix)}")
    couloir = couloirs.par_dsr(form.cleaned_data["couloir"])
    siennes = de_l_entreprise(entreprise).filter(dsr=couloir.dsr).order_by(*ORDRE)
    cles = list(siennes.values_list("pk", flat=True))
    rangees = nombre_de_beneficiaires(siennes, IMMEDIATES + 1)
    nom = f"beneficiaires-{couloir.prefixe}"
    return _donner(requete, Contenu.BENEFICIAIRES, nom, cles, rangees, dsr=couloir.dsr)


def _donner(
    requete: Requete,
    contenu: Contenu,
    nom: str,
    cles: Sequence[int],
    rangees: int,
    *,
    ordre: Sequence[str] = ORDRE,
    dsr: str = "",
) -> HttpResponseBase:
    """The file at once; beyond ten thousand rows the page where it will be, once it is prepared."""
    entreprise = entreprise_de(requete)
    forme = Forme.XLSX if requete.POST.get("forme") == Forme.XLSX else Forme.CSV
    fichier = f"{nom}-{jour_de_paris(maintenant()).isoformat()}.{forme.lower()}"
    if rangees > IMMEDIATES:
        return _preparer(requete, contenu, forme, fichier, cles, ordre, dsr)
    export = Document(
        genre=Genre.EXPORT,
        objet=f"export:{nom}:{entreprise.siret}",
        sujet=entreprise.siret,
        nom=fichier,
        entreprise=entreprise.pk,
    )
    return envoyer(requete, export, composer(liste_de(contenu, dsr), entreprise, cles, ordre, forme))


def _preparer(
    requete: Requete,
    contenu: Contenu,
    forme: Forme,
    nom: str,
    cles: Sequence[int],
    ordre: Sequence[str],
    dsr: str,
) -> HttpResponse:
    def agir() -> str:
        services.demander(
            auteur=auteur(requete.user),
            entreprise=entreprise_de(requete),
            contenu=contenu,
            forme=forme,
            nom=nom,
            cles=cles,
            ordre=ordre,
            dsr=dsr,
        )
        return (
            f"Votre export a plus de {nombre_fr(IMMEDIATES)} lignes : il se prépare, et sera offert ici pendant 24 "
            "heures. Vous pouvez quitter cette page."
        )

    return faire(requete, agir, reverse("fournisseur:exports_prepares"))


def _siens(requete: Requete) -> QuerySet[Export]:
    return queries.de_l_entreprise(entreprise_de(requete), maintenant())


@consultation(profil=Profil.FOURNISSEUR)
def exports_prepares(requete: Requete) -> HttpResponse:
    """« Exports préparés »: how far each is, and the file once it is ready. The page asks again by itself."""
    lignes = [_montre(requete, export) for export in _siens(requete)]
    contexte = {"prepares": lignes, "attend": any(ligne["export"].en_preparation for ligne in lignes)}
    return render(requete, "fournisseur/exports_prepares.html", contexte)


def _montre(requete: Requete, export: Export) -> dict[str, Any]:
    adresse = reverse("fournisseur:export_prepare", args=[export.pk])
    return {
        "export": export,
        "offre": offrir(requete, queries.document(export), adresse),
        "annulable": export.en_preparation and export.personne_id == requete.user.pk,
    }


def _sur_un_export(service: Callable[..., None], fait: str) -> Callable[..., HttpResponse]:
    """A button on one of the exports that the page lists."""

    def vue(requete: Requete, export: int) -> HttpResponse:
        ligne = _trouver(requete, export)
        agir = partial(service, auteur=auteur(requete.user), entreprise=ligne.entreprise, export=ligne.pk)
        return faire(requete, agir, reverse("fournisseur:exports_prepares"), fait=fait)

    return vue


def _trouver(requete: Requete, cle: int) -> Export:
    return get_object_or_404(_siens(requete), pk=cle)


redemander_export = geste(pour_cette_entreprise, profil=Profil.FOURNISSEUR)(
    limite("exports", PERSONNE, 60, HEURE, quoi="exports")(
        _sur_un_export(services.redemander, "Votre export se prépare de nouveau.")
    )
)
annuler_export = geste(pour_cette_entreprise, profil=Profil.FOURNISSEUR)(
    _sur_un_export(services.annuler, "L'export est annulé.")
)
export_prepare = geste(profil=Profil.FOURNISSEUR)(
    limite("exports", PERSONNE, 60, HEURE, quoi="exports")(donner(queries.document, _trouver, Genre.EXPORT))
)


@_export
def pieces_zip(requete: Requete) -> HttpResponseBase:
    """« Télécharger les pièces »: of the requests that are ticked, of the whole result where none is."""
    entreprise = entreprise_de(requete)
    document = Document(
        genre=Genre.EXPORT,
        objet=f"export:pieces:{entreprise.siret}",
        sujet=entreprise.siret,
        nom=f"pieces-{jour_de_paris(maintenant()).isoformat()}.zip",
        entreprise=entreprise.pk,
    )
    octets, refus = tenter(lambda: zip_des_pieces(entreprise, _a_emporter(requete, entreprise)))
    if octets is None:
        messages.error(requete, str(refus))
        return redirect(f"{reverse('fournisseur:demandes')}?{requete.GET.urlencode()}")
    return envoyer(requete, document, octets)


def _a_emporter(requete: Requete, entreprise: Entreprise) -> list[int]:
    """What is ticked, the whole result where nothing is. Raises GesteImpossible where the list has changed."""
    tableau, lignes = demandes_de(entreprise), trouvees(entreprise, recherche_de(requete))
    if tableau.choix is not None and tableau.choix.nom in requete.POST:
        return cochees(tableau, lignes, requete)
    trouve = tableau.filtrer(lignes, requete.GET).order_by(*ORDRE)
    return list(trouve.values_list("pk", flat=True)[: DEMANDES_MAX + 1])
