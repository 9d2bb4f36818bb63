"""The queue of requests: its filters, its pages, and the request that comes after another.

Oldest first, and no list goes further than SEUIL: past it, narrow.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import visibles_des_agents
from segurnum.demandes.recherche import cherchees
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.kits.criteres import TOUS, Critere
from segurnum.web.kits.tableau import Colonne, Tableau

# The order in which requests are taken, which an index follows.
ORDRE = ("depose_le", "pk")

# What each profile opens the queue on: what waits for it.
STATUT_PAR_PROFIL = {
    Profil.GESTIONNAIRE: StatutDemande.EN_COURS,
    Profil.DECIDEUR: StatutDemande.VALIDEE,
    Profil.COMPTABLE: StatutDemande.DECIDEE,
}
STATUTS = tuple(statut for statut in StatutDemande if statut is not StatutDemande.NON_COMPLETEE)


def adresse_de(demande: Demande) -> str:
    """Its page. One that an avenant replaced shares its number with it, and is named by its key."""
    adresse = reverse("gestion:demande", args=[demande.numero])
    historisee = demande.statut == StatutDemande.HISTORISEE
    return f"{adresse}?avenant={demande.pk}" if historisee else adresse


TABLEAU = Tableau(
    "liste-demandes",
    "Demandes, la plus ancienne d'abord",
    (
        Colonne("numero", "N° de la demande", titre=True, lien=adresse_de),
        Colonne("type", "Type", cellule="type.libelle"),
        Colonne("couloir", "Couloir", cellule="couloir.code"),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
        Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
        Colonne("editeur", "N° éditeur", cellule="numero_editeur"),
        Colonne("declare", "Déclaré HT", cellule="montant_declare|euros", nombre=True),
        Colonne("decide", "Montant décidé", cellule="montant_decide|euros", nombre=True),
        Colonne("depot", "Déposée le", cellule="depose_le|jour", insecable=True),
        Colonne("statut", "Statut", cellule="gestion/cellules/statut_demande.html"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
    ),
    ordre=ORDRE,
)


@dataclass(frozen=True, kw_only=True)
class Filtre:
    """What narrows the queue; it travels in the addresses, so that one comes back to the same list."""

    statut: str = TOUS
    dsr: str = ""
    type: str = ""
    texte: str = ""

    @classmethod
    def lire(cls, parametres: QueryDict, profil: str) -> Self:
        """From an address; a value that does not exist narrows nothing."""
        defaut = STATUT_PAR_PROFIL.get(Profil(profil), TOUS)
        return cls(
            statut=_parmi(parametres.get("statut", defaut), STATUTS, TOUS),
            dsr=_parmi(parametres.get("dsr", ""), [couloir.dsr for couloir in couloirs.tous()], ""),
            type=_parmi(parametres.get("type", ""), list(TypeDemande), ""),
            texte=parametres.get("texte", "").replace("\0", "").strip()[:100],
        )

    @property
    def adresse(self) -> str:
        """The query string that says it."""
        return urlencode({nom: valeur for nom, valeur in asdict(self).items() if valeur})

    @property
    def criteres(self) -> list[Critere]:
        """Its form, above the list."""
        declares = [(c.dsr, f"{c.code} – {c.libelle}") for c in couloirs.tous()]
        return [
            Critere("texte", "N° de dossier, SIRET, dénomination ou n° éditeur", self.texte),
            Critere(
                "statut",
                "Statut",
                self.statut,
                [(TOUS, "Tous les statuts"), *((s, s.libelle) for s in STATUTS)],
            ),
            Critere("dsr", "Couloir", self.dsr, [("", "Tous les couloirs"), *declares]),
            Critere(
                "type", "Type", self.type, [("", "Avances et soldes"), *((t, t.libelle) for t in TypeDemande)]
            ),
        ]

    def demandes(self) -> QuerySet[Demande]:
        """The whole queue, oldest first. Never an incomplete request (GST-010)."""
        demandes = visibles_des_agents().order_by(*ORDRE)
        if self.statut != TOUS:
            demandes = demandes.filter(statut=self.statut)
        if self.dsr:
            demandes = demandes.filter(dsr=self.dsr)
        if self.type:
            demandes = demandes.filter(type=self.type)
        return cherchees(demandes, self.texte) if self.texte else demandes


def _parmi(valeur: str, admises: Sequence[str], sinon: str) -> str:
    return valeur if valeur in admises else sinon


def suivante(filtre: Filtre, demande: Demande) -> Demande | None:
    """The request to open after this one: the next of the queue or, at its end, the first one left."""
    autres = filtre.demandes().exclude(pk=demande.pk).only("numero", "statut")
    apres = Q(depose_le__gt=demande.depose_le) | Q(depose_le=demande.depose_le, pk__gt=demande.pk)
    return autres.filter(apres).first() or autres.first()
