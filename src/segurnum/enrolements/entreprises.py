"""Which company an unknown person may enrol."""

from segurnum.annuaire.entreprise import EntrepriseTrouvee
from segurnum.annuaire.queries import chercher
from segurnum.enrolements.services import exiger_sans_compte
from segurnum.regles.erreurs import GesteImpossible


def entreprise_a_enroler(siret: str) -> EntrepriseTrouvee:
    """What the directory says of the company of an initial enrolment (ENR-029, ENR-030).

    Raises GesteImpossible for one that may not be enrolled so, AnnuaireIndisponible when nothing is known for now.
    """
    exiger_sans_compte(siret)
    trouvee = chercher(siret)
    if trouvee is None:
        raise GesteImpossible(
            "Ce SIRET n'est pas connu du répertoire Sirene : vérifiez-le sur votre avis de situation, ou contactez "
            "l'assistance."
        )
    if trouvee.refus:
        raise GesteImpossible(trouvee.refus)
    return trouvee
