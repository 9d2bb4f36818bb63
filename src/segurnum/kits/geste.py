"""A gesture, whoever makes it: its form, its button, how it is made, how it comes back refused.

`faire` makes that of a button. `traiter` makes that of a form, and `PageFormulaire` is the page of one. `Geste` is one
of those that stand together on what officers instruct.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template

from segurnum.base.contraintes import refus_de
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import DroitRefuse
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.erreurs import RefusMetier

Saisie = dict[str, Any]
CADRE = "commun/base.html"  # the frame of the pages, unless their face has its own
L = TypeVar("L")
R = TypeVar("R")


def tenter(agir: Callable[..., R], *arguments: Any) -> tuple[R | None, RefusMetier | None]:
    """What a service answers, or why it will not: its own refusal, or that of a constraint of the tables.

    Raises DroitRefuse: a gesture that is not this person's to make has no page to come back to (403).
    """
    try:
        return agir(*arguments), None
    except DroitRefuse:
        raise
    except RefusMetier as refus:
        return None, refus
    except IntegrityError as erreur:
        return None, refus_de(erreur)


def faire(
    requete: HttpRequest, agir: Callable[[], object], suite: str, *, fait: str = "", refuse: str = ""
) -> HttpResponse:
    """A button: make the gesture, say so or say why not, and go to `suite` – to `refuse` when it is not made.

    `fait`: what is said once it is made; without it, the sentence that `agir` answers, if it answers one.
    An answer of its own – a page, another address – goes before `suite`.
    """
    reponse, refus = tenter(agir)
    if refus is not None:
        messages.error(requete, str(refus))
        return redirect(refuse or suite)
    if isinstance(reponse, HttpResponse):
        return reponse
    dire(requete, fait or reponse)
    return redirect(suite)


def dire(requete: HttpRequest, phrase: object) -> None:
    if isinstance(phrase, str) and phrase:
        messages.success(requete, phrase)


def montrer_le_refus(form: forms.BaseForm, refus: RefusMetier, champ: str | None = None) -> None:
    """Beside the field at fault – `champ` for a service that names none –, above the form otherwise."""
    vise = refus.champ or champ
    form.add_error(vise if vise in form.fields else None, str(refus))


def traiter(
    requete: HttpRequest,
    form: forms.BaseForm,
    agir: Callable[[Saisie], object],
    suite: str,
    page: Callable[[int], HttpResponse],
    *,
    fait: str = "",
    champ: str | None = None,
    refuse: int = 422,
) -> HttpResponse:
    """A form: its page, the gesture once what was sent is right, or the page again with what was typed and why (422).

    `agir` is given what was typed. It answers the sentence that is said, where `fait` does not, or a page to show
    instead of going to `suite`. `champ`: where a refusal is told when the service names no field. `refuse`: the status
    of the service's refusal.
    """
    if not form.is_bound:
        return page(200)
    if not form.is_valid():
        return page(422)
    reponse, refus = tenter(agir, form.cleaned_data)
    if refus is not None:
        montrer_le_refus(form, refus, champ)
        return page(refuse)
    if isinstance(reponse, HttpResponse):
        return reponse
    dire(requete, fait or reponse)
    return redirect(suite)


def envoi(requete: HttpRequest) -> Any:
    """What a form is made with: what was sent, or nothing when its page is only opened."""
    return requete.POST if requete.method == "POST" else None


@dataclass(frozen=True)
class PageFormulaire:
    """A page that is one form, on every face. `retour`: the address of the page above, called `parent` on its path.

    `marque`: what it shows, for the service to tell whether it still is so (`vue`). `gardes`: what else travels with
    the form. `chemin`: False for whoever is not signed in yet. `gabarit`: what extends `kits/page_formulaire.html`,
    where the page has more to say; it is given `contexte`.
    """

    titre: str
    bouton: str
    retour: str = ""
    resume: str = ""
    parent: str = ""
    marque: str = ""
    gardes: tuple[tuple[str, str], ...] = ()
    chemin: bool = True
    gabarit: str = "kits/page_formulaire.html"
    contexte: Mapping[str, Any] = field(default_factory=dict)

    def montrer(self, requete: HttpRequest, form: forms.BaseForm, statut: int = 200) -> HttpResponse:
        face = requete.resolver_match.namespace if requete.resolver_match else ""
        cadre = select_template([f"{face}/base.html", CADRE])
        contexte = {
            "cadre": cadre,
            "large": cadre.template.name != CADRE,
            "saisie": self,
            # Whoever corrects a form at fault has read nothing new since: the mark is the one that was posted.
            "vue": requete.POST.get("vue", "") if requete.method == "POST" else self.marque,
            "form": form,
            **self.contexte,
        }
        return render(requete, self.gabarit, contexte, status=statut)

    def traiter(
        self,
        requete: HttpRequest,
        form: forms.BaseForm,
        agir: Callable[[Saisie], object],
        suite: str = "",
        **options: Any,
    ) -> HttpResponse:
        """As the function of this name, to the page above unless another is said."""
        return traiter(
            requete, form, agir, suite or self.retour, partial(self.montrer, requete, form), **options
        )


def identifiants(code: str) -> str:
    """Several forms stand on a page: the code of the gesture makes their fields' ids different."""
    return f"{code}-%s"


