"""What the pages of both faces do with a step that was sent: keep it, read it again."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from segurnum.annuaire.entreprise import EntrepriseTrouvee
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import brouillons, services
from segurnum.enrolements.models import Brouillon
from segurnum.enrolements.pieces import TypePiece, pieces_requises
from segurnum.web.commun.enrolement.champs import piece_a_joindre
from segurnum.web.commun.enrolement.formulaires import FormulaireEtape, nom_du_champ
from segurnum.web.commun.enrolement.parcours import Parcours
from segurnum.web.commun.televersement import trop_gros

RETIRER = "retirer:"
PIECES_DU_NUMERO = (
    TypePiece.CERTIFICAT,
    TypePiece.HDS_CERTIFICAT,
    TypePiece.HDS_ATTESTATION,
    TypePiece.COMMANDE_OPERATEUR,
    TypePiece.MANDAT_EDITEUR,
)
PIECES_DE_L_ENTREPRISE = (TypePiece.KBIS,)
_ENTREPRISE = (
    "denomination",
    "numero",
    "extension",
    "type_voie",
    "nom_voie",
    "complement",
    "code_postal",
    "commune",
)
# What the directory does not say of a company, and is not another's.
_PROPRES = ("nom_commercial", "destinataire", "batiment")
TROP_GROS = (
    f"L'envoi dépasse la taille permise : chaque fichier doit peser {PIECE_FORMULAIRE.limite_exacte} au plus. "
    "Les fichiers de cet envoi n'ont pas été gardés."
)


@dataclass
class Envoi:
    """A step as it was sent. `avant`: what the draft held, which the form may not show whole.

    `sans`: what is dropped of what was typed before it is kept, with the pieces of `oublier`.
    """

    etape: str
    form: FormulaireEtape
    action: str
    version: int
    avant: dict[str, Any]
    sans: Callable[[dict[str, Any]], dict[str, Any]] = dict
    oublier: Collection[TypePiece] = ()
    fichiers_refuses: dict[str, Any] = field(default_factory=dict)


def enregistrer(brouillon: Brouillon, envoi: Envoi, requete: HttpRequest) -> None:
    """Keep what was typed, right or wrong, and each file that passed its checks, even beside errors."""
    form = envoi.form
    form.is_valid()
    joindre = []
    for nom, champ in form.champs_pieces.items():
        if nom in form.recues:
            if champ.type_piece not in envoi.oublier:
                joindre.append(piece_a_joindre(champ, form.recues[nom]))
        elif nom in form.files:
            envoi.fichiers_refuses[nom] = form.files[nom]
    retire = form.champs_pieces.get(envoi.action.removeprefix(RETIRER))
    saisie = {
        nom: texte
        for nom, texte in form.tel_que_saisi().items()
        if nom in form.data or not trop_gros(requete)
    }
    brouillons.enregistrer_etape(
        brouillon=brouillon.pk,
        etape=envoi.etape,
        saisie=envoi.sans(envoi.avant | saisie),
        version=envoi.version,
        joindre=joindre,
        retirer=[*envoi.oublier, *([retire.type_piece] if retire else [])],
    )
    envoi.form = form


def relire(form: FormulaireEtape, *, phrase: str = "") -> FormulaireEtape:
    """The form, judged; `phrase` is what went wrong with the sending itself."""
    form.is_valid()
    if phrase:
        form.add_error(None, phrase)
    return form


def entreprise_preremplie(siret: str, trouvee: EntrepriseTrouvee | None) -> dict[str, Any]:
    """What step 2 starts from. None: the directory did not answer, the person types it all (flagged)."""
    if trouvee is None:
        return {"siret": siret, "verifie": False, "denomination_connue": ""}
    return {
        "siret": siret,
        "verifie": True,
        "denomination_connue": trouvee.denomination,
        **{champ: getattr(trouvee, champ) for champ in _ENTREPRISE},
    }


def sans_entreprise(saisie: dict[str, Any]) -> dict[str, Any]:
    """The persons of step 2, once its company is dropped."""
    entreprise = ("siret", "verifie", "denomination_connue", *_PROPRES, *_ENTREPRISE)
    return {nom: valeur for nom, valeur in saisie.items() if nom not in entreprise}


def pieces_requises_par(parcours: Parcours) -> set[TypePiece]:
    """The pieces that the complete draft will be sent with."""
    if parcours.reference is None:
        return set()
    return set(pieces_requises(services.situation(parcours.declaration(), parcours.reference)))


def noms_des_pieces(brouillon: Brouillon) -> dict[str, str]:
    """Name of the form's field -> name of the file that the draft keeps."""
    return {nom_du_champ(TypePiece(piece.type)): piece.nom for piece in brouillon.pieces.all()}
