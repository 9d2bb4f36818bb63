"""What separation of duties refuses, looked for afterwards: who held which role, and two on one dossier (GST-034)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demandes.separation import GESTES_DES_ROLES, Role, dit_de, objet_de
from segurnum.journal.models import Evenement

# Gestures that are looked at, the last ones: a page asks for them, whatever the journal holds.
RECENTS = 2_000


@dataclass(frozen=True)
class Tenue:
    """Who held a role on a dossier, by what gesture."""

    role: Role
    fait: Evenement

    @property
    def nom(self) -> str:
        return self.fait.acteur.nom_complet if self.fait.acteur else ""

    @property
    def profil(self) -> str:
        """What they were then, whatever they are now."""
        return dict(Profil.choices).get(self.fait.role, self.fait.role)

    @property
    def dit(self) -> str:
        return f"a {dit_de(self.fait)}"

    @property
    def sur(self) -> str:
        return objet_de(self.fait)


@dataclass(frozen=True)
class Cumul:
    """A person, the dossier, and the roles that they held on it."""

    personne: Utilisateur
    dossier: str
    roles: tuple[Role, ...]

    @property
    def dit(self) -> str:
        return ", ".join(role.libelle for role in self.roles)


def tenues(demande: Demande) -> list[Tenue]:
    """Every role held on the dossier of this request, in the order of the gestures: one statement."""
    faits = _des_roles().filter(chaine=demande.dossier.chaine).select_related("acteur").order_by("rang")
    return [Tenue(GESTES_DES_ROLES[fait.geste], fait) for fait in faits]


def cumuls() -> list[Cumul]:
    """Of the dossiers that the last gestures were about, who held two roles on one: two statements."""
    recents = _des_roles().filter(chaine__startswith="dossier:").order_by("-pk")[:RECENTS]
    chaines = set(recents.values_list("chaine", flat=True))
    return _croiser(_des_roles().filter(chaine__in=chaines).select_related("acteur").order_by("pk"))


def _des_roles() -> QuerySet[Evenement]:
    return Evenement.objects.filter(geste__in=GESTES_DES_ROLES, acteur__isnull=False)


def _croiser(faits: Iterable[Evenement]) -> list[Cumul]:
    tenus: dict[tuple[str, Utilisateur], dict[Role, None]] = defaultdict(dict)
    for fait in faits:
        if fait.acteur is not None:
            tenus[fait.chaine, fait.acteur][GESTES_DES_ROLES[fait.geste]] = None
    return [
        Cumul(personne, chaine.partition(":")[2], tuple(roles))
        for (chaine, personne), roles in tenus.items()
        if len(roles) > 1
    ]
