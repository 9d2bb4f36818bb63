"""Every write of the bank accounts given after enrolment (ACC-003, ACC-004).

A new account is confirmed by the legal representative (link of a mail), accepted by an officer, then waits
`SEGURNUM_DELAI_BANCAIRE` days before the payments follow it: time for a company to say that it asked for nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.comptes_bancaires import identite as identite_du_compte
from segurnum.comptes.droits import exiger, reserve
from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.coordonnees import cycle, queries
from segurnum.coordonnees.models import BANCAIRES_OUVERTES, ModificationBancaire
from segurnum.coordonnees.personnes import RolePersonne
from segurnum.demandes import separation
from segurnum.demandes.queries import a_payer
from segurnum.entretien.balayages import un_par_un
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import exiger_sains
from segurnum.journal.cycle import noter
from segurnum.journal.pieces import identite
from segurnum.journal.preuves import prouver
from segurnum.regles import calendrier, secrets
from segurnum.regles.cycles import Acteur
from segurnum.regles.cycles_coordonnees import GesteModification, Passage, StatutModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise

Statut = CoordonneesBancaires.Statut

VALIDITE_JETON = 7  # calendar days
# Who answers by the link: the company, without an account of the portal.
REPRESENTANT = Auteur(role=Acteur.FOURNISSEUR, nom="le représentant légal")

# Told by the service that refuses and by the page that foretells it.
MEME_ACCEPTANT = (
    "Vous avez accepté ce compte : il doit être confirmé par une autre personne que vous, parce que la somme qui reste "
    "à verser à cette entreprise est élevée."
)
LIEN_PERDU = (
    "Ce lien n'est plus valable : il a déjà servi, il a expiré, ou la demande a été annulée. "
    "Un nouveau lien peut être demandé depuis « Gérer mes coordonnées bancaires »."
)


@dataclass(frozen=True)
class NouveauCompte:
    """A bank account as typed, already checked: IBAN and BIC without blanks, in capitals."""

    iban: str
    bic: str
    titulaire: str
    domiciliation: str


# --- The supplier's side


@reserve(GesteEntreprise.AJOUTER_COMPTE)
@transaction.atomic
def ajouter(
    *, entreprise: Entreprise, auteur: Auteur, compte: NouveauCompte, nom_rib: str, rib: Fichier
) -> ModificationBancaire:
    """Ask for the payments to follow another account. The legal representative is asked to confirm."""
    entreprise = cycle.verrouiller_entreprise(entreprise)
    _verifier_ajout(entreprise, compte)
    instant = calendrier.maintenant()
    nouveau = CoordonneesBancaires.objects.create(
        entreprise=entreprise,
        iban=compte.iban,
        bic=compte.bic,
        titulaire=compte.titulaire,
        domiciliation=compte.domiciliation,
        statut=Statut.EN_ATTENTE,
        cree_le=instant,
    )
    ligne = ModificationBancaire(
        entreprise=entreprise,
        demandeur_id=auteur.personne,
        depose_le=instant,
        statut=StatutModification.A_CONFIRMER,
        statut_depuis=instant,
        compte=nouveau,
        remplace=entreprise.compte_actif,
        rib=rib,
        nom_rib=nom_rib,
    )
    _demander_confirmation(ligne)
    piece = identite(nom=nom_rib, type_piece="RIB", libelle="RIB", fichier=rib)
    noter(
        ligne,
        "AJOUTER",
        auteur,
        details={"iban": nouveau.iban_masque} | identite_du_compte(nouveau) | prouver(nouveau) | piece,
    )
    return ligne


@transaction.atomic
def renvoyer(*, modification: int, auteur: Auteur) -> None:
    """Send the confirmation mail again, with a new link: the previous one is worth nothing any more."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    exiger(auteur, GesteEntreprise.RENVOYER_CONFIRMATION, ligne)
    if ligne.statut is not StatutModification.A_CONFIRMER:
        raise GesteImpossible(
            f"Cette demande n'attend plus de confirmation : son statut est « {ligne.statut.libelle} »."
        )
    _demander_confirmation(ligne)
    noter(ligne, "RENVOYER", auteur, avant=ligne.statut)


