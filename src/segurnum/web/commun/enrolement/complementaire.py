"""The one form of a complementary enrolment: the reference's pieces, the VAT, the mandates (ENR-074 to ENR-078)."""

from typing import Any

from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.pieces import QualiteTiers, TypePiece
from segurnum.referentiel.models import Referencement
from segurnum.web.commun.enrolement.formulaires import PartieReferencement, PartieTva
from segurnum.web.commun.enrolement.parcours import hebergement


class FormulaireComplementaire(PartieReferencement, PartieTva):
    """`mandat`: the account holder's mandate for this wave is still to deposit (ENR-076)."""

    def __init__(self, *args: Any, reference: Referencement, mandat: bool, **kwargs: Any) -> None:
        super().__init__(*args, reference=reference, **kwargs)
        if mandat:
            self.ajouter_piece(TypePiece.MANDAT_SIGNATURE)
        if reference.nature == Referencement.Nature.DISTRIBUTEUR:
            self.ajouter_piece(TypePiece.MANDAT_EDITEUR)

    def declaration(self, qualite: QualiteTiers | None) -> Declaration:
        """What a valid form declares."""
        if self.reference is None:
            raise AssertionError("le numéro est connu")
        return Declaration(
            numero_ans=self.reference.numero_ans,
            heberge_donnees=hebergement(self.cleaned_data),
            qualite=qualite,
            taux_tva=self.taux,
        )
