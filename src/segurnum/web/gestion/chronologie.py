"""The journal of a dossier or of an enrolment, in the words of the screens (GST-032)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import instant_fr
from segurnum.regles.cycles import (
    Acteur,
    EnumLibelle,
    EtatPaiement,
    GesteDemande,
    GestePaiement,
    StatutDemande,
)
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.cycles_modeles import GesteModele, StatutModele

_PAIEMENT = "PAIEMENT_"


@dataclass(frozen=True)
class Vocabulaire:
    """How the events of one kind of thing read. `autres`: what is done without a step of its life cycle."""

    gestes: type[EnumLibelle]
    etats: type[EnumLibelle]
    autres: Mapping[str, str]


DEMANDES = Vocabulaire(GesteDemande, StatutDemande, {"DEPOSER": "Dépôt"})
PAIEMENTS = Vocabulaire(GestePaiement, EtatPaiement, {})
ENROLEMENTS = Vocabulaire(
    GesteEnrolement,
    StatutEnrolement,
    {
        "DEPOSER": "Dépôt",
        "CONFIRMER_ENTREPRISE": "Confirmer l'entreprise",
        "RENVOYER_LIEN": "Envoyer un nouveau lien de dépôt",
    },
)
MODIFICATIONS = Vocabulaire(
    GesteModification,
    StatutModification,
    {"AJOUTER": "Ajouter une coordonnée bancaire", "RENVOYER": "Renvoyer le courriel de confirmation"},
)
MODELES = Vocabulaire(GesteModele, StatutModele, {})


@dataclass(frozen=True)
class Moment:
    """One line of the timeline. `avant` and `apres` are labels, empty when the gesture moves nothing.

    `recu_le`: when the portal began to receive what a deadline was judged on.
    """

    instant: datetime
    qui: str
    role: str
    geste: str
    objet: str
    avant: str
    apres: str
    motif: str
    recu_le: datetime | None = None


def chronologie(evenements: Iterable[Evenement], objet: str, mots: Vocabulaire = DEMANDES) -> list[Moment]:
    """Every event, newest first. A payment's events name the dossier (`objet`), a request's its own number."""
    moments = [_moment(evenement, objet, mots) for evenement in evenements]
    return moments[::-1]


def dernier_geste(moments: list[Moment]) -> str:
    """Who was faster, and what they did: the end of a sentence, empty when nothing was done."""
    if not moments:
        return ""
    return f" : « {moments[0].geste} » par {moments[0].qui}, le {instant_fr(moments[0].instant)}"


def _moment(evenement: Evenement, objet: str, mots: Vocabulaire) -> Moment:
    if evenement.geste.startswith(_PAIEMENT):
        mots = PAIEMENTS
    deplace = evenement.avant != evenement.apres
    recu_le = evenement.details.get("recu_le")
    return Moment(
        instant=evenement.instant,
        qui=_nom(evenement),
        role=_libelle(Acteur, evenement.role),
        geste=_geste(evenement.geste.removeprefix(_PAIEMENT), mots),
        objet=evenement.details.get("numero", objet),
        avant=_libelle(mots.etats, evenement.avant) if deplace else "",
        apres=_libelle(mots.etats, evenement.apres) if deplace else "",
        motif=evenement.motif,
        recu_le=datetime.fromisoformat(recu_le) if recu_le else None,
    )


def _nom(evenement: Evenement) -> str:
    if evenement.acteur is None:
        return str(evenement.details.get("qui", Acteur.SYSTEME.libelle))
    return evenement.acteur.get_full_name() or evenement.acteur.get_username()


def _geste(code: str, mots: Vocabulaire) -> str:
    return mots.autres.get(code) or _libelle(mots.gestes, code)


def _libelle(valeurs: type[EnumLibelle], code: str) -> str:
    """The text of a code; the code itself for one that has left the tables since it was written."""
    return next((valeur.libelle for valeur in valeurs if valeur == code), code)
