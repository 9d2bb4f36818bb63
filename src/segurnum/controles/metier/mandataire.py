"""Who orders: the mandataire, the single client, the doctor's practice or the structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.couloirs.champs import Chemin, remplie
from segurnum.couloirs.places import CHAMPS_MANDATAIRE


@regle(
    code="3040",
    titre="Mandataire incomplet",
    explication="La commande est portée par un mandataire dont le nom, l'adresse ou le téléphone manque.",
    remede="Remplissez les trois champs du mandataire.",
)
def mandataire_complet(depot: Depot) -> Trouvailles:
    """Source: JSN-031."""
    for rang, base, porteur, cle in _porteurs(depot):
        for champ in CHAMPS_MANDATAIRE if porteur[cle] is True else ():
            if porteur[champ] is None:
                yield chemin(rang, *base, champ), f"Le champ {cle} vaut true : {champ} est attendu, pas null."


@regle(
    code="3041",
    titre="Mandataire sans objet",
    explication="Les coordonnées d'un mandataire sont remplies alors que la commande n'en a pas.",
    remede="Écrivez null, ou déclarez le mandataire.",
)
def mandataire_sans_objet(depot: Depot) -> Trouvailles:
    """Null unless there is a mandataire."""
    for rang, base, porteur, cle in _porteurs(depot):
        for champ in CHAMPS_MANDATAIRE if porteur[cle] is False else ():
            if porteur[champ] is not None:
                yield (
                    chemin(rang, *base, champ),
                    f"Le champ {cle} vaut false : null est attendu pour {champ}.",
                )


@regle(
    code="3042",
    titre="Mandataire et client unique à la fois",
    explication="Une commande est portée par un mandataire pour plusieurs clients, ou par un client unique.",
    remede="Mettez l'un des deux champs à false.",
)
def mandataire_ou_client_unique(depot: Depot) -> Trouvailles:
    """Source: REQ-046."""
    mandataire, unique = depot.places.cle_mandataire, depot.places.cle_client_unique
    for rang, demande in depot.demandes if mandataire and unique else ():
        beneficiaires = demande["beneficiaires"]
        if beneficiaires[mandataire] is True and beneficiaires[unique] is True:
            message = (
                f"Les champs {mandataire} et {unique} valent tous deux true : une commande est portée par un "
                "mandataire ou par un client unique, pas les deux."
            )
            yield chemin(rang, "beneficiaires", str(unique)), message


@regle(
    code="3043",
    titre="Plusieurs bénéficiaires pour un client unique",
    explication="La commande est déclarée portée par un unique établissement mais en compte plusieurs.",
    remede="Mettez isClientUnique à false, ou ne gardez qu'un établissement.",
)
def un_seul_beneficiaire(depot: Depot) -> Trouvailles:
    """Hospitals only: « portée par un unique ES-PMSI »."""
    unique = depot.places.cle_client_unique
    if unique is None or not depot.places.un_seul_beneficiaire:
        return
    demandes = dict(depot.demandes)
    for rang, beneficiaires in depot.beneficiaires:
        if demandes[rang]["beneficiaires"][unique] is True and len(beneficiaires) > 1:
            message = (
                f"Le champ {unique} vaut true mais la demande compte {len(beneficiaires)} établissements : un seul "
                "est attendu."
            )
            yield chemin(rang, "beneficiaires", unique), message


@regle(
    code="3044",
    titre="Bénéficiaires non remplis",
    explication="commandePour annonce des médecins libéraux ou une structure, qui ne sont pas remplis.",
    remede="Remplissez la partie annoncée par commandePour.",
)
def variante_remplie(depot: Depot) -> Trouvailles:
    """LIBERAL expects doctors, STRUCTURE the structure's four fields."""
    for rang, demande in depot.demandes if depot.places.variantes else ():
        beneficiaires = demande["beneficiaires"]
        for variante in depot.places.variantes:
            if beneficiaires[variante.cle] != variante.valeur:
                continue
            bloc = beneficiaires[variante.bloc]
            annonce = f'Le champ {variante.cle} vaut "{variante.valeur}"'
            if not variante.requis and not bloc:
                yield (
                    chemin(rang, "beneficiaires", variante.bloc),
                    f"{annonce} : au moins un élément est attendu dans {variante.bloc}.",
                )
            for champ in variante.requis:
                if bloc[champ] is None:
                    yield (
                        chemin(rang, "beneficiaires", variante.bloc, champ),
                        f"{annonce} : {champ} est attendu, pas null.",
                    )


@regle(
    code="3045",
    titre="Bénéficiaires sans objet",
    explication="La partie des bénéficiaires que commandePour n'annonce pas est remplie.",
    remede="Videz cette partie (null ou []), ou corrigez commandePour.",
)
def autre_variante_vide(depot: Depot) -> Trouvailles:
    """What the other value of `commandePour` would fill stays empty."""
    for rang, demande in depot.demandes if depot.places.variantes else ():
        beneficiaires = demande["beneficiaires"]
        for variante in depot.places.variantes:
            choisie = beneficiaires[variante.cle]
            bloc = beneficiaires[variante.bloc]
            rempli = any(map(remplie, bloc.values())) if isinstance(bloc, dict) else bool(bloc)
            if choisie and variante.valeur != choisie and rempli:
                message = f'Le champ {variante.cle} vaut "{choisie}" : {variante.bloc} doit rester vide.'
                yield chemin(rang, "beneficiaires", variante.bloc), message


def _porteurs(depot: Depot) -> Iterator[tuple[int, Chemin, Mapping[str, Any], str]]:
    """Rank, path, object and flag of every place where a mandataire may be named."""
    cle = depot.places.cle_mandataire
    if cle is not None:
        for rang, demande in depot.demandes:
            for base, porteur in depot.places.porteurs(demande):
                yield rang, base, porteur, cle
