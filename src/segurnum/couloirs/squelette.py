"""The first file of a new couloir: it works as it is, and says what is to be chosen."""

from __future__ import annotations

A_COMPLETER = "À compléter"

_TEXTE = '''"""{a_completer}: who this couloir finances, and for which software."""

from segurnum.couloirs.champs import FINESS, Champ, Objet, Tableau
from segurnum.couloirs.commun import contact, mandataire, oui_non, raison_sociale, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

# {a_completer}: what is said of a client. The field of role IDENTIFIANT makes it a beneficiary; A_DEFAUT is another
# number, which identifies where the first is empty. Types: FINESS, PMSI, RPPS, SIRET, AM, Texte, Choix, Entier…
_CLIENT = Objet(
    (
        raison_sociale("ETABLISSEMENT DU LAC"),
        *contact(courriel="direction@etablissement.example"),
        Champ("FINESS", FINESS, "Numéro FINESS", role=Role.IDENTIFIANT),
    )
)
_BENEFICIAIRES = Objet(
    (*mandataire("isMandataire"), Champ("clients", Tableau(_CLIENT, minimum=1), "Clients"))
)

# {a_completer}: the questions of « Scénario d'installation », in the screen's words; without any, no `scenario=`.
# `exclut` names a field that is not true together with this one; a Tableau with a field of role SITE is a row by site.
_SCENARIO = Objet(
    (
        oui_non(
            "isProSanteConnectNeeded",
            "Le logiciel doit-il mettre en œuvre une identification électronique par ProSanté Connect ?",
        ),
    )
)

COULOIRS = (
    Couloir(
        couloir="{couloir}",
        logiciel="{logiciel}",
        vague=1,
        libelle="{a_completer} ({logiciel})",  # « Pharmacie (LGO) »
        # Another format, later: a second version(…, depuis=datetime(…, tzinfo=PARIS)) after this one.
        depot=Fichier((version(beneficiaires=_BENEFICIAIRES, scenario=_SCENARIO),)),
        # {a_completer}: bareme=…, how the ceiling is computed (segurnum.couloirs.baremes); by default, a table of
        # eligible beneficiaries. format_public=False where the format is this portal's own.
    ),
)
'''


def squelette(couloir: str, logiciel: str) -> str:
    """The text of the file of a couloir (« PHA », « LGO »)."""
    return _TEXTE.format(couloir=couloir, logiciel=logiciel, a_completer=A_COMPLETER)


def a_completer(texte: str) -> list[tuple[int, str]]:
    """The lines that are still those of the skeleton, numbered from 1."""
    lignes = enumerate(texte.splitlines(), start=1)
    return [(rang, ligne.strip().lstrip("#\"' ")) for rang, ligne in lignes if A_COMPLETER in ligne]
