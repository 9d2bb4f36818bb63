"""A gesture of an officer, whatever it is made on: its form, its button, how it is made, how it comes back refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import Http404, HttpResponse

from segurnum.comptes.auteurs import Auteur
from segurnum.regles.cycles import EnumLibelle, TransitionRefusee
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete

Saisie = dict[str, Any]
L = TypeVar("L")


def identifiants(code: str) -> str:
    """Several forms stand on a page: the code of the gesture makes their fields' ids different."""
    return f"{code}-%s"


@dataclass(frozen=True)
class Geste(Generic[L]):
    """`etapes`: the steps of the life cycle that it makes, none for one that leaves the status as it is.

    `agir` is given what the gesture is made on, who makes it and what was typed. `fait`: what the message says once
    it is done. `grave`: drawn apart from the others.
    """

    code: str
    libelle: str
    etapes: frozenset[EnumLibelle]
    formulaire: type[forms.Form]
    agir: Callable[[L, Auteur, Saisie], object]
    fait: str
    grave: bool = False

    def vierge(self) -> forms.Form:
        return self.formulaire(auto_id=identifiants(self.code))


def geste(
    code: str,
    etape: EnumLibelle,
    formulaire: type[forms.Form],
    agir: Callable[[L, Auteur, Saisie], object],
    fait: str,
    *,
    grave: bool = False,
) -> Geste[L]:
    """A gesture that makes one step, and bears its name."""
    return Geste(code, etape.libelle, frozenset({etape}), formulaire, agir, fait, grave)


def par_code(*gestes: Geste[L]) -> dict[str, Geste[L]]:
    return {geste.code: geste for geste in gestes}


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
    """A gesture that may be made, with its form, `ouvert` when it comes back refused."""

    geste: Geste[L]
    formulaire: forms.Form | None
    ouvert: bool


def proposer(
    gestes: Iterable[Geste[L]], refus: Refus, vierge: Callable[[Geste[L]], forms.Form] = Geste.vierge
) -> dict[str, GestePropose[L]]:
    """What may be done now, by code. The form of a refused gesture comes back as it was typed."""
    proposes = {}
    for propose in gestes:
        refuse = refus.geste == propose.code and refus.formulaire is not None
        formulaire = refus.formulaire if refuse else vierge(propose)
        proposes[propose.code] = GestePropose(propose, formulaire, ouvert=refuse)
    return proposes


def des_gestes(proposes: Mapping[str, GestePropose[L]], refus: Refus) -> dict[str, Any]:
    """What the instruction frame shows: the gestures, the refusal, and the text of one that is possible no longer."""
    return {
        "gestes": list(proposes.values()),
        "refus": refus,
        "texte_garde": refus.texte if refus.geste not in proposes else "",
    }


def choisir(gestes: Mapping[str, Geste[L]], code: str) -> Geste[L]:
    if code not in gestes:
        raise Http404("Ce geste n'existe pas.")
    return gestes[code]


def essayer(
    requete: Requete,
    choisi: Geste[L],
    agir: Callable[[Saisie, str], object],
    page: Callable[[Refus, int], HttpResponse],
    *,
    auto_id: str = "",
) -> HttpResponse | None:
    """Make the gesture with what was sent: None once it is made, otherwise the page again, with what was typed.

    `agir` is given what was typed and what the page showed (`vue`); it raises GesteImpossible or TransitionRefusee.
    """
    formulaire = choisi.formulaire(requete.POST, auto_id=auto_id or identifiants(choisi.code))
    texte, vue = requete.POST.get("motif", ""), requete.POST.get("vue", "")
    au_formulaire = Refus(geste=choisi.code, formulaire=formulaire, texte=texte, vue=vue)
    if not formulaire.is_valid():
        return page(au_formulaire, 422)
    try:
        agir(formulaire.cleaned_data, vue)
    except (GesteImpossible, TransitionRefusee) as refus:
        champ = getattr(refus, "champ", None)
        if champ is None:
            return page(Refus(str(refus), choisi.code, formulaire, texte), 409)
        formulaire.add_error(champ, str(refus))
        return page(au_formulaire, 422)
    return None
