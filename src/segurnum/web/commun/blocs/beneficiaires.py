"""« Bénéficiaire(s) » and « Informations sur le(s) administrateur(s) technique(s) »: who is equipped, and who helps."""

from collections.abc import Iterator
from dataclasses import dataclass

from segurnum.couloirs import Beneficiaire, Mandataire
from segurnum.demandes.queries import identifiants_de_l_avance
from segurnum.web.commun.blocs.consultee import Coche, Consultee, valeurs
from segurnum.web.kits.tableau import Affiche, Colonne, Tableau

ADMINISTRATEURS = Tableau(
    "administrateurs",
    "Administrateur(s) technique(s)",
    (
        Colonne("nom", "Nom"),
        Colonne("email", "Email"),
        Colonne("telephone", "Téléphone", cellule="telephone|telephone"),
    ),
)


@dataclass(frozen=True)
class LigneBeneficiaire:
    """`concorde`: also a beneficiary of the avance (REQ-048)."""

    lu: Beneficiaire
    concorde: bool


@dataclass(frozen=True)
class Beneficiaires:
    """`oublies`: the beneficiaries of the avance that a solde does not have."""

    coches: tuple[Coche, ...]
    mandataire: Mandataire | None
    tableau: Affiche
    oublies: tuple[str, ...]


def beneficiaires(consultee: Consultee) -> Beneficiaires:
    """Who is equipped, read from the version shown (REQ-046, REQ-047)."""
    couloir, donnees = consultee.couloir, consultee.donnees
    de_l_avance = identifiants_de_l_avance(consultee.demande)
    lus = couloir.beneficiaires(donnees)
    colonnes = _colonnes(
        couloir.identifiant_beneficiaire.libelle,
        societes=any(lu.raison_sociale for lu in lus),
        compare=de_l_avance is not None,
    )
    connus = de_l_avance or set()
    lignes = [LigneBeneficiaire(lu, set(lu.identifiants) <= connus) for lu in lus]
    declares = {identifiant for lu in lus for identifiant in lu.identifiants}
    return Beneficiaires(
        coches=tuple(Coche(q.libelle, any(valeurs(donnees, q.chemin.split(".")))) for q in couloir.coches),
        mandataire=couloir.mandataire(donnees),
        tableau=consultee.tableau(
            Tableau("beneficiaires", "Liste bénéficiaire(s)\u00a0:", tuple(colonnes)), lignes
        ),
        oublies=tuple(sorted(connus - declares)),
    )


def _colonnes(identifiant: str, *, societes: bool, compare: bool) -> Iterator[Colonne]:
    if societes:
        yield Colonne("raison_sociale", "Raison sociale", cellule='lu.raison_sociale|default:""')
    yield Colonne("nom", "Nom", cellule='lu.nom|default:""')
    yield Colonne("courriel", "Email", cellule='lu.courriel|default:""')
    yield Colonne("telephone", "Téléphone", cellule='lu.telephone|default:""|telephone')
    yield Colonne("identifiants", identifiant, cellule='lu.identifiants|join:", "')
    if compare:
        yield Colonne("concorde", "Déclaré à l'avance", cellule="commun/composants/concorde.html")


def administrateurs(consultee: Consultee) -> Affiche:
    """Names, addresses and telephones as declared (REQ-049)."""
    return consultee.tableau(ADMINISTRATEURS, consultee.donnees.get("administrateursTechniques") or [])
