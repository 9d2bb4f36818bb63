"""A change as who instructs it reads it: each value before and after, and what accepting does beside (GST-024)."""

from collections.abc import Iterable
from dataclasses import dataclass

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.coordonnees import queries
from segurnum.coordonnees.models import ModificationBancaire, ModificationPersonnes
from segurnum.coordonnees.personnes import CHAMPS, INCONNUE, LIBELLES, RolePersonne, lire, valeur_montree
from segurnum.coordonnees.queries import Suite
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.identifiants import iban_masque


@dataclass(frozen=True)
class Comparaison:
    """One value, before and after. `comptes`: the two accounts, where the value is an account."""

    libelle: str
    avant: str
    apres: str
    changee: bool
    comptes: tuple[CoordonneesBancaires | None, CoordonneesBancaires] | None = None


def comparer_personnes(modification: ModificationPersonnes) -> Iterable[Comparaison]:
    en_cours = modification.statut is StatutModification.EN_COURS
    connues = queries.personnes_de(modification.entreprise) if en_cours else lire(modification.anciennes)
    for role, personne in lire(modification.donnees).items():
        for champ in CHAMPS:
            avant, apres = valeur_montree(connues.get(role, INCONNUE), champ), valeur_montree(personne, champ)
            libelle = f"{LIBELLES[champ]} ({RolePersonne(role).label.lower()})"
            yield Comparaison(libelle, avant, apres, avant != apres)


def comparer_comptes(modification: ModificationBancaire) -> Iterable[Comparaison]:
    """The account itself by its mask; whether it changes is judged on the account: two masks may look alike."""
    ancien, nouveau = modification.remplace, modification.compte
    yield Comparaison(
        "IBAN",
        iban_masque(ancien.iban) if ancien else "",
        iban_masque(nouveau.iban),
        ancien is None or ancien.iban != nouveau.iban,
        (ancien, nouveau),
    )
    for libelle, champ in (("BIC", "bic"), ("Titulaire", "titulaire"), ("Domiciliation", "domiciliation")):
        avant, apres = getattr(ancien, champ, ""), getattr(nouveau, champ)
        yield Comparaison(libelle, avant, apres, avant != apres)


_SUITES = {
    Suite.SUIVRE: (
        "Le compte {identifiant} prend la nouvelle adresse et garde son mot de passe : c'est toujours {ancien}."
    ),
    Suite.CEDER: (
        "Le demandeur change : le compte {identifiant} de {ancien} passe à {nouveau}. Le mot de passe, le second "
        "facteur et les sessions de {ancien} n'ouvriront plus rien ; {nouveau} recevra à {courriel} un lien pour "
        "choisir son mot de passe."
    ),
    Suite.REMPLACER: (
        "Le demandeur change : {ancien} (compte {identifiant}) n'agira plus pour cette entreprise ; un accès sera "
        "ouvert à {nouveau}, à l'adresse {courriel}."
    ),
}


def suites(modification: ModificationPersonnes) -> str:
    """What accepting does to the account of who asks for the financing; empty when it does nothing."""
    if modification.statut is not StatutModification.EN_COURS:
        return ""
    avant, apres = queries.personnes_de(modification.entreprise), lire(modification.donnees)
    suite = queries.suite_du_compte(modification.entreprise, avant, apres)
    if suite is None:
        return ""
    return "Si vous acceptez : " + _SUITES[suite.suite].format(
        identifiant=suite.compte.username,
        ancien=suite.compte.nom_complet,
        nouveau=f"{suite.personne.prenom} {suite.personne.nom}",
        courriel=suite.personne.courriel,
    )
