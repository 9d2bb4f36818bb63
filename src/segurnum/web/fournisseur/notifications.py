"""« Notifications »: what happened to the company's requests, what is new, and how one wants to be told."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.kits.geste import Saisie, envoi, faire, traiter
from segurnum.kits.tableau import page_de
from segurnum.notifications import services
from segurnum.notifications.models import Notification
from segurnum.notifications.queries import lecture_de, notifications_de, preferences_de
from segurnum.regles.notifications import Famille, Mode, Page
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.entrees import entier
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise, saisie

PAR_PAGE = 20
PAGES = {
    Page.COMPTES: "fournisseur:comptes_bancaires",
    Page.PERSONNES: "fournisseur:personnes_physiques",
    Page.MODELES: "fournisseur:modeles",
    Page.INCOMPLETES: "fournisseur:incompletes",
    Page.EXPORTS: "fournisseur:exports_prepares",
}


class FormulairePreferences(forms.Form):
    """One choice for each family of events."""

    def __init__(self, choisis: dict[Famille, Mode], data: Any = None) -> None:
        super().__init__(data)
        for famille, mode in choisis.items():
            self.fields[famille.value] = forms.ChoiceField(
                label=famille.libelle,
                choices=[(un.value, un.libelle) for un in Mode],
                initial=mode.value,
            )


@dataclass(frozen=True)
class Montree:
    """One line: where what it tells of is read, and whether this person has not seen it yet."""

    notification: Notification
    adresse: str
    nouvelle: bool


def _adresse(ligne: Notification) -> str:
    if ligne.famille is Famille.ENROLEMENT:
        return reverse("fournisseur:enrolement", args=[ligne.numero])
    if ligne.page:
        return reverse(PAGES[ligne.page])
    page = "messages" if ligne.famille is Famille.MESSAGE else "suivi"
    return reverse(f"fournisseur:{page}", args=[ligne.numero]) if ligne.numero else ""


@consultation()
def notifications(requete: Requete) -> HttpResponse:
    return _page(requete, FormulairePreferences(preferences_de(requete.user)), 200)


@saisie()
def regler(requete: Requete) -> HttpResponse:
    form = FormulairePreferences(preferences_de(requete.user), envoi(requete))

    def garder(saisi: Saisie) -> str:
        modes = {Famille(famille): Mode(mode) for famille, mode in saisi.items()}
        services.regler(personne=requete.user, modes=modes)
        return "Vos préférences sont enregistrées."

    return traiter(requete, form, garder, reverse("fournisseur:notifications"), partial(_page, requete, form))


@geste(pour_cette_entreprise)
def marquer(requete: Requete) -> HttpResponse:
    """What the page showed is read, not what came since."""
    jusqu_a = entier(requete.POST.get("jusqu_a")) or 0
    agir = partial(
        services.marquer_lues, personne=requete.user, entreprise=entreprise_de(requete), jusqu_a=jusqu_a
    )
    return faire(requete, agir, reverse("fournisseur:notifications"), fait="Tout est marqué comme lu.")


def _page(requete: Requete, form: FormulairePreferences, statut: int) -> HttpResponse:
    page = page_de(requete, notifications_de(requete.user), PAR_PAGE)
    lecture = lecture_de(requete.user)
    montrees = [Montree(ligne, _adresse(ligne), not lecture.a_lu(ligne.pk)) for ligne in page.object_list]
    contexte = {
        "page": page,
        "montrees": montrees,
        "form": form,
        "derniere": max((ligne.pk for ligne in page.object_list), default=0),
        "nouvelles": any(montree.nouvelle for montree in montrees),
    }
    return render(requete, "fournisseur/notifications.html", contexte, status=statut)
