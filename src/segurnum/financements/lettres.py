"""The letters of a contested beneficiary: its opening and its outcome, to each supplier about its own request."""

import io

from django.conf import settings

from segurnum import editique
from segurnum.comptes.auteurs import Auteur
from segurnum.demandes.models import Demande
from segurnum.fichiers import services as fichiers
from segurnum.financements import cycle
from segurnum.financements.models import Contestation, Partie, PiecePartie
from segurnum.financements.queries import contestations, parties_en_lice
from segurnum.journal import pieces
from segurnum.paiements.documents import destinataire, emetteur, signataire
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles_contestation import StatutContestation

OUVERTURE, ISSUE = "ouverture", "issue"
_NOM = "beneficiaire_conteste_"


def est_le_nom_d_une_lettre(nom: str) -> bool:
    """What no supplier may call its own piece: the letter to come could no longer be kept, nor the contest settled."""
    return nom.casefold().startswith(_NOM)


def joindre(contestation: int, moment: str, *, auteur: Auteur) -> None:
    """One for each supplier whose request still claims it, kept with its answer, journalled: nothing of the others."""
    instant = maintenant()
    ecrite = contestations().get(pk=contestation)  # as it was just written, with who signs
    for partie in parties_en_lice(ecrite):
        nom = f"{_NOM}{moment}_{partie.demande.numero}.pdf"
        octets = _lettre(ecrite, partie, ouverte=moment == OUVERTURE)
        fichier = fichiers.deposer(flux=io.BytesIO(octets))
        PiecePartie.objects.create(partie=partie, nom=nom, fichier=fichier, deposee_le=instant, lettre=True)
        dite = pieces.identite(nom=nom, type_piece="LETTRE", libelle="Lettre", fichier=fichier)
        cycle.noter(ecrite, auteur, partie, pieces.LETTRE, **dite)


def _lettre(contestation: Contestation, partie: Partie, *, ouverte: bool) -> bytes:
    demande = partie.demande
    if contestation.instructeur is None or contestation.echeance is None:
        raise AssertionError("une procédure ouverte a un instructeur et une échéance")
    issue = "" if ouverte else _issue(contestation, demande)
    tranchee = issue not in ("", "sans_objet")
    return editique.beneficiaire_conteste(
        editique.BeneficiaireConteste(
            emetteur=emetteur(),
            destinataire=destinataire(demande.entreprise),
            signataire=signataire(contestation.instructeur),
            reference=f"CON-{contestation.pk}-{demande.numero}",
            lieu=settings.LETTRES["lieu"],
            date=jour_de_paris(maintenant()),
            numero_dossier=demande.dossier.numero,
            type_demande=demande.type.libelle,
            dsr=demande.dsr,
            libelle_couloir=demande.couloir.libelle,
            beneficiaire=str(contestation.financement),
            depose_le=jour_de_paris(demande.depose_le),
            echeance=jour_de_paris(contestation.echeance),
            issue=issue,
            motif=contestation.motif if tranchee else "",
            recours=tuple(settings.LETTRES["recours"]) if tranchee else (),
        )
    )


def _issue(contestation: Contestation, demande: Demande) -> str:
    match contestation.statut:
        case StatutContestation.SANS_OBJET:
            return "sans_objet"
        case StatutContestation.REJETEE:
            return "rejetee"
    return "attribuee" if contestation.attribuee_a_id == demande.dossier_id else "non_attribuee"
