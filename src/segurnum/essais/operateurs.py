"""An operator for the tests: its enrolment, its person, the scale in force, what the national directory counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from segurnum import couloirs
from segurnum.annuaire_sante.models import ComptageFourni, CompteDomaine, DomaineOperateur, Extrait
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique_formulaires
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.referentiel.models import Bareme, FenetreDepot
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande

_rang = count(1)


@dataclass
class Operateur:
    """A company whose requests are deposited on screen."""

    enrolement: Enrolement
    utilisateur: Utilisateur

    @classmethod
    def nouveau(
        cls, code: str = "MSS-MSS", *, profil: str = "DEVELOPPEUR", taux_tva: str = "0", **valeurs: Any
    ) -> "Operateur":
        inscrit = usines.enrolement(code, taux_tva=Decimal(taux_tva), **valeurs)
        inscrit.referencement.profil_operateur = profil
        inscrit.referencement.save()
        bareme(code)
        return cls(inscrit, usines.utilisateur(Profil.OPERATEUR, entreprise=inscrit.entreprise))

    @property
    def auteur(self) -> Auteur:
        return auteur(self.utilisateur)

    @property
    def numero_ans(self) -> str:
        return self.enrolement.referencement.numero_ans

    def deposer(
        self, type_demande: TypeDemande = TypeDemande.AVANCE, saisie: Mapping[str, str] | None = None
    ) -> Demande:
        return fabrique_formulaires.deposer(self.enrolement, type_demande, self.auteur, saisie)

    def compter_au(self, instant: datetime) -> FenetreDepot:
        """Say at which instant the mailboxes are counted: the closing date of the financing."""
        fenetre = FenetreDepot.objects.get(dsr=self.enrolement.referencement.dsr, type=TypeDemande.SOLDE)
        fenetre.comptage = instant
        fenetre.save()
        return fenetre

    def compter(
        self,
        applicatives: int,
        organisationnelles: int,
        nominatives: int,
        *,
        extrait_du: datetime | None = None,
        cloture: datetime | None = None,
    ) -> None:
        """Have the directory count these mailboxes; settled, unless `cloture` is still to come."""
        instant = extrait_du or maintenant() - timedelta(days=2)
        self.compter_au(cloture or maintenant() - timedelta(days=1))
        domaine = f"operateur{next(_rang)}.mssante.example"
        DomaineOperateur.objects.filter(numero_ans=self.numero_ans).delete()
        DomaineOperateur.objects.create(numero_ans=self.numero_ans, domaine=domaine)
        extrait = Extrait.objects.create(
            instant=instant,
            empreinte=f"{next(_rang):064x}",
            nom="Extraction.txt",
            nombre_lignes=1,
            nombre_adresses=1,
        )
        for type_bal, nombre in (("ORG", organisationnelles), ("PER", nominatives)):
            CompteDomaine.objects.create(extrait=extrait, domaine=domaine, type=type_bal, nombre=nombre)
        ComptageFourni.objects.create(
            domaine=domaine, date=jour_de_paris(instant), nombre=applicatives, source="Essais"
        )


def bareme(code: str) -> Bareme:
    """The figures of a couloir as first published."""
    couloir = couloirs.par_code(code)
    valeurs = {nom: str(valeur) for nom, valeur in couloir.bareme.figures_d_essai.items()}
    ligne, _ = Bareme.objects.get_or_create(
        dsr=couloir.dsr,
        date_effet=jour_de_paris(maintenant()) - timedelta(days=900),
        defaults={"valeurs": valeurs, "source": "Essais"},
    )
    return ligne
