"""« Mise en route », « Sécurité », « Interrupteurs »: what lacks, whether it is safe, what is closed for a time."""

from collections.abc import Callable, Mapping
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from segurnum.comptes.auteurs import auteur
from segurnum.installation import securite as jugement
from segurnum.installation import services
from segurnum.installation.mise_en_route import points
from segurnum.kits.geste import Saisie, choisir, faire, traiter
from segurnum.limites.interrupteurs import EFFETS, MOTIF_MAX, basculer
from segurnum.limites.models import Interrupteur
from segurnum.limites.queries import interrupteurs as tous
from segurnum.seuil.acces import Requete, administration, bouton_de, formulaire_de, page_de
from segurnum.seuil.limites import sans_ecriture


@page_de(administration)
def mise_en_route(requete: Requete) -> HttpResponse:
    tous = points()
    contexte = {"points": tous, "restants": sum(not point.est_fait for point in tous)}
    return render(requete, "gestion/installation/mise_en_route.html", contexte)


@page_de(administration)
def securite(requete: Requete) -> HttpResponse:
    lignes = jugement.juger()
    contexte = {"lignes": lignes, "vert": jugement.vert(lignes)}
    return render(requete, "gestion/installation/securite.html", contexte)


def _courriel(requete: Requete) -> str:
    services.essayer_le_courriel(destinataire=requete.user.email)
    return (
        f"Un courriel d'essai est remis au serveur d'envoi pour {requete.user.email} : vérifiez qu'il arrive."
    )


def _antivirus(_requete: Requete) -> str:
    services.essayer_l_antivirus()
    return "L'antivirus répond, et reconnaît le fichier d'essai."


ESSAIS: Mapping[str, Callable[[Requete], str]] = {"courriel": _courriel, "antivirus": _antivirus}


@bouton_de(administration)
def essayer(requete: Requete, essai: str) -> HttpResponse:
    return faire(requete, partial(choisir(ESSAIS, essai), requete), "gestion:mise_en_route")


PAGE = "gestion:interrupteurs"


class FormulaireMotif(forms.Form):
    """Why something is closed: everybody reads it on the banner."""

    motif = forms.CharField(
        label="Motif, lu par tous sur le bandeau",
        required=False,  # the service says so in its own words
        max_length=MOTIF_MAX,
        help_text="Une phrase complète, par exemple : « Maintenance en cours jusqu'à 14 h. »",
        error_messages={"max_length": f"Ce motif est trop long : {MOTIF_MAX} caractères au plus."},
    )


@formulaire_de(administration)
@sans_ecriture
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
    def form(ligne: Interrupteur) -> FormulaireMotif:
        if envoye is not None and envoye.prefix == ligne.cle:
            return envoye
        return FormulaireMotif(prefix=ligne.cle, initial={"motif": ligne.motif})

    lignes = [(ligne, EFFETS[Interrupteur.Cle(ligne.cle)], form(ligne)) for ligne in tous()]
    contexte = {"lignes": lignes, "form": envoye}
    return render(requete, "gestion/interrupteurs.html", contexte, status=statut)
