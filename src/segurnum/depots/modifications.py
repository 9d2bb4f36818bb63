"""Correcting a request that an officer sent back: one way for a form and for a file, judged as at the creation."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as remplacer
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.controles import Anomalie, Severite
from segurnum.controles.fichiers import extension
from segurnum.controles.formulaire import ecrire_champ, lire_champ
from segurnum.couloirs import Format
from segurnum.couloirs.champs import Chemin, ecrire_chemin
from segurnum.couloirs.edition import ChampModifiable, completer, corriger
from segurnum.couloirs.nomenclature import PIECES
from segurnum.couloirs.repetitions import Repetition, denombrer, etendre, lire_rangs, place_finale
from segurnum.demandes import brouillons, complements, cycle, queries, services
from segurnum.demandes.brouillons import Garde
from segurnum.demandes.creation import Declaration
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.modifiables import exiger_modifiable
from segurnum.depots.contexte import contexte
from segurnum.depots.formulaires import formulaire_de
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Fichier
from segurnum.isolement import ControleImpossible
from segurnum.isolement.portes import rapport_interrompu, verifier
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible, RefusMetier
from segurnum.regles.saisies import Envoi

_FORMATS = {"jpeg": "JPG"}
_LIGNE = "lignesImport[0]."


@dataclass(frozen=True)
class Ajout:
    """A stored file that is to be added to a request."""

    nom: str
    type_piece: str
    fichier: Fichier


@dataclass(frozen=True)
class Correction:
    """What the typed values make of a request: `fautes` by name of field, `autres` those of no field on screen."""

    donnees: dict[str, Any]
    fautes: dict[str, list[str]]
    autres: tuple[str, ...] = ()

    @property
    def conforme(self) -> bool:
        return not self.fautes and not self.autres


@dataclass(frozen=True)
class Ecran:
    """What a correction shows: the fields, with their values today, and the lists that may grow or shrink."""

    champs: list[ChampModifiable]
    listes: list[Repetition]


def ecran_de(demande: Demande, saisie: Mapping[str, str]) -> Ecran:
    """`saisie`: what was typed, which says the elements that were added and taken away."""
    format_ = _format_a_suivre(demande)
    etendues = etendre(format_.forme, _a_corriger(demande, format_), lire_rangs(saisie))
    return Ecran(format_.champs_modifiables(etendues), format_.listes_modifiables(etendues))


def champs_de(demande: Demande) -> list[ChampModifiable]:
    """The fields of a request that may be corrected, with their values today."""
    return ecran_de(demande, {}).champs


def _format_a_suivre(demande: Demande) -> Format:
    """What a correction made now must follow: for the solde of a form, what its avance declares too."""
    if not demande.couloir.par_formulaire:
        return demande.format(calendrier.maintenant())
    avance = queries.avance_du_dossier(demande) if demande.type is TypeDemande.SOLDE else None
    return formulaire_de(demande.couloir, demande.type, avance)


def _a_corriger(demande: Demande, format_: Format) -> dict[str, Any]:
    """What it declares today, with the fields that the format of its correction adds to its own."""
    actuelles = queries.donnees_courantes(demande)
    if demande.couloir.par_formulaire or format_ is demande.format():
        return actuelles
    completes: dict[str, Any] = completer(format_.forme, actuelles)
    return completes


def corrections(demande: Demande, saisie: Mapping[str, str]) -> Correction:
    """Judge typed values by the rules of the creation (MOD-008, MOD-009). The pieces added since are announced."""
    format_ = _format_a_suivre(demande)
    actuelles = _a_corriger(demande, format_)
    etendues = etendre(format_.forme, actuelles, lire_rangs(saisie))
    champs = format_.champs_modifiables(etendues)
    lues, fautes = _lire(champs, saisie)
    annonces = [_annonce(piece) for piece in pieces_ajoutees(demande)]
    saisies = corriger(etendues, lues)
    donnees = denombrer(saisies) | {PIECES: [*actuelles.get(PIECES, []), *annonces]}
    if demande.couloir.par_formulaire:
        return Correction(donnees, fautes | _jours_face_au_solde(demande, donnees))
    correction = Correction(donnees, fautes)
    # A field that cannot be read is judged as it was, so that all the rest is told in the same pass.
    places = {ecrire_chemin(place_finale(saisies, champ.chemin)): champ.nom for champ in champs}
    return _juger_comme_un_fichier(demande, correction, places)


def _lire(
    champs: Collection[ChampModifiable], saisie: Mapping[str, str]
) -> tuple[dict[Chemin, Any], dict[str, list[str]]]:
    """The values that change, and what is wrong with them. What is not touched stays as it was accepted."""
    lues: dict[Chemin, Any] = {}
    fautes: dict[str, list[str]] = {}
    for champ in champs:
        avant = ecrire_champ(champ.champ, champ.valeur)
        texte = saisie.get(champ.nom, avant)
        if texte.strip() == avant:
            continue
        valeur, trouvees = lire_champ(champ.champ, texte)
        if trouvees:
            fautes[champ.nom] = trouvees
        elif ecrire_champ(champ.champ, valeur) != avant:
            lues[champ.chemin] = valeur
    return lues, fautes


def _juger_comme_un_fichier(
    demande: Demande, correction: Correction, places: Mapping[str, str]
) -> Correction:
    """The same engine as the import, on a file of this one request; the window is not asked again (MOD-029).

    `places`: the name on screen of each field, by its place in what is judged.
    """
    inscrit = demande.dossier.enrolement
    connu = contexte(
        enrolement=inscrit,
        type_demande=demande.type,
        taux_tva=_taux_du_depot(demande),
        instant=demande.depose_le,
        corrige_le=calendrier.maintenant(),
        sauf=demande,
    )
    fichier = {
        "numeroAns": inscrit.referencement.numero_ans,
        "siret": inscrit.entreprise.siret,
        "lignesImport": [_sans_reserves(correction.donnees)],
    }
    octets = json.dumps(fichier, ensure_ascii=False, default=_ecrire_decimal).encode()
    try:
        rapport = verifier(octets, remplacer(connu, fenetre=None, enrolement_valide=None))
    except ControleImpossible as refus:
        rapport = rapport_interrompu(refus)
    libres = _rangs_des_pieces_ajoutees(demande, correction.donnees)
    fautes = {nom: list(phrases) for nom, phrases in correction.fautes.items()}
    autres = _face_au_solde(demande, correction.donnees)
    for anomalie in rapport.anomalies:
        if anomalie.severite != Severite.ERREUR or _porte_sur(anomalie, libres):
            continue
        nom = places.get(anomalie.chemin.removeprefix(_LIGNE))
        if nom is not None:
            fautes.setdefault(nom, []).append(anomalie.message)
        else:
            autres.append(anomalie.message)
    return Correction(correction.donnees, fautes, tuple(autres))


def _taux_du_depot(demande: Demande) -> Decimal:
    """The rate that the file was deposited with: not always the enrolment's."""
    ligne = getattr(demande, "ligne_depot", None)
    taux: Decimal = (
        ligne.depot.simulation.taux_tva if ligne else demande.dossier.enrolement.taux_au(demande.depose_le)
    )
    return taux


