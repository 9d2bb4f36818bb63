"""What officers do to a request, each gesture with its form and its words."""

from django.conf import settings

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Utilisateur
from segurnum.demandes import octrois, permissions, services
from segurnum.demandes.examen import (
    retenu_utile,
)
from segurnum.demandes.models import Demande
from segurnum.financements import contestations
from segurnum.financements.permissions import gestes_sur
from segurnum.financements.queries import ajouts, concurrences
from segurnum.kits.champs import motif
from segurnum.kits.geste import (
    Geste,
    Saisie,
    admis,
    geste,
    par_code,
    sur,
)
from segurnum.paiements import services as paiements
from segurnum.recouvrements import permissions as recouvrables
from segurnum.recouvrements import services as recouvrements
from segurnum.recouvrements.soldes import clore_sans_versement
from segurnum.regles.cycles import GesteDemande
from segurnum.regles.cycles_recouvrements import GesteRecouvrement
from segurnum.regles.gestes import GesteUnicite
from segurnum.web.gestion.formulaires import Annulation, Aucune, OctroiSaisi, Retenu
from segurnum.web.gestion.formulaires_recouvrement import Proposition
from segurnum.web.gestion.retours import RETOURS

# What each profile opens the queue on: what waits for it.


def _valider(demande: Demande, auteur: Auteur, saisie: Saisie) -> object:
    retenu = retenu_utile(demande, saisie["retenu"])
    return services.valider(demande=demande.pk, auteur=auteur, retenu_ht=retenu, motif=saisie["motif"])


GESTES = par_code(
    geste("valider", GesteDemande.VALIDER, Retenu, _valider, "est validée"),
    geste(
        "octroyer",
        GesteDemande.OCTROYER,
        OctroiSaisi,
        sur("demande", octrois.octroyer),
        "a un montant octroyé, qui attend l'approbation d'une autre personne",
    ),
    geste(
        "approuver-octroi",
        GesteDemande.APPROUVER_OCTROI,
        Aucune,
        sur("demande", octrois.approuver),
        "a son montant octroyé approuvé : il compte dans le plafond",
    ),
    geste(
        "ecarter-octroi",
        GesteDemande.ECARTER_OCTROI,
        motif(
            "Motif",
            "Il reste au journal du dossier.",
            "Dites pourquoi le montant octroyé est écarté.",
        ),
        sur("demande", octrois.ecarter),
        "n'a plus de montant octroyé",
    ),
    geste("decider", GesteDemande.DECIDER, Aucune, sur("demande", paiements.decider), "est décidée"),
    geste(
        "clore-sans-versement",
        GesteDemande.CLORE_SANS_VERSEMENT,
        Aucune,
        sur("demande", clore_sans_versement),
        "est close sans versement ; le fournisseur en est averti par courriel",
    ),
    geste(
        "proposer-un-recouvrement",
        GesteRecouvrement.PROPOSER,
        Proposition,
        sur("demande", recouvrements.proposer),
        "a un recouvrement proposé : un décideur l'émettra",
        grave=True,
    ),
    geste(
        "demander-piece",
        GesteDemande.DEMANDER_PIECE,
        motif(
            "Pièce à ajouter",
            f"Envoyé tel quel au fournisseur, qui a {settings.DELAIS_PIECE[1]} jours : nommez la pièce et dites ce "
            "qu'elle doit montrer.",
            "Dites quelle pièce est attendue : le fournisseur ne lira que ce texte.",
        ),
        sur("demande", services.demander_piece),
        "attend une pièce du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "demander-modification",
        GesteDemande.DEMANDER_MODIFICATION,
        motif(
            "Ce qui est à corriger",
            f"Envoyé tel quel au fournisseur, qui a {settings.DELAIS_MODIFICATION[1]} jours pour corriger.",
            "Dites ce qui est à corriger : le fournisseur ne lira que ce texte.",
        ),
        sur("demande", services.demander_modification),
        "attend une correction du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteDemande.REJETER,
        motif(
            "Motif du rejet",
            "Envoyé tel quel au fournisseur.",
            "Le motif du rejet est obligatoire : le fournisseur doit savoir pourquoi.",
        ),
        sur("demande", services.rejeter),
        "est rejetée ; le fournisseur en est averti par courriel",
        grave=True,
    ),
    *RETOURS,
    geste(
        "annuler",
        GesteDemande.ANNULER,
        Annulation,
        sur("demande", paiements.annuler),
        "est annulée",
        grave=True,
    ),
    geste(
        "accorder-ajout",
        GesteUnicite.ACCORDER_AJOUT,
        motif(
            "Motif de l'accord",
            "Gardé au dossier : dites pourquoi ces bénéficiaires s'ajoutent à ceux de l'avance.",
            "Le motif de l'accord est obligatoire : il reste au dossier.",
        ),
        sur("demande", contestations.accorder_ajout),
        "peut être validée avec les bénéficiaires que le solde ajoute",
    ),
    geste(
        "contester",
        GesteUnicite.CONTESTER,
        motif(
            "Motif de l'ouverture",
            "Gardé au dossier, et non envoyé. Chaque fournisseur est averti de sa seule demande et a dix jours ouvrés.",
            "Le motif de l'ouverture est obligatoire : il reste au dossier.",
        ),
        sur("demande", contestations.contester),
        "attend les réponses des fournisseurs sur ses bénéficiaires contestés, chacun averti par courriel",
        grave=True,
    ),
)


def permis(personne: Utilisateur, demande: Demande) -> list[Geste[Demande]]:
    """The steps of its life cycle, what may be done about who claims its beneficiaries, and what is to be paid back."""
    autres = gestes_sur(personne, demande, ajouts(demande), concurrences(demande))
    recouvrer = recouvrables.gestes_sur(personne, demande)
    return admis(GESTES, [*permissions.gestes(personne, demande), *recouvrer, *autres])
