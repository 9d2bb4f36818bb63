"""Step 2, « Pièces jointes »: one ZIP, its check, « Terminer » (JSN-034 to JSN-045)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import pieces as services
from segurnum.depots import reprises
from segurnum.depots.models import Depot
from segurnum.depots.queries import demandes_du_depot
from segurnum.pannes import FichierNonRecu
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, entreprise_de, reserve_a
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.fournisseur import presentation
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.formulaires import ARCHIVE, FormulaireArchive
from segurnum.web.fournisseur.importation import depot_de
from segurnum.web.kits.geste import faire
from segurnum.web.kits.tableau import PAR_PAGE
from segurnum.web.kits.televersement import Televersement

FICHIER = Televersement(
    "archive",
    ARCHIVE,
    "il n'a pas été reçu. Réduisez les pièces, par exemple en les numérisant en 200 points par pouce",
    quoi="Le fichier ZIP",
    garde=False,
)
ERREURS = "erreurs"


@reserve_a(Profil.FOURNISSEUR)
@FICHIER.recoit
@deposants
@limite("archives", ENTREPRISE, 60, HEURE, quoi="fichiers ZIP")
@require_http_methods(["GET", "HEAD", "POST"])
def pieces(requete: Requete, depot: int) -> HttpResponse:
    ligne = depot_de(requete, depot)

    def importer(form: FormulaireArchive) -> HttpResponse:
        fichier = form.cleaned_data["archive"]
        try:
            archive = services.recevoir(
                depot=ligne,
                auteur=auteur(requete.user),
                nom_fichier=fichier.name,
                flux=fichier.file,
                recu_le=recu_le(requete),
            )
        except FichierNonRecu:
            raise
        except services.ArchiveDejaRecue as refus:
            messages.warning(requete, str(refus))
            archive = refus.archive
        except GesteImpossible as refus:
            messages.error(requete, str(refus))
            return redirect("fournisseur:pieces", ligne.pk)
        return redirect(f"{reverse('fournisseur:pieces', args=[ligne.pk])}?archive={archive.pk}")

    def page(form: FormulaireArchive, statut: int) -> HttpResponse:
        return _page(requete, ligne, form, statut)

    return FICHIER.servir(requete, FormulaireArchive, importer, page)


def _page(requete: Requete, depot: Depot, form: FormulaireArchive, statut: int) -> HttpResponse:
    demandes = list(demandes_du_depot(depot))
    a_completer = [demande for demande in demandes if demande.statut is StatutDemande.NON_COMPLETEE]
    contexte: dict[str, Any] = {
        "etape": "pieces",
        "entreprise": entreprise_de(requete),
        "depot": depot,
        "form": form,
        "regles": presentation.REGLES_PIECES,
        "demandes": Paginator(demandes, PAR_PAGE).get_page(requete.GET.get("page")),
        "a_completer": len(a_completer),
        "avant_le": a_completer[0].expire_le if a_completer else None,
        "peut_deposer": peut_deposer(requete.user),
    } | _archive(requete, depot)
    return render(requete, "fournisseur/pieces.html", contexte, status=statut)


def _archive(requete: Requete, depot: Depot) -> dict[str, Any]:
    """The ZIP that the address names, else the last one, with the page of its table."""
    archives = depot.archives.select_related("fichier").order_by("-pk")
    choisie = entier(requete.GET.get("archive"))
    archive = archives.first() if choisie is None else get_object_or_404(archives, pk=choisie)
    if archive is None:
        return {"suivi": None, "page": Paginator([], PAR_PAGE).get_page(1)}
    suivi = presentation.suivi_archive(archive)
    erreurs_seules = requete.GET.get("filtre") == ERREURS
    lignes = [ligne for ligne in suivi.lignes if not (erreurs_seules and ligne.ok)]
    return {
        "suivi": suivi,
        "page": Paginator(lignes, PAR_PAGE).get_page(requete.GET.get("page")),
        "erreurs_seules": erreurs_seules,
    }


@reserve_a(Profil.FOURNISSEUR)
@require_safe
def archive_etat(requete: Requete, depot: int) -> HttpResponse:
    """How far the check is, asked again and again by the page; it is read whole once the check is over."""
    ligne = depot_de(requete, depot)
    contexte = {"depot": ligne} | _archive(requete, ligne)
    reponse = render(requete, "fournisseur/fragments/controle.html", contexte)
    suivi = contexte["suivi"]
    if not (isinstance(suivi, presentation.SuiviArchive) and suivi.en_controle):
        reponse["HX-Refresh"] = "true"
    return reponse


@reserve_a(Profil.FOURNISSEUR)
@deposants
@require_POST
def terminer(requete: Requete, depot: int) -> HttpResponse:
    ligne = depot_de(requete, depot)
    agir = partial(services.terminer, depot=ligne.pk, auteur=auteur(requete.user))
    return faire(requete, agir, reverse("fournisseur:pieces", args=[ligne.pk]))


@reserve_a(Profil.FOURNISSEUR)
@deposants
@require_POST
def recontroler(requete: Requete, depot: int, archive: int) -> HttpResponse:
    """« Recontrôler »: a ZIP that was set aside."""
    ligne = get_object_or_404(depot_de(requete, depot).archives, pk=archive)
    try:
        if reprises.recontroler(archive=ligne.pk, auteur=auteur(requete.user)):
            messages.success(requete, f"Le contrôle du fichier « {ligne.nom_fichier} » recommence.")
        else:
            messages.info(requete, f"Le fichier « {ligne.nom_fichier} » n'attend pas de nouveau contrôle.")
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    return redirect(f"{reverse('fournisseur:pieces', args=[depot])}?archive={ligne.pk}")
