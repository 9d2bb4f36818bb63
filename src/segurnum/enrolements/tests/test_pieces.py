"""Which pieces an enrolment needs, case by case."""

import dataclasses

import pytest

from segurnum.enrolements.pieces import (
    QualiteTiers,
    Situation,
    TypePiece,
    manquantes,
    pieces_de_finalisation,
    pieces_requises,
)

BASE = Situation(complementaire=False, reference_validee=True, est_dpi=False, distributeur=False)
INITIAL = [TypePiece.CERTIFICAT, TypePiece.IDENTITE_REPRESENTANT, TypePiece.RIB]


def _requises(**valeurs: object) -> list[TypePiece]:
    return list(pieces_requises(dataclasses.replace(BASE, **valeurs)))  # type: ignore[arg-type]


@pytest.mark.exigence("ENR-022", "ENR-039", "ENR-051", "ENR-112")
def test_un_enrolement_initial_par_le_representant_legal() -> None:
    assert _requises() == INITIAL


@pytest.mark.exigence("ENR-023", "ENR-025")
def test_sans_referencement_valide_ni_certificat_ni_document_hds() -> None:
    assert _requises(reference_validee=False, est_dpi=True) == INITIAL[1:]


@pytest.mark.exigence("ENR-025", "ENR-026", "ENR-027")
@pytest.mark.parametrize(
    ("heberge", "piece"), [(True, TypePiece.HDS_CERTIFICAT), (False, TypePiece.HDS_ATTESTATION)]
)
def test_un_dpi_reference_dit_s_il_heberge(heberge: bool, piece: TypePiece) -> None:
    assert _requises(est_dpi=True, heberge_donnees=heberge)[1] is piece
    assert piece not in _requises(heberge_donnees=heberge)


@pytest.mark.exigence("ENR-036", "ENR-037", "ENR-053", "ENR-111")
@pytest.mark.parametrize(
    ("valeurs", "piece"),
    [
        ({"nom_change": True}, TypePiece.KBIS),
        ({"distributeur": True}, TypePiece.MANDAT_EDITEUR),
        ({"operateur_acheteur": True}, TypePiece.COMMANDE_OPERATEUR),
        ({"assujetti": False}, TypePiece.NON_ASSUJETTISSEMENT),
    ],
)
def test_une_piece_de_plus_selon_la_situation(valeurs: dict[str, bool], piece: TypePiece) -> None:
    assert manquantes(_requises(**valeurs), INITIAL) == (piece,)


@pytest.mark.exigence("ENR-040", "ENR-045", "ENR-046", "ENR-047")
@pytest.mark.parametrize(
    ("qualite", "piece"),
    [
        (QualiteTiers.PRESTATAIRE, TypePiece.CONTRAT_PRESTATION),
        (QualiteTiers.EMPLOYE, TypePiece.MANDAT_SIGNATURE),
    ],
)
def test_un_tiers_declarant_donne_sa_piece_d_identite_et_celle_de_sa_qualite(
    qualite: QualiteTiers, piece: TypePiece
) -> None:
    assert manquantes(_requises(qualite=qualite), INITIAL) == (TypePiece.IDENTITE_DEPOSITAIRE, piece)


@pytest.mark.exigence("ENR-076", "ENR-078", "ENR-081")
def test_un_complementaire_ne_redemande_ni_entreprise_ni_banque_mais_un_mandat_par_vague() -> None:
    tiers = {"complementaire": True, "qualite": QualiteTiers.EMPLOYE, "nom_change": True}
    assert _requises(**tiers, mandat_connu=True) == [TypePiece.CERTIFICAT]
    assert _requises(**tiers, mandat_connu=False) == [TypePiece.CERTIFICAT, TypePiece.MANDAT_SIGNATURE]
    assert _requises(complementaire=True, distributeur=True) == [
        TypePiece.CERTIFICAT,
        TypePiece.MANDAT_EDITEUR,
    ]


@pytest.mark.exigence("ENR-008", "ENR-088", "ENR-089", "ENR-090")
def test_la_finalisation_veut_le_certificat_et_pour_un_dpi_un_document_hds() -> None:
    assert pieces_de_finalisation(BASE) == (TypePiece.CERTIFICAT,)
    dpi = dataclasses.replace(BASE, est_dpi=True, heberge_donnees=True)
    assert pieces_de_finalisation(dpi) == (TypePiece.CERTIFICAT, TypePiece.HDS_CERTIFICAT)
