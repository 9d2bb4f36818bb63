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
from segurnum.comptes.models import Entreprise, Profil, Role, Utilisateur
from segurnum.coordonnees import services as coordonnees
from segurnum.couloirs import bloc_montant
from segurnum.couloirs.vierges import exemple
from segurnum.demandes import creation, incompletes
from segurnum.demandes import services as demandes
from segurnum.demonstration import fabrique
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.essais.falsifications import constater
from segurnum.fichiers.models import Fichier
from segurnum.journal.services import Fait, consigner
from segurnum.paiements import services as paiements
from segurnum.paiements.queries import suivi_financier
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
PLAFONNES = ("990000036", "990000044", "990000051", "990000069")
BENEFICIAIRES = (*PLAFONNES, "990000077")  # of the last one, nobody knows the ceiling
PLAFOND = Decimal("12000.00")
BUDGETS = ("20000.00", "6000.00")  # euros, in the order that decisions take: reached by a few dossiers
_TOP = timedelta(microseconds=1)  # what happens after has a later instant
# Before every life begins.
NAISSANCE = datetime(2026, 6, 1, 10, tzinfo=PARIS)
OUVERTURE, FERMETURE = datetime(2021, 1, 1, 14, tzinfo=PARIS), datetime(2035, 1, 1, 14, tzinfo=PARIS)


@dataclass
class Monde:
    """`lettres`: what each letter of the life says, by its reference, those of the world included (`heritees`)."""

    personnes: dict[str, Utilisateur]
    enrolements: tuple[Enrolement, ...]
    piece: Fichier
    lettres: dict[str, Any] = field(default_factory=dict)
    heritees: dict[str, Any] = field(default_factory=dict)
    ecrites: int = 0

    @classmethod
    def naitre(cls) -> "Monde":
        with a_l_heure(Horloge(NAISSANCE)):
            return cls._naitre()

    @classmethod
    def _naitre(cls) -> "Monde":
        inscrits = (usines.enrolement(COULOIR), usines.enrolement(COULOIR))
        for type_demande in TypeDemande:
            usines.fenetre(
                inscrits[0].referencement.dsr,
                type_demande,
                ouverture=OUVERTURE,
                affichee=FERMETURE,
                fermeture=FERMETURE,
            )
        for identifiant in PLAFONNES:
            Plafond.objects.create(
                dsr=inscrits[0].referencement.dsr,
                identifiant=identifiant,
                montant_ht=PLAFOND,
                date_effet=calendrier.DEBUT_DU_PROGRAMME,
                source="essais",
            )
        for inscrit in inscrits:
            _inscrire(inscrit)
        for rang, budget in enumerate(BUDGETS, start=1):
            usines.enveloppe(inscrits[0].referencement.dsr, budget, rang)
        personnes = {nom: usines.utilisateur(profil) for nom, profil in AGENTS.items()}
        for nom, (rang, role) in FOURNISSEURS.items():
            entreprise = inscrits[rang].entreprise
            personnes[nom] = usines.utilisateur(Profil.FOURNISSEUR, entreprise=entreprise, role=role)
        monde = cls(personnes, inscrits, usines.fichier())
        with monde.lettres_lues():
            monde.payer_une_avance()
        constater()
        monde.heritees.update(monde.lettres)
        return monde

    def recommencer(self) -> None:
        """Forget the letters of another life."""
        self.lettres.clear()
        self.lettres.update(self.heritees)

    def payer_une_avance(self) -> None:
        """What soldes, recoveries and contests begin with, which lives would seldom reach: an avance that is paid."""
        inscrit, instant = self.enrolements[0], calendrier.maintenant()
        couloir = inscrit.referencement.couloir
        if couloir is None:
            raise AssertionError("ce couloir est déclaré")
        qui = {nom: self.auteur(nom) for nom in PERSONNES}
        declaration = creation.Declaration(
            donnees=self.donnees(
                inscrit, TypeDemande.AVANCE, identifiant=BENEFICIAIRES[0], montant=Decimal(9000)
            ),
            montant_declare=Decimal(9000),
            taux_tva=Decimal(20),
            numero_editeur="00001",
        )
        (demande,) = creation.enregistrer(
            enrolement=inscrit,
            couloir=couloir,
            type_demande=TypeDemande.AVANCE,
            declarations=[declaration],
            auteur=qui["fanny"],
            instant=instant,
        )
        demande.pieces.update(fichier=self.piece, depose_le=instant)
        incompletes.completer(demandes=[demande.pk], auteur=qui["fanny"])
        demandes.valider(demande=demande.pk, auteur=qui["gisele"])
        paiements.decider(demande=demande.pk, auteur=qui["denis"])
        (versement,) = suivi_financier(demande.dossier)
        paiements.mettre_en_paiement(versement=versement.pk, auteur=qui["come"])
        paiements.constater(
            versement=versement.pk,
            auteur=qui["come"],
            montant=versement.montant_decide,
            jour=calendrier.jour_de_paris(instant),
        )

    def entreprise(self, cle: int) -> Entreprise:
        return next(un.entreprise for un in self.enrolements if un.entreprise_id == cle)

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
            mock.patch.object(editique, "titre_de_recette", self._lire),
        ):
            yield

    def _lire(self, lettre: Any) -> bytes:
        """Each letter of a life has its own bytes, as the ledger asks of notices; another life has them again."""
        self.lettres[lettre.reference] = lettre
        self.ecrites += 1
        return usines.PDF_MINIMAL + f"% {self.ecrites}".encode()


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
    """A clock that stands still between two gestures, and jumps.

    Nothing of it is the machine's: an instant told twice, or told later on a busy machine, would make other lives.
    """

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        self.instant += _TOP
        return self.instant.astimezone(UTC)


@contextmanager
def a_l_heure(horloge: Horloge) -> Iterator[None]:
    """Times are those of this clock."""
    with (
        mock.patch.object(calendrier, "_present", horloge),
        mock.patch.object(calendrier, "_avance", timedelta),
    ):
        yield
