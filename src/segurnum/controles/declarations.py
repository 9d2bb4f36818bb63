"""A declaration judged by what is derived from it: its own examples pass the engine, its pages and models are whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from segurnum.controles.contexte import Contexte
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.formulaire import ecrire_champ, lire_saisie
from segurnum.controles.moteur import verifier
from segurnum.couloirs import Couloir, tous
from segurnum.couloirs.champs import Objet, element, exemple_du_champ
from segurnum.couloirs.documentation import documentation
from segurnum.couloirs.formulaire import Formulaire
from segurnum.couloirs.nomenclature import CODES_PIECES, NOM_MAX, lire_nom, nom_piece
from segurnum.couloirs.schema import schema
from segurnum.couloirs.squelette import A_COMPLETER
from segurnum.couloirs.vierges import exemple, fichier_vierge
from segurnum.regles.cycles import TypeDemande

DEPUIS_TOUJOURS = datetime.min.replace(tzinfo=UTC)
_NUMERO = "X" * 20  # the longest that a supplier may choose


def manques(couloir: Couloir) -> list[str]:
    """What is wrong with a declaration, one French sentence each; nothing when all that derives from it holds."""
    return list(dict.fromkeys(_manques(couloir)))


def _manques(couloir: Couloir) -> Iterator[str]:
    if A_COMPLETER.casefold() in couloir.libelle.casefold():
        yield f"Le libellé est encore « {couloir.libelle} »."
    for type_demande in TypeDemande:
        for format_ in couloir.depot.formats(type_demande):
            quoi = type_demande.libelle.lower()
            yield from _colonnes(format_.forme, quoi)
            if isinstance(format_, Formulaire):
                yield from _formulaire(format_, quoi)
            else:
                yield from _fichier(couloir, type_demande, format_.depuis or DEPUIS_TOUJOURS)
    if [autre.libelle for autre in tous()].count(couloir.libelle) > 1:
        yield f"Un autre couloir s'appelle « {couloir.libelle} »."
    if not couloir.par_formulaire:
        yield from _noms_de_pieces(couloir)
        yield from _documents(couloir)


def _fichier(couloir: Couloir, type_demande: TypeDemande, instant: datetime) -> Iterator[str]:
    """The filled example passes every check, and says by itself which couloir it is of."""
    for regime in ("TTC", "HT"):
        octets = ecrire_json(exemple(couloir, type_demande, regime, instant)).encode()
        for contexte in (Contexte(instant=instant), Contexte(couloir.dsr, type_demande, instant=instant)):
            rapport = verifier(octets, contexte)
            dates = {"3030"} if instant == DEPUIS_TOUJOURS else set()  # the examples are of a later day
            for anomalie in rapport.anomalies:
                if anomalie.code not in dates:
                    yield (
                        f"L'exemple ({type_demande.libelle.lower()}, {regime}) n'est pas conforme : "
                        f"{anomalie.chemin} [{anomalie.code}] {anomalie.message}"
                    )
            if rapport.dsr != couloir.dsr:
                yield f"L'exemple ({type_demande.libelle.lower()}) est pris pour un fichier {rapport.dsr}."


def _formulaire(formulaire: Formulaire, quoi: str) -> Iterator[str]:
    """The example of every field can be typed; no zone has two names."""
    saisie = {champ.nom: ecrire_champ(champ, exemple_du_champ(champ)) for champ in formulaire.champs}
    for nom, phrases in lire_saisie(formulaire.champs, saisie)[1].items():
        yield f"L'exemple du champ {nom} ({quoi}) n'est pas conforme : {phrases[0]}"
    for repete in _repetes(zone.type for zone in formulaire.zones):
        yield f"La zone {repete} ({quoi}) est déclarée deux fois."


def _colonnes(objet: Objet, ou: str) -> Iterator[str]:
    """Two fields side by side never have one title: on screen, in a list, in a spreadsheet."""
    for repete in _repetes(champ.colonne or champ.libelle for champ in objet.champs):
        yield f"Deux champs s'intitulent « {repete} » ({ou})."
    for champ in objet.champs:
        type_ = element(champ.type)
        if isinstance(type_, Objet):
            yield from _colonnes(type_, f"{ou} › {champ.nom}")


def _repetes(mots: Iterator[str]) -> list[str]:
    return [mot for mot, nombre in Counter(mots).items() if nombre > 1]


def _noms_de_pieces(couloir: Couloir) -> Iterator[str]:
    """What the nomenclature writes, it reads."""
    for type_piece, code in CODES_PIECES.items():
        nom = nom_piece(couloir.code, couloir.vague, type_piece, _NUMERO)
        lu = lire_nom(nom)
        if lu is None or (lu.dsr, lu.code, lu.numero_editeur) != (couloir.dsr, code, _NUMERO):
            yield f"Le nom de pièce {nom} ne se relit pas."
        if len(nom) > NOM_MAX:
            yield f"Le nom de pièce {nom} a plus de {NOM_MAX} caractères."


def _documents(couloir: Couloir) -> Iterator[str]:
    """The page, the blank model and the schema can be written, and say something of every field."""
    for type_demande in TypeDemande:
        for ligne in documentation(couloir, type_demande):
            if not ligne.regle and "objet" not in ligne.type:
                yield f"La documentation ne dit rien de la règle de {ligne.chemin}."
        vierge = ecrire_json(fichier_vierge(couloir, type_demande)).encode()
        if verifier(vierge, Contexte(couloir.dsr, type_demande)).demandes != 1:
            yield f"Le modèle vierge ({type_demande.libelle.lower()}) ne se relit pas."
        json.dumps(schema(couloir, type_demande))