@transaction.atomic
def annuler(*, modification: int, auteur: Auteur) -> ModificationBancaire:
    """Give up a new account that is not in use yet."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    pas = cycle.passage(ligne, GesteModification.ANNULER, auteur)
    _clore(ligne)
    cycle.franchir(ligne, pas, auteur, **_valeurs(ligne))
    return ligne


# --- The legal representative's side


def confirmer(*, jeton: str, recu_le: datetime | None = None) -> ModificationBancaire:
    """`recu_le`, here and below: when the portal began to receive the answer, which the link's end is judged on."""
    return _repondre(jeton, GesteModification.CONFIRMER, recu_le)


def contester(*, jeton: str, recu_le: datetime | None = None) -> ModificationBancaire:
    """« I asked for nothing »: the change is dropped."""
    return _repondre(jeton, GesteModification.CONTESTER, recu_le)


@transaction.atomic
def _repondre(jeton: str, geste: GesteModification, recu_le: datetime | None) -> ModificationBancaire:
    instant = calendrier.instant_juge(recu_le)
    trouvee = queries.changement_par_jeton(jeton, recu_le=instant)
    if trouvee is None:
        raise GesteImpossible(LIEN_PERDU)
    ligne = cycle.verrouiller(ModificationBancaire, trouvee.pk)
    if ligne.empreinte_jeton != secrets.empreinte(jeton):
        raise GesteImpossible(LIEN_PERDU)  # another click was faster
    pas = cycle.passage(ligne, geste, REPRESENTANT)
    if geste is GesteModification.CONFIRMER:
        ligne.confirme_le = instant
        _oublier_jeton(ligne)
    else:
        _clore(ligne)
    cycle.franchir(ligne, pas, REPRESENTANT, **_valeurs(ligne))
    return ligne


# --- The officers' side, and the portal's


@transaction.atomic
def accepter(*, modification: int, auteur: Auteur) -> ModificationBancaire:
    """Accept the new account: at once, or for another person to confirm where much is still to be paid (GST-024)."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    geste = geste_d_acceptation(ligne)
    pas = cycle.passage(ligne, geste, auteur)
    separation.separer_du_compte(ligne.entreprise, geste, auteur)
    exiger_sains([("RIB", ligne.nom_rib, ligne.rib)])
    ligne.instructeur_id, ligne.contresignataire = auteur.personne, None
    if geste is GesteModification.PROPOSER:
        cycle.franchir(ligne, pas, auteur, details=identite_du_compte(ligne.compte))
        return ligne
    return _mettre_en_attente(ligne, pas, auteur)


def geste_d_acceptation(ligne: ModificationBancaire) -> GesteModification:
    """By one person, or by one for another to confirm."""
    deux = a_payer(ligne.entreprise) >= settings.SEUIL_BANCAIRE
    return GesteModification.PROPOSER if deux else GesteModification.ACCEPTER


@transaction.atomic
def contresigner(*, modification: int, auteur: Auteur) -> ModificationBancaire:
    """Confirm what another officer accepted."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    pas = cycle.passage(ligne, GesteModification.CONTRESIGNER, auteur)
    if ligne.instructeur_id == auteur.personne:
        raise GesteImpossible(MEME_ACCEPTANT)
    separation.separer_du_compte(ligne.entreprise, GesteModification.CONTRESIGNER, auteur)
    ligne.contresignataire_id = auteur.personne
    return _mettre_en_attente(ligne, pas, auteur)


