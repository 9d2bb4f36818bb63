"""Where a declaration departs from what is known of a company that is already there: the officer sees it before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.coordonnees.personnes import CHAMPS, Personne, RolePersonne, champs_changes
from segurnum.coordonnees.queries import personnes_de
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.models import Enrolement

LIBELLES = dict(zip(CHAMPS, ("nom", "prénom", "courriel", "téléphone"), strict=True))


@dataclass(frozen=True)
class Ecart:
    """A declared value that is not the one already known."""

    libelle: str
    connu: str
    declare: str


def ecarts(
    enrolement: Enrolement,
    declaration: Declaration | None,
    banque: CoordonneesBancaires | None,
    iban: Callable[[str], str],
) -> tuple[Ecart, ...]:
    """None once accepted: what was declared is then what is known. `banque`: the company's active account.

    `iban`: how the reader sees the account that is declared.
    """
    if declaration is None or enrolement.ouvre_l_acces:
        return ()
    entreprise = enrolement.entreprise
    return (
        *_de_l_entreprise(entreprise, declaration.entreprise),
        *_des_personnes(entreprise, declaration),
        *_de_la_banque(banque, declaration.banque, iban),
    )


def _de_l_entreprise(entreprise: Entreprise, morale: PersonneMorale | None) -> Iterable[Ecart]:
    if morale is None:
        return ()
    valeurs = (
        Ecart("Dénomination sociale", entreprise.denomination, morale.denomination),
        Ecart("Adresse", entreprise.adresse, morale.adresse),
        Ecart("Code postal", entreprise.code_postal, morale.code_postal),
        Ecart("Commune", entreprise.commune, morale.commune),
    )
    return (ecart for ecart in valeurs if ecart.connu != ecart.declare)


def _des_personnes(entreprise: Entreprise, declaration: Declaration) -> Iterable[Ecart]:
    """The legal representative confirms the changes of bank account: nobody takes that place unseen."""
    connues = personnes_de(entreprise)
    if declaration.representant is None or not connues:
        return
    declarees = {RolePersonne.REPRESENTANT.value: declaration.representant}
    if declaration.depositaire is not None:
        declarees[RolePersonne.DEPOSITAIRE.value] = declaration.depositaire
    changes = champs_changes(connues, declarees)
    for role in RolePersonne:
        connue, declaree = connues.get(role), declarees.get(role)
        if connue is not None and declaree is None:
            yield Ecart(role.label, _nom(connue), "aucun")
        elif connue is None and declaree is not None:
            yield Ecart(role.label, "aucun", _nom(declaree))
        elif connue is not None and declaree is not None:
            for champ in CHAMPS:
                if (role.value, champ) in changes:
                    libelle = f"{role.label} : {LIBELLES[champ]}"
                    yield Ecart(libelle, getattr(connue, champ), getattr(declaree, champ))


def _nom(personne: Personne) -> str:
    return f"{personne.prenom} {personne.nom} ({personne.courriel})"


def _de_la_banque(
    connue: CoordonneesBancaires | None, declaree: Banque | None, iban: Callable[[str], str]
) -> Iterable[Ecart]:
    if connue is not None and declaree is not None and connue.iban != declaree.iban:
        yield Ecart("IBAN", f"{connue.iban_masque} (compte actif, conservé)", iban(declaree.iban))
