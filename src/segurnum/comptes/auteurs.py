"""Who acts: a person in the role that the life cycles know, or the portal itself."""

from dataclasses import dataclass

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.regles.cycles import Acteur

ROLES = {
    Profil.FOURNISSEUR: Acteur.FOURNISSEUR,
    Profil.OPERATEUR: Acteur.FOURNISSEUR,
    Profil.GESTIONNAIRE: Acteur.GESTIONNAIRE,
    Profil.DECIDEUR: Acteur.DECIDEUR,
    Profil.COMPTABLE: Acteur.COMPTABLE,
}


@dataclass(frozen=True)
class Auteur:
    """The author of a gesture, as services and the journal need it."""

    role: Acteur
    cle: int | None = None
    nom: str = "le portail"

    @property
    def personne(self) -> int:
        """The key of the person, for what only a person does. Raises ValueError for the portal."""
        if self.cle is None:
            raise ValueError("ce geste est celui d'une personne, pas du portail")
        return self.cle


PORTAIL = Auteur(role=Acteur.SYSTEME)


def auteur(utilisateur: Utilisateur) -> Auteur:
    """The author that a signed-in person is. Raises KeyError for profiles that act on no request."""
    return Auteur(role=ROLES[Profil(utilisateur.profil)], cle=utilisateur.pk, nom=utilisateur.get_username())
