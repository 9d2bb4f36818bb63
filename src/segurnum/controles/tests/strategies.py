"""Hypothesis strategies derived from the declarations: files that conform, and the ways to spoil them."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from segurnum.controles.tests.fabrique import fichier, finess, rpps
from segurnum.couloirs import Couloir, par_fichier
from segurnum.couloirs.champs import (
    Booleen,
    Champ,
    Chemin,
    Choix,
    DateFr,
    Identifiant,
    Montant,
    Objet,
    Tableau,
    Texte,
    Type,
    parcourir,
)
from segurnum.couloirs.places import CHAMPS_MANDATAIRE, ListeBeneficiaires
from segurnum.couloirs.roles import COCHES, Role
from segurnum.couloirs.vierges import forme
from segurnum.regles.calendrier import DEBUT_DU_PROGRAMME, date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.textes import REMPLISSAGES, texte_repare

JSON = par_fichier()

# Tied to other fields by a rule of every couloir: they stay as the example has them, like those that `lies` tells.
FIXES = {
    "impId", "numeroAns", "siret", "numLigne", "typeAction", "numeroASP", "numeroEditeur", "regimeTVA",
    "piecesJustificatives", "codeTraitement", "libelleTraitement", *CHAMPS_MANDATAIRE,
}  # fmt: skip
LIANTS = {Role.IDENTIFIANT, Role.A_DEFAUT, Role.SITE, *COCHES}


def lies(objet: Objet) -> set[str]:
    """The fields that the declaration ties to others: what identifies, what ticks, what a value announces."""
    champs = [champ for _, champ in parcourir(objet)]
    roles = {champ.nom for champ in champs if champ.role in LIANTS}
    return FIXES | roles | {nom for champ in champs if champ.si for nom in (champ.nom, champ.si[0])}


lettres = st.characters(categories=("L", "N", "P", "S"))


def _sain(texte: str) -> bool:
    """Neither what programs write for nothing, nor letters that look damaged (« Â¡ »)."""
    return texte not in REMPLISSAGES and texte_repare(texte) == texte


def valeurs(type_: Any) -> st.SearchStrategy[Any]:
    """Good values of a scalar type."""
    match type_:
        case Booleen():
            return st.booleans()
        case Montant():
            return st.decimals("0.01", "999999999.99", places=2)
        case DateFr():
            return st.dates(DEBUT_DU_PROGRAMME, datetime.date(2100, 1, 1)).map(date_fr)
        case Texte():
            return st.text(lettres, min_size=1, max_size=type_.longueur_max).filter(_sain)
        case Choix():
            return st.sampled_from(type_.valeurs)
        case Identifiant(nom="adresse électronique"):
            return st.from_regex(r"[a-z]{1,9}@[a-z]{2,9}\.example", fullmatch=True)
        case _:
            return st.just(type_.exemple)


def scalaires(type_: Type, valeur: Any, chemin: Chemin = ()) -> list[tuple[Chemin, Champ]]:
    """Path and declaration of every scalar field that a value holds, null ones left out."""
    trouves: list[tuple[Chemin, Champ]] = []
    if isinstance(type_, Tableau):
        for rang, element in enumerate(valeur):
            trouves += scalaires(type_.element, element, (*chemin, rang))
    elif isinstance(type_, Objet):
        for champ in type_.champs:
            lue = valeur.get(champ.nom)
            if isinstance(champ.type, (Objet, Tableau)):
                trouves += scalaires(champ.type, lue, (*chemin, champ.nom)) if lue is not None else []
            elif lue is not None:
                trouves.append(((*chemin, champ.nom), champ))
    return trouves


def atteindre(valeur: Any, chemin: Chemin) -> Any:
    """What stands at a path."""
    for pas in chemin:
        valeur = valeur[pas]
    return valeur


@st.composite
def couloirs_et_types(draw: st.DrawFn) -> tuple[Couloir, TypeDemande]:
    """Any couloir deposited by JSON, any type."""
    return draw(st.sampled_from(JSON)), draw(st.sampled_from(TypeDemande))


@st.composite
def fichiers(draw: st.DrawFn) -> tuple[Couloir, TypeDemande, dict[str, Any]]:
    """A conforming file: any couloir, type, regime, number of requests, any free values."""
    couloir, type_demande = draw(couloirs_et_types())
    donnees = fichier(
        couloir.dsr, type_demande, draw(st.integers(1, 4)), draw(st.sampled_from(["HT", "TTC"]))
    )
    places = couloir.format(type_demande).places
    if not places.sites_scenario and not places.un_seul_beneficiaire:
        _plusieurs(donnees, places.listes[0], draw(st.integers(1, 3)))
    fixes = lies(couloir.forme(type_demande))
    for chemin, champ in scalaires(forme(couloir, type_demande), donnees):
        if not fixes & {str(pas) for pas in chemin}:
            parent = atteindre(donnees, chemin[:-1])
            possibles = valeurs(champ.type)
            parent[champ.nom] = draw(st.none() | possibles if champ.accepte_null else possibles)
    _sans_paire(couloir, donnees)
    return couloir, type_demande, donnees


def _plusieurs(donnees: dict[str, Any], liste: ListeBeneficiaires, nombre: int) -> None:
    """So many beneficiaries in each request, each with numbers of its own."""
    cle, genre = liste.identifiants[0]
    numero = rpps if genre == "RPPS" else finess
    for rang, demande in enumerate(donnees["lignesImport"]):
        beneficiaires = atteindre(demande, liste.chemin[:-1])
        premier = beneficiaires[0]
        for i in range(nombre):
            propre = numero(1000 + 10 * rang + i)
            beneficiaires[i:] = [{**premier, cle: [propre] if isinstance(premier[cle], list) else propre}]


def _sans_paire(couloir: Couloir, donnees: dict[str, Any]) -> None:
    for demande in donnees["lignesImport"]:
        for direct, pfi in couloir.format(TypeDemande.AVANCE).places.paires_exclusives:
            scenario = demande["scenarioInstallation"]
            scenario[pfi] = scenario[pfi] and not scenario[direct]
