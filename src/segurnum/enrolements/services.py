"""Every change of an enrolment (etats: E1 to E16). Keyword arguments only; refusals are sentences."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import exiger, reserve
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees.cycle import verrouiller_entreprise
from segurnum.enrolements import cycle, liens, ouverture, suivi
from segurnum.enrolements.admission import exiger_sans_compte, referencement_a_enroler
from segurnum.enrolements.declaration import Declaration, PersonneMorale
from segurnum.enrolements.jointes import PieceRecue, completer, joindre, retirer
from segurnum.enrolements.models import STATUTS_OUVERTS, Enrolement, PieceEnrolement
from segurnum.enrolements.numeros import numero_suivant
from segurnum.enrolements.pieces import (
    CERTIFICATS,
    HEBERGEMENT,
    Situation,
    TypePiece,
    manquantes,
    manquantes_parmi,
    pieces_de_finalisation,
    pieces_requises,
)
from segurnum.enrolements.queries import (
    attend_ses_certificats,
    mandat_connu,
    pieces_qui_comptent,
    releve_du_compte,
)
from segurnum.fichiers import services as fichiers
from segurnum.journal.cycle import noter
from segurnum.referentiel.models import Referencement
from segurnum.regles import calendrier
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepotEnrolement


class AccesDejaOuvert(GesteImpossible):
    """A second initial enrolment: accepted, it would replace the persons, and open another administrator's access."""

    def __init__(self, siret: str) -> None:
        super().__init__(
            f"L'entreprise du SIRET {siret} a déjà un compte sur le portail : valider cette demande initiale "
            "remplacerait son représentant légal et ouvrirait un autre accès d'administrateur. Rejetez-la, en invitant "
            "le demandeur à enrôler ce logiciel depuis le compte, par « Faire une demande complémentaire »."
        )


# --- The applicant


def situation(
    declaration: Declaration, reference: Referencement, *, entreprise: Entreprise | None = None
) -> Situation:
    """What the declaration and the referencing say of the pieces. `entreprise`: the account's, if complementary."""
    return Situation(
        complementaire=entreprise is not None,
        reference_validee=reference.valide,
        est_dpi=reference.est_dpi,
        distributeur=reference.nature == Referencement.Nature.DISTRIBUTEUR,
        operateur_acheteur=reference.profil_operateur == Referencement.ProfilOperateur.ACHETEUR,
        heberge_donnees=declaration.heberge_donnees,
        nom_change=declaration.entreprise is not None and declaration.entreprise.nom_change,
        qualite=declaration.qualite,
        assujetti=declaration.assujetti,
        mandat_connu=entreprise is None or mandat_connu(entreprise, reference.vague),
    )


@reserve(GesteDepotEnrolement.DEPOSER)
@transaction.atomic
def deposer(
    *,
    declaration: Declaration,
    pieces: Sequence[PieceRecue],
    entreprise: Entreprise | None = None,
    auteur: Auteur,
    recu_le: datetime | None = None,
    cgu: str = "",
) -> Enrolement:
    """« Terminer »: record the request and acknowledge it (E4). `entreprise`: the account's, if complementary.

    `recu_le`, here and below: when the portal began to receive the gesture; it dates the request. `cgu`: the version
    of the terms of use that were accepted.

    The number's referencing is held, then the company: two tabs that finish together make one enrolment, two numbers
    of one company are judged one after the other; the second is told.
    """
    Referencement.objects.select_for_update().filter(numero_ans=declaration.numero_ans).first()
    societe = verrouiller_entreprise(entreprise or _societe(declaration.entreprise))
    if entreprise is None:
        exiger_sans_compte(societe.siret)
    reference = referencement_a_enroler(declaration.numero_ans, societe)
    requises = pieces_requises(situation(declaration, reference, entreprise=entreprise))
    absentes = manquantes(requises, [piece.type for piece in pieces])
    if absentes:
        raise GesteImpossible(f"Il manque : {', '.join(piece.libelle for piece in absentes)}.")
    instant = calendrier.instant_juge(recu_le)
    initial = entreprise is None
    enrolement = _creer(declaration, reference, societe, initial=initial, instant=instant, cgu=cgu)
    joindre(enrolement, pieces, instant, confirmee=True)
    details = {"numero_ans": reference.numero_ans, "recu_le": instant.isoformat(), "cgu": cgu}
    noter(enrolement, "DEPOSER", auteur, details=details)
    lien = suivi.ouvrir(enrolement)
    enrolement.save(update_fields=["empreinte_suivi"])
    cycle.ecrire(enrolement, "M01", recu_le=calendrier.instant_exact(instant), suivi=lien)
    return enrolement


