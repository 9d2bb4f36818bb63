"""What the administration closes for a time."""

from dataclasses import dataclass
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.limites.interrupteurs import MOTIF_MAX, basculer
from segurnum.limites.models import Interrupteur
from segurnum.limites.queries import interrupteurs as tous
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import sans_ecriture
from segurnum.web.kits.geste import Saisie, traiter

PAGE = "gestion:interrupteurs"
EFFETS = {
    Interrupteur.Cle.FICHIERS: (
        "Aucun nouveau fichier n'est gardé, d'où qu'il vienne : pièce, RIB, JSON, ZIP. Tout le reste fonctionne, et "
        "chaque page qui reçoit un fichier porte le motif."
    ),
    Interrupteur.Cle.SIMULATEUR: (
        "Le simulateur public ne contrôle plus de fichier. Les entreprises connectées simulent et importent toujours."
    ),
    Interrupteur.Cle.LECTURE_SEULE: (
        "Toutes les pages se lisent, et aucun envoi n'est reçu, sauf la connexion, la déconnexion et cette page. Les "
        "contrôles et les courriels déjà commencés se terminent."
    ),
}


class FormulaireMotif(forms.Form):
    """Why something is closed: everybody reads it on the banner."""

    motif = forms.CharField(
        label="Motif, lu par tous sur le bandeau",
        required=False,  # the service says so in its own words
        max_length=MOTIF_MAX,
        help_text="Une phrase complète, par exemple : « Maintenance en cours jusqu'à 14 h. »",
        error_messages={"max_length": f"Ce motif est trop long : {MOTIF_MAX} caractères au plus."},
    )


@dataclass(frozen=True)
class Ligne:
    """A switch as the page shows it, with its form."""

    interrupteur: Interrupteur
    effet: str
    form: FormulaireMotif


@reserve_a(Profil.ADMINISTRATION)
@sans_ecriture
@require_http_methods(["GET", "HEAD", "POST"])
def interrupteurs(requete: Requete) -> HttpResponse:
    if requete.method != "POST":
        return _page(requete)
    cle = requete.POST.get("interrupteur", "")
    if cle not in Interrupteur.Cle:
        return _page(requete, statut=422)
    form = FormulaireMotif(requete.POST, prefix=cle)
    basculer_la_cle = partial(_basculer, requete, Interrupteur.Cle(cle))
    return traiter(requete, form, basculer_la_cle, PAGE, lambda statut: _page(requete, form, statut))


def _basculer(requete: Requete, cle: Interrupteur.Cle, saisie: Saisie) -> str:
    fermer = requete.POST.get("geste") == "fermer"
    basculer(cle=cle, fermer=fermer, motif=saisie["motif"], auteur=auteur(requete.user))
    return f"« {cle.label} » est {'actif' if fermer else 'levé'}."


def _page(requete: Requete, envoye: FormulaireMotif | None = None, statut: int = 200) -> HttpResponse:
    lignes = [
        Ligne(
            ligne,
            EFFETS[Interrupteur.Cle(ligne.cle)],
            envoye
            if envoye is not None and envoye.prefix == ligne.cle
            else FormulaireMotif(prefix=ligne.cle, initial={"motif": ligne.motif}),
        )
        for ligne in tous()
    ]
    contexte = {"lignes": lignes, "form": envoye}
    return render(requete, "gestion/interrupteurs.html", contexte, status=statut)