@transaction.atomic
def reprendre(*, modification: int, auteur: Auteur, motif: str) -> ModificationBancaire:
    """Instruct again what was accepted and is not confirmed yet."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    pas = cycle.passage(ligne, GesteModification.REPRENDRE, auteur, motif)
    cycle.franchir(ligne, pas, auteur, motif=motif, details=identite_du_compte(ligne.compte))
    return ligne


def _mettre_en_attente(ligne: ModificationBancaire, pas: Passage, auteur: Auteur) -> ModificationBancaire:
    """In use after the delay, at once when the setting says none."""
    ligne.effet_le = calendrier.jours_apres(calendrier.maintenant(), settings.DELAI_BANCAIRE)
    effet = calendrier.instant_long(ligne.effet_le)
    cycle.franchir(ligne, pas, auteur, effet_le=effet, **_valeurs(ligne))
    if not settings.DELAI_BANCAIRE:
        _activer(ligne)
    return ligne


@transaction.atomic
def refuser(*, modification: int, auteur: Auteur, motif: str) -> ModificationBancaire:
    """Refuse the new account, even once accepted as long as it is not in use."""
    ligne = cycle.verrouiller(ModificationBancaire, modification)
    pas = cycle.passage(ligne, GesteModification.REFUSER, auteur, motif)
    ligne.instructeur_id = auteur.personne
    _clore(ligne)
    cycle.franchir(ligne, pas, auteur, motif=motif, **_valeurs(ligne))
    return ligne


def activer(*, instant: datetime) -> int:
    """Put in use the accepted accounts whose delay is over. Returns how many were."""
    dues = ModificationBancaire.objects.filter(
        statut=StatutModification.ACCEPTEE, effet_le__lte=instant
    ).order_by("pk")

    def passer(cle: int) -> bool:
        ligne = (
            dues.select_for_update(of=("self",), skip_locked=True)
            .select_related("entreprise")
            .filter(pk=cle)
            .first()
        )
        if ligne is not None:
            _activer(ligne)
        return ligne is not None

    return un_par_un(list(dues.values_list("pk", flat=True)), passer)


def _activer(ligne: ModificationBancaire) -> None:
    """The old account leaves its place to the new one; payments take the one that is active (ACC-004)."""
    pas = cycle.passage(ligne, GesteModification.ACTIVER, PORTAIL)
    entreprise = cycle.verrouiller_entreprise(ligne.entreprise)
    ligne.remplace = entreprise.compte_actif
    entreprise.comptes_bancaires.filter(statut=Statut.ACTIVE).update(statut=Statut.INACTIVE)
    CoordonneesBancaires.objects.filter(pk=ligne.compte_id).update(statut=Statut.ACTIVE)
    cycle.franchir(ligne, pas, PORTAIL, **_valeurs(ligne))


# --- What they share


def _verifier_ajout(entreprise: Entreprise, compte: NouveauCompte) -> None:
    if ModificationBancaire.objects.filter(entreprise=entreprise, statut__in=BANCAIRES_OUVERTES).exists():
        raise GesteImpossible(
            "Une coordonnée bancaire est déjà en attente : annulez-la ou attendez la réponse avant d'en ajouter "
            "une autre."
        )
    actif = entreprise.compte_actif
    if actif is not None and (actif.iban, actif.bic) == (compte.iban, compte.bic):
        raise GesteImpossible(
            "Cet IBAN, avec ce BIC, est déjà celui de votre compte actif : indiquez-en un autre, ou corrigez le BIC."
        )
    if RolePersonne.REPRESENTANT not in queries.personnes_de(entreprise):
        raise GesteImpossible(
            "Aucun représentant légal n'est enregistré pour confirmer ce changement : renseignez-le d'abord dans "
            "« Gérer mes coordonnées personnes physiques »."
        )


def _demander_confirmation(ligne: ModificationBancaire) -> None:
    secret = secrets.nouveau()
    ligne.empreinte_jeton = secret.empreinte
    ligne.jeton_expire_le = calendrier.jours_apres(calendrier.maintenant(), VALIDITE_JETON)
    ligne.save()
    representant = queries.personnes_de(ligne.entreprise)[RolePersonne.REPRESENTANT]
    cycle.ecrire_a(
        ligne,
        "M19",
        [representant.courriel],
        iban=ligne.compte.iban_masque,
        titulaire=ligne.compte.titulaire,
        jeton=secret.texte,
        expire_le=calendrier.instant_long(ligne.jeton_expire_le),
    )


def _oublier_jeton(ligne: ModificationBancaire) -> None:
    ligne.empreinte_jeton, ligne.jeton_expire_le = "", None


def _clore(ligne: ModificationBancaire) -> None:
    """The account will not be used, and its link opens nothing any more."""
    _oublier_jeton(ligne)
    CoordonneesBancaires.objects.filter(pk=ligne.compte_id).update(statut=Statut.INACTIVE)


def _valeurs(ligne: ModificationBancaire) -> dict[str, Any]:
    """Who reads the mails about this account, what they name it by, and what the journal knows it by."""
    return {
        "details": identite_du_compte(ligne.compte),
        "destinataires": queries.adresses_de(ligne.entreprise),
        "iban": ligne.compte.iban_masque,
    }
