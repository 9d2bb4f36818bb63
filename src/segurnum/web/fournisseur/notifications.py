"""« Notifications »: what happened to the company's requests, what is new, and how one wants to be told."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.kits.geste import Saisie, envoi, faire, traiter
from segurnum.kits.tableau import page_de
from segurnum.notifications import services
from segurnum.notifications.queries import lecture_de, notifications_de, preferences_de
from segurnum.regles.notifications import Famille, Mode
from segurnum.seuil.acces import Requete
from segurnum.seuil.entrees import entier
from segurnum.web.fournisseur.acces import consultation, geste, saisie

PAR_PAGE = 20


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


@geste()
def marquer(requete: Requete) -> HttpResponse:
    """What the page showed is read, not what came since."""
    jusqu_a = entier(requete.POST.get("jusqu_a")) or 0
    agir = partial(services.marquer_lues, personne=requete.user, jusqu_a=jusqu_a)
    return faire(requete, agir, reverse("fournisseur:notifications"), fait="Tout est marqué comme lu.")


def _page(requete: Requete, form: FormulairePreferences, statut: int) -> HttpResponse:
    page = page_de(requete, notifications_de(requete.user), PAR_PAGE)
    lue = lecture_de(requete.user).lue
    derniere = max((ligne.pk for ligne in page.object_list), default=0)
    contexte = {"page": page, "form": form, "lue": lue, "derniere": derniere, "nouvelles": derniere > lue}
    return render(requete, "fournisseur/notifications.html", contexte, status=statut)
