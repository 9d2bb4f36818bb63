"""« Mise en route » and « Sécurité »: what the installation lacks, and whether it is safe."""

from collections.abc import Callable, Mapping
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render

from segurnum.installation import securite as jugement
from segurnum.installation import services
from segurnum.installation.mise_en_route import points
from segurnum.seuil.acces import Requete, administration, bouton_de, page_de
from segurnum.web.kits.geste import choisir, faire


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