def _rangs_des_pieces_ajoutees(demande: Demande, donnees: Mapping[str, Any]) -> set[int]:
    """Where the announces of pieces added on screen stand: they are named freely, and only their types count."""
    ajoutees = set(
        demande.pieces.filter(origine=PieceJustificative.Origine.COMPLEMENT).values_list("nom", flat=True)
    )
    return {rang for rang, annonce in enumerate(donnees[PIECES]) if annonce["nomFichier"] in ajoutees}


def _porte_sur(anomalie: Anomalie, rangs: Collection[int]) -> bool:
    return any(anomalie.chemin.startswith(f"{_LIGNE}{PIECES}[{rang}]") for rang in rangs)


def _face_au_solde(demande: Demande, donnees: dict[str, Any]) -> list[str]:
    """A solde that waits on this avance holds it: neither its amount nor its beneficiaries may leave it behind."""
    solde = queries.solde_vivant(demande) if demande.type is TypeDemande.AVANCE else None
    if solde is None:
        return []
    refus = []
    declare = demande.couloir.montant_declare(donnees, demande.type)
    if solde.montant_declare is not None and declare < solde.montant_declare:
        refus.append(
            f"Le solde {solde.numero} est déclaré à {en_euros(solde.montant_declare)} : l'avance ne peut pas être "
            f"ramenée à {en_euros(declare)}, qui est moindre."
        )
    places = demande.format(calendrier.maintenant()).places
    gardes = {i for b in places.beneficiaires(donnees) for i in b.identifiants}
    partis = sorted({i for b in solde.beneficiaires.all() for i in b.identifiants} - gardes)
    if partis:
        refus.append(f"Le solde {solde.numero} porte sur {', '.join(partis)} : l'avance doit les garder.")
    return refus


def _jours_face_au_solde(demande: Demande, donnees: Mapping[str, Any]) -> dict[str, list[str]]:
    """The days of an avance that its solde, deposited since, may not precede."""
    suivis = demande.couloir.formulaire(TypeDemande.SOLDE).jours_suivis
    solde = queries.solde_vivant(demande) if suivis and demande.type is TypeDemande.AVANCE else None
    if solde is None:
        return {}
    dits = queries.donnees_courantes(solde)
    return {
        suivi: [
            f"Le {donnees[suivi]} ne convient pas : le solde {solde.numero} déclare le {dits[nom]}, qui précède."
        ]
        for nom, suivi in suivis.items()
        if dits.get(nom) and donnees.get(suivi) and lire_date_fr(dits[nom]) < lire_date_fr(donnees[suivi])
    }


def _sans_reserves(donnees: Mapping[str, Any]) -> dict[str, Any]:
    return {
        nom: valeur for nom, valeur in donnees.items() if nom not in ("codeTraitement", "libelleTraitement")
    } | {"numLigne": 1}