@dataclass(frozen=True)
class Geste(Generic[L]):
    """`passages`: the steps of the life cycle that it makes, none for one that leaves the status as it is.

    `agir` is given what the gesture is made on, who makes it and what was typed. `fait`: what the message says once
    it is done. `grave`: drawn apart from the others.
    """

    code: str
    libelle: str
    passages: frozenset[EnumLibelle]
    formulaire: type[forms.Form]
    agir: Callable[[L, Auteur, Saisie], object]
    fait: str
    grave: bool = False

    def vierge(self) -> forms.Form:
        return self.formulaire(auto_id=identifiants(self.code))


def geste(
    code: str,
    passage: EnumLibelle,
    formulaire: type[forms.Form],
    agir: Callable[[L, Auteur, Saisie], object],
    fait: str,
    *,
    grave: bool = False,
) -> Geste[L]:
    """A gesture that makes one step, and bears its name."""
    return Geste(code, passage.libelle, frozenset({passage}), formulaire, agir, fait, grave)


def par_code(*gestes: Geste[L]) -> dict[str, Geste[L]]:
    return {geste.code: geste for geste in gestes}


def sur(nom: str, service: Callable[..., object]) -> Callable[[Any, Auteur, Saisie], object]:
    """A service that is told what it is made on by its key, under this name, who makes it, and what was typed."""
    return lambda ligne, auteur, saisie: service(**{nom: ligne.pk}, auteur=auteur, **saisie)


def admis(gestes: Mapping[str, Geste[L]], passages: Iterable[EnumLibelle]) -> list[Geste[L]]:
    """Those that make one of these steps, in the order of the screen."""
    permises = frozenset(passages)
    return [possible for possible in gestes.values() if possible.passages & permises]


@dataclass(frozen=True)
class Refus:
    """A gesture that was not made: why, and what had been typed, so that nothing is lost.

    `vue`: what the page showed, kept when only the form is at fault: whoever corrects it has read nothing new.
    """

    raison: str = ""
    geste: str = ""
    formulaire: forms.Form | None = None
    texte: str = ""
    vue: str = ""


AUCUN_REFUS = Refus()


@dataclass(frozen=True)
class GestePropose(Generic[L]):
    """A gesture that may be made: its form, where it is sent, `ouvert` when it comes back refused."""

    geste: Geste[L]
    formulaire: forms.Form | None
    ouvert: bool
    adresse: str


def proposer(
    gestes: Iterable[Geste[L]],
    refus: Refus,
    adresse: Callable[[str], str],
    vierge: Callable[[Geste[L]], forms.Form] = Geste.vierge,
) -> dict[str, GestePropose[L]]:
    """What may be done now, by code, which `adresse` leads from. A refused form comes back as it was typed."""
    proposes = {}
    for propose in gestes:
        refuse = refus.geste == propose.code and refus.formulaire is not None
        formulaire = refus.formulaire if refuse else vierge(propose)
        proposes[propose.code] = GestePropose(propose, formulaire, refuse, adresse(propose.code))
    return proposes


def des_gestes(proposes: Mapping[str, GestePropose[L]], refus: Refus) -> dict[str, Any]:
    """What the instruction frame shows: the gestures, the refusal, and the text of one that is possible no longer."""
    return {
        "gestes": list(proposes.values()),
        "refus": refus,
        "texte_garde": refus.texte if refus.geste not in proposes else "",
    }


def choisir(gestes: Mapping[str, L], code: str) -> L:
    if code not in gestes:
        raise Http404("Ce geste n'existe pas.")
    return gestes[code]


def essayer(
    requete: HttpRequest,
    choisi: Geste[L],
    agir: Callable[[Saisie, str], object],
    page: Callable[[Refus, int], HttpResponse],
    suite: str,
    fait: str,
    *,
    auto_id: str = "",
) -> HttpResponse:
    """Make the gesture with what was sent, say so and go to `suite`; or the page again, with what was typed.

    `agir` is given what was typed and what the page showed (`vue`); it raises RefusMetier.
    """
    formulaire = choisi.formulaire(requete.POST, auto_id=auto_id or identifiants(choisi.code))
    texte, vue = requete.POST.get("motif", ""), requete.POST.get("vue", "")
    au_formulaire = Refus(geste=choisi.code, formulaire=formulaire, texte=texte, vue=vue)
    if not formulaire.is_valid():
        return page(au_formulaire, 422)
    _, refus = tenter(agir, formulaire.cleaned_data, vue)
    if refus is None:
        dire(requete, fait)
        return redirect(suite)
    if refus.champ is None:
        return page(Refus(str(refus), choisi.code, formulaire, texte), 409)
    montrer_le_refus(formulaire, refus)
    return page(au_formulaire, 422)
