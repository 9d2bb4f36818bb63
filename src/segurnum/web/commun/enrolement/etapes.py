"""What the pages of both faces do with a step that was sent: keep it, read it again."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from segurnum.annuaire.entreprise import EntrepriseTrouvee
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import brouillons, services
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.models import Brouillon
from segurnum.enrolements.pieces import TypePiece, pieces_requises
from segurnum.regles.erreurs import BrouillonModifie, GesteImpossible, SaisieDepassee
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.televersement import trop_gros
from segurnum.seuil.version_saisie import envoi_de, non_gardee, sans_page
from segurnum.web.commun.enrolement import recepisse
from segurnum.web.commun.enrolement.champs import piece_a_joindre
from segurnum.web.commun.enrolement.formulaires import FormulaireEtape, nom_du_champ
from segurnum.web.commun.enrolement.parcours import Parcours

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


def recevoir(
    requete: HttpRequest,
    faire: Callable[[], HttpResponse],
    *,
    perdu: Callable[[], HttpResponse],
    conflit: Callable[[GesteImpossible], HttpResponse],
) -> HttpResponse:
    """What a button of a step does; `perdu` when its draft is gone, `conflit` when nothing of it was kept."""
    try:
        return faire()
    except BrouillonIntrouvable:
        return non_gardee() if sans_page(requete) else perdu()
    except GesteImpossible as refus:
        if sans_page(requete):
            return non_gardee(refus)
        return redirect(requete.path) if isinstance(refus, SaisieDepassee) else conflit(refus)


def retenir_le_numero(
    requete: HttpRequest, brouillon: Brouillon | None, etape: str, numero: str, creer: Callable[[], Brouillon]
) -> Brouillon:
    """« Rechercher » an ANS number begins the draft, or begins its step again."""
    ligne = brouillon or creer()
    envoi = envoi_de(requete) if brouillon else replace(envoi_de(requete), version=ligne.version)
    return brouillons.enregistrer_etape(
        brouillon=ligne.pk, etape=etape, saisie={"numero_ans": numero}, envoi=envoi
    )


def oublier_le_numero(requete: HttpRequest, brouillon: Brouillon, etape: str) -> None:
    """« Réinitialiser »: the files that went with the number are no longer right."""
    brouillons.enregistrer_etape(
        brouillon=brouillon.pk, etape=etape, saisie={}, envoi=envoi_de(requete), retirer=PIECES_DU_NUMERO
    )


def garder(
    requete: HttpRequest,
    brouillon: Brouillon,
    etape: str,
    form: FormulaireEtape,
    *,
    sans: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    oublier: Collection[TypePiece] = (),
) -> Brouillon:
    """Keep what was typed, right or wrong, and each file that passed its checks, even beside errors; the form then
    shows these as kept. `sans`: what is dropped of what was typed, with the pieces of `oublier`.
    """
    form.is_valid()
    lue = form.tel_que_saisi()
    if trop_gros(requete):  # what comes after the file was not read
        lue = {nom: texte for nom, texte in lue.items() if nom in form.data}
    recues = {nom: form.champs_pieces[nom] for nom in form.recues}
    retire = form.champs_pieces.get(requete.POST.get("geste", "").removeprefix(RETIRER))
    ligne = brouillons.enregistrer_etape(
        brouillon=brouillon.pk,
        etape=etape,
        saisie=sans(brouillon.saisie.get(etape, {}) | lue),
        envoi=envoi_de(requete),
        joindre=[
            piece_a_joindre(champ, form.recues[nom])
            for nom, champ in recues.items()
            if champ.type_piece not in oublier
        ],
        retirer=[*oublier, *([retire.type_piece] if retire else [])],
    )
    form.retenir()
    return ligne


def terminer(requete: HttpRequest, form: Form, cle: str, **demande: Any) -> bool:
    """« Terminer »; the form says why when it is refused. `cle`: where the session keeps the receipt."""
    try:
        ligne = brouillons.terminer(recu_le=recu_le(requete), **demande)
    except BrouillonModifie:
        raise
    except GesteImpossible as refus:
        form.add_error(None, str(refus))
        return False
    recepisse.garder(requete, cle, ligne)
    return True


def relire(form: FormulaireEtape) -> FormulaireEtape:
    """The form, judged."""
    form.is_valid()
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
