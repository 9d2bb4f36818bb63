"""The gestures that send a request back, or the supplier's answer sooner."""

from django import forms

from segurnum.demandes import retours
from segurnum.demandes.models import Demande
from segurnum.kits.champs import champ_jour, champ_motif, motif
from segurnum.kits.geste import Geste, geste, sur
from segurnum.regles.cycles import GesteDemande


class Avance(forms.Form):
    """A sooner due date, and why."""

    jour = champ_jour(
        "Dernier jour pour répondre",
        "Indiquez le dernier jour où le fournisseur pourra répondre.",
        "Demain au plus tôt, et avant l'échéance actuelle. Le fournisseur a jusqu'à la fin de ce jour.",
    )
    motif = champ_motif(
        "Pourquoi l'échéance est avancée",
        "Envoyé tel quel au fournisseur ; ce qui lui est demandé ne change pas.",
        "Dites pourquoi l'échéance est avancée : le fournisseur doit le savoir.",
    )


RETOURS: tuple[Geste[Demande], ...] = (
    geste(
        "ne-plus-attendre",
        GesteDemande.RETIRER_ATTENTE,
        motif(
            "Pourquoi le fournisseur n'est plus attendu",
            "Envoyé tel quel au fournisseur. La demande est reprise avec ce qu'il a déjà déposé.",
            "Dites pourquoi : le fournisseur doit savoir qu'il n'a plus rien à faire.",
        ),
        sur("demande", retours.ne_plus_attendre),
        "n'attend plus le fournisseur, qui en est averti par courriel",
    ),
    geste(
        "avancer-echeance",
        GesteDemande.AVANCER_ECHEANCE,
        Avance,
        sur("demande", retours.avancer_echeance),
        "a une échéance plus proche ; le fournisseur en est averti par courriel",
    ),
    geste(
        "reprendre-validation",
        GesteDemande.REPRENDRE_VALIDATION,
        motif(
            "Pourquoi la validation est reprise",
            "Lu par les agents, dans le suivi et au journal. La demande revient « En cours ».",
            "Dites pourquoi la validation est reprise : le dossier doit le montrer.",
        ),
        sur("demande", retours.reprendre_validation),
        "n'est plus validée : elle est de nouveau en cours d'instruction",
    ),
    geste(
        "renvoyer",
        GesteDemande.RENVOYER,
        motif(
            "Ce qui est à revoir",
            "Lu par les gestionnaires, dans le suivi et au journal. La demande revient « En cours ».",
            "Dites ce qui est à revoir : les gestionnaires ne liront que ce texte.",
        ),
        sur("demande", retours.renvoyer),
        "est renvoyée à l'instruction",
    ),
    geste(
        "refuser",
        GesteDemande.REFUSER,
        motif(
            "Motif du refus",
            "Envoyé tel quel au fournisseur. La demande est rejetée, sans retour.",
            "Le motif du refus est obligatoire : le fournisseur doit savoir pourquoi.",
        ),
        sur("demande", retours.refuser),
        "est refusée ; le fournisseur en est averti par courriel",
        grave=True,
    ),
)
