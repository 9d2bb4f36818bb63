"""« Déposer des pièces jointes », the same for who has an account and for who has a link (ENR-082 to ENR-091)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import services
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.enrolement.piece_demandee import FormulairePieceDemandee, formulaires
from segurnum.web.commun.telechargements import Offre
from segurnum.web.kits.televersement import Televersement, statut_du_refus

# What finishes an anticipated enrolment comes together: the certificate, and the one of the hosting.
PIECE = Televersement("fichier", PIECE_FORMULAIRE, ensemble=2)
Formulaires = list[FormulairePieceDemandee]


@dataclass(frozen=True)
class Adresses:
    """Where the page leads, on the face that shows it. `lire`: nowhere, where pieces are not read again."""

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
        "finalisation": ligne.statut is StatutEnrolement.VALIDATION_PARTIELLE,
        "peut_terminer": _complet(ligne, {TypePiece(piece.type) for piece in nouvelles}),
    }


def importer(
    requete: HttpRequest, ligne: Enrolement, types: Sequence[TypePiece], auteur: Auteur, *, lien: str = ""
) -> tuple[Formulaires, int]:
    """Keep every file that came, or say on its field why not. Returns the page's forms and status: 302 when nothing is
    left to show, 200 when an answer beside them waits for its file.
    """

    def garder(form: FormulairePieceDemandee) -> bool:
        joint = form.cleaned_data["fichier"]
        recue = PieceRecue(form.type_choisi, joint.nom, joint.fichier)
        services.ajouter_piece(
            enrolement=ligne.pk, auteur=auteur, piece=recue, lien=lien, recu_le=recu_le(requete)
        )
        suite = f" Note : {joint.fichier.retenu}." if joint.fichier.retenu else ""
        messages.success(
            requete, f"Le fichier « {joint.nom} » est importé ({form.type_choisi.libelle}).{suite}"
        )
        return True

    forms = formulaires(types, requete.POST, requete.FILES)
    gardes = {form.lot for form in forms if form.is_bound and PIECE.essayer(requete, form, garder)}
    restent = [form.vierge() if form.lot in gardes else form for form in forms]
    if any(form.errors for form in restent):
        return restent, statut_du_refus(requete)
    return restent, 200 if any(form.repondu for form in restent) else 302


def _complet(ligne: Enrolement, nouvelles: set[TypePiece]) -> bool:
    """« Terminer mon dépôt » waits for everything that finishes an anticipated enrolment (ENR-090)."""
    if ligne.statut is not StatutEnrolement.VALIDATION_PARTIELLE:
        return bool(nouvelles)
    attendues = services.types_a_deposer(ligne, heberge_donnees=TypePiece.HDS_CERTIFICAT in nouvelles)
    return nouvelles.issuperset(attendues)
