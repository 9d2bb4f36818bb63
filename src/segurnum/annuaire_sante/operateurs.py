"""The operators as officers look at them: their domains, and their counts of now or why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segurnum.annuaire_sante import queries
from segurnum.annuaire_sante.causes import phrase_des_absents
from segurnum.annuaire_sante.models import DomaineOperateur, TypeBAL
from segurnum.annuaire_sante.queries import Comptage, Manque
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import instant_long, maintenant


@dataclass(frozen=True)
class Compte:
    """The mailboxes of one kind. `source`: a French sentence; `listees`: the extract has their addresses."""

    type: TypeBAL
    nombre: int
    source: str
    listees: bool = True


@dataclass(frozen=True)
class Operateur:
    reference: Referencement
    domaines: Sequence[DomaineOperateur]
    trouve: Comptage | Manque

    @property
    def manque(self) -> Manque | None:
        return self.trouve if isinstance(self.trouve, Manque) else None

    @property
    def absents(self) -> str:
        """The domains that the extract has no mailbox of, in a sentence; empty when it has some of each."""
        if isinstance(self.trouve, Manque) or not self.trouve.absents:
            return ""
        return f"{phrase_des_absents(self.trouve.absents)} du {instant_long(self.trouve.extrait_du)}."

    @property
    def comptes(self) -> tuple[Compte, ...]:
        lu = self.trouve
        if isinstance(lu, Manque):
            return ()
        return (
            Compte(
                TypeBAL.APPLICATIVE, lu.applicatives, lu.source_applicatives, not lu.applicatives_fournies
            ),
            Compte(TypeBAL.ORGANISATIONNELLE, lu.organisationnelles, lu.source_organisationnelles),
            Compte(TypeBAL.NOMINATIVE, lu.nominatives, lu.source_nominatives),
        )


def avec_leurs_comptes(references: Iterable[Referencement]) -> list[Operateur]:
    """In a number of statements that does not grow with theirs."""
    lues = list(references)
    numeros = [reference.numero_ans for reference in lues]
    trouves, domaines = queries.comptages(numeros, maintenant()), queries.domaines_de(numeros)
    return [Operateur(une, domaines[une.numero_ans], trouves[une.numero_ans]) for une in lues]
