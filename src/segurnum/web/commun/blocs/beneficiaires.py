"""Who is equipped, who helps, and the « Scénario d'installation »: as declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segurnum.couloirs import Beneficiaire
from segurnum.couloirs.roles import Role
from segurnum.demandes.queries import identifiants_de_l_avance
from segurnum.web.commun.blocs.consultee import Coche, Consultee, valeurs
from segurnum.web.kits.fiche import Donnee
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


def beneficiaires(consultee: Consultee) -> dict[str, Any]:
    """Who is equipped, read from the version shown (REQ-046, REQ-047).

    `oublies`: the beneficiaries of the avance that a solde does not have.
    """
    places, donnees = consultee.format.places, consultee.donnees
    de_l_avance = identifiants_de_l_avance(consultee.demande)
    lus = places.beneficiaires(donnees)
    colonnes = _colonnes(
        places.libelle_identifiant,
        societes=any(lu.raison_sociale for lu in lus),
        compare=de_l_avance is not None,
    )
    connus = de_l_avance or set()
    lignes = [LigneBeneficiaire(lu, set(lu.identifiants) <= connus) for lu in lus]
    declares = {identifiant for lu in lus for identifiant in lu.identifiants}
    return {
        "coches": [Coche(lieu.champ.libelle, any(valeurs(donnees, lieu.chemin))) for lieu in places.coches],
        "mandataire": places.mandataire(donnees),
        "tableau": consultee.tableau(
            Tableau("beneficiaires", "Liste bénéficiaire(s)\u00a0:", tuple(colonnes)), lignes
        ),
        "oublies": sorted(connus - declares),
    }


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


def scenario(consultee: Consultee) -> dict[str, Any] | None:
    """Questions ticked or answered, a table of one line per site (MS1), or both: word for word (REQ-055 to REQ-058)."""
    coches, donnees = [], []
    for chemin, champ in consultee.format.places.questions:
        valeur = next(iter(valeurs(consultee.donnees, chemin)), None)
        if isinstance(valeur, bool):
            coches.append(Coche(champ.libelle, valeur))
        else:
            donnees.append(Donnee(champ.libelle, str(valeur) if valeur else "Non renseigné"))
    tableau = _par_site(consultee)
    bloc = {"coches": coches, "donnees": donnees, "tableau": tableau}
    return bloc if any(bloc.values()) else None


def _par_site(consultee: Consultee) -> Affiche | None:
    """What the portal checked against the referencing is in bold."""
    declarees = consultee.format.places.colonnes_scenario
    if not declarees:
        return None
    colonnes = tuple(
        Colonne(c.nom, c.colonne or c.libelle, cellule=f"{c.nom}|reponse:{int(c.role is Role.PROFIL)}")
        for c in declarees
    )
    lignes = [
        {c.nom: ligne.get(c.nom) for c in declarees}
        for ligne in consultee.donnees.get("scenarioInstallation") or []
    ]
    return consultee.tableau(Tableau("scenario", "Scénario d'installation, site par site", colonnes), lignes)