def _creer(
    declaration: Declaration,
    reference: Referencement,
    societe: Entreprise,
    *,
    initial: bool,
    instant: datetime,
    cgu: str,
) -> Enrolement:
    return Enrolement.objects.create(
        sequence=numero_suivant(),
        entreprise=societe,
        referencement=reference,
        type=Enrolement.Type.INITIAL if initial else Enrolement.Type.COMPLEMENTAIRE,
        anticipe=not reference.valide,
        taux_tva=declaration.taux_tva,
        courriel=_courriel(declaration, societe),
        depose_le=instant,
        statut_depuis=instant,
        donnees=declaration.en_dict(),
        cgu=cgu,
        entreprise_a_verifier=declaration.entreprise is not None and not declaration.entreprise.verifie,
    )


def _societe(morale: PersonneMorale | None) -> Entreprise:
    """The company of an initial enrolment; a known one keeps what is known of it until the enrolment is accepted."""
    if morale is None:
        raise GesteImpossible("Renseignez votre entreprise avant de terminer.")
    societe, _ = Entreprise.objects.get_or_create(
        siret=morale.siret,
        defaults={
            "denomination": morale.denomination,
            "adresse": morale.adresse,
            "code_postal": morale.code_postal,
            "commune": morale.commune,
        },
    )
    return societe


def _courriel(declaration: Declaration, societe: Entreprise) -> str:
    titulaire = declaration.titulaire_du_compte
    if titulaire is not None:
        return titulaire.courriel
    dernier = societe.enrolements.filter(statut__in=STATUTS_OUVERTS).order_by("-pk").first()
    if dernier is None:
        raise GesteImpossible("Renseignez le représentant légal avant de terminer.")
    return dernier.courriel


# --- Pieces asked for afterwards: extra ones (E6, E7), certificates of an anticipated enrolment (E11, E12)

DEPOTS_COMPLEMENTAIRES = {
    StatutEnrolement.EN_ATTENTE_PIECE: GesteEnrolement.TERMINER_DEPOT,
    StatutEnrolement.VALIDATION_PARTIELLE: GesteEnrolement.DEPOSER_CERTIFICATS,
}


def types_a_deposer(enrolement: Enrolement, *, heberge_donnees: bool | None = None) -> tuple[TypePiece, ...]:
    """The types that may be added now: those that the officer named, the certificates to finalise (ENR-088)."""
    if enrolement.statut is StatutEnrolement.EN_ATTENTE_PIECE:
        return cycle.attendues(enrolement) or tuple(TypePiece)
    if enrolement.statut is StatutEnrolement.VALIDATION_PARTIELLE:
        declaration = _declaration(enrolement)
        base = situation(declaration, enrolement.referencement)
        possibles = (True, False) if base.est_dpi and heberge_donnees is None else (heberge_donnees,)
        types = [
            piece
            for choix in possibles
            for piece in pieces_de_finalisation(Situation(**{**vars(base), "heberge_donnees": choix}))
        ]
        return tuple(dict.fromkeys(types))
    return ()


def _declaration(enrolement: Enrolement) -> Declaration:
    """What was declared; the number alone for an enrolment older than the form."""
    if enrolement.donnees:
        return Declaration.lire(enrolement.donnees)
    return Declaration(numero_ans=enrolement.referencement.numero_ans)


