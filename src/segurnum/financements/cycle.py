"""The life cycle of a contest: lock, look up the step, take the status, journal, a mail for each request."""

from collections.abc import Collection, Iterable

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import Demande
from segurnum.financements.models import Contestation, Financement, Partie
from segurnum.financements.queries import est_suspendue, financement_de, parties_en_lice
from segurnum.journal import cycle
from segurnum.journal import services as journal
from segurnum.notifications import services as notifications
from segurnum.regles import calendrier
from segurnum.regles.cycles_contestation import (
    CONTESTATION,
    GesteContestation,
    Passage,
    StatutContestation,
)

PROPOSER = "PROPOSER"  # the portal saw several dossiers


def verrouiller(cle: int) -> Contestation:
    """The contest and, before it, the row of its beneficiary, held until the end of the transaction."""
    Financement.objects.select_for_update(no_key=True).get(contestations=cle)
    return (
        Contestation.objects.select_for_update(of=("self",))
        .select_related("financement", "attribuee_a")
        .get(pk=cle)
    )


def passage(
    contestation: Contestation,
    geste: GesteContestation,
    auteur: Auteur,
    motif: str = "",
    *,
    pour: Demande | None = None,
) -> Passage:
    """`pour`: the request of who answers, which its right is judged on."""
    return cycle.passage(CONTESTATION, contestation.statut, geste, auteur, motif, objet=pour)


def franchir(contestation: Contestation, pas: Passage, auteur: Auteur, *, motif: str = "") -> None:
    """Make the step, suspend the beneficiary or let it go, and write to each supplier about its own request."""
    cycle.franchir(contestation, pas, auteur, motif=motif, details=_details(contestation))
    financement_de(contestation).update(contestee=est_suspendue(contestation))
    if pas.courriel:
        parties = list(_destinataires(contestation, pas.courriel))
        _ecrire(contestation, pas.courriel, parties)
        for partie in parties:
            notifications.noter_geste(
                entreprise=partie.demande.entreprise, geste=pas.geste, numero=partie.demande.numero
            )


def _details(contestation: Contestation) -> dict[str, str]:
    return {
        "financement": str(contestation.financement_id),
        "attribuee_a": str(contestation.attribuee_a_id or ""),
    }


def proposer(financements: Collection[Financement]) -> None:
    """A contest to examine for each; the table refuses a second one that is open."""
    instant = calendrier.maintenant()
    proposees = Contestation.objects.bulk_create(
        Contestation(
            financement=financement,
            statut=StatutContestation.PROPOSEE,
            statut_depuis=instant,
            proposee_le=instant,
        )
        for financement in financements
    )
    journal.consigner(
        [
            journal.Fait(
                chaine=proposee.chaine,
                objet=proposee.objet,
                geste=PROPOSER,
                auteur=PORTAIL,
                apres=proposee.statut,
                details=_details(proposee),
            )
            for proposee in proposees
        ]
    )


def classer(contestation: Contestation) -> None:
    """One request is left, or none."""
    franchir(contestation, passage(contestation, GesteContestation.CLASSER, PORTAIL), PORTAIL)


def noter(
    contestation: Contestation,
    auteur: Auteur,
    partie: Partie,
    geste: str = GesteContestation.REPONDRE,
    /,
    **details: object,
) -> None:
    """What leaves the contest where it is: an answer, or a letter to who answers.

    Without the words of the answer: those are the supplier's to the officer, and no event is ever erased.
    """
    cycle.noter(
        contestation,
        geste,
        auteur,
        avant=contestation.statut,
        details=_details(contestation) | {"numero": partie.demande.numero} | details,
    )


def _ecrire(contestation: Contestation, code: str, parties: Iterable[Partie]) -> None:
    courriels.envoyer(
        courriels.Envoi(
            code=code,
            texte=rediger(code, **_valeurs(contestation, partie)),
            destinataire=partie.demande.dossier.enrolement.courriel,
            sujet=partie.demande.objet,
        )
        for partie in parties
    )


def _destinataires(contestation: Contestation, code: str) -> Iterable[Partie]:
    """The supplier of each request that still claims the beneficiary; reminded, those who have not answered."""
    portees = parties_en_lice(contestation)
    return portees.filter(repondue_le__isnull=True) if code == "M62" else portees


def _valeurs(contestation: Contestation, partie: Partie) -> dict[str, object]:
    """Nothing of the others: neither who they are, nor what they ask, nor what they answered."""
    demande = partie.demande
    return {
        "numero": demande.numero,
        "beneficiaire": str(contestation.financement),
        "couloir": demande.couloir.libelle,
        "depose_le": calendrier.date_fr(demande.depose_le),
        "siret": demande.entreprise.siret,
        "echeance": calendrier.date_longue(contestation.echeance) if contestation.echeance else "",
        "attribuee": contestation.attribuee_a_id == demande.dossier_id,
        "rejetee": contestation.statut is StatutContestation.REJETEE,
        "motif": contestation.motif,
    }
