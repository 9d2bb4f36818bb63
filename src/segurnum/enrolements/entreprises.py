"""Which company an unknown person may enrol, and what a draft keeps of it."""

from dataclasses import fields
from typing import Any

from segurnum.annuaire.entreprise import EntrepriseTrouvee
from segurnum.annuaire.queries import chercher
from segurnum.enrolements.admission import exiger_premier_de_la_vague, exiger_sans_compte
from segurnum.enrolements.declaration import PersonneMorale
from segurnum.regles.erreurs import GesteImpossible

# What a draft keeps of a company, besides its persons.
SOCIETE = frozenset({"denomination_connue", *(champ.name for champ in fields(PersonneMorale))})


def entreprise_a_enroler(siret: str, numero_ans: str) -> EntrepriseTrouvee:
    """What the directory says of the company of an initial enrolment (ENR-029, ENR-030).

    Raises GesteImpossible for one that may not be enrolled so, AnnuaireIndisponible when nothing is known for now.
    """
    exiger_sans_compte(siret)
    exiger_premier_de_la_vague(siret, numero_ans)
    trouvee = chercher(siret)
    if trouvee is None:
        raise GesteImpossible(
            "Ce SIRET n'est pas connu du répertoire Sirene : vérifiez-le sur votre avis de situation, ou contactez "
            "l'assistance."
        )
    if trouvee.refus:
        raise GesteImpossible(trouvee.refus)
    return trouvee


def preremplie(siret: str, trouvee: EntrepriseTrouvee | None) -> dict[str, Any]:
    """What the draft starts from. None: the directory did not answer, the person types it all (flagged)."""
    if trouvee is None:
        return {"siret": siret, "verifie": False, "denomination_connue": ""}
    lues = {champ.name: getattr(trouvee, champ.name) for champ in fields(trouvee) if champ.name in SOCIETE}
    return lues | {"verifie": True, "denomination_connue": trouvee.denomination}


def sans_societe(saisie: dict[str, Any]) -> dict[str, Any]:
    """The persons of what is typed, once its company is dropped."""
    return {nom: valeur for nom, valeur in saisie.items() if nom not in SOCIETE}
