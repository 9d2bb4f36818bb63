"""The life cycle of a payment: lock, look up the step, take the state, journal, in its dossier's chain."""

from collections.abc import Mapping
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.comptes_bancaires import identite
from segurnum.courriels import services as courriels
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.textes import rediger
from segurnum.demandes.cycle import verrouiller as verrouiller_demande
from segurnum.demandes.models import Demande
from segurnum.journal import cycle
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver
from segurnum.notifications import services as notifications
from segurnum.paiements.models import Versement
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import (
    PAIEMENT,
    EtatPaiement,
    GestePaiement,
    StatutDemande,
    Transition,
    TypeDemande,
)
from segurnum.regles.erreurs import GesteImpossible

Passage = Transition[EtatPaiement, GestePaiement]


def verrouiller(cle: int) -> Versement:
    """The payment of a request that is still decided, held with it.

    The request first, as every gesture on it does: a payment and a cancellation happen one after the other.
    """
    demande = verrouiller_demande(Versement.objects.values_list("decision__demande", flat=True).get(pk=cle))
    if demande.statut is not StatutDemande.DECIDEE:
        raise GesteImpossible(
            f"Rien n'est plus à payer : la demande {demande.numero} est « {demande.statut.libelle} »."
        )
    ligne = (
        Versement.objects.select_for_update(of=("self",))
        .select_related("decision", "compte_bancaire")
        .get(pk=cle)
    )
    ligne.decision.demande = demande
    return ligne


def ouvrir(demande: Demande, auteur: Auteur) -> Passage:
    """The step by which a decision opens the payment of its request; the decision's event tells it."""
    return cycle.passage(PAIEMENT, demande.etat_paiement, GestePaiement.OUVRIR, auteur, objet=demande)


def passage(versement: Versement, geste: GestePaiement, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(PAIEMENT, versement.etat, geste, auteur, motif, objet=versement.decision.demande)


def arrivee(pas: Passage) -> EtatPaiement:
    if pas.vers is None:
        raise AssertionError("aucun geste ne supprime un versement")
    return pas.vers


def franchir(
    versement: Versement,
    pas: Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    details: Mapping[str, Any] | None = None,
    dits: Mapping[str, Any] | None = None,
) -> Versement:
    """Make the step: the payment is saved whole, with what the caller changed on it, and journalled.

    `dits`: more for the step's mail.
    """
    versement.etat = arrivee(pas)
    versement.save()
    demande = versement.decision.demande
    fait = journal.Fait(
        chaine=demande.dossier.chaine,
        objet=demande.objet,
        geste=f"PAIEMENT_{pas.geste}",
        auteur=auteur,
        avant=pas.depuis,
        apres=versement.etat,
        motif=motif,
        details={
            "versement": versement.pk,
            "montant": str(versement.montant_decide),
            "compense": f"{versement.compense:.2f}",
            "paye_le": str(versement.paye_le or ""),
            "avis": versement.avis.empreinte if versement.avis else "",
        }
        | identite(versement.compte_bancaire)
        | prouver(versement)
        | dict(details or {}),
    )
    journal.consigner([fait])
    if pas.courriel:
        courriels.envoyer([_courriel(versement, pas.courriel, dits or {})])
    notifications.noter_geste(entreprise=demande.entreprise, geste=pas.geste, numero=demande.numero)
    return versement


def _courriel(versement: Versement, code: str, dits: Mapping[str, Any]) -> courriels.Envoi:
    """The mail of a step, to the address given at enrolment (REQ-070)."""
    demande = versement.decision.demande
    texte = rediger(
        code,
        numero=demande.numero,
        dossier=demande.dossier.numero,
        depose_le=date_fr(demande.depose_le),
        siret=demande.entreprise.siret,
        montant=en_euros(versement.net),
        titre="de l'avance" if demande.type is TypeDemande.AVANCE else "du solde",
        compte=versement.compte_bancaire.iban_masque,
        paye_le=date_fr(versement.paye_le) if versement.paye_le else "",
        motif=versement.motif_rejet,
        lien=adresse_de("fournisseur:comptes_bancaires"),
        **dits,
    )
    destinataire = demande.dossier.enrolement.courriel
    return courriels.Envoi(code=code, texte=texte, destinataire=destinataire, sujet=demande.objet)
