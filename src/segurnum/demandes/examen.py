"""What an officer examines: the request as it was read, and the amounts as they would be retained."""

from dataclasses import dataclass, replace
from decimal import Decimal

from segurnum.comptes.models import Utilisateur
from segurnum.couloirs.baremes import PlafondCalcule
from segurnum.demandes import cycle, montants, separation
from segurnum.demandes.models import Demande, Octroi
from segurnum.demandes.queries import octroi_vivant, visibles_des_agents
from segurnum.journal.chronologie import chronologie, dernier_geste
from segurnum.journal.queries import evenements_de
from segurnum.regles.argent import Calcul
from segurnum.regles.cycles import GesteDemande, StatutDemande, StatutOctroi
from segurnum.regles.erreurs import GesteImpossible

# Where the next gesture may be one that the account matters to.
_PAYABLES = (StatutDemande.EN_COURS, StatutDemande.VALIDEE)


def marque(demande: Demande) -> str:
    """What a page showed of a request, to tell later whether it still is so: last, the account that it would pay."""
    compte = demande.entreprise.compte_actif
    return f"{_marque_propre(demande)}.{compte.pk if compte else 0}"


def _marque_propre(demande: Demande) -> str:
    return f"{demande.pk}.{demande.version_courante}.{demande.statut_depuis:%Y%m%d%H%M%S%f}"


def reprendre(cle: int, vue: str) -> Demande:
    """The request, held for the gesture of who read it as `vue`: nobody acts on what he has not seen.

    Raises GesteImpossible, saying who was faster, when it has changed since. The company is held with it: no other
    account takes the place of the one that was read.
    """
    actuelle = cycle.verrouiller(cle)
    separation.tenir(actuelle.entreprise)
    vue_propre, _, compte_lu = vue.rpartition(".")
    if vue_propre == _marque_propre(actuelle) and compte_lu.isdigit():
        _exiger_le_compte_lu(actuelle, int(compte_lu))
    else:
        evenements = evenements_de(actuelle.dossier.chaine).filter(objet=actuelle.objet)
        dernier = dernier_geste(chronologie(evenements, actuelle.dossier.numero))
        raise GesteImpossible(
            f"Cette demande a changé depuis que vous l'avez ouverte{dernier}. Son statut est "
            f"maintenant « {actuelle.statut.libelle} ». Rien n'a été fait : relisez-la avant de recommencer."
        )
    return actuelle


def _exiger_le_compte_lu(demande: Demande, lu: int) -> None:
    """What is validated or decided is paid on the account that was read."""
    compte = demande.entreprise.compte_actif
    if demande.statut in _PAYABLES and lu != (compte.pk if compte else 0):
        raise GesteImpossible(
            "Le compte bancaire de l'entreprise a changé depuis que vous avez ouvert cette demande. Rien n'a été "
            "fait : relisez le compte à payer avant de recommencer."
        )


def avenants(demande: Demande) -> list[Demande]:
    """The requests that share this number, when it was cancelled; empty otherwise."""
    lus = list(visibles_des_agents().filter(numero=demande.numero).order_by("-pk"))
    return lus if len(lus) > 1 else []


@dataclass(frozen=True)
class Montants:
    """`octroi`: what somebody granted where the ceiling is not known, approved or not.

    `maximum` (euros HT) is what is retained when the officer reduces nothing. `refus` says why there is no `calcul`.

    `fige`: the amounts are those of the validation, and are not computed again. `reductible`: the officer may retain
    less; not what the portal computes by itself. `reserve`: what is not public of the couloir's scale.
    """

    declare: Decimal | None
    plafond: PlafondCalcule
    calcul: Calcul | None
    maximum: Decimal | None = None
    refus: str = ""
    fige: bool = False
    reductible: bool = True
    reserve: str = ""
    octroi: Octroi | None = None

    def sans_objet(self, personne: Utilisateur) -> frozenset[GesteDemande]:
        """The gestures of a grant that have nothing to be made on, or not by this person."""
        octroi, sans = self.octroi, set()
        if octroi is not None or not self.reductible or not self.plafond.inconnu:
            sans.add(GesteDemande.OCTROYER)
        if octroi is None or octroi.statut is not StatutOctroi.PROPOSE or octroi.auteur_id == personne.pk:
            sans.add(GesteDemande.APPROUVER_OCTROI)
        if octroi is None:
            sans.add(GesteDemande.ECARTER_OCTROI)
        return frozenset(sans)


def montants_de(demande: Demande, *, retenu: Decimal | None = None) -> Montants:
    """The amounts as they would be validated now with `retenu` (euros HT), or as they were."""
    plafond = montants.plafond_de(demande)
    commun = Montants(
        demande.montant_declare,
        plafond,
        None,
        reductible=not demande.couloir.bareme.calcule,
        reserve=demande.couloir.bareme.reserve,
        octroi=octroi_vivant(demande),
    )
    if demande.statut is not StatutDemande.EN_COURS:
        return replace(commun, calcul=demande.calcul_retenu, fige=True)
    try:
        sans_reduction = montants.calculer(demande)
    except GesteImpossible as refus:
        return replace(commun, refus=str(refus))
    maximum = sans_reduction.engagement_ht if commun.reductible else None
    if not commun.reductible or retenu is None or retenu == maximum:
        return replace(commun, calcul=sans_reduction, maximum=maximum)
    try:
        calcul = montants.calculer(demande, retenu_ht=retenu)
    except GesteImpossible as refus:
        return replace(commun, maximum=maximum, refus=str(refus))
    return replace(commun, calcul=calcul, maximum=maximum)


def retenu_utile(demande: Demande, saisi: Decimal | None) -> Decimal | None:
    """The officer's amount to hand to the service: None when it is no other than the computed one."""
    if saisi is None or demande.couloir.bareme.calcule or saisi == montants.calculer(demande).engagement_ht:
        return None
    return saisi
