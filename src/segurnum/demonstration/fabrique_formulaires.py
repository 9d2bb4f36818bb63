"""Forms that pass: each field with its declared example, each mandatory zone with an invented document."""

import io
from collections.abc import Mapping

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.formulaire import ecrire_champ
from segurnum.couloirs.champs import exemple_du_champ
from segurnum.couloirs.formulaire import Formulaire, ZonePiece
from segurnum.demandes import brouillons
from segurnum.demandes.models import Demande
from segurnum.demonstration import documents
from segurnum.depots import formulaires
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles import TypeDemande


def saisie_de(formulaire: Formulaire) -> dict[str, str]:
    """What is typed in every field."""
    return {champ.nom: ecrire_champ(champ, exemple_du_champ(champ)) for champ in formulaire.champs}


def fichier_de(zone: ZonePiece) -> tuple[str, bytes]:
    """A file that the zone accepts, and its name."""
    nom = zone.type.lower().replace("_", "-")
    if "txt" in zone.formats:
        return f"{nom}.txt", f"{zone.libelle}\nTous les appels de l'interface ont répondu.\n".encode()
    return f"{nom}.pdf", documents.attester(zone.libelle, ["Passerelune, opérateur de messagerie."])


def deposer(
    inscrit: Enrolement, type_demande: TypeDemande, auteur: Auteur, saisie: Mapping[str, str] | None = None
) -> Demande:
    """Fill the form in and send it, as the screen does."""
    forme = formulaires.formulable(inscrit, type_demande)
    fichiers = [(zone, *fichier_de(zone)) for zone in forme.zones if zone.obligatoire]
    brouillons.garder(
        enrolement=inscrit,
        type_demande=type_demande,
        saisie=saisie_de(forme.formulaire) | dict(saisie or {}),
        auteur=auteur,
        pieces=[
            brouillons.PieceAGarder(zone.type, nom, io.BytesIO(octets)) for zone, nom, octets in fichiers
        ],
    )
    return formulaires.deposer(enrolement=inscrit.pk, type_demande=type_demande, auteur=auteur)
