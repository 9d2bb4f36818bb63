"""Correcting a request that an officer sent back: one way for a form and for a file, judged as at the creation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as remplacer
from decimal import Decimal
from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.controles import Severite, verifier
from segurnum.controles.fichiers import extension
from segurnum.controles.formulaire import ecrire_champ, lire_champ
from segurnum.couloirs.champs import Chemin
from segurnum.couloirs.edition import ChampModifiable, champs_modifiables, corriger
from segurnum.couloirs.formulaire import PIECES
from segurnum.demandes import creation, queries, services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots.contexte import contexte
from segurnum.regles import calendrier
from segurnum.regles.erreurs import GesteImpossible

_FORMATS = {"jpeg": "JPG"}
_LIGNE = "lignesImport[0]."


@dataclass(frozen=True)
class Correction:
    """What the typed values make of a request: `fautes` by name of field, `autres` those of no field on screen."""

    donnees: dict[str, Any]
    fautes: dict[str, list[str]]
    autres: tuple[str, ...] = ()

    @property
    def conforme(self) -> bool:
        return not self.fautes and not self.autres


def champs_de(demande: Demande) -> list[ChampModifiable]:
    """The fields of a request that may be corrected, with their values today."""
    return champs_modifiables(demande.couloir, demande.type_enum, queries.donnees_courantes(demande))


def corrections(demande: Demande, saisie: Mapping[str, str]) -> Correction:
    """Judge typed values by the rules of the creation (MOD-008, MOD-009)."""
    actuelles = queries.donnees_courantes(demande)
    lues: dict[Chemin, Any] = {}
    fautes: dict[str, list[str]] = {}
    champs = champs_modifiables(demande.couloir, demande.type_enum, actuelles)
    for champ in champs:
        avant = ecrire_champ(champ.champ, champ.valeur)
        texte = saisie.get(champ.nom, avant)
        if texte.strip() == avant:
            continue  # untouched: what was accepted stays as it was
        lues[champ.chemin], trouvees = lire_champ(champ.champ, texte)
        if trouvees:
            fautes[champ.nom] = trouvees
    correction = Correction(corriger(actuelles, lues), fautes)
    if fautes or demande.couloir.par_formulaire:
        return correction
    return _juger_comme_un_fichier(demande, correction, {champ.nom for champ in champs})


def _juger_comme_un_fichier(demande: Demande, correction: Correction, noms: set[str]) -> Correction:
    """The same engine as the import, on a file of this one request; the window is not asked again (MOD-029)."""
    inscrit = demande.dossier.enrolement
    connu = contexte(
        enrolement=inscrit,
        type_demande=demande.type_enum,
        taux_tva=inscrit.taux_tva,
        instant=demande.depose_le,
        sauf=demande,
    )
    fichier = {
        "numeroAns": inscrit.referencement.numero_ans,
        "siret": inscrit.entreprise.siret,
        "lignesImport": [_sans_reserves(correction.donnees)],
    }
    octets = json.dumps(fichier, ensure_ascii=False, default=_ecrire_decimal).encode()
    fautes: dict[str, list[str]] = {}
    autres: list[str] = []
    for anomalie in verifier(octets, remplacer(connu, fenetre=None, enrolement_valide=None)).anomalies:
        if anomalie.severite != Severite.ERREUR:
            continue
        nom = anomalie.chemin.removeprefix(_LIGNE)
        if nom in noms:
            fautes.setdefault(nom, []).append(anomalie.message)
        else:
            autres.append(anomalie.message)
    return Correction(correction.donnees, fautes, tuple(autres))


def _sans_reserves(donnees: Mapping[str, Any]) -> dict[str, Any]:
    return {
        nom: valeur for nom, valeur in donnees.items() if nom not in ("codeTraitement", "libelleTraitement")
    } | {"numLigne": 1}


def _ecrire_decimal(valeur: Any) -> float:
    if isinstance(valeur, Decimal):
        return float(valeur)
    raise TypeError(f"{type(valeur).__name__} ne s'écrit pas en JSON")


@transaction.atomic
def confirmer(*, demande: Demande, saisie: Mapping[str, str], auteur: Auteur) -> Demande:
    """« Confirmer »: a new version with the corrected values and the added pieces (MOD-020, MOD-030)."""
    correction = corrections(demande, saisie)
    if not correction.conforme:
        raise GesteImpossible("Des valeurs ne sont pas conformes : corrigez-les avant de confirmer.")
    ajoutees = pieces_ajoutees(demande)
    if not ajoutees and correction.donnees == queries.donnees_courantes(demande):
        raise GesteImpossible(
            "Rien n'a été modifié : changez une valeur ou ajoutez une pièce, ou choisissez « Ne pas modifier »."
        )
    creation.reporter(demande, correction.donnees)
    annonces = [*correction.donnees.get(PIECES, []), *(_annonce(piece) for piece in ajoutees)]
    return services.confirmer_modification(
        demande=demande.pk, auteur=auteur, donnees=correction.donnees | {PIECES: annonces}
    )


def pieces_ajoutees(demande: Demande) -> list[PieceJustificative]:
    """The pieces added since the officer asked: they may still be removed (MOD-015)."""
    return [
        piece
        for piece in demande.pieces.all()
        if piece.origine == PieceJustificative.Origine.COMPLEMENT
        and piece.depose_le is not None
        and piece.depose_le >= demande.statut_depuis
    ]


def delai_passe(demande: Demande) -> bool:
    """True once the time to correct is over, whether or not the request has gone back to instruction."""
    return demande.cloture_le is not None and calendrier.maintenant() >= demande.cloture_le


def _annonce(piece: PieceJustificative) -> dict[str, str]:
    suffixe = extension(piece.nom)
    return {
        "nomFichier": piece.nom,
        "formatFichier": _FORMATS.get(suffixe, suffixe.upper()),
        "typeFichier": piece.type,
    }
