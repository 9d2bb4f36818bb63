"""The checks of ZIPs that are late or were given up, so that a person looks at them and begins them again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.demandes.queries import menaces_trop_tard
from segurnum.depots.queries import archive_par_cle, controles_a_suivre
from segurnum.depots.reprises import recontroler as recontroler_archive
from segurnum.regles.calendrier import maintenant
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.listes import PAR_PAGE

PAGE = "gestion:controles"


@reserve_a(*PROFILS_INSTRUCTEURS)
@require_safe
def liste(requete: Requete) -> HttpResponse:
    instant = maintenant()
    page = Paginator(controles_a_suivre(instant), PAR_PAGE).get_page(requete.GET.get("page"))
    lignes = [(archive, archive.en_retard_depuis(instant)) for archive in page]
    contexte = {"page": page, "lignes": lignes, "menaces": menaces_trop_tard()[:PAR_PAGE]}
    return render(requete, "gestion/controles.html", contexte)


@reserve_a(*PROFILS_INSTRUCTEURS)
@require_POST
def recontroler(requete: Requete, archive: int) -> HttpResponse:
    """« Recontrôler »."""
    ligne = archive_par_cle(archive)
    if ligne is None:
        raise Http404
    if recontroler_archive(archive=ligne.pk, acteur=requete.user.pk, role=requete.user.profil):
        messages.success(requete, f"Le contrôle de l'import {ligne.depot_id} recommence.")
    else:
        messages.info(
            requete,
            f"Le contrôle de l'import {ligne.depot_id} est fini, ou déjà dans la file : il commencera dès qu'un "
            "ouvrier le prendra. S'il n'avance pas, aucun ouvrier ne travaille : prévenez l'exploitation.",
        )
    return redirect(PAGE)
