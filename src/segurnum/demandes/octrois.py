"""An amount granted where no ceiling is known: one person grants it with a reason, another approves it (RUL-009).

Until then what is not known counts nothing. A grant holds for the version that was read and for the beneficiaries that
lacked a ceiling then; at the solde, that of the avance goes on holding.
"""

from decimal import Decimal

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import cycle, montants
from segurnum.demandes.models import Demande, Octroi
from segurnum.demandes.queries import octroi_vivant
from segurnum.journal.preuves import prouver
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import GesteDemande, StatutOctroi
from segurnum.regles.erreurs import GesteImpossible

# Told by the service that refuses and by the screen that foretells it.
SIEN = "Vous avez octroyé ce montant : une autre personne que vous doit l'approuver."


@transaction.atomic
def octroyer(*, demande: int, auteur: Auteur, montant: Decimal, motif: str) -> Octroi:
    """Grant `montant` (euros HT) for what no known ceiling covers. It counts once somebody else approves it."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.OCTROYER, auteur, motif)
    plafond = montants.plafond_connu(ligne)
    _exiger_un_octroi_utile(ligne, montant, inconnu=plafond.inconnu)
    octroi = Octroi.objects.create(
        demande=ligne,
        montant_ht=montant,
        motif=motif.strip(),
        version=ligne.version_courante,
        manquants=list(plafond.manquants),
        auteur_id=auteur.personne,
        cree_le=calendrier.maintenant(),
    )
    _franchir(ligne, octroi, pas, auteur, motif=motif)
    return octroi


def _exiger_un_octroi_utile(demande: Demande, montant: Decimal, *, inconnu: str) -> None:
    if demande.couloir.bareme.calcule or not inconnu:
        raise GesteImpossible(
            "Le plafond de cette demande est connu : aucun montant ne s'octroie à côté de lui."
        )
    if octroi_vivant(demande) is not None:
        raise GesteImpossible("Un montant est déjà octroyé pour cette demande : écartez-le d'abord.")
    if montant <= 0:
        raise GesteImpossible("Le montant octroyé doit être au-dessus de 0.", champ="montant")
    if demande.montant_declare is not None and montant > demande.montant_declare:
        raise GesteImpossible(
            f"Le montant octroyé ({en_euros(montant)}) dépasse le montant déclaré "
            f"({en_euros(demande.montant_declare)}).",
            champ="montant",
        )


@transaction.atomic
def approuver(*, demande: int, auteur: Auteur) -> Octroi:
    """Approve what another person granted: from now on it is part of the ceiling."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.APPROUVER_OCTROI, auteur)
    octroi = _vivant(ligne)
    if octroi.statut is not StatutOctroi.PROPOSE:
        raise GesteImpossible("Le montant octroyé est déjà approuvé.")
    if octroi.auteur_id == auteur.cle:
        raise GesteImpossible(SIEN)
    if octroi.version != ligne.version_courante:
        raise GesteImpossible(
            "La demande a été modifiée depuis que ce montant est octroyé : écartez-le, puis octroyez-en un autre."
        )
    octroi.statut = StatutOctroi.APPROUVE
    octroi.approbateur_id, octroi.approuve_le = auteur.personne, calendrier.maintenant()
    octroi.save()
    _franchir(ligne, octroi, pas, auteur)
    return octroi


@transaction.atomic
def ecarter(*, demande: int, auteur: Auteur, motif: str) -> Octroi:
    """Set a grant aside, approved or not: its author, or anybody who might have approved it."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.ECARTER_OCTROI, auteur, motif)
    octroi = _vivant(ligne)
    octroi.statut = StatutOctroi.ECARTE
    octroi.save()
    _franchir(ligne, octroi, pas, auteur, motif=motif)
    return octroi


def _vivant(demande: Demande) -> Octroi:
    octroi = octroi_vivant(demande)
    if octroi is None:
        raise GesteImpossible("Aucun montant n'est octroyé pour cette demande.")
    return octroi


def _franchir(
    demande: Demande, octroi: Octroi, pas: cycle.Passage, auteur: Auteur, *, motif: str = ""
) -> None:
    details = {
        "octroi": {
            "cle": octroi.pk,
            "statut": octroi.statut.value,
            "montant_ht": f"{octroi.montant_ht:.2f}",
            "auteur": str(octroi.auteur_id),
            "approbateur": str(octroi.approbateur_id or ""),
        }
    }
    cycle.franchir(demande, pas, auteur, motif=motif, details=details | prouver(octroi), remplace=False)
