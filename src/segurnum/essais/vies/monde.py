"""The people and the things that lives begin with: made once, and the same for each of them."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

from segurnum import editique
from segurnum.comptes.auteurs import PORTAIL, Auteur, auteur
from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.coordonnees import services as coordonnees
from segurnum.couloirs import bloc_montant
from segurnum.couloirs.vierges import exemple
from segurnum.demonstration import fabrique
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel.models import Plafond
from segurnum.regles import calendrier
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import TypeDemande

# Two of each, so that another person than the first can always be found – or the same, where it must not be.
AGENTS = {
    "gerard": Profil.GESTIONNAIRE,
    "gisele": Profil.GESTIONNAIRE,
    "diane": Profil.DECIDEUR,
    "denis": Profil.DECIDEUR,
    "colette": Profil.COMPTABLE,
    "come": Profil.COMPTABLE,
    "adele": Profil.ADMINISTRATION,
    "armand": Profil.ADMINISTRATION,
}
# Of which company, and what they are in it.
FOURNISSEURS = {
    "fanny": (0, Role.ADMINISTRATEUR),
    "luc": (0, Role.LECTEUR),
    "felix": (1, Role.ADMINISTRATEUR),
}
PERSONNES = (*AGENTS, *FOURNISSEURS)
COULOIR = "MS1-DUI"
BENEFICIAIRES = ("990000036", "990000044", "990000051", "990000069")
PLAFOND = Decimal("12000.00")
BUDGET = "15000.00"  # euros: reached by a few dossiers
OUVERTURE, FERMETURE = datetime(2021, 1, 1, 14, tzinfo=PARIS), datetime(2035, 1, 1, 14, tzinfo=PARIS)


@dataclass
class Monde:
    """`lettres`: what each letter written since the beginning of the life says, by its reference."""

    personnes: dict[str, Utilisateur]
    enrolements: tuple[Enrolement, ...]
    piece: Fichier
    lettres: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def naitre(cls) -> "Monde":
        inscrits = (usines.enrolement(COULOIR), usines.enrolement(COULOIR))
        for type_demande in TypeDemande:
            usines.fenetre(
                inscrits[0].referencement.dsr,
                type_demande,
                ouverture=OUVERTURE,
                affichee=FERMETURE,
                fermeture=FERMETURE,
            )
        for identifiant in BENEFICIAIRES:
            Plafond.objects.create(
                dsr=inscrits[0].referencement.dsr,
                identifiant=identifiant,
                montant_ht=PLAFOND,
                date_effet=calendrier.DEBUT_DU_PROGRAMME,
                source="essais",
            )
        for inscrit in inscrits:
            _inscrire(inscrit)
        usines.enveloppe(inscrits[0].referencement.dsr, BUDGET)
        personnes = {nom: usines.utilisateur(profil) for nom, profil in AGENTS.items()}
        for nom, (rang, role) in FOURNISSEURS.items():
            entreprise = inscrits[rang].entreprise
            personnes[nom] = usines.utilisateur(Profil.FOURNISSEUR, entreprise=entreprise, role=role)
        return cls(personnes, inscrits, usines.fichier())

    def auteur(self, qui: str) -> Auteur:
        return auteur(self.personnes[qui])

    def donnees(
        self, enrolement: Enrolement, type_demande: TypeDemande, *, identifiant: str, montant: Decimal
    ) -> dict[str, Any]:
        """What a request declares, in the normal form of its couloir: one beneficiary, and an amount (euros HT)."""
        couloir = enrolement.referencement.couloir
        if couloir is None:
            raise AssertionError("ce couloir est déclaré")
        demande: dict[str, Any] = copy.deepcopy(exemple(couloir, type_demande)["lignesImport"][0])
        bloc = bloc_montant(type_demande)
        demande[bloc.objet][bloc.montant] = str(montant)
        beneficiaire = fabrique.premier_beneficiaire(couloir, demande)
        cle = fabrique.premiere_liste(couloir).identifiants[0][0]
        beneficiaire[cle] = [identifiant] if isinstance(beneficiaire[cle], list) else identifiant
        return demande

    @contextmanager
    def lettres_lues(self) -> Iterator[None]:
        """Letters are read, not drawn: what they look like is shown elsewhere, and takes longer than all the rest."""
        with (
            mock.patch.object(editique, "decision_attribution", self._lire),
            mock.patch.object(editique, "avis_de_paiement", self._lire),
        ):
            yield

    def _lire(self, lettre: Any) -> bytes:
        self.lettres[lettre.reference] = lettre
        return usines.PDF_MINIMAL


def _inscrire(inscrit: Enrolement) -> None:
    """The persons of a company, and the event of its enrolment."""
    coordonnees.enregistrer_personnes(
        entreprise=inscrit.entreprise, representant=usines.personne(), depositaire=None
    )
    consigner(
        [
            Fait(
                chaine=inscrit.chaine,
                objet=inscrit.objet,
                geste="DEPOSER",
                auteur=PORTAIL,
                apres=inscrit.statut,
            )
        ]
    )


class Horloge:
    """A clock that stands still between two gestures, and jumps."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> timedelta:
        return self.instant - datetime.now(UTC)
