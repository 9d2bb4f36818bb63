"""The one way through the life cycle: lock, look up the step, take the status, journal, mail.

Once a request exists, only this module writes its status. Every gesture of the app goes through it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import STATUTS_A_COMPLETER, Demande, PieceJustificative
from segurnum.demandes.preuves import PIECES, preuves
from segurnum.financements import services as financements
from segurnum.journal import cycle, pieces
from segurnum.journal import services as journal
from segurnum.journal.empreintes import empreinte_json
from segurnum.journal.preuves import prouver, prouver_chacune
from segurnum.notifications import services as notifications
from segurnum.recepisses.models import Recepisse
from segurnum.recepisses.services import lien_de
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import DEMANDE, GesteDemande, StatutDemande, Transition, TypeDemande

Passage = Transition[StatutDemande, GesteDemande]
MONTANTS = ("montant_declare", "taux_tva", "engagement_ht", "engagement", "montant_decide")


def verrouiller(cle: int) -> Demande:
    """The request, held until the end of the transaction: two gestures on it happen one after the other."""
    return (
        Demande.objects.select_for_update(of=("self",))
        .select_related("dossier__enrolement", "entreprise")
        .get(pk=cle)
    )


def verrouiller_lot(cles: Collection[int] | QuerySet[Any, Any]) -> list[Demande]:
    """Several requests, held in the order of their keys so that two batches never wait for each other."""
    return list(
        Demande.objects.select_for_update(of=("self",))
        .filter(pk__in=cles)
        .select_related("dossier")
        .order_by("pk")
    )


def passage(demande: Demande, geste: GesteDemande, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(DEMANDE, demande.statut, geste, auteur, motif, objet=demande)


def franchir(
    demande: Demande,
    pas: Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    details: dict[str, Any] | None = None,
    dits: Mapping[str, Any] | None = None,
    recepisse: Recepisse | None = None,
    remplace: bool = True,
    touches: Collection[str] = (),
) -> Demande:
    """Make the step: the request is saved whole, with what the caller changed on it. `dits`: more for its mail.

    `recepisse`: goes with its mail. `remplace`: whether the reason takes the place of what the supplier was last told.
    `touches`: what the gesture changed of what the request holds (`demandes.preuves`).
    """
    financements.suivre(demande, pas)
    instant = calendrier.maintenant()
    _prendre(demande, pas, instant)
    if motif and remplace:
        demande.commentaire = motif
    demande.save()
    details = prouver(demande) | (details or {})
    if touches:
        details |= {"preuve": preuves([demande], touches)[demande.pk]}
    journal.consigner([_fait(demande, pas, auteur, motif=motif, details=details)], instant=instant)
    if pas.courriel:
        recu = {"recepisse": recepisse.numero, "lien": lien_de(recepisse)} if recepisse else {}
        envoi = _courriel(demande, pas.courriel, motif, recu | dict(dits or {}))
        courriels.envoyer([replace(envoi, recepisse=recepisse.pk if recepisse else None)])
    notifications.noter_geste(
        entreprise=demande.entreprise, geste=pas.geste, numero=demande.numero, echeance=demande.cloture_le
    )
    return demande


def noter_piece(
    demande: Demande,
    geste: str,
    auteur: Auteur,
    piece: PieceJustificative,
    *,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Journal that a piece came or went, once it did; the status stays. `details`: more that this event tells.

    Announced pieces come without being told one by one: they are proved when their request is handed over.
    """
    libelle = demande.couloir.depot.libelle_piece(piece.type)
    dits = pieces.identite(nom=piece.nom, type_piece=piece.type, libelle=libelle, fichier=piece.fichier)
    if demande.statut is not StatutDemande.NON_COMPLETEE:
        dits["preuve"] = preuves([demande], [PIECES])[demande.pk]
    fait = journal.Fait(
        chaine=demande.dossier.chaine,
        objet=demande.objet,
        geste=geste,
        auteur=auteur,
        avant=demande.statut,
        apres=demande.statut,
        details={"numero": demande.numero} | dits | dict(details or {}),
    )
    journal.consigner([fait])


