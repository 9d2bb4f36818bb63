"""A deposit for the tests, step by step, as a supplier makes it."""

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demonstration import documents, fabrique
from segurnum.depots import pieces, services
from segurnum.depots.models import Archive, Depot, Simulation
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.fichiers.services import lire
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande


@dataclass
class Deposant:
    """A company, its person, its enrolment."""

    enrolement: Enrolement
    utilisateur: Utilisateur

    @classmethod
    def nouveau(cls, code: str = "MS1-DUI", **valeurs: Any) -> "Deposant":
        inscrit = usines.enrolement(code, **valeurs)
        return cls(inscrit, usines.utilisateur(Profil.FOURNISSEUR, entreprise=inscrit.entreprise))

    @property
    def auteur(self) -> Auteur:
        return auteur(self.utilisateur)

    @property
    def source(self) -> fabrique.Source:
        dsr = self.enrolement.referencement.dsr
        return fabrique.Source(self.enrolement, couloirs.par_dsr(dsr), jour_de_paris(maintenant()))

    def fichier(self, nombre: int = 2) -> dict[str, Any]:
        return fabrique.fichier_d_avances(self.source, nombre)

    def simuler(
        self,
        fichier: dict[str, Any] | bytes,
        type_demande: TypeDemande = TypeDemande.AVANCE,
        taux: str = "20",
    ) -> Simulation:
        octets = fichier if isinstance(fichier, bytes) else fabrique.en_octets(fichier)
        return services.simuler(
            enrolement=self.enrolement,
            auteur=self.auteur,
            type_demande=type_demande,
            taux_tva=Decimal(taux),
            nom_fichier="MS1 - AVANCE - Ok.json",
            octets=octets,
        ).simulation

    def importer(self, nombre: int = 2) -> Depot:
        """Avances, whose beneficiaries have their ceilings."""
        depot = services.importer(simulation=self.simuler(self.fichier(nombre)).pk, auteur=self.auteur)
        for ligne in Demande.objects.filter(ligne_depot__depot=depot):
            usines.plafonner(ligne)
        return depot

    def zip_de(self, depot: Depot) -> bytes:
        """The ZIP that the deposit waits for."""
        return documents.archiver(fabrique.pieces(self.source, json.loads(lire(depot.sortie))))

    def envoyer(self, depot: Depot, octets: bytes | None = None) -> Archive:
        """Send a ZIP and let the worker check it."""
        octets = self.zip_de(depot) if octets is None else octets
        archive = pieces.recevoir(
            depot=depot, auteur=self.auteur, nom_fichier="pieces.zip", flux=io.BytesIO(octets)
        )
        pieces.controler(archive=archive.pk)
        archive.refresh_from_db()
        return archive

    def terminer(self, depot: Depot) -> Depot:
        return pieces.terminer(depot=depot.pk, auteur=self.auteur)
