"""The certificates of an anticipated enrolment: whole or partial validation, refused ones kept with their mark."""

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.enrolements import permissions, services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement

pytestmark = pytest.mark.django_db

S, G, T = StatutEnrolement, GesteEnrolement, TypePiece


def _anticipe(code: str, types: tuple[TypePiece, ...], *, valide: bool = True) -> Enrolement:
    """Anticipated at its deposit; its referencing was validated since, and these pieces were asked for and came."""
    ligne = usines.enrolement_depose(code=code, anticipe=True, types=(T.RIB,))
    Referencement.objects.filter(pk=ligne.referencement_id).update(valide=valide)
    if types:
        gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
        services.demander_pieces(enrolement=ligne.pk, auteur=gestionnaire, motif="Le certificat")
        for type_piece in types:
            recue = PieceRecue(type_piece, "piece.pdf", usines.fichier())
            services.ajouter_piece(enrolement=ligne.pk, auteur=DEMANDEUR, piece=recue)
        services.terminer_depot(enrolement=ligne.pk, auteur=DEMANDEUR)
    return Enrolement.objects.select_related("referencement", "entreprise").get(pk=ligne.pk)


@pytest.mark.exigence("ENR-005", "ENR-008", "ENR-092", "GST-004")
@pytest.mark.parametrize(
    ("code", "types", "valide", "attendu"),
    [
        ("MS1-DUI", (T.CERTIFICAT,), True, S.VALIDEE),
        ("MS1-DUI", (), True, S.VALIDATION_PARTIELLE),
        ("MS1-DUI", (T.CERTIFICAT,), False, S.VALIDATION_PARTIELLE),
        ("HOP-DPI", (T.CERTIFICAT, T.HDS_ATTESTATION), True, S.VALIDEE),
        ("HOP-DPI", (T.CERTIFICAT, T.HDS_CERTIFICAT), True, S.VALIDEE),
        ("HOP-DPI", (T.CERTIFICAT,), True, S.VALIDATION_PARTIELLE),
        ("HOP-DPI", (T.HDS_CERTIFICAT,), True, S.VALIDATION_PARTIELLE),
    ],
)
def test_un_anticipe_dont_tout_est_venu_se_valide_en_entier(
    code: str, types: tuple[TypePiece, ...], valide: bool, attendu: StatutEnrolement
) -> None:
    ligne = _anticipe(code, types, valide=valide)
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    geste = G.ACCEPTER if attendu is S.VALIDEE else G.ACCEPTER_PARTIELLEMENT
    assert {G.ACCEPTER, G.ACCEPTER_PARTIELLEMENT} & set(permissions.gestes(personne, ligne)) == {geste}
    accepte = services.accepter(enrolement=ligne.pk, auteur=auteur(personne))
    assert accepte.statut is attendu
    assert accepte.entreprise.utilisateurs.exists()
    assert Courriel.objects.filter(code="M02" if attendu is S.VALIDEE else "M03").exists()


def test_une_piece_importee_mais_pas_remise_ne_compte_pas() -> None:
    ligne = _anticipe("MS1-DUI", ())
    usines.piece_enrolement(ligne, T.CERTIFICAT, confirmee=False)
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    assert services.accepter(enrolement=ligne.pk, auteur=gestionnaire).statut is S.VALIDATION_PARTIELLE


@pytest.mark.exigence("ENR-108", "GST-007")
def test_les_certificats_refuses_gardent_leur_marque_et_les_suivants_n_en_ont_pas() -> None:
    ligne = usines.enrolement_depose(S.CERTIFICAT_A_VALIDER, anticipe=True)
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    services.refuser_certificats(enrolement=ligne.pk, auteur=gestionnaire, motif="Mauvaise version")
    refuse = ligne.pieces.get(type=T.CERTIFICAT)
    assert refuse.refusee_le is not None
    assert not ligne.pieces.exclude(type=T.CERTIFICAT).exclude(refusee_le=None).exists()
    recue = PieceRecue(T.CERTIFICAT, "autre.pdf", usines.fichier(b"%PDF-1.4 autre"))
    services.ajouter_piece(enrolement=ligne.pk, auteur=DEMANDEUR, piece=recue)
    services.terminer_depot(enrolement=ligne.pk, auteur=DEMANDEUR)
    assert ligne.pieces.get(nom="autre.pdf").refusee_le is None
    services.refuser_certificats(enrolement=ligne.pk, auteur=gestionnaire, motif="Encore la mauvaise")
    assert ligne.pieces.get(pk=refuse.pk).refusee_le == refuse.refusee_le
    assert ligne.pieces.get(nom="autre.pdf").refusee_le is not None
