"""The natural persons of a company, and which pieces a change of theirs requires. Nothing but values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from django.db import models

from segurnum.regles.identifiants import ecrire_telephone, normaliser_telephone


class RolePersonne(models.TextChoices):
    REPRESENTANT = "REPRESENTANT", "Représentant légal"
    DEPOSITAIRE = "DEPOSITAIRE", "Dépositaire"


class TypePiece(models.TextChoices):
    MANDAT = "MANDAT", "Mandat du représentant légal"
    IDENTITE = "IDENTITE", "Pièce d'identité de l'utilisateur"


@dataclass(frozen=True)
class Personne:
    """A person as the screens ask for it."""

    nom: str
    prenom: str
    courriel: str
    telephone: str

    def en_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def comparable(self) -> "Personne":
        """What is left once the ways of writing are set aside: blanks, case of the address, form of the number."""
        return Personne(
            nom=" ".join(self.nom.split()),
            prenom=" ".join(self.prenom.split()),
            courriel=self.courriel.strip().lower(),
            telephone=_telephone(self.telephone),
        )

    def est(self, autre: "Personne") -> bool:
        """Whether both are one human being, as far as the portal can tell: the same name, whatever its capitals."""
        return self._identite == autre._identite

    @property
    def _identite(self) -> tuple[str, str]:
        return self.comparable.nom.casefold(), self.comparable.prenom.casefold()


INCONNUE = Personne("", "", "", "")
CHAMPS = tuple(champ.name for champ in fields(Personne))
LIBELLES = {"nom": "Nom", "prenom": "Prénom", "courriel": "Email", "telephone": "Téléphone"}
# Who stands for the company: role -> person.
Personnes = Mapping[str, Personne]


def lire(donnees: Mapping[str, Mapping[str, str]]) -> dict[str, Personne]:
    """Persons as they were kept by `ecrire`."""
    return {role: Personne(**valeurs) for role, valeurs in donnees.items()}


def ecrire(personnes: Personnes) -> dict[str, dict[str, str]]:
    return {role: personne.en_dict() for role, personne in personnes.items()}


def valeur_montree(personne: Personne, champ: str) -> str:
    """What a person gave, as the screens write it: the telephone in one form, whichever was typed."""
    valeur: str = getattr(personne, champ)
    return ecrire_telephone(valeur) if champ == "telephone" else valeur


def champs_changes(avant: Personnes, apres: Personnes) -> set[tuple[str, str]]:
    """What differs, as (role, field)."""
    return {
        (role, champ)
        for role, personne in apres.items()
        for champ in CHAMPS
        if getattr(personne.comparable, champ) != getattr(avant.get(role, INCONNUE).comparable, champ)
    }


def pieces_exigees(avant: Personnes, apres: Personnes) -> list[TypePiece]:
    """The pieces that justify the change (ACC-008): a new name asks for the mandate too."""
    champs = {champ for _, champ in champs_changes(avant, apres)}
    if champs & {"nom", "prenom"}:
        return [TypePiece.MANDAT, TypePiece.IDENTITE]
    return [TypePiece.IDENTITE] if champs else []


def demandeur(personnes: Personnes) -> Personne | None:
    """Who asks for the financing: the « dépositaire » when there is one, else the legal representative."""
    return personnes.get(RolePersonne.DEPOSITAIRE) or personnes.get(RolePersonne.REPRESENTANT)


def _telephone(texte: str) -> str:
    try:
        return normaliser_telephone(texte.strip())
    except ValueError:
        return texte.strip()