@transaction.atomic
def ajouter_piece(
    *,
    enrolement: int,
    auteur: Auteur,
    piece: PieceRecue,
    lien: str = "",
    recu_le: datetime | None = None,
) -> PieceEnrolement:
    """Add a piece that was asked for. It counts once « Terminer mon dépôt » is confirmed.

    `lien`, here and below: the digest of the link by which its holder, who has no account, makes the gesture.
    """
    instant = calendrier.instant_juge(recu_le)
    ligne = _a_completer(enrolement, lien, instant)
    exiger(auteur, GesteDepotEnrolement.COMPLETER, ligne)
    if piece.type not in types_a_deposer(ligne):
        raise GesteImpossible(
            f"Aucune pièce de ce type n'est attendue : le statut est « {ligne.statut.libelle} »."
        )
    if ligne.statut is StatutEnrolement.VALIDATION_PARTIELLE:
        retirer(ligne, ligne.pieces.filter(type__in=_remplacees(piece.type), confirmee=False), auteur=auteur)
    return completer(ligne, piece, instant, auteur=auteur)


def _a_completer(cle: int, lien: str, instant: datetime) -> Enrolement:
    """The enrolment, held. Raises LienFerme when the link that leads to it was replaced or closed meanwhile."""
    ligne = cycle.verrouiller(cle)
    if lien:
        liens.exiger(ligne, lien, instant)
    return ligne


def _remplacees(type_piece: TypePiece) -> tuple[TypePiece, ...]:
    """A new certificate takes the place of the one added before; a DPI gives one HDS document, not both."""
    return HEBERGEMENT if type_piece in HEBERGEMENT else (type_piece,)


@transaction.atomic
def retirer_piece(
    *, enrolement: int, auteur: Auteur, piece: int, lien: str = "", recu_le: datetime | None = None
) -> None:
    """Remove a piece that is not confirmed yet; the others stay."""
    ligne = _a_completer(enrolement, lien, calendrier.instant_juge(recu_le))
    exiger(auteur, GesteDepotEnrolement.COMPLETER, ligne)
    retirees = retirer(ligne, ligne.pieces.filter(pk=piece, confirmee=False), auteur=auteur)
    if not retirees:
        raise GesteImpossible("Seule une pièce dont le dépôt n'est pas encore terminé peut être supprimée.")
    for retiree in retirees:
        fichiers.oublier(retiree.fichier)


def depot_incomplet(enrolement: Enrolement) -> str:
    """What « Terminer mon dépôt » still waits for; nothing once it may be made (ENR-090)."""
    attendues = enrolement.pieces.filter(confirmee=False)
    nouvelles = {TypePiece(t) for t in attendues.values_list("type", flat=True)}
    if not nouvelles:
        return "Importez au moins une pièce avant de terminer votre dépôt."
    if enrolement.statut is not StatutEnrolement.VALIDATION_PARTIELLE:
        restent = ", ".join(p.libelle for p in manquantes_parmi(cycle.attendues(enrolement), nouvelles))
        return (
            f"Toutes les pièces demandées se déposent avant de terminer. Il manque : {restent}."
            if restent
            else ""
        )
    types = types_a_deposer(enrolement, heberge_donnees=TypePiece.HDS_CERTIFICAT in nouvelles)
    absentes = ", ".join(piece.libelle for piece in manquantes(types, nouvelles))
    return f"Les documents se déposent ensemble. Il manque : {absentes}." if absentes else ""


@transaction.atomic
def terminer_depot(
    *, enrolement: int, auteur: Auteur, lien: str = "", recu_le: datetime | None = None
) -> Enrolement:
    """« Terminer mon dépôt »: hand the pieces over to the officers (E7, E12)."""
    ligne = _a_completer(enrolement, lien, calendrier.instant_juge(recu_le))
    geste = DEPOTS_COMPLEMENTAIRES.get(ligne.statut, GesteEnrolement.TERMINER_DEPOT)
    pas = cycle.passage(ligne, geste, auteur)
    if phrase := depot_incomplet(ligne):
        raise GesteImpossible(phrase)
    ligne.pieces.filter(confirmee=False).update(confirmee=True)
    return cycle.franchir(ligne, pas, auteur)


# --- Instruction