def _ecrire_decimal(valeur: Any) -> float:
    if isinstance(valeur, Decimal):
        return float(valeur)
    raise TypeError(f"{type(valeur).__name__} ne s'écrit pas en JSON")


@dataclass(frozen=True)
class Recu:
    """What became of a correction that was sent. `refus_de_la_piece`: why the file was not added, nor anything more
    done; `refus`: why what followed was not. `correction`: what is wrong with what was to be confirmed.
    """

    garde: Garde
    refus_de_la_piece: str = ""
    refus: str = ""
    correction: Correction | None = None
    confirmee: bool = False


def recevoir(
    *,
    demande: Demande,
    saisie: Mapping[str, str],
    auteur: Auteur,
    envoi: Envoi | None = None,
    ajout: Ajout | None = None,
    retirer: int | None = None,
    a_confirmer: bool = False,
    juste: bool = True,
    recu_le: datetime | None = None,
) -> Recu:
    """Keep what is typed, then do what the button says: add a piece, remove one (its key), confirm all of it.

    `juste` False: it is not confirmed, and all that is wrong with it is said. Raises what keeping raises
    (GesteImpossible, BrouillonModifie, SaisieDepassee): nothing is then kept.
    """
    garde = brouillons.garder_modification(
        demande=demande, saisie=saisie, auteur=auteur, envoi=envoi, recu_le=recu_le
    )
    if ajout is not None:
        try:
            ajouter(demande=demande, ajout=ajout, auteur=auteur, recu_le=recu_le)
        except RefusMetier as refus:
            return Recu(garde, refus_de_la_piece=str(refus))
    try:
        if retirer is not None:
            services.retirer_piece(demande=demande.pk, auteur=auteur, piece=retirer, recu_le=recu_le)
        correction = corrections(demande, saisie) if a_confirmer else None
        confirmee = juste and correction is not None and correction.conforme
        if confirmee:
            confirmer(demande=demande.pk, saisie=saisie, auteur=auteur, recu_le=recu_le)
    except RefusMetier as refus:
        return Recu(garde, refus=str(refus))
    return Recu(garde, correction=correction, confirmee=confirmee)


def ajouter(
    *, demande: Demande, ajout: Ajout, auteur: Auteur, recu_le: datetime | None = None
) -> PieceJustificative:
    """A piece that the officer asked for, under the type that the request's other pieces carry (MSS-025)."""
    zones = demande.format().zones
    suffixe = f"_{demande.dossier.numero}" if any(z.type == ajout.type_piece for z in zones) else ""
    return services.ajouter_piece(
        demande=demande.pk,
        auteur=auteur,
        nom=ajout.nom,
        type_piece=f"{ajout.type_piece}{suffixe}",
        fichier=ajout.fichier,
        recu_le=recu_le,
    )


@transaction.atomic
def confirmer(
    *, demande: int, saisie: Mapping[str, str], auteur: Auteur, recu_le: datetime | None = None
) -> Demande:
    """« Confirmer »: a new version with the corrected values and the added pieces (MOD-020, MOD-030).

    `recu_le`: when the portal began to receive the gesture, which the delay is judged on.

    The enrolment is held as by an import: two corrections, or a correction and an import, do not finance the same
    beneficiary twice.
    """
    inscrit = Enrolement.objects.filter(dossiers__demandes=demande).values_list("pk", flat=True)[:1]
    Enrolement.objects.select_for_update(of=("self",)).get(pk__in=list(inscrit))
    instant = calendrier.instant_juge(recu_le)
    ligne = exiger_modifiable(cycle.verrouiller(demande), instant)
    correction = corrections(ligne, saisie)
    if not correction.conforme:
        raise GesteImpossible("Des valeurs ne sont pas conformes : corrigez-les avant de confirmer.")
    if correction.donnees == queries.donnees_courantes(ligne):
        raise GesteImpossible(
            "Rien n'a été modifié : changez une valeur ou ajoutez une pièce, ou choisissez « Ne pas modifier »."
        )
    return services.confirmer_modification(
        demande=ligne.pk,
        auteur=auteur,
        declaration=_declaration(ligne, correction.donnees),
        recu_le=instant,
    )


def _declaration(demande: Demande, donnees: dict[str, Any]) -> Declaration:
    if demande.couloir.bareme.calcule:
        return Declaration(
            donnees=donnees, montant_declare=demande.montant_declare, taux_tva=demande.taux_tva
        )
    regime = demande.couloir.regime_tva(donnees, demande.type)
    return Declaration(
        donnees=donnees,
        montant_declare=demande.couloir.montant_declare(donnees, demande.type),
        taux_tva=_taux_du_depot(demande) if regime == "TTC" else Decimal(0),
    )


def pieces_ajoutees(demande: Demande) -> list[PieceJustificative]:
    """The pieces added since the officer asked: they may still be removed (MOD-015)."""
    return list(complements.ajoutees(demande))


def _annonce(piece: PieceJustificative) -> dict[str, str]:
    suffixe = extension(piece.nom)
    return {
        "nomFichier": piece.nom,
        "formatFichier": _FORMATS.get(suffixe, suffixe.upper()),
        "typeFichier": piece.type,
    }
