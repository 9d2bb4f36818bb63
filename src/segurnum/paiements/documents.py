"""The letters of the money: what they say, taken from the decision and the payment."""

from collections.abc import Iterable

from django.conf import settings

from segurnum import editique
from segurnum.comptes.models import CoordonneesBancaires, Entreprise, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demandes.montants import textes_appliques
from segurnum.paiements.models import OBJET_VERSEMENT, Decision, Versement
from segurnum.regles.argent import LigneCalcul, en_euros
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande


def lettre_de_decision(
    decision: Decision,
    compte: CoordonneesBancaires,
    *,
    rectifie: bool = False,
    annulation: str = "",
) -> bytes:
    """The award decision, as an accessible PDF: its amounts are those of the computation that was validated.

    `rectifie`: it follows another, whose account is paid no longer; it is dated of today. `annulation`: what it says
    across itself once its decision is cancelled.
    """
    demande = decision.demande
    calcul = demande.calcul_retenu
    return editique.decision_attribution(
        editique.DecisionAttribution(
            emetteur=emetteur(),
            destinataire=destinataire(demande.entreprise),
            signataire=signataire(decision.decideur),
            reference=_reference(demande),
            lieu=settings.LETTRES["lieu"],
            date=jour_de_paris(maintenant() if rectifie else decision.prise_le),
            numero_dossier=demande.dossier.numero,
            type_demande=demande.type.libelle,
            dsr=demande.dsr,
            libelle_couloir=demande.couloir.libelle,
            lignes=lignes_de_lettre(calcul.lignes if calcul else ()),
            montant_decide=en_euros(decision.montant),
            titulaire=compte.titulaire,
            compte_masque=compte.iban_masque,
            rectifie_du=jour_de_paris(decision.prise_le) if rectifie else None,
            visas=(*settings.LETTRES["visas"], *textes_appliques(demande)),
            recours=tuple(settings.LETTRES["recours"]),
            solde=demande.type is TypeDemande.SOLDE,
            motifs=tuple(demande.motif_montant.splitlines()),
            annulation=annulation,
        )
    )


def avis_de_paiement(versement: Versement) -> bytes:
    """The payment notice of a transfer whose amount and day are known."""
    demande = versement.decision.demande
    if versement.paye_le is None or versement.montant_paye is None:
        raise ValueError("Un avis de paiement ne s'émet qu'une fois le virement constaté.")
    compte = versement.compte_bancaire
    return editique.avis_de_paiement(
        editique.AvisPaiement(
            emetteur=emetteur(),
            destinataire=destinataire(demande.entreprise),
            signataire=signataire(versement.decision.decideur),
            reference=f"AVP-{demande.numero}-{versement.pk}",
            lieu=settings.LETTRES["lieu"],
            date=jour_de_paris(maintenant()),
            numero_dossier=demande.dossier.numero,
            type_demande=demande.type.libelle,
            dsr=demande.dsr,
            libelle_couloir=demande.couloir.libelle,
            reference_decision=_reference(demande),
            versement=OBJET_VERSEMENT,
            reference_virement=f"SEGUR-{demande.numero}-{versement.pk}",
            montant_paye=en_euros(versement.montant_paye),
            date_effet=versement.paye_le,
            titulaire=compte.titulaire,
            compte_masque=compte.iban_masque,
            compense=en_euros(versement.compense) if versement.compense else "",
        )
    )


def emetteur() -> editique.Emetteur:
    return editique.Emetteur(
        nom=settings.LETTRES["emetteur"],
        service=settings.LETTRES["service"],
        adresse=tuple(settings.LETTRES["adresse"]),
    )


def _reference(demande: Demande) -> str:
    """The decision's own, on the dossier's number (CON-33)."""
    return f"DEC-{demande.dossier.numero}-{demande.type.libelle.upper()}"


def signataire(personne: Utilisateur) -> editique.Signataire:
    """A person: who the administration says signs, otherwise who decided."""
    nom = settings.LETTRES["signataire"] or personne.nom_complet
    return editique.Signataire(nom=nom, qualite=settings.LETTRES["qualite"])


def destinataire(entreprise: Entreprise) -> editique.Destinataire:
    return editique.Destinataire(
        denomination=entreprise.denomination,
        siret=entreprise.siret,
        adresse=(entreprise.adresse, f"{entreprise.code_postal} {entreprise.commune}"),
    )


def lignes_de_lettre(lignes: Iterable[LigneCalcul]) -> tuple[editique.LigneMontant, ...]:
    return tuple(
        editique.LigneMontant(ligne.libelle, ligne.detail, en_euros(ligne.montant)) for ligne in lignes
    )
