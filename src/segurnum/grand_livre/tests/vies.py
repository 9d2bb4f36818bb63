"""What several tests of the ledger begin with: requests that were decided, paid, rejected, cancelled."""

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.paiements import services
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import jour_de_paris, maintenant


def qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def validee(**valeurs: object) -> Demande:
    demande = usines.demande(**valeurs)  # type: ignore[arg-type]
    return demandes.valider(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE))


def ouverte(**valeurs: object) -> Versement:
    """The payment of a request that has just been decided."""
    return services.decider(demande=validee(**valeurs).pk, auteur=qui(Profil.DECIDEUR)).versements.get()


def remise(**valeurs: object) -> Versement:
    return services.mettre_en_paiement(versement=ouverte(**valeurs).pk, auteur=qui(Profil.COMPTABLE))


def payee(**valeurs: object) -> Versement:
    versement = remise(**valeurs)
    return services.constater(
        versement=versement.pk,
        auteur=qui(Profil.COMPTABLE),
        montant=versement.montant_decide,
        jour=jour_de_paris(maintenant()),
    )


def rejetee(**valeurs: object) -> Versement:
    return services.rejeter(versement=remise(**valeurs).pk, auteur=qui(Profil.COMPTABLE), motif="Compte clos")


def reemise(**valeurs: object) -> Versement:
    return services.reemettre(versement=rejetee(**valeurs).pk, auteur=qui(Profil.COMPTABLE))


def annuler(versement: Versement) -> None:
    services.annuler(
        demande=versement.decision.demande_id, auteur=qui(Profil.GESTIONNAIRE), motif="À sa demande"
    )


def de_toutes_sortes() -> dict[str, Versement]:
    """One payment in each state that a life leads to, two of them cancelled."""
    inscrit = usines.enrolement()
    etats = {
        sorte.__name__: sorte(inscrit=inscrit) for sorte in (ouverte, remise, payee, rejetee, reemise)
    } | {"annulee": ouverte(inscrit=inscrit), "annulee_rejetee": rejetee(inscrit=inscrit)}
    annuler(etats["annulee"])
    annuler(etats["annulee_rejetee"])
    return etats