@transaction.atomic
def demander_pieces(
    *, enrolement: int, auteur: Auteur, motif: str, types: Sequence[TypePiece] = ()
) -> Enrolement:
    """Ask for all of these pieces; any, where only the text says which."""
    ligne = cycle.verrouiller(enrolement)
    pas = cycle.passage(ligne, GesteEnrolement.DEMANDER_PIECES, auteur, motif)
    ligne.pieces_attendues = [piece.value for piece in dict.fromkeys(types)]
    lien = liens.renouveler(ligne) if liens.repond_par_lien(ligne) else None
    return cycle.franchir(ligne, pas, auteur, motif=motif, courriel=lien)


@transaction.atomic
def rejeter(*, enrolement: int, auteur: Auteur, motif: str) -> Enrolement:
    """Refuse, or close what its applicant does not answer: the number is free again (ENR-001)."""
    ligne = cycle.verrouiller(enrolement)
    pas = cycle.passage(ligne, GesteEnrolement.REJETER, auteur, motif)
    return cycle.franchir(ligne, pas, auteur, motif=motif, courriel={"suivi": suivi.ouvrir(ligne)})


@transaction.atomic
def refuser_certificats(*, enrolement: int, auteur: Auteur, motif: str) -> Enrolement:
    """Send back to « Validation partielle »: other certificates may be deposited (E14). These ones stay, marked."""
    ligne = cycle.verrouiller(enrolement)
    pas = cycle.passage(ligne, GesteEnrolement.REFUSER_CERTIFICATS, auteur, motif)
    refuses = pieces_qui_comptent().filter(enrolement=ligne, type__in=CERTIFICATS)
    refuses.update(refusee_le=calendrier.maintenant())
    return cycle.franchir(ligne, pas, auteur, motif=motif)


@transaction.atomic
def accepter(*, enrolement: int, auteur: Auteur) -> Enrolement:
    """Validate: wholly, or partially when anticipated; open the access, and keep what was declared (E8, E9, E13)."""
    ligne = cycle.verrouiller(enrolement)
    partiel = ligne.statut is StatutEnrolement.EN_COURS and attend_ses_certificats(ligne)
    geste = GesteEnrolement.ACCEPTER_PARTIELLEMENT if partiel else GesteEnrolement.ACCEPTER
    pas = cycle.passage(ligne, geste, auteur)
    if ligne.entreprise_a_verifier:
        raise GesteImpossible(
            "Le SIRET n'a pas encore été confirmé par l'annuaire des entreprises : vérifiez-le avant de valider."
        )
    comptent = pieces_qui_comptent().filter(enrolement=ligne).select_related("fichier").order_by("pk")
    # A sound one that came with the enrolment takes the place of nothing: one that was asked for since does.
    premier = min((piece.deposee_le for piece in comptent), default=None)
    fichiers.exiger_sains(
        (piece.type, piece.nom, piece.fichier)
        for piece in comptent
        if piece.fichier.retenu or piece.deposee_le != premier
    )
    verrouiller_entreprise(ligne.entreprise)
    if releve_du_compte(ligne):
        raise AccesDejaOuvert(ligne.entreprise.siret)
    premiere_ouverture = ligne.statut is StatutEnrolement.EN_COURS
    cycle.franchir(ligne, pas, auteur, courriel=ouverture.depots(ligne))
    if premiere_ouverture and ligne.type == Enrolement.Type.INITIAL:
        ouverture.ouvrir(ligne, Declaration.lire(ligne.donnees), auteur=auteur)
    return ligne


@reserve(GesteDepotEnrolement.CONFIRMER_ENTREPRISE)
@transaction.atomic
def confirmer_entreprise(*, enrolement: int, auteur: Auteur) -> None:
    """The directory, or an officer, confirmed the SIRET of a company that could not be looked up at the deposit."""
    ligne = cycle.verrouiller(enrolement)
    if ligne.entreprise_a_verifier:
        ligne.entreprise_a_verifier = False
        ligne.save(update_fields=["entreprise_a_verifier"])
        noter(ligne, "CONFIRMER_ENTREPRISE", auteur, avant=ligne.statut)
