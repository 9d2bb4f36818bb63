"""The officers' gestures on an enrolment: their address, their form, the service that makes them."""

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements import liens, permissions, services
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.web.gestion.formulaires import Aucune, motif
from segurnum.web.kits.geste import Geste, admis, geste, par_code, sur

ACCEPTER: Geste[Enrolement] = Geste(
    "valider",
    "Valider",
    frozenset({GesteEnrolement.ACCEPTER, GesteEnrolement.ACCEPTER_PARTIELLEMENT}),
    Aucune,
    sur("enrolement", services.accepter),
    "est validé ; le demandeur en est averti par courriel",
)
CONFIRMER: Geste[Enrolement] = Geste(
    "confirmer-entreprise",
    "Confirmer l'entreprise",
    frozenset(),
    Aucune,
    sur("enrolement", services.confirmer_entreprise),
    "porte sur une entreprise désormais confirmée",
)
RENVOYER_LIEN: Geste[Enrolement] = Geste(
    "renvoyer-lien",
    "Envoyer un nouveau lien de dépôt",
    frozenset(),
    Aucune,
    sur("enrolement", liens.renvoyer),
    "a un nouveau lien de dépôt, envoyé au demandeur ; le précédent ne s'ouvre plus",
)
_ENVOYE = "Envoyé tel quel au demandeur par courriel\u00a0: "
# What opens on demand, under the buttons.
REPLIES: tuple[Geste[Enrolement], ...] = (
    RENVOYER_LIEN,
    geste(
        "demander-pieces",
        GesteEnrolement.DEMANDER_PIECES,
        motif(
            "Pièces attendues",
            f"{_ENVOYE}nommez chaque document et dites ce qu'il doit montrer.",
            "Dites quelles pièces sont attendues : le demandeur ne lira que ce texte.",
        ),
        sur("enrolement", services.demander_pieces),
        "attend des pièces du demandeur, qui en est averti par courriel",
    ),
    geste(
        "refuser-certificats",
        GesteEnrolement.REFUSER_CERTIFICATS,
        motif(
            "Ce qui ne va pas dans le(s) certificat(s)",
            f"{_ENVOYE}dites aussi quel document est attendu à la place.",
            "Dites ce qui ne va pas : le demandeur doit savoir quel certificat déposer à la place.",
        ),
        sur("enrolement", services.refuser_certificats),
        "attend d'autres certificats du demandeur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteEnrolement.REJETER,
        motif(
            "Motif du rejet",
            f"{_ENVOYE}il devra déposer une nouvelle demande qui en tienne compte.",
            "Le motif du rejet est obligatoire : le demandeur doit savoir pourquoi.",
        ),
        sur("enrolement", services.rejeter),
        "est rejeté ; le demandeur en est averti par courriel",
        grave=True,
    ),
)
GESTES = par_code(ACCEPTER, CONFIRMER, *REPLIES)


def permis(utilisateur: Utilisateur, enrolement: Enrolement) -> list[Geste[Enrolement]]:
    """What this person may do now."""
    possibles = admis(GESTES, permissions.gestes(utilisateur, enrolement))
    if _a_confirmer(utilisateur, enrolement):
        possibles.append(CONFIRMER)
    if permissions.peut_renvoyer_le_lien(utilisateur, enrolement):
        possibles.insert(0, RENVOYER_LIEN)
    return possibles


def _a_confirmer(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """Once all is said there is nothing left to confirm."""
    clos = enrolement.statut in (StatutEnrolement.VALIDEE, StatutEnrolement.REJETEE)
    return enrolement.entreprise_a_verifier and not clos and utilisateur.profil == Profil.GESTIONNAIRE
