"""What a consultation shows of a request, shaped once for the supplier's face and for the officers'.

The couloir says which blocks exist and in which order; each block has its builder in `blocs` and its template in
`commun/blocs/`. The data are those of one version: the current one, or an older one read from the history.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from segurnum.demandes import montants
from segurnum.demandes.models import Demande, VersionDemande
from segurnum.demandes.versions import version
from segurnum.regles.calendrier import date_fr, instant_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete
from segurnum.web.commun.blocs.beneficiaires import administrateurs, beneficiaires, scenario
from segurnum.web.commun.blocs.consultee import Adresses, Consultee
from segurnum.web.commun.blocs.informations import (
    coordonnees,
    formulaire,
    informations,
    plus_haut,
    qui_depose,
)
from segurnum.web.commun.blocs.suites import courriels, pieces, suivi

# A builder returns what `commun/blocs/<code>.html` reads as `bloc`, or None to hide the block.
CONSTRUCTEURS: dict[str, Callable[[Consultee], Any]] = {
    "informations": informations,
    "formulaire": formulaire,
    "coordonnees": coordonnees,
    "beneficiaires": beneficiaires,
    "administrateurs": administrateurs,
    "pieces": pieces,
    "scenario": scenario,
    "courriels": courriels,
    "suivi": suivi,
}
OUVERTS = ("informations", "formulaire")


@dataclass(frozen=True)
class BlocAffiche:
    """One accordion: `donnees` is what its template reads, as `bloc`."""

    code: str
    titre: str
    donnees: Any
    ouvert: bool

    @property
    def id(self) -> str:
        """Where the address's fragment leads."""
        return f"bloc-{self.code}"

    @property
    def gabarit(self) -> str:
        return f"commun/blocs/{self.code}.html"


@dataclass(frozen=True)
class Consultation:
    demande: Demande
    version: VersionDemande
    titre: str
    recapitulatif: tuple[tuple[str, str], ...]
    blocs: tuple[BlocAffiche, ...]

    @property
    def ancienne(self) -> bool:
        """True when an older version than the current one is shown."""
        return self.version.rang != self.demande.version_courante


def consulter(
    requete: Requete, demande: Demande, adresses: Adresses, rang: int | None = None
) -> Consultation:
    """Shape a request read by `demandes.queries.avec_tout`. A version that does not exist is a 404.

    Each table of a block turns its pages by its own parameter of the address (`pieces=2`).
    """
    try:
        lue = version(demande, rang or demande.version_courante)
    except LookupError as absente:
        raise Http404(str(absente)) from absente
    blocs = _blocs(Consultee(demande, lue, adresses, requete))
    return Consultation(demande, lue, titre(demande), recapitulatif(demande), blocs)


def titre(demande: Demande) -> str:
    """« Détails de la demande numéro FINMDV005046 - Avance - Statut : En cours - Faite le 03/06/2022 » (REQ-032)."""
    verbe = "Faite" if demande.type is TypeDemande.AVANCE else "Déposée"
    return (
        f"Détails de la demande numéro {demande.dossier.numero} - {demande.type.libelle} - "
        f"Statut : {demande.statut.libelle} - {verbe} le {date_fr(demande.depose_le)}"
    )


def recapitulatif(demande: Demande) -> tuple[tuple[str, str], ...]:
    """The six lines of the left block (REQ-033, REQ-034)."""
    referencement = demande.dossier.enrolement.referencement
    if demande.couloir.par_formulaire:
        return _recapitulatif_operateur(demande)
    effet = referencement.date_effet
    return (
        ("N° unique de référencement (ANS)", referencement.numero_ans),
        ("Date de prise d'effet", date_fr(effet) if effet else "Non renseignée"),
        ("SIRET", demande.entreprise.siret),
        ("Dénomination sociale", demande.entreprise.denomination),
        ("Adresse", demande.entreprise.adresse_complete),
        ("Date de changement de statut", instant_fr(demande.statut_depuis)),
    )


def _recapitulatif_operateur(demande: Demande) -> tuple[tuple[str, str], ...]:
    """The left block of a form's request (MSS-022, MSS-023, MSS-028, MOD-006)."""
    lignes = [
        *qui_depose(demande.dossier.enrolement.referencement, demande.entreprise),
        ("Numéro de dossier", demande.dossier.numero),
        ("Déposé le", date_fr(demande.depose_le)),
        ("Statut", demande.statut.libelle),
        ("Date du changement de statut", date_fr(demande.statut_depuis)),
    ]
    if demande.type is TypeDemande.AVANCE:
        lignes += plus_haut(demande.taux_tva, montants.maximum_du_bareme(demande))
    return tuple(lignes)


def _blocs(consultee: Consultee) -> tuple[BlocAffiche, ...]:
    construits = ((declare, CONSTRUCTEURS[declare.code](consultee)) for declare in consultee.format.blocs)
    return tuple(
        BlocAffiche(
            code=declare.code,
            titre=declare.titre,
            donnees=donnees,
            ouvert=declare.code in OUVERTS
            or declare.code in consultee.requete.GET
            or getattr(donnees, "montre", False),
        )
        for declare, donnees in construits
        if donnees is not None
    )
