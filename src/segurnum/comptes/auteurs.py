"""Who acts: a person in the role that the life cycles know, somebody without an account, or the portal itself."""

from dataclasses import dataclass

from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.regles.cycles import Acteur

ROLES = {
    Profil.FOURNISSEUR: Acteur.FOURNISSEUR,
    Profil.OPERATEUR: Acteur.FOURNISSEUR,
    Profil.GESTIONNAIRE: Acteur.GESTIONNAIRE,
    Profil.DECIDEUR: Acteur.DECIDEUR,
    Profil.COMPTABLE: Acteur.COMPTABLE,
    Profil.AUDITEUR: Acteur.AUDITEUR,
    Profil.ADMINISTRATION: Acteur.ADMINISTRATION,
}


@dataclass(frozen=True)
class Auteur:
    """The author of a gesture, as services, rights and the journal need it.

    `cle`: of the person's account, None for who has none. `profil`: the account's, empty without one. `fonction`: the
    role inside the company whose key is `entreprise`; the administration's people have neither.
    """

    role: Acteur
    cle: int | None = None
    nom: str = Acteur.SYSTEME.libelle
    profil: str = ""
    fonction: str = ""
    entreprise: int | None = None

    @property
    def personne(self) -> int:
        """The key of the person, for what only an account does. Raises ValueError for anybody else."""
        if self.cle is None:
            raise ValueError("ce geste est celui d'une personne qui a un compte")
        return self.cle

    @property
    def qualite(self) -> str:
        """What the journal keeps of the role: the account's profile, which tells suppliers from operators."""
        return self.profil or self.role


PORTAIL = Auteur(role=Acteur.SYSTEME)
# Who writes to the assistance without signing in.
VISITEUR = Auteur(role=Acteur.VISITEUR, nom=Acteur.VISITEUR.libelle)


def auteur(utilisateur: Utilisateur) -> Auteur:
    """The author that a signed-in person is, whatever their profile."""
    profil = Profil(utilisateur.profil)
    return Auteur(
        role=ROLES[profil],
        cle=utilisateur.pk,
        nom=utilisateur.get_username(),
        profil=profil,
        fonction=utilisateur.role if profil in PROFILS_ENTREPRISE else "",
        entreprise=utilisateur.entreprise_id,
    )
