"""Whatever the file: what conforms passes, one mistake is said once at its exact place, nothing breaks the engine.

Places are told by a mark left in the text, which is then replaced: the engine is never asked where it stands.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from segurnum.controles import sortie, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.lecture import lire
from segurnum.controles.tests.fabrique import MARQUE, SOLDE, codes, fichier, ligne_colonne, octets
from segurnum.controles.tests.strategies import atteindre, couloirs_et_types, fichiers, scalaires
from segurnum.couloirs.champs import (
    Booleen,
    Choix,
    Entier,
    Identifiant,
    Montant,
    Objet,
    Tableau,
    Type,
    ecrire_chemin,
)
from segurnum.couloirs.vierges import exemple, forme
from segurnum.regles.numeros import NumeroDossier

LENT = settings(max_examples=25)
ECRITURES = st.sampled_from([{}, {"indent": None}, {"indent": 4}, {"indent": "\t"}, {"ensure_ascii": False}])


@LENT
@given(fichiers(), ECRITURES, st.booleans())
def test_tout_fichier_engendre_est_conforme(engendre, ecriture, inverser) -> None:
    couloir, type_demande, donnees = engendre
    if inverser:
        donnees = dict(reversed(donnees.items()))
    rapport = verifier(octets(donnees, **ecriture))
    assert rapport.anomalies == []
    assert rapport.demandes == len(donnees["lignesImport"])
    assert (rapport.dsr, rapport.type) == (couloir.dsr, type_demande)


@LENT
@given(fichiers())
def test_la_forme_normale_d_un_fichier_conforme_est_le_fichier(engendre) -> None:
    couloir, type_demande, donnees = engendre
    rapport = verifier(octets(donnees))
    lues = lire(octets(donnees)).valeur["lignesImport"]
    assert rapport.demandes_normalisees == [_normale(couloir.forme(type_demande), lue) for lue in lues]


def _normale(type_: Type, valeur: Any) -> Any:
    """Null, where a list may stand, is an empty one."""
    match type_:
        case Objet():
            return {champ.nom: _normale(champ.type, valeur[champ.nom]) for champ in type_.champs}
        case Tableau():
            return [_normale(type_.element, element) for element in valeur or ()]
    return valeur


@LENT
@given(fichiers())
def test_le_fichier_de_sortie_repasse_le_controle_a_l_identique(engendre) -> None:
    _, type_demande, donnees = engendre
    rapport = verifier(octets(donnees))
    sorti = sortie(rapport, imp_id=None, numeros={})
    repris = json.loads(sorti)
    for demande in repris["lignesImport"]:
        demande.update(codeTraitement=None, libelleTraitement=None)
    assert verifier(json.dumps(repris).encode()).demandes_normalisees == rapport.demandes_normalisees
    assert type_demande is rapport.type


def une_erreur(texte: str, code: str, chemin, offset: int) -> None:
    """The only anomaly of the text: this code, this path, this place."""
    rapport = verifier(texte.encode())
    assert [(a.code, a.chemin) for a in rapport.anomalies] == [(code, ecrire_chemin(chemin))], (
        rapport.en_texte()
    )
    anomalie = rapport.anomalies[0]
    assert (anomalie.ligne, anomalie.colonne) == ligne_colonne(texte, offset)


def objets(type_, valeur, chemin=()):
    """Path and declaration of every object that a value holds."""
    if isinstance(type_, Tableau):
        for rang, element in enumerate(valeur or []):
            yield from objets(type_.element, element, (*chemin, rang))
    elif isinstance(type_, Objet) and valeur is not None:
        yield chemin, type_
        for champ in type_.champs:
            yield from objets(champ.type, valeur.get(champ.nom), (*chemin, champ.nom))


def choisir(data, couloir, type_demande, donnees, garder):
    """One scalar field of the file, among those that `garder` keeps."""
    tous = scalaires(forme(couloir, type_demande), donnees)
    return data.draw(st.sampled_from([(chemin, champ) for chemin, champ in tous if garder(champ)]))


def remplacer(donnees, chemin, ecriture, par: str) -> tuple[str, int]:
    """The text of the file where the value at `chemin` is `par`, and where that starts."""
    copie = copy.deepcopy(donnees)
    atteindre(copie, chemin[:-1])[chemin[-1]] = MARQUE
    texte = octets(copie, **ecriture).decode()
    return texte.replace(f'"{MARQUE}"', par), texte.index(f'"{MARQUE}"')


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_champ_retire_est_dit_a_l_accolade_de_son_objet(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    candidats = [
        (chemin, champ.nom)
        for chemin, objet in objets(forme(couloir, type_demande), donnees)
        for champ in objet.champs
        if champ.obligatoire and champ.nom in atteindre(donnees, chemin)
    ]
    chemin, nom = data.draw(st.sampled_from(candidats))
    copie = copy.deepcopy(donnees)
    objet = atteindre(copie, chemin)
    reste = {MARQUE: 0, **{cle: valeur for cle, valeur in objet.items() if cle != nom}}
    objet.clear()
    objet.update(reste)
    marque = re.search(rf'\{{\s*"{MARQUE}": 0,?', octets(copie, **ecriture).decode())
    assert marque is not None
    texte = marque.string[: marque.start() + 1] + marque.string[marque.end() :]
    une_erreur(texte, "1101", (*chemin, nom), marque.start())


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_champ_inconnu_est_dit_a_son_nom(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, _ = data.draw(st.sampled_from(list(objets(forme(couloir, type_demande), donnees))))
    copie = copy.deepcopy(donnees)
    atteindre(copie, chemin)["zzzz"] = data.draw(st.sampled_from([None, 1, "x", [], {"zzzz": 2}]))
    texte = octets(copie, **ecriture).decode()
    une_erreur(texte, "1102", (*chemin, "zzzz"), texte.index('"zzzz"'))


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_champ_repete_est_dit_a_son_second_nom(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, _ = choisir(data, couloir, type_demande, donnees, lambda champ: not champ.reserve)
    copie = copy.deepcopy(donnees)
    objet = atteindre(copie, chemin[:-1])
    objet[f"{chemin[-1]}{MARQUE}"] = objet[chemin[-1]]
    texte = octets(copie, **ecriture).decode()
    offset = texte.index(f'"{chemin[-1]}{MARQUE}"')
    une_erreur(texte.replace(MARQUE, ""), "1007", chemin, offset)


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_mauvais_type_est_dit_a_la_valeur(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, champ = choisir(data, couloir, type_demande, donnees, lambda champ: not champ.reserve)
    mauvais = ["{}", "[]", "12.5"] if not isinstance(champ.type, Montant) else ["{}", "[]", "true"]
    mauvais += [] if isinstance(champ.type, Booleen) else ["true"]
    mauvais += ['"oui"'] if isinstance(champ.type, (Booleen, Montant, Entier)) else []
    texte, offset = remplacer(donnees, chemin, ecriture, data.draw(st.sampled_from(mauvais)))
    une_erreur(texte, "1103", chemin, offset)


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_null_inattendu_est_dit_a_la_valeur(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, _ = choisir(data, couloir, type_demande, donnees, lambda champ: not champ.accepte_null)
    texte, offset = remplacer(donnees, chemin, ecriture, "null")
    une_erreur(texte, "1104", chemin, offset)


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_identifiant_faux_est_dit_a_la_valeur(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, champ = choisir(data, couloir, type_demande, donnees, lambda c: isinstance(c.type, Identifiant))
    assert isinstance(champ.type, Identifiant)
    faux = data.draw(st.sampled_from(["000000000", "é", "12345678901234567890", "x y"]))
    texte, offset = remplacer(donnees, chemin, ecriture, json.dumps(faux))
    une_erreur(texte, champ.type.code, chemin, offset)


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_une_valeur_hors_liste_est_dite_a_la_valeur(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, _ = choisir(data, couloir, type_demande, donnees, lambda c: isinstance(c.type, Choix))
    texte, offset = remplacer(donnees, chemin, ecriture, '"ZZZ"')
    une_erreur(texte, "2010", chemin, offset)


@LENT
@given(fichiers(), ECRITURES, st.data())
def test_un_montant_a_trois_decimales_est_dit_a_la_valeur(engendre, ecriture, data) -> None:
    couloir, type_demande, donnees = engendre
    chemin, _ = choisir(data, couloir, type_demande, donnees, lambda c: isinstance(c.type, Montant))
    texte, offset = remplacer(
        donnees, chemin, ecriture, data.draw(st.sampled_from(["1.001", "0.005", "12.3456"]))
    )
    une_erreur(texte, "2022", chemin, offset)


json_quelconque = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["FACTURE", "HT", "C"]),
    lambda enfants: st.lists(enfants, max_size=3) | st.dictionaries(st.text(max_size=5), enfants, max_size=3),
    max_leaves=8,
)


@LENT
@given(couloirs_et_types(), st.data())
def test_aucune_valeur_nulle_part_n_arrete_le_controle(nature, data) -> None:
    donnees = exemple(*nature)
    places = [chemin for chemin, _ in objets(forme(*nature), donnees)]
    for _ in range(data.draw(st.integers(1, 4))):
        chemin = data.draw(st.sampled_from(places))
        try:
            objet = atteindre(donnees, chemin)
            objet[data.draw(st.sampled_from(list(objet)))] = data.draw(json_quelconque)
        except (KeyError, IndexError, TypeError, ValueError):
            continue
    rapport = verifier(ecrire_json(donnees).encode())
    assert json.loads(rapport.en_json()) == rapport.en_dict()
    assert rapport.en_texte()
    assert sortie(rapport, imp_id=1, numeros={})


@given(st.binary(max_size=200))
def test_aucun_octet_n_arrete_le_controle(brut) -> None:
    assert not verifier(brut).conforme


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \n\\u', max_size=60))
def test_aucun_texte_n_arrete_le_controle(texte) -> None:
    rapport = verifier(texte.encode())
    assert not rapport.conforme
    assert all(a.ligne and a.colonne for a in rapport.anomalies)


@LENT
@given(fichiers(), st.integers(0, 10**6))
def test_un_fichier_tronque_est_refuse_la_ou_il_s_arrete(engendre, coupe) -> None:
    texte = octets(engendre[2]).decode().rstrip()
    tronque = texte[: coupe % len(texte)]
    assume(tronque.strip())
    rapport = verifier(tronque.encode())
    assert codes(rapport) == ["1005"]


@pytest.mark.parametrize("sequence", [1, 10719, 999_999])
def test_tout_numero_de_dossier_du_couloir_convient_a_un_solde(sequence: int) -> None:
    donnees = fichier("HOP-PFI", SOLDE)
    donnees["lignesImport"][0]["numeroASP"] = str(NumeroDossier("HOP", sequence))
    assert verifier(octets(donnees)).anomalies == []
