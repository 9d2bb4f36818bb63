"""The journal of a dossier or of an enrolment, in the words of the screens (GST-032)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from segurnum.comptes.models import Profil
from segurnum.journal import pieces
from segurnum.journal.models import Evenement
from segurnum.regles import faits
from segurnum.regles.calendrier import instant_fr
from segurnum.regles.cycles import (
    Acteur,
    EnumLibelle,
    EtatPaiement,
    GesteDemande,
    GestePaiement,
    StatutDemande,
)
from segurnum.regles.cycles_annuaire import GesteComptages, GesteExtrait, StatutComptages, StatutExtrait
from segurnum.regles.cycles_contestation import GesteContestation, StatutContestation
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.cycles_enveloppes import GesteMouvement, StatutMouvement
from segurnum.regles.cycles_modeles import GesteModele, StatutModele
from segurnum.regles.cycles_recouvrements import GesteRecouvrement, StatutRecouvrement
from segurnum.regles.cycles_reglages import GesteProjet, StatutProjet
from segurnum.regles.gestes import GesteUnicite

_PAIEMENT = "PAIEMENT_"
_RECOUVREMENT = "recouvrement:"
_PIECES = {
    pieces.JOINDRE: "Ajouter une pièce",
    pieces.RETIRER: "Retirer une pièce",
    pieces.ECARTER: "Écarter une pièce non confirmée",
    pieces.LETTRE: "Établir la lettre de décision",
}
_UNICITE = {geste.value: geste.libelle for geste in GesteUnicite}
# An operator is a supplier in the life cycles; the journal tells which of the two.
_ROLES = {acteur.value: acteur.libelle for acteur in Acteur} | {Profil.OPERATEUR.value: "l'opérateur"}
# Whose names a supplier reads: its own people's.
_DU_FOURNISSEUR = (_ROLES[Acteur.FOURNISSEUR], _ROLES[Profil.OPERATEUR.value])


@dataclass(frozen=True)
class Vocabulaire:
    """How the events of one kind of thing read. `autres`: what is done without a step of its life cycle; `faits`: what
    is told of each once done, to who follows.
    """

    gestes: type[EnumLibelle]
    etats: type[EnumLibelle]
    autres: Mapping[str, str]
    faits: Mapping[str, str] = field(default_factory=dict)


DEMANDES = Vocabulaire(GesteDemande, StatutDemande, {"DEPOSER": "Dépôt"} | _UNICITE | _PIECES, faits.DEMANDES)
PAIEMENTS = Vocabulaire(GestePaiement, EtatPaiement, {}, faits.DEMANDES)
ENROLEMENTS = Vocabulaire(
    GesteEnrolement,
    StatutEnrolement,
    {
        "DEPOSER": "Dépôt",
        "CONSTATER": "Constaté à la mise à jour du portail",
        "CONFIRMER_ENTREPRISE": "Confirmer l'entreprise",
        "RENVOYER_LIEN": "Envoyer un nouveau lien de dépôt",
        "RENVOYER_SUIVI": "Envoyer un nouveau lien de suivi",
        "RELANCER": "Rappel envoyé au demandeur",
        "ANNONCER_ANS": "Validation à l'ANS annoncée au demandeur",
        "CORRIGER_COURRIEL": "Corriger l'adresse électronique",
        "SUIVRE_COURRIEL": "Suivre l'adresse du demandeur",
        "CHANGER_REGIME": "Changer le régime de TVA",
    }
    | _PIECES,
    faits.ENROLEMENTS,
)
MODIFICATIONS = Vocabulaire(
    GesteModification,
    StatutModification,
    {"AJOUTER": "Ajouter une coordonnée bancaire", "RENVOYER": "Renvoyer le courriel de confirmation"}
    | _PIECES,
)
REGLAGES = Vocabulaire(GesteProjet, StatutProjet, {"PROPOSER": "Écrire le brouillon"})
EXTRAITS = Vocabulaire(GesteExtrait, StatutExtrait, {"IMPORTER_EXTRAIT": "Charger l'extrait"})
COMPTAGES = Vocabulaire(GesteComptages, StatutComptages, {"PROPOSER_COMPTAGES": "Donner les comptages"})
CONTESTATIONS = Vocabulaire(
    GesteContestation,
    StatutContestation,
    {
        "PROPOSER": "Signaler plusieurs demandes du même bénéficiaire",
        pieces.LETTRE: "Établir la lettre",
    },
)
RECOUVREMENTS = Vocabulaire(GesteRecouvrement, StatutRecouvrement, {})
MOUVEMENTS = Vocabulaire(GesteMouvement, StatutMouvement, {"PROPOSER": "Proposer le mouvement"})
MODELES = Vocabulaire(GesteModele, StatutModele, {pieces.JOINDRE: "Importer le document"})

# By what the journal calls each kind of thing; no table has the words of the rest.
_SANS_MOTS = Vocabulaire(EnumLibelle, EnumLibelle, {})
_PAR_OBJET = {
    "demande": DEMANDES,
    "enrolement": ENROLEMENTS,
    "modification": MODIFICATIONS,
    "projet": REGLAGES,
    "extrait": EXTRAITS,
    "comptages": COMPTAGES,
    "contestation": CONTESTATIONS,
    "mouvement": MOUVEMENTS,
    "modele": MODELES,
}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline. `avant` and `apres` are labels, empty when the gesture moves nothing.

    `code`: the gesture, as the tables name it; `fait`: told as done. `recu_le`: when the portal began to receive what a
    deadline was judged on. `piece`: what came or went.
    """

    instant: datetime
    qui: str
    role: str
    geste: str
    objet: str
    avant: str
    apres: str
    motif: str
    code: str = ""
    fait: str = ""
    recu_le: datetime | None = None
    piece: Mapping[str, Any] | None = None

    @property
    def sans_motif(self) -> "Moment":
        return replace(self, motif="")

    @property
    def qui_du_fournisseur(self) -> str:
        """Who, for a supplier to read: its own people by their name, those of the administration by their role."""
        return self.qui if self.role in _DU_FOURNISSEUR else self.role


