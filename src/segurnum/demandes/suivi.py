"""A dossier as its supplier follows it: what happened, what is awaited, from whom, until when (REQ-020 to REQ-030)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from segurnum.demandes.models import STATUTS_ETEINTS, Demande, Dossier
from segurnum.financements.models import Partie
from segurnum.financements.queries import a_repondre
from segurnum.journal import pieces
from segurnum.journal.chronologie import Moment, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.referentiel.queries import fenetre
from segurnum.regles.calendrier import EtatFenetre
from segurnum.regles.cycles import EtatPaiement, GesteDemande, GestePaiement, StatutDemande, TypeDemande

_G, _P = GesteDemande, GestePaiement
# What the supplier was told with its reason, in a mail or on its request.
_MOTIVES = frozenset(
    {
        _G.DEMANDER_PIECE,
        _G.DEMANDER_MODIFICATION,
        _G.RETIRER_ATTENTE,
        _G.AVANCER_ECHEANCE,
        _G.REJETER,
        _G.REFUSER,
        _G.ANNULER,
        f"PAIEMENT_{_P.REJETER}",
        f"PAIEMENT_{_P.RETOURNER}",
    }
)
# What is between the administration's people only: its result shows in what follows.
_INTERNES = frozenset(
    {
        _G.OCTROYER,
        _G.APPROUVER_OCTROI,
        _G.ECARTER_OCTROI,
        _G.HISTORISER,
        _G.RECALCULER,
        _G.ARRETER_COMPTES,
        f"PAIEMENT_{_P.COMPENSER}",
        f"PAIEMENT_{_P.DECOMPENSER}",
    }
)
MONTRES = frozenset({"DEPOSER", *pieces.GESTES, *_G, *(f"PAIEMENT_{geste}" for geste in _P)} - _INTERNES)
# Who is waited for; nobody once there is nothing more to wait for.
VOUS, SERVICE, DECIDEUR, COMPTABLE, PERSONNE = "vous", "service", "decideur", "comptable", ""
_TERMINEES = {
    StatutDemande.REJETEE: "elle est rejetée",
    StatutDemande.ANNULEE: "elle est annulée",
    StatutDemande.HISTORISEE: "cet avenant en a un plus récent",
}


@dataclass(frozen=True)
class Attendu:
    """What is awaited of a request, as a sentence. `jusqu_au` None: nothing bounds it."""

    demande: Demande
    quoi: str
    de_qui: str
    jusqu_au: datetime | None = None

    @property
    def de_vous(self) -> bool:
        return self.de_qui == VOUS

    @property
    def de_personne(self) -> bool:
        return self.de_qui == PERSONNE


@dataclass(frozen=True)
class Suivi:
    attendus: tuple[Attendu, ...]
    moments: tuple[Moment, ...]


def suivi(dossier: Dossier, instant: datetime) -> Suivi:
    """Of the whole dossier, avance and solde, the last event first."""
    demandes = list(dossier.demandes.exclude(statut__in=STATUTS_ETEINTS).order_by("pk"))
    evenements = evenements_de(dossier.chaine).filter(geste__in=MONTRES, objet__startswith="demande:")
    montres = (_montrable(moment) for moment in chronologie(evenements, dossier.numero))
    contestees = a_repondre(dossier.entreprise).filter(demande__dossier=dossier)
    return Suivi(tuple(_attendus(demandes, list(contestees), instant)), tuple(montres))


def _montrable(moment: Moment) -> Moment:
    """Without what was written between officers."""
    return moment if moment.code in _MOTIVES else moment.sans_motif


def _attendus(demandes: list[Demande], contestees: list[Partie], instant: datetime) -> Iterator[Attendu]:
    soldes = [demande for demande in demandes if demande.type is TypeDemande.SOLDE]
    for demande in demandes:
        solde = (
            list(_solde_a_deposer(demande, instant))
            if demande.type is TypeDemande.AVANCE and not soldes
            else []
        )
        autres = solde or [attendu_de(demande)]
        reponses = [_reponse(demande, partie) for partie in contestees if partie.demande_id == demande.pk]
        # Whoever else is waited for, nothing moves before the supplier answers.
        yield from [*reponses, *(autre for autre in autres if autre.de_vous)] if reponses else autres


def _reponse(demande: Demande, partie: Partie) -> Attendu:
    contestation = partie.contestation
    quoi = f"répondez sur le bénéficiaire {contestation.financement}, qui figure dans une autre demande"
    return Attendu(demande, quoi, VOUS, contestation.echeance)


def attendu_de(demande: Demande) -> Attendu:
    """What a request waits for now, and from whom; else that nothing is, and why."""
    paiement = demande.etat_paiement
    match demande.statut:
        case StatutDemande.NON_COMPLETEE:
            return Attendu(demande, "déposez ses pièces justificatives", VOUS, demande.expire_le)
        case StatutDemande.EN_ATTENTE_PIECE if demande.attend_le_fournisseur:
            return Attendu(
                demande, "déposez la pièce demandée et validez votre ajout", VOUS, demande.cloture_le
            )
        case StatutDemande.A_MODIFIER if demande.attend_le_fournisseur:
            return Attendu(demande, "modifiez-la, ou laissez-la telle quelle", VOUS, demande.cloture_le)
        case StatutDemande.EN_COURS | StatutDemande.EN_ATTENTE_PIECE | StatutDemande.A_MODIFIER:
            return Attendu(demande, "le service de gestion l'instruit ; vous n'avez rien à faire", SERVICE)
        case StatutDemande.VALIDEE:
            return Attendu(demande, "un décideur se prononce sur le financement", DECIDEUR)
        case StatutDemande.DECIDEE if paiement is EtatPaiement.EN_COURS:
            return Attendu(demande, "le service comptable fait le virement", COMPTABLE)
        case StatutDemande.DECIDEE if paiement is EtatPaiement.REJETE:
            return Attendu(
                demande,
                "le virement n'a pas abouti : vérifiez vos coordonnées bancaires, le service comptable le refera",
                VOUS,
            )
        case StatutDemande.DECIDEE if paiement is EtatPaiement.EFFECTUE:
            return Attendu(demande, "rien n'est plus attendu, elle est payée", PERSONNE)
        case StatutDemande.DECIDEE:
            return Attendu(demande, "rien n'est plus attendu, elle est close sans versement", PERSONNE)
    return Attendu(demande, f"rien n'est plus attendu, {_TERMINEES[demande.statut]}", PERSONNE)


def _solde_a_deposer(avance: Demande, instant: datetime) -> Iterator[Attendu]:
    """Once its avance is paid, a dossier waits for its solde, while it may be deposited."""
    ouverture = fenetre(avance.dsr, TypeDemande.SOLDE, instant)
    if avance.etat_paiement is not EtatPaiement.EFFECTUE or ouverture is None:
        return
    if ouverture.en_regle().etat(instant) is EtatFenetre.OUVERTE:
        yield Attendu(avance, "déposez la demande de solde", VOUS, ouverture.reportee or ouverture.affichee)
