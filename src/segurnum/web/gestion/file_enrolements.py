"""The queue of enrolments: its filters, oldest first (GST-002)."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import DateField
from django.http import Http404, QueryDict
from django.urls import reverse

from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import STATUTS_A_INSTRUIRE, tous
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.kits.criteres import TOUS, Critere
from segurnum.web.kits.tableau import Colonne, Tableau

ORDRE = ("depose_le", "pk")
A_INSTRUIRE = "A_INSTRUIRE"
TYPES = {
    f"{genre.value}{'_ANTICIPE' if anticipe else ''}": f"{genre.label}{' anticipé' if anticipe else ''}"
    for genre in Enrolement.Type
    for anticipe in (False, True)
}
TABLEAU = Tableau(
    "liste-enrolements",
    "Enrôlements, le plus ancien d'abord",
    (
        Colonne(
            "numero",
            "Numéro demande",
            titre=True,
            lien=lambda enrolement: reverse("gestion:enrolement", args=[enrolement.numero]),
        ),
        Colonne("depot", "Date de dépôt", cellule="depose_le|jour", insecable=True),
        Colonne(
            "statut",
            "Statut",
            cellule="statut|badge",
            precision='entreprise_a_verifier|yesno:"SIRET à vérifier,"',
        ),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
        Colonne("type", "Type d'enrôlement", cellule="libelle_type"),
        Colonne("ans", "N° ANS", cellule="referencement.numero_ans"),
        Colonne(
            "logiciel", "Logiciel", cellule="referencement.designation", precision="referencement.libelle_dsr"
        ),
        Colonne("siret", "Siret fournisseur", cellule="entreprise.siret", insecable=True),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
    ),
    ordre=ORDRE,
)
_NUMERO = re.compile(r"(?:ENR)?([0-9]{1,9})(?:M0)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Filtre:
    """What narrows the queue; it travels in the addresses, so that one comes back to the same list."""

    statut: str = A_INSTRUIRE
    type: str = ""
    du: str = ""
    au: str = ""
    siret: str = ""
    ans: str = ""
    texte: str = ""

    @classmethod
    def lire(cls, parametres: QueryDict) -> Self:
        """From an address; a value that does not exist narrows nothing."""
        admis = [A_INSTRUIRE, *StatutEnrolement]
        return cls(
            statut=_parmi(parametres.get("statut", A_INSTRUIRE), admis, TOUS),
            type=_parmi(parametres.get("type", ""), list(TYPES), ""),
            du=_jour(parametres.get("du", "")),
            au=_jour(parametres.get("au", "")),
            siret="".join(_texte(parametres, "siret").split()),
            ans=_texte(parametres, "ans"),
            texte=_texte(parametres, "texte"),
        )

    @property
    def adresse(self) -> str:
        """The query string that says it."""
        return urlencode({nom: valeur for nom, valeur in asdict(self).items() if valeur})

    @property
    def criteres(self) -> list[Critere]:
        """Its form, above the list."""
        statuts = [(A_INSTRUIRE, "À instruire"), (TOUS, "Tous les statuts")]
        return [
            Critere("texte", "N°, dénomination, logiciel ou courriel", self.texte),
            Critere("siret", "SIRET", self.siret, longueur=20),
            Critere("ans", "N° ANS", self.ans, longueur=10),
            Critere("statut", "Statut", self.statut, [*statuts, *((s, s.libelle) for s in StatutEnrolement)]),
            Critere("type", "Type d'enrôlement", self.type, [("", "Tous les types"), *TYPES.items()]),
            Critere("du", "Déposé à partir du", self.du, genre="date"),
            Critere("au", "Déposé jusqu'au", self.au, genre="date"),
        ]

    def enrolements(self) -> QuerySet[Enrolement]:
        """The whole queue, oldest first."""
        choisis = tous().order_by(*ORDRE)
        if self.statut == A_INSTRUIRE:
            choisis = choisis.filter(statut__in=STATUTS_A_INSTRUIRE)
        elif self.statut != TOUS:
            choisis = choisis.filter(statut=self.statut)
        if self.type:
            genre, _, anticipe = self.type.partition("_")
            choisis = choisis.filter(type=genre, anticipe=bool(anticipe))
        return choisis.filter(self._dates() & self._identifiants())

    def _dates(self) -> Q:
        """Days are those of Paris, the portal's time zone."""
        dates = Q()
        if self.du:
            dates &= Q(depose_le__date__gte=self.du)
        if self.au:
            dates &= Q(depose_le__date__lte=self.au)
        return dates

    def _identifiants(self) -> Q:
        trouves = Q()
        if self.siret:
            trouves &= Q(entreprise__siret__startswith=self.siret)
        if self.ans:
            trouves &= Q(referencement__numero_ans__icontains=self.ans)
        return trouves & _cherche(self.texte) if self.texte else trouves


def _cherche(texte: str) -> Q:
    """By number of the enrolment, name of the company or of the software, address of the mails."""
    trouves = (
        Q(entreprise__denomination__icontains=texte)
        | Q(referencement__logiciel__icontains=texte)
        | Q(courriel__icontains=texte)
    )
    numero = _NUMERO.fullmatch("".join(texte.split()).upper())
    return trouves | Q(sequence=int(numero[1])) if numero else trouves


def _parmi(valeur: str, admises: Sequence[str], sinon: str) -> str:
    return valeur if valeur in admises else sinon


def _texte(parametres: QueryDict, nom: str) -> str:
    return parametres.get(nom, "").replace("\0", "").strip()[:100]


def _jour(valeur: str) -> str:
    """A day as `<input type="date">` sends it; nothing when it is none."""
    try:
        jour: date = DateField(input_formats=["%Y-%m-%d"]).clean(valeur)
        return jour.isoformat()
    except ValidationError:
        return ""


def trouver(numero: str) -> Enrolement:
    """The enrolment of this number, with or without its suffix; 404 when there is none."""
    lu = _NUMERO.fullmatch(numero.upper())
    enrolement = tous().filter(sequence=int(lu[1])).first() if lu else None
    if enrolement is None:
        raise Http404("Aucun enrôlement ne porte ce numéro.")
    return enrolement


def suivant(filtre: Filtre, enrolement: Enrolement) -> Enrolement | None:
    """The enrolment to open after this one: the next of the queue or, at its end, the first one left."""
    autres = filtre.enrolements().exclude(pk=enrolement.pk)
    apres = Q(depose_le__gt=enrolement.depose_le) | Q(depose_le=enrolement.depose_le, pk__gt=enrolement.pk)
    return autres.filter(apres).first() or autres.first()
