"""The account that a decision pays: fixed by it, told when the company has another, changed by a confirmation only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.comptes_bancaires import identite
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.coordonnees.models import BANCAIRES_OUVERTES, ModificationBancaire
from segurnum.demandes import separation
from segurnum.demandes.models import Demande
from segurnum.demandes.separation import Role
from segurnum.journal.models import Evenement
from segurnum.paiements import cycle, lettres
from segurnum.paiements.models import Decision, Versement
from segurnum.regles.calendrier import instant_fr
from segurnum.regles.cycles import GestePaiement
from segurnum.regles.erreurs import GesteImpossible

_ACTIVE = CoordonneesBancaires.Statut.ACTIVE
SANS_COMPTE = "L'entreprise n'a pas de coordonnées bancaires actives : aucun paiement n'est possible."


@dataclass(frozen=True)
class Accepte:
    """An account, and who accepted it: nobody for one that a command or a migration brought."""

    compte: CoordonneesBancaires
    faits: tuple[Evenement, ...]

    @property
    def par_qui(self) -> str:
        """« accepté par Camille Lormelin le 02/01/2024 à 10:00 »; empty when the journal names nobody."""
        return ", puis ".join(
            f"accepté par {_nom(fait)} le {instant_fr(fait.instant)}" for fait in self.faits
        )


@dataclass(frozen=True)
class Changement:
    """The account of a decision, and the one that the company has now."""

    ancien: Accepte
    nouveau: Accepte

    @property
    def phrase(self) -> str:
        qui = f", {self.nouveau.par_qui}" if self.nouveau.par_qui else ""
        return (
            f"Le compte bancaire de l'entreprise a changé depuis la décision : {self.ancien.compte.iban_masque} "
            f"({self.ancien.compte.titulaire}) est remplacé par {self.nouveau.compte.iban_masque} "
            f"({self.nouveau.compte.titulaire}){qui}."
        )


@dataclass(frozen=True)
class CompteAPayer:
    """`fixe`: by the decision; until then it is the active account. `ouverte`: a change that is under way."""

    accepte: Accepte
    fixe: bool
    changement: Changement | None
    ouverte: ModificationBancaire | None


def compte_a_payer(demande: Demande) -> CompteAPayer | None:
    """What whoever decides or pays reads of the account; None when there is none."""
    versement = _dernier_versement(demande)
    compte = versement.compte_bancaire if versement else demande.entreprise.compte_actif
    if compte is None:
        return None
    attend = versement is not None and versement.mis_en_paiement_le is None
    return CompteAPayer(
        _acceptes([compte])[compte.pk],
        versement is not None,
        changements([versement]).get(versement.pk) if versement and attend else None,
        ModificationBancaire.objects.filter(
            entreprise=demande.entreprise, statut__in=BANCAIRES_OUVERTES
        ).first(),
    )


def _dernier_versement(demande: Demande) -> Versement | None:
    lues = Versement.objects.filter(decision__demande=demande)
    return (
        lues.select_related("decision__demande__entreprise", "compte_bancaire__entreprise")
        .order_by("-pk")
        .first()
    )


def changements(versements: Collection[Versement]) -> dict[int, Changement]:
    """Key of each payment whose account is the company's no longer -> what replaces it. Constant statements."""
    attendus = [versement for versement in versements if versement.mis_en_paiement_le is None]
    entreprises = {versement.decision.demande.entreprise_id for versement in attendus}
    actifs = {
        compte.entreprise_id: compte
        for compte in CoordonneesBancaires.objects.filter(
            entreprise__in=entreprises, statut=_ACTIVE
        ).select_related("entreprise")
    }
    couples = [
        (versement, actif)
        for versement in attendus
        if (actif := actifs.get(versement.decision.demande.entreprise_id)) is not None
        and actif.pk != versement.compte_bancaire_id
    ]
    if not couples:
        return {}
    for versement, _ in couples:
        versement.compte_bancaire.entreprise = versement.decision.demande.entreprise  # read once
    acceptes = _acceptes(
        [compte for versement, actif in couples for compte in (versement.compte_bancaire, actif)]
    )
    return {
        versement.pk: Changement(acceptes[versement.compte_bancaire_id], acceptes[actif.pk])
        for versement, actif in couples
    }


def empeches_de_payer(versements: Collection[Versement], personne: int) -> dict[int, separation.Tenu]:
    """Key of each payment that this person may not record -> what they did on its dossier. Constant statements."""
    demandes = {versement.pk: versement.decision.demande for versement in versements}
    tenus = separation.empechements(demandes.values(), Role.PAYER, personne)
    return {
        cle: tenus[demande.dossier_id] for cle, demande in demandes.items() if demande.dossier_id in tenus
    }


def _acceptes(comptes: Collection[CoordonneesBancaires]) -> dict[int, Accepte]:
    faits = separation.acceptations(comptes)
    return {compte.pk: Accepte(compte, tuple(faits[compte.pk])) for compte in comptes}


def _nom(fait: Evenement) -> str:
    return fait.acteur.nom_complet if fait.acteur else ""


def compte_actif(decision: Decision) -> CoordonneesBancaires:
    compte = decision.demande.entreprise.compte_actif
    if compte is None:
        raise GesteImpossible(SANS_COMPTE)
    return compte


def exiger_le_compte_de_la_decision(versement: Versement) -> None:
    """Raise GesteImpossible when the account to pay is not the company's any more. The company is held."""
    actif = compte_actif(versement.decision)
    if actif.pk != versement.compte_bancaire_id:
        phrase = changements([versement])[versement.pk].phrase
        raise GesteImpossible(
            f"{phrase} Vérifiez-le, puis faites « {GestePaiement.CONFIRMER_COMPTE.libelle} » avant de mettre en "
            "paiement."
        )


@transaction.atomic
def confirmer_compte(*, versement: int, auteur: Auteur, compte: int) -> Versement:
    """Pay on the account that the company has now (`compte`, as it was read), and tell the supplier.

    By another person than who accepted it. The letter of the decision is followed by one that corrects it.
    """
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.CONFIRMER_COMPTE, auteur)
    demande = ligne.decision.demande
    separation.separer(demande, Role.PAYER, GestePaiement.CONFIRMER_COMPTE, auteur)
    if ligne.mis_en_paiement_le is not None:
        raise GesteImpossible("Ce versement est déjà mis en paiement : son compte ne change plus.")
    actif, ancien = compte_actif(ligne.decision), ligne.compte_bancaire
    if actif.pk == ancien.pk:
        raise GesteImpossible(
            "Le compte à payer est déjà le compte actif de l'entreprise : il n'y a rien à confirmer."
        )
    if actif.pk != compte:
        raise GesteImpossible(
            "Le compte bancaire de l'entreprise a encore changé depuis que vous avez ouvert cette page : relisez-le "
            "avant de le confirmer."
        )
    ligne.compte_bancaire = actif
    dits = {"ancien": ancien.iban_masque, "nouveau": actif.iban_masque, "titulaire": actif.titulaire}
    cycle.franchir(ligne, pas, auteur, details={"compte_precedent": identite(ancien)}, dits=dits)
    lettres.rectifier(ligne, auteur=auteur)
    return ligne


def compte_paye(demande: Demande) -> CoordonneesBancaires | None:
    """Where the money of a request goes: the account of its decision; until then, the company's."""
    versement = _dernier_versement(demande)
    return versement.compte_bancaire if versement else demande.entreprise.compte_actif
