"""Which number and which company may be enrolled, and why not: asked at each step, and again at « Terminer »."""

from segurnum.comptes import queries as acces
from segurnum.comptes.models import Entreprise
from segurnum.enrolements.models import STATUTS_OUVERTS
from segurnum.referentiel import queries as referentiel
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible


class DejaUnCompte(GesteImpossible):
    """The company signs in already: its other software are enrolled from its account (PUB-013)."""

    def __init__(self, siret: str) -> None:
        super().__init__(
            f"L'entreprise du SIRET {siret} a déjà un compte sur le portail : connectez-vous, puis enrôlez cet autre "
            "logiciel par « Faire une demande complémentaire »."
        )


def referencement_a_enroler(numero_ans: str, entreprise: Entreprise | None = None) -> Referencement:
    """What « Rechercher » finds, if it may be enrolled (ENR-001, ENR-004, ENR-017, ENR-018)."""
    reference = referentiel.par_numero_ans(numero_ans)
    if reference is None:
        raise GesteImpossible(
            f"Le numéro « {numero_ans} » n'est pas connu. Vérifiez-le sur votre demande de référencement, "
            "majuscules et minuscules comprises, ou contactez l'assistance."
        )
    if reference.enrolements.exclude(statut=StatutEnrolement.REJETEE).exists():
        raise GesteImpossible(
            f"Le numéro « {numero_ans} » est déjà enrôlé, ou son enrôlement est en cours d'instruction : "
            "un numéro ne s'enrôle qu'une fois."
        )
    if entreprise is not None:
        verifier_premier_de_la_vague(reference, entreprise)
    return reference


def exiger_sans_compte(siret: str) -> None:
    """The public form is for a company that cannot sign in. Raises DejaUnCompte for another (ENR-002, PUB-013)."""
    if acces.a_un_acces(siret):
        raise DejaUnCompte(siret)


def verifier_premier_de_la_vague(reference: Referencement, entreprise: Entreprise) -> None:
    """A first enrolment of wave 2 must be accepted, even partially, before the next is filed (ENR-004)."""
    if reference.vague < 2:
        return
    autres = entreprise.enrolements.filter(referencement__dsr__endswith=f"-Va{reference.vague}").exclude(
        statut=StatutEnrolement.REJETEE
    )
    if autres.exists() and not autres.filter(statut__in=STATUTS_OUVERTS).exists():
        raise GesteImpossible(
            f"Votre premier enrôlement de la vague {reference.vague} doit être validé, au moins partiellement, "
            "avant d'en déposer un autre."
        )


def exiger_premier_de_la_vague(siret: str, numero_ans: str) -> None:
    """What `verifier_premier_de_la_vague` says, as soon as the company is known: at its step, not at the end."""
    reference = referentiel.par_numero_ans(numero_ans)
    societe = Entreprise.objects.filter(siret=siret).first()
    if reference is not None and societe is not None:
        verifier_premier_de_la_vague(reference, societe)
