"""What a change of the reference data leaves: values as people read them, before and after, in the journal."""

import hashlib
import json
from collections.abc import Collection, Mapping

from django.db.models import Model

from segurnum.comptes.auteurs import Auteur
from segurnum.journal.preuves import prouver
from segurnum.journal.services import Fait
from segurnum.regles.erreurs import GesteImpossible

Ecrites = Mapping[str, str]


def marque(valeurs: Ecrites) -> str:
    """What a page showed, to tell later whether it still is so. Nothing there yet has a mark too."""
    texte = json.dumps(dict(valeurs), sort_keys=True)
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


def exiger_la_meme(vue: str, valeurs: Ecrites, quoi: str) -> None:
    """Raise GesteImpossible when somebody else changed it since the page was shown."""
    if vue != marque(valeurs):
        raise GesteImpossible(
            f"{quoi} a changé depuis que vous avez ouvert cette page. Rien n'a été enregistré : rouvrez-la, puis "
            "refaites votre correction."
        )


def fait(
    chaine: str, geste: str, auteur: Auteur, avant: Ecrites, apres: Ecrites, *, lignes: Collection[Model] = ()
) -> Fait | None:
    """The fact to journal, with what proves the rows that were written; None when nothing changes."""
    changees = {
        champ: [avant.get(champ, ""), valeur]
        for champ, valeur in apres.items()
        if avant.get(champ, "") != valeur
    }
    if not changees:
        return None
    return Fait(
        chaine=chaine,
        objet=chaine,
        geste=geste,
        auteur=auteur,
        details={"valeurs": changees} | prouver(*lignes),
    )
