"""The incomplete requests and the pieces that they wait for: which, for whom, which file is whose."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.controles import PieceAttendue
from segurnum.controles.pieces import Reconnaissance
from segurnum.couloirs.nomenclature import PIECES, cle_de_nom
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots.models import ATTENDUES, Archive, Depot
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Analyse
from segurnum.regles.cycles import StatutDemande

# A piece that is still to come: none did, or what came is not to be opened.
MANQUANTE = Q(fichier__isnull=True) | Q(fichier__analyse=Analyse.INFECTE)


def incompletes(entreprise: Entreprise | int) -> QuerySet[Demande]:
    """The requests of a company whose pieces are still to come, or to be handed over (INC-001)."""
    return Demande.objects.filter(entreprise=entreprise, statut=StatutDemande.NON_COMPLETEE)


def visees(archive: Archive) -> QuerySet[Demande]:
    """The requests that a ZIP comes for: those of its deposit, or all that its company has to complete."""
    if archive.depot_id is None:
        return incompletes(archive.entreprise_id)
    return Demande.objects.filter(ligne_depot__depot=archive.depot_id)


def avec_un_zip_en_attente() -> Q:
    """The requests that a ZIP came for which is not checked yet."""
    attendues = Archive.objects.filter(etat__in=ATTENDUES)
    return Q(ligne_depot__depot__in=attendues.filter(depot__isnull=False).values("depot")) | Q(
        entreprise__in=attendues.filter(depot__isnull=True).values("entreprise")
    )


def pretes(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """Those whose pieces are all there: nothing but « Terminer » is missing."""
    manquantes = PieceJustificative.objects.filter(MANQUANTE, demande=OuterRef("pk"))
    return demandes.filter(~Exists(manquantes), statut=StatutDemande.NON_COMPLETEE)


@dataclass(frozen=True)
class Manque:
    """An incomplete request and the names of the pieces that it still waits for; none: « Terminer » is all it lacks."""

    demande: Demande
    pieces: tuple[str, ...]

    @property
    def phrase(self) -> str:
        return ", ".join(self.pieces) or "toutes ses pièces sont là"


def manques(demandes: Iterable[Demande]) -> list[Manque]:
    """What each of these lacks: one statement."""
    par_demande: dict[int, list[str]] = defaultdict(list)
    lignes = list(demandes)
    pieces = PieceJustificative.objects.filter(MANQUANTE, demande__in=lignes).order_by("pk")
    for cle, nom in pieces.values_list("demande", "nom"):
        par_demande[cle].append(nom)
    return [Manque(demande, tuple(par_demande[demande.pk])) for demande in lignes]


def pieces_attendues(archive: Archive) -> list[PieceAttendue]:
    """What a ZIP may hold: the pieces of its deposit, and of the company's other incomplete requests.

    A name of its deposit means that deposit's. Elsewhere, a piece that is missing comes before one that is there: the
    one that is there may be sent again. Only the missing pieces of the deposit are its mistakes when they are absent.
    """
    toutes = list(
        PieceJustificative.objects.filter(demande__in=incompletes(archive.entreprise_id))
        .select_related("demande__ligne_depot", "fichier")
        .order_by("demande__ligne_depot__depot", "demande__ligne_depot__rang", "pk")
    )
    propres = [piece for piece in toutes if piece.demande.ligne_depot.depot_id == archive.depot_id]
    des_autres: dict[str, list[PieceJustificative]] = defaultdict(list)
    pris = {cle_de_nom(piece.nom) for piece in propres}
    for piece in toutes:
        if (cle := cle_de_nom(piece.nom)) not in pris:
            des_autres[cle].append(piece)
    ailleurs = [piece for meme_nom in des_autres.values() for piece in _a_pourvoir(meme_nom)]
    return [
        *(attendue(piece, requise=manque(piece)) for piece in propres),
        *(attendue(piece, requise=False) for piece in ailleurs),
    ]


def _a_pourvoir(pieces: list[PieceJustificative]) -> list[PieceJustificative]:
    return [piece for piece in pieces if manque(piece)] or pieces


def manque(piece: PieceJustificative) -> bool:
    return piece.fichier is None or piece.fichier.analyse == Analyse.INFECTE


def attendue(piece: PieceJustificative, *, requise: bool) -> PieceAttendue:
    demande = piece.demande
    return PieceAttendue(
        nom=piece.nom,
        format=piece.nom.rsplit(".", 1)[-1].upper(),
        type=piece.type,
        index=demande.ligne_depot.rang,
        numero_editeur=demande.numero_editeur,
        requise=requise,
        couloir=demande.couloir,
        cle=piece.pk,
        demande=demande.numero,
    )


def candidates(entreprise: Entreprise, noms: Iterable[str]) -> list[list[PieceJustificative]]:
    """The missing pieces that a file of each name may be: what is asked when several requests wait for one.

    One statement, however many the names.
    """
    manquantes = {
        piece.pk: piece
        for piece in PieceJustificative.objects.filter(
            MANQUANTE, demande__in=incompletes(entreprise)
        ).select_related("demande__ligne_depot", "demande__dossier")
    }
    reconnaissance = Reconnaissance(attendue(piece, requise=False) for piece in manquantes.values())
    return [
        [manquantes[piece.cle] for piece in reconnaissance.candidates(nom) if piece.cle is not None]
        for nom in noms
    ]


def des_rejetees(depot: Depot | None) -> dict[str, str]:
    """By key of name, why a file of the ZIP is set aside: its request was rejected, or deleted since."""
    if depot is None:
        return {}
    lignes = json.loads(fichiers.lire(depot.sortie))["lignesImport"]
    parties = depot.lignes.filter(demande__isnull=True).values_list("rang", "supprimee")
    return {
        cle_de_nom(nom): _pourquoi(rang, supprimee)
        for rang, supprimee in parties
        for nom in _noms(lignes[rang].get(PIECES) or [])
    }


def _noms(pieces: Iterable[object]) -> list[str]:
    """What a rejected request announces may be anything."""
    lus = (piece.get("nomFichier") for piece in pieces if isinstance(piece, dict))
    return [nom for nom in lus if isinstance(nom, str)]


def _pourquoi(rang: int, supprimee: str) -> str:
    if supprimee:
        return f"la demande {supprimee}, qui l'annonce, est supprimée."
    return f"la demande de la ligne {rang + 1}, qui l'annonce, a été rejetée à l'import."
