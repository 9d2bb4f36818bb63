"""A paid avance, and whoever asks part of it back."""

from datetime import date
from decimal import Decimal

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import usines
from segurnum.fichiers.services import lire
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import enveloppes_de
from segurnum.recouvrements import services
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande

D = Decimal
MOTIF = "La commande a été résiliée pour partie."


def qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def aujourd_hui() -> date:
    return jour_de_paris(maintenant())


def decidee(**valeurs: object) -> Versement:
    """Of an avance of 10 000 € HT unless it is said: 3 600 €, on an envelope of its own couloir."""
    demande = usines.demande(**{"montant": "10000.00"} | valeurs)  # type: ignore[arg-type]
    if not enveloppes_de(demande.dsr).exists():
        usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE))
    return paiements.decider(demande=demande.pk, auteur=qui(Profil.DECIDEUR)).versements.get()


def payer(versement: Versement) -> Demande:
    comptable = qui(Profil.COMPTABLE)
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    versement.refresh_from_db()
    paiements.constater(versement=versement.pk, auteur=comptable, montant=versement.net, jour=aujourd_hui())
    return Demande.objects.get(pk=versement.decision.demande_id)


def payee(**valeurs: object) -> Demande:
    return payer(decidee(**valeurs))


def solde_valide(avance: Demande, montant: str) -> Demande:
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier, montant=montant)
    return demandes.valider(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE))


def propose(demande: Demande, montant: str | None = "600.00") -> Recouvrement:
    return services.proposer(
        demande=demande.pk,
        auteur=qui(Profil.GESTIONNAIRE),
        montant=None if montant is None else D(montant),
        motif=MOTIF,
    )


def emis(demande: Demande, montant: str | None = "600.00") -> Recouvrement:
    return services.emettre(recouvrement=propose(demande, montant).pk, auteur=qui(Profil.DECIDEUR))


def rembourser(
    titre: Recouvrement, montant: str, reference: str = "VIR-1", **valeurs: object
) -> Recouvrement:
    return services.rembourser(
        **{  # type: ignore[arg-type]
            "recouvrement": titre.pk,
            "auteur": qui(Profil.COMPTABLE),
            "montant": D(montant),
            "jour": aujourd_hui(),
            "reference": reference,
            "payeur": titre.entreprise.siret,
        }
        | valeurs
    )


def statuts(demande: Demande) -> set[StatutDemande]:
    """Of the avenants that share this number."""
    return {ligne.statut for ligne in Demande.objects.filter(numero=demande.numero)}


def lettre_de(demande: Demande) -> str:
    """The words of the letter of its decision, as whoever opens it reads them."""
    piece = demande.pieces.get(origine=PieceJustificative.Origine.AGENCE)
    assert piece.fichier is not None
    return " ".join(texte(lire(piece.fichier)).split())
