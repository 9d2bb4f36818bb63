"""What a simulation accepts is imported: the lengths of the declarations and of the columns are one."""

import json
from typing import Any

import pytest

from segurnum.couloirs import Couloir, par_fichier
from segurnum.couloirs.champs import Champ, Identifiant, Objet, Tableau, Texte, Type
from segurnum.demandes.models import Beneficiaire
from segurnum.depots import services
from segurnum.essais.depots import Deposant
from segurnum.regles.cycles import TypeDemande

pytestmark = pytest.mark.django_db

# The longest writings of what is no free text.
COURRIEL = f"{'a' * 64}@{'.'.join(['b' * 58] * 3)}.example"
TELEPHONE = "0033 1 2 3 4 5 6 7 8 9"


def _allonger(type_: Type, valeur: Any) -> Any:
    """The same value, each of its free texts as long as it is declared to be."""
    if isinstance(type_, Objet) and isinstance(valeur, dict):
        return {c.nom: _du_champ(c, valeur[c.nom]) for c in type_.champs if c.nom in valeur}
    if isinstance(type_, Tableau) and isinstance(valeur, list):
        return [_allonger(type_.element, un) for un in valeur]
    if isinstance(type_, Texte) and type_.motif is None and isinstance(valeur, str):
        return "É" * type_.longueur_max
    if isinstance(type_, Identifiant) and isinstance(valeur, str):
        return {"2006": COURRIEL, "2007": TELEPHONE}.get(type_.code, valeur)
    return valeur


def _du_champ(champ: Champ, valeur: Any) -> Any:
    return valeur if champ.reserve or champ.nom == "piecesJustificatives" else _allonger(champ.type, valeur)


@pytest.mark.parametrize("couloir", par_fichier(), ids=lambda couloir: couloir.dsr)
def test_les_textes_les_plus_longs_qu_une_simulation_accepte_sont_importes(couloir: Couloir) -> None:
    deposant = Deposant.nouveau(couloir.dsr)
    fichier = deposant.fichier(1)
    forme = couloir.forme(TypeDemande.AVANCE)
    fichier["lignesImport"] = [_allonger(forme, demande) for demande in fichier["lignesImport"]]
    simulation = deposant.simuler(fichier)
    assert simulation.conforme, json.dumps(simulation.rapport, indent=1, ensure_ascii=False)
    depot = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert depot.retenues == 1
    assert Beneficiaire.objects.filter(nom="É" * 255).exists()
