"""A company with its persons, and the officers who answer it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.coordonnees import banque, queries, services
from segurnum.coordonnees.banque import NouveauCompte
from segurnum.coordonnees.models import ModificationBancaire, ModificationPersonnes
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece, ecrire
from segurnum.courriels.models import Courriel
from segurnum.demonstration.identites import BIC, iban
from segurnum.essais import usines

REPRESENTANT = Personne("Lormelin", "Anne", "direction@societe.example", "0199000001")
DEPOSITAIRE = Personne("Dauphray", "Paul", "depot@societe.example", "0199000002")
MANDAT_ET_IDENTITE = (TypePiece.MANDAT, TypePiece.IDENTITE)


def officier() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


@dataclass
class Societe:
    """A company whose legal representative asks for the financing, unless a « dépositaire » is given."""

    depositaire: Personne | None = None
    profil: Profil = Profil.FOURNISSEUR
    entreprise: Entreprise = field(default_factory=usines.entreprise)

    def __post_init__(self) -> None:
        services.enregistrer_personnes(
            entreprise=self.entreprise, representant=REPRESENTANT, depositaire=self.depositaire
        )
        self.utilisateur: Utilisateur = usines.utilisateur(self.profil, entreprise=self.entreprise)

    @property
    def auteur(self) -> Auteur:
        return auteur(self.utilisateur)

    @property
    def personnes(self) -> dict[str, Personne]:
        return queries.personnes_de(self.entreprise)

    def changee(self, role: str = RolePersonne.REPRESENTANT, **champs: str) -> dict[str, Personne]:
        """The persons of today, but for some fields of one."""
        personnes = self.personnes
        personnes[role] = Personne(**{**personnes[role].en_dict(), **champs})
        return personnes

    def joindre(self, *types: TypePiece) -> None:
        for type_piece in types:
            services.ajouter_piece(
                entreprise=self.entreprise,
                auteur=self.auteur,
                saisie=ecrire(self.personnes),
                nom=f"{type_piece.lower()}.pdf",
                type_piece=type_piece,
                fichier=usines.fichier(),
                vue=queries.marque(self.entreprise),
            )

    def soumettre(
        self,
        personnes: dict[str, Personne] | None = None,
        pieces: Iterable[TypePiece] = MANDAT_ET_IDENTITE,
        **valeurs: Any,
    ) -> ModificationPersonnes:
        self.joindre(*pieces)
        voulues: dict[str, Any] = {
            "entreprise": self.entreprise,
            "auteur": self.auteur,
            "personnes": personnes or self.changee(nom="Quintrelle"),
            "vue": queries.marque(self.entreprise),
        }
        return services.soumettre(**voulues | valeurs)

    def ajouter_compte(self, rang: int = 4242) -> ModificationBancaire:
        return banque.ajouter(
            entreprise=self.entreprise,
            auteur=self.auteur,
            compte=compte(rang),
            nom_rib="rib.pdf",
            rib=usines.fichier(),
        )

    def compte_confirme(self, rang: int = 4242) -> ModificationBancaire:
        self.ajouter_compte(rang)
        return banque.confirmer(jeton=dernier_jeton())

    @property
    def iban_actif(self) -> str:
        return self.entreprise.comptes_bancaires.get(statut="ACTIVE").iban


def compte(rang: int = 4242) -> NouveauCompte:
    return NouveauCompte(iban(rang), BIC, "LOGICIELS INVENTÉS", "BANQUE DES ESSAIS")


def dernier_jeton() -> str:
    """What the last confirmation mail gives to its reader."""
    return Courriel.objects.filter(code="M19").latest("pk").corps.partition("?jeton=")[2].split()[0]


def ecrits(code: str) -> list[str]:
    """Who was written to."""
    return sorted(Courriel.objects.filter(code=code).values_list("destinataire", flat=True))
