"""« Bénéficiaire(s) » and « Informations sur le(s) administrateur(s) technique(s) »: who is equipped, and who helps."""

from dataclasses import dataclass

from segurnum.couloirs import Mandataire
from segurnum.demandes.queries import identifiants_de_l_avance
from segurnum.web.commun.blocs.consultee import Coche, Consultee, Tableau, valeurs


@dataclass(frozen=True)
class LigneBeneficiaire:
    nom: str
    courriel: str
    telephone: str
    identifiants: str
    raison_sociale: str
    concorde: bool | None


@dataclass(frozen=True)
class Beneficiaires:
    """`compare` for a solde: each line says whether it is also a beneficiary of the avance (REQ-048)."""

    coches: tuple[Coche, ...]
    mandataire: Mandataire | None
    identifiant: str
    tableau: Tableau[LigneBeneficiaire]
    compare: bool
    avec_raison_sociale: bool
    oublies: tuple[str, ...]


def beneficiaires(consultee: Consultee) -> Beneficiaires:
    """Who is equipped, read from the version shown (REQ-046, REQ-047)."""
    couloir, donnees = consultee.couloir, consultee.donnees
    de_l_avance = identifiants_de_l_avance(consultee.demande)
    lus = couloir.beneficiaires(donnees)
    lignes = [
        LigneBeneficiaire(
            nom=lu.nom or "",
            courriel=lu.courriel or "",
            telephone=lu.telephone or "",
            identifiants=", ".join(lu.identifiants),
            raison_sociale=lu.raison_sociale or "",
            concorde=None if de_l_avance is None else set(lu.identifiants) <= de_l_avance,
        )
        for lu in lus
    ]
    declares = {identifiant for lu in lus for identifiant in lu.identifiants}
    return Beneficiaires(
        coches=tuple(Coche(q.libelle, any(valeurs(donnees, q.chemin.split(".")))) for q in couloir.coches),
        mandataire=couloir.mandataire(donnees),
        identifiant=couloir.identifiant_beneficiaire.libelle,
        tableau=consultee.tableau("beneficiaires", lignes),
        compare=de_l_avance is not None,
        avec_raison_sociale=any(ligne.raison_sociale for ligne in lignes),
        oublies=tuple(sorted((de_l_avance or set()) - declares)),
    )


def administrateurs(consultee: Consultee) -> Tableau[dict[str, str]]:
    """Names, addresses and telephones as declared (REQ-049)."""
    lignes = consultee.donnees.get("administrateursTechniques") or []
    return consultee.tableau("administrateurs", lignes)
