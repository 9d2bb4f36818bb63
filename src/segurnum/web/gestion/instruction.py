"""What officers instruct: the queue of what waits, its page beside its pieces, the gestures made there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Utilisateur
from segurnum.coordonnees.queries import comptes
from segurnum.fichiers.documents import Genre
from segurnum.kits import geste as kit
from segurnum.kits.criteres import Critere, Filtre
from segurnum.kits.geste import AUCUN_REFUS, Geste, Refus, Saisie
from segurnum.kits.tableau import Tableau
from segurnum.seuil.acces import Requete, agents, bouton_de
from segurnum.seuil.documents import iban_du_compte
from segurnum.seuil.iban import noter_la_lecture
from segurnum.seuil.telechargements import sert

L = TypeVar("L")
Proposes = dict[str, kit.GestePropose[L]]


AILLEURS_MAX = 100  # rows that are counted where the queue has none


@dataclass(frozen=True)
class Ailleurs:
    """What the text that is looked for would find, were the queue not narrowed otherwise."""

    nombre: int
    adresse: str

    @property
    def dit(self) -> str:
        return f"{self.nombre} ou plus" if self.nombre == AILLEURS_MAX else str(self.nombre)


@dataclass(frozen=True)
class FileAttente:
    """What waits, in the order of its table, as the address narrows it. `criteres`: by what, for who asks.

    `suivie`: the pages of its rows carry the filter on, and lead to the next. `export`: the route that gives it whole.
    """

    titre: str
    legende_criteres: str
    tableau: Tableau
    lignes: Callable[[], QuerySet[Any]]
    criteres: Callable[[Requete], Sequence[Critere]]
    fil: str = ""
    suivie: bool = False
    export: str = ""

    def filtre(self, requete: Requete) -> Filtre:
        return Filtre.lire(requete.GET, *self.criteres(requete))

    def filtrees(self, filtre: Filtre) -> QuerySet[Any]:
        return filtre.restreindre(self.lignes()).order_by(*self.tableau.ordre)

    def montrer(
        self,
        requete: Requete,
        /,
        *,
        gardes: Sequence[str] = (),
        gabarit: str = "gestion/liste.html",
        **contexte: Any,
    ) -> HttpResponse:
        """Its page. `gardes`: other parameters of the address that filtering keeps."""
        filtre = self.filtre(requete)
        suite = filtre.adresse if self.suivie else ""
        affiche = self.tableau.lire(self.filtrees(filtre), requete.GET, gardes=gardes, suite=suite)
        liste = {
            "titre": self.titre,
            "fil": self.fil,
            "criteres": filtre.criteres,
            "legende_criteres": self.legende_criteres,
            "affiche": affiche,
            "export": reverse(self.export) if self.export else "",
            "ailleurs": None if affiche.lignes else self._ailleurs(filtre),
        }
        return render(requete, gabarit, liste | contexte)

    def _ailleurs(self, filtre: Filtre) -> Ailleurs | None:
        large = filtre.cherche
        return (
            Ailleurs(large.restreindre(self.lignes())[:AILLEURS_MAX].count(), large.adresse)
            if large
            else None
        )

    def suivante(self, filtre: Filtre, ligne: Any) -> Any:
        """What to open after this one: the next of the queue, oldest first, or at its end the first one left."""
        autres = self.filtrees(filtre).exclude(pk=ligne.pk)
        apres = Q(depose_le__gt=ligne.depose_le) | Q(depose_le=ligne.depose_le, pk__gt=ligne.pk)
        return autres.filter(apres).first() or autres.first()


@dataclass(frozen=True)
class Instruction(Generic[L]):
    """The page of what is instructed (`sur`: « un modèle »), and a gesture made there.

    `page`, `geste`: their routes; `trouver` finds a row of what they name, which `cle` tells of one.
    `permis`: what this person may do now. `contexte`: what its page shows of its own, the gestures that it shows
    elsewhere among them, which it takes out. `reprendre`: the row as it is now, held, or a refusal when it is not what
    the page showed. `phrase`: what is said of a gesture that is made, « Le modèle {0.nom} {1}. »
    """

    sur: str
    gabarit: str
    page: str
    geste: str
    phrase: str
    trouver: Callable[..., L]
    cle: Callable[[L], tuple[object, ...]]
    gestes: Callable[[L], Mapping[str, Geste[L]]]
    permis: Callable[[Utilisateur, L], Iterable[Geste[L]]]
    contexte: Callable[[Requete, L, Refus, Proposes[L]], dict[str, Any]]
    reprendre: Callable[[int, str], L] | None = None
    file: FileAttente | None = None

    def adresse(self, requete: Requete, ligne: L, code: str = "") -> str:
        """Of its page, or of a gesture; within the queue that the address carries, where there is one."""
        route, cle = (self.geste, (*self.cle(ligne), code)) if code else (self.page, self.cle(ligne))
        filtre = f"?{self.file.filtre(requete).adresse}" if self.file else ""
        return f"{reverse(route, args=cle)}{filtre}"

    def montrer(
        self, requete: Requete, /, refus: Refus = AUCUN_REFUS, statut: int = 200, **cle: Any
    ) -> HttpResponse:
        ligne = self.trouver(**cle)
        permis = self.permis(requete.user, ligne)
        proposes = kit.proposer(permis, refus, partial(self.adresse, requete, ligne))
        contexte = {"ligne": ligne, "sur": self.sur, **self._en_file(requete, ligne)}
        contexte |= self.contexte(requete, ligne, refus, proposes)
        return render(requete, self.gabarit, contexte | kit.des_gestes(proposes, refus), status=statut)

    def _en_file(self, requete: Requete, ligne: L) -> dict[str, Any]:
        if self.file is None:
            return {}
        filtre = self.file.filtre(requete)
        return {"filtre": filtre, "suivante": self.file.suivante(filtre, ligne)}

    def faire(self, requete: Requete, /, geste: str, **cle: Any) -> HttpResponse:
        """Make one gesture: made, it leads back to the page; refused, the page comes again with what was typed."""
        ligne: Any = self.trouver(**cle)
        choisi = kit.choisir(self.gestes(ligne), geste)

        @transaction.atomic
        def agir(saisie: Saisie, vue: str) -> None:
            actuelle = self.reprendre(ligne.pk, vue) if self.reprendre else ligne
            choisi.agir(actuelle, auteur(requete.user), saisie)

        page = partial(self.montrer, requete, **cle)
        fait = self.phrase.format(ligne, choisi.fait)
        return kit.essayer(requete, choisi, agir, page, self.adresse(requete, ligne), fait)


@bouton_de(agents)
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, compte: int) -> HttpResponse:
    """« Afficher l'IBAN entier » of a company's account, for the officers who instruct and who pay."""
    ligne = get_object_or_404(comptes(), pk=compte)
    return noter_la_lecture(requete, iban_du_compte(ligne), reverse("gestion:accueil"))


def adresse_iban(compte: int) -> str:
    return reverse("gestion:afficher_iban", args=[compte])