def franchir_lot(demandes: Sequence[Demande], passages: Sequence[Passage], auteur: Auteur) -> None:
    """Hand over many requests, whose pieces are all there, in three statements. No mail."""
    instant = calendrier.maintenant()
    for demande, pas in zip(demandes, passages, strict=True):
        _prendre(demande, pas, instant)
    Demande.objects.bulk_update(demandes, ["statut", "statut_depuis", "expire_le", "rappel_le"])
    lignes = prouver_chacune(demandes)
    prouvees = {cle: {"preuve": lue} | lignes[cle] for cle, lue in preuves(demandes, [PIECES]).items()}
    _consigner_lot(demandes, passages, auteur, instant, prouvees)


def supprimer_lot(demandes: Sequence[Demande], passages: Sequence[Passage], auteur: Auteur) -> None:
    """Delete requests; the journal keeps that they existed."""
    _consigner_lot(demandes, passages, auteur, calendrier.maintenant())
    financements.liberer(demandes)
    Demande.objects.filter(pk__in=[demande.pk for demande in demandes]).delete()


def _consigner_lot(
    demandes: Sequence[Demande],
    passages: Sequence[Passage],
    auteur: Auteur,
    instant: datetime,
    details: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    dits = details or {}
    journal.consigner(
        [
            _fait(demande, pas, auteur, details=dits.get(demande.pk))
            for demande, pas in zip(demandes, passages, strict=True)
        ],
        instant=instant,
    )


def _prendre(demande: Demande, pas: Passage, instant: datetime) -> None:
    """Take the status that the step leads to; the due dates of the status that is left go with it."""
    if pas.vers is None:
        raise AssertionError("une suppression ne donne pas de statut")
    demande.statut = pas.vers
    if pas.vers is pas.depuis:
        return
    demande.statut_depuis = instant
    demande.expire_le = None
    if pas.vers not in STATUTS_A_COMPLETER:
        demande.rappel_le = demande.cloture_le = None


def etat_de(demande: Demande) -> dict[str, str]:
    """What the row says once the gesture is made, so that a row altered by force contradicts the journal."""
    montants = {nom: getattr(demande, nom) for nom in MONTANTS}
    textes = {nom: "" if montant is None else f"{montant:.2f}" for nom, montant in montants.items()}
    return textes | {
        "version": str(demande.version_courante),
        "valideur": str(demande.valideur_id or ""),
        "calcul": empreinte_json(demande.calcul),
        "motif_montant": empreinte_json(demande.motif_montant),
    }


def _fait(
    demande: Demande,
    pas: Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    details: dict[str, Any] | None = None,
) -> journal.Fait:
    return journal.Fait(
        chaine=demande.dossier.chaine,
        objet=demande.objet,
        geste=pas.geste,
        auteur=auteur,
        avant=pas.depuis,
        apres=pas.vers or "",
        motif=motif,
        details={"numero": demande.numero, "etat": etat_de(demande)} | (details or {}),
    )


def _courriel(demande: Demande, code: str, raison: str, dits: Mapping[str, Any]) -> courriels.Envoi:
    """The mail of a step, to the address given at enrolment (REQ-070). `raison`: of the step itself."""
    decide = demande.montant_decide or Decimal(0)
    texte = rediger(
        code,
        numero=demande.numero,
        dossier=demande.dossier.numero,
        couloir=demande.couloir.libelle,
        depose_le=calendrier.date_fr(demande.depose_le),
        siret=demande.entreprise.siret,
        motif=demande.commentaire,
        cloture_le=calendrier.instant_long(demande.cloture_le) if demande.cloture_le else "",
        montant=en_euros(demande.montant_decide) if demande.montant_decide is not None else "",
        trop_percu=en_euros(-decide) if decide < 0 else "",
        titre="de l'avance" if demande.type is TypeDemande.AVANCE else "du solde",
        motif_montant=demande.motif_montant,
        decidee=demande.decide_le is not None,
        fait_le=calendrier.instant_long(calendrier.maintenant()),
        version=demande.version_courante,
        declare=en_euros(demande.montant_declare) if demande.montant_declare is not None else "",
        **({"raison": raison, "ecartees": "", "brouillon_du": ""} | dict(dits)),
    )
    return courriels.Envoi(
        code=code, texte=texte, destinataire=demande.dossier.enrolement.courriel, sujet=demande.objet
    )
