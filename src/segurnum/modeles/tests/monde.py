"""A company that may submit model documents, and the officers who answer it."""

from dataclasses import dataclass, field

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.regles.cycles_enrolement import StatutEnrolement

BDC, VA, MOM = "MODELE_BDC_HOP", "MODELE_VA_HOP", "MODELE_MOM_HOP"


def enroler(
    societe: Entreprise,
    dsr: str = "DSR-HOP-DPI-Va2",
    statut: StatutEnrolement = StatutEnrolement.VALIDEE,
) -> Enrolement:
    reference = usines.referencement("HOP-DPI", dsr=dsr)
    return usines.enrolement("HOP-DPI", societe=societe, referencement=reference, statut=statut)


def officier() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


@dataclass
class Editeur:
    """A company enrolled for the second wave of the hospital's couloir, unless told otherwise."""

    entreprise: Entreprise = field(default_factory=usines.entreprise)
    dsr: str = "DSR-HOP-DPI-Va2"

    def __post_init__(self) -> None:
        self.enrolement = enroler(self.entreprise, self.dsr)
        self.utilisateur: Utilisateur = usines.utilisateur(Profil.FOURNISSEUR, entreprise=self.entreprise)

    @property
    def auteur(self) -> Auteur:
        return auteur(self.utilisateur)

    def importer(self, nom: str = "modele-va.pdf", type_modele: str = VA) -> ModeleDocument:
        return services.importer(
            entreprise=self.entreprise,
            auteur=self.auteur,
            type_modele=type_modele,
            nom=nom,
            fichier=usines.fichier(),
        )

    def soumettre(self) -> list[ModeleDocument]:
        return services.soumettre(entreprise=self.entreprise, auteur=self.auteur)

    def soumis(self, nom: str = "modele-va.pdf", type_modele: str = VA) -> ModeleDocument:
        """A document that waits for an officer."""
        self.importer(nom, type_modele)
        return self.soumettre()[-1]