def chronologie(evenements: Iterable[Evenement], objet: str, mots: Vocabulaire = DEMANDES) -> list[Moment]:
    """Every event, newest first. A payment's events name the dossier (`objet`), a request's its own number."""
    moments = [_moment(evenement, objet, mots) for evenement in evenements]
    return moments[::-1]


@dataclass(frozen=True)
class Inscription:
    """One event of any chain, as it is kept and as it reads."""

    evenement: Evenement
    moment: Moment


def inscriptions(evenements: Iterable[Evenement]) -> list[Inscription]:
    """Each in the words of what it is about, in the order in which they come."""
    return [Inscription(un, _en_clair(_moment(un, un.objet, _mots_de(un.objet)))) for un in evenements]


def _mots_de(objet: str) -> Vocabulaire:
    return _PAR_OBJET.get(objet.partition(":")[0], _SANS_MOTS)


def _en_clair(moment: Moment) -> Moment:
    """A code that no table names, as a word: « RENVOYER_LIEN » is « Renvoyer lien »."""
    dits = {nom: getattr(moment, nom) for nom in ("geste", "avant", "apres")}
    return replace(
        moment, **{n: d.replace("_", " ").capitalize() if d.isupper() else d for n, d in dits.items()}
    )


def dernier_geste(moments: list[Moment]) -> str:
    """Who was faster, and what they did: the end of a sentence, empty when nothing was done.

    A piece that comes or goes is passed over: it changes nothing of what another is about to do.
    """
    dernier = next((moment for moment in moments if moment.geste not in _PIECES.values()), None)
    return f" : « {dernier.geste} » par {dernier.qui}, le {instant_fr(dernier.instant)}" if dernier else ""


def _moment(evenement: Evenement, objet: str, mots: Vocabulaire) -> Moment:
    if evenement.geste.startswith(_PAIEMENT):
        mots = PAIEMENTS
    elif evenement.objet.startswith(_RECOUVREMENT):
        mots = RECOUVREMENTS
    deplace = evenement.avant != evenement.apres
    recu_le = evenement.details.get("recu_le")
    geste = _geste(evenement.geste.removeprefix(_PAIEMENT), mots)
    return Moment(
        instant=evenement.instant,
        qui=_nom(evenement),
        role=_ROLES.get(evenement.role, evenement.role),
        geste=geste,
        objet=evenement.details.get("numero", objet),
        avant=_libelle(mots.etats, evenement.avant) if deplace else "",
        apres=_libelle(mots.etats, evenement.apres) if deplace else "",
        motif=evenement.motif,
        code=evenement.geste,
        fait=mots.faits.get(evenement.geste, geste),
        recu_le=datetime.fromisoformat(recu_le) if recu_le else None,
        piece=evenement.details.get("piece"),
    )


def _nom(evenement: Evenement) -> str:
    if evenement.acteur is None:
        return str(evenement.details.get("qui", Acteur.SYSTEME.libelle))
    return evenement.acteur.nom_complet


def _geste(code: str, mots: Vocabulaire) -> str:
    return mots.autres.get(code) or _libelle(mots.gestes, code)


def _libelle(valeurs: type[EnumLibelle], code: str) -> str:
    """The text of a code; the code itself for one that has left the tables since it was written."""
    return next((valeur.libelle for valeur in valeurs if valeur == code), code)
