"""« Courriels automatiques envoyés » and « Suivi Financier »: what followed the deposit."""

from dataclasses import dataclass
from datetime import date

from segurnum.courriels.phrases import situation
from segurnum.courriels.queries import courriels_de, etat_du_serveur
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import suivi_financier
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, instant_fr
from segurnum.regles.cycles import EtatPaiement
from segurnum.web.commun.blocs.consultee import Adresses, Consultee, Tableau
from segurnum.web.commun.formes import tronquer

OBJET_MAX = 80


@dataclass(frozen=True)
class LigneCourriel:
    cle: int
    titre: str
    objet: str
    envoye_le: str
    situation: str  # empty once it left and nothing was heard of it since
    destinataire: str
    corps: str


def courriels(consultee: Consultee) -> tuple[LigneCourriel, ...]:
    """Every mail written about the request, newest first (REQ-068)."""
    return courriels_sur(consultee.demande.objet)


def courriels_sur(sujet: str) -> tuple[LigneCourriel, ...]:
    """Every mail written about a thing, newest first."""
    lus = list(courriels_de(sujet))
    serveur = etat_du_serveur() if any(courriel.a_remettre_le for courriel in lus) else None
    return tuple(
        LigneCourriel(
            cle=courriel.pk,
            titre=f"{date_fr(courriel.cree_le)} - {tronquer(courriel.objet, OBJET_MAX)}",
            objet=courriel.objet,
            envoye_le=instant_fr(courriel.envoye_le) if courriel.envoye_le else "",
            situation=""
            if courriel.envoye_le and not courriel.derniere_erreur
            else situation(courriel, serveur),
            destinataire=courriel.destinataire,
            corps=courriel.corps_montre,
        )
        for courriel in lus
    )


@dataclass(frozen=True)
class LigneSuivi:
    numero: str
    objet: str
    type: str
    etat: EtatPaiement
    motif_rejet: str
    montant_decide: str
    valide_le: str
    mis_en_paiement_le: str
    montant_paye: str
    paye_le: str
    avis: str


def suivi(consultee: Consultee) -> Tableau[LigneSuivi] | None:
    """The payments of the dossier, common to avance and solde; hidden until the avance is decided (REQ-059)."""
    lignes = [
        _ligne_suivi(versement, consultee.adresses)
        for versement in suivi_financier(consultee.demande.dossier)
    ]
    return consultee.tableau("suivi", lignes) if lignes else None


def _ligne_suivi(versement: Versement, adresses: Adresses) -> LigneSuivi:
    demande = versement.decision.demande
    return LigneSuivi(
        numero=demande.numero,
        objet=versement.objet,
        type=versement.type,
        etat=EtatPaiement(versement.etat),
        motif_rejet=versement.motif_rejet,
        montant_decide=en_euros(versement.montant_decide),
        valide_le=_jour(demande.valide_le),
        mis_en_paiement_le=_jour(versement.mis_en_paiement_le),
        montant_paye=en_euros(versement.montant_paye) if versement.montant_paye is not None else "",
        paye_le=_jour(versement.paye_le),
        avis=adresses.avis(versement) if versement.avis_id else "",
    )


def _jour(valeur: date | None) -> str:
    """A day with its four-digit year (CON-43); nothing until it comes."""
    return "" if valeur is None else date_fr(valeur)
