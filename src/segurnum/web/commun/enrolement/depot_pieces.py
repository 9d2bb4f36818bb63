"""« Déposer des pièces jointes », the same for who has an account and for who has a link (ENR-082 to ENR-091)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import services
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers.services import recevoir
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.enrolement.champs import piece_a_joindre
from segurnum.web.commun.enrolement.piece_demandee import FormulairePieceDemandee, formulaires
from segurnum.web.commun.telechargements import Offre
from segurnum.web.commun.televersement import trop_gros

# A certificate and what is said of the hosting come together at most.
TAILLE = 2 * PIECE_FORMULAIRE.taille_max
TROP_GROS = f"Le fichier dépasse {PIECE_FORMULAIRE.limite_exacte} : réduisez-le."
Formulaires = list[FormulairePieceDemandee]


@dataclass(frozen=True)
class Adresses:
    """Where the page leads, on the face that shows it. `lire`: nowhere, where pieces are not read again."""

    page: str
    terminer: str
    retour: str
    retirer: Callable[[PieceEnrolement], str]
    lire: Callable[[PieceEnrolement], Offre] = lambda piece: Offre()


@dataclass(frozen=True)
class Importee:
    """A piece that is imported and not handed over yet."""

    piece: PieceEnrolement
    lire: Offre
    retirer: str


def contexte(ligne: Enrolement, adresses: Adresses, forms: Formulaires) -> dict[str, Any]:
    """What the page shows."""
    nouvelles = list(ligne.pieces.filter(confirmee=False))
    return {
        "enrolement": ligne,
        "forms": forms,
        "adresses": adresses,
        "nouvelles": [Importee(piece, adresses.lire(piece), adresses.retirer(piece)) for piece in nouvelles],
        "finalisation": ligne.statut_enum is StatutEnrolement.VALIDATION_PARTIELLE,
        "peut_terminer": _complet(ligne, {TypePiece(piece.type) for piece in nouvelles}),
        "taille_max": PIECE_FORMULAIRE.taille_max,
    }


def importer(
    requete: HttpRequest, ligne: Enrolement, types: Sequence[TypePiece], *, lien: str = ""
) -> tuple[Formulaires, int]:
    """Keep each file that was sent, or say on its field why not. Returns the page's forms and status: 302 when
    nothing is left to show, 200 when an answer beside them waits for its file.
    """
    forms = formulaires(types, requete.POST, requete.FILES)
    if trop_gros(requete):
        envoye = next(form for form in forms if form.is_bound)
        envoye.errors["fichier"] = envoye.error_class([TROP_GROS])
        return forms, 413
    for form in forms:
        if form.is_bound and form.is_valid():
            _garder(requete, ligne, form, lien)
    statut = (
        422 if any(form.errors for form in forms) else 200 if any(form.repondu for form in forms) else 302
    )
    return [form if form.errors or not form.is_bound else form.vierge() for form in forms], statut


def _garder(requete: HttpRequest, ligne: Enrolement, form: FormulairePieceDemandee, lien: str) -> None:
    fichier = form.cleaned_data["fichier"]
    if not isinstance(fichier, UploadedFile):
        raise AssertionError("le fichier est obligatoire")
    piece = piece_a_joindre(form.champ_fichier, fichier)
    try:
        stocke = recevoir(flux=piece.flux, nom=piece.nom)
        recue = services.PieceRecue(form.type_choisi, piece.nom, stocke)
        services.ajouter_piece(enrolement=ligne.pk, piece=recue, lien=lien, recu_le=recu_le(requete))
    except GesteImpossible as refus:
        form.add_error("fichier", str(refus))
    else:
        suite = f" Note : {stocke.retenu}." if stocke.retenu else ""
        messages.success(
            requete, f"Le fichier « {piece.nom} » est importé ({form.type_choisi.libelle}).{suite}"
        )


def _complet(ligne: Enrolement, nouvelles: set[TypePiece]) -> bool:
    """« Terminer mon dépôt » waits for everything that finishes an anticipated enrolment (ENR-090)."""
    if ligne.statut_enum is not StatutEnrolement.VALIDATION_PARTIELLE:
        return bool(nouvelles)
    attendues = services.types_a_deposer(ligne, heberge_donnees=TypePiece.HDS_CERTIFICAT in nouvelles)
    return nouvelles.issuperset(attendues)
