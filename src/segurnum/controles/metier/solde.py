"""A balance against the advance it continues, as the portal knows it."""

from __future__ import annotations

from collections.abc import Iterator

from segurnum.controles.catalogue import AVERTISSEMENT
from segurnum.controles.constats import citer
from segurnum.controles.contexte import AvanceConnue
from segurnum.controles.depot import Demande, Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.controles.problemes import nombre_fr
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import StatutDemande, TypeDemande

# Told one by one: an advance of a thousand sites is not told again by each of 200 balances.
ECARTS_MAX = 20
_SANS_SOLDE = {
    StatutDemande.REJETEE,
    StatutDemande.ANNULEE,
    StatutDemande.HISTORISEE,
    StatutDemande.NON_COMPLETEE,
}


@regle(
    code="3060",
    titre="Facture supérieure à l'avance",
    exige=("avances",),
    pour=TypeDemande.SOLDE,
    explication="Le montant facturé dépasse le montant déclaré lors de l'avance.",
    remede="Déclarez au plus le montant SEGUR hors taxe de la commande.",
)
def facture_dans_la_limite(depot: Depot) -> Trouvailles:
    """Both amounts in euros excluding tax."""
    for rang, demande, avance in _avec_avance(depot):
        montant = demande["facture"]["montantSegurHTFacture"]
        if montant is not None and montant > avance.declare_ht:
            message = (
                f"Le montant de la facture ({en_euros(montant)}) dépasse celui déclaré lors de l'avance : "
                f"{en_euros(avance.declare_ht)} au plus."
            )
            yield chemin(rang, "facture", "montantSegurHTFacture"), message


@regle(
    code="3061",
    titre="Avance inconnue",
    exige=("avances",),
    pour=TypeDemande.SOLDE,
    explication="Aucune avance de ce compte ne porte ce numéro de dossier.",
    remede="Vérifiez le numéro de dossier dans « Demandes de financement ».",
)
def avance_connue(depot: Depot) -> Trouvailles:
    """No advance in time, no balance ever (RUL-003)."""
    for rang, _, numero in depot.dossiers:
        if numero not in depot.avances:
            message = (
                f"Aucune de vos avances ne porte le numéro {numero} : le numéro de dossier d'une avance "
                "déposée est attendu."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3062",
    titre="Avance d'un autre enrôlement",
    exige=("avances", "numero_ans"),
    pour=TypeDemande.SOLDE,
    explication="L'avance a été déposée au titre d'un autre numéro ANS que celui du fichier.",
    remede="Déposez le solde avec le numéro ANS de l'avance.",
)
def meme_enrolement(depot: Depot) -> Trouvailles:
    """The balance follows the advance's enrolment."""
    for rang, _, avance in _avec_avance(depot):
        if avance.numero_ans != depot.contexte.numero_ans:
            message = (
                f"L'avance {avance.numero} a été déposée avec le numéro ANS {avance.numero_ans} : déposez "
                "son solde avec ce numéro."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3063",
    titre="Avance sans suite",
    exige=("avances",),
    pour=TypeDemande.SOLDE,
    explication="L'avance est rejetée, annulée, historisée ou non complétée : elle ne peut pas donner lieu à un solde.",
    remede="Terminez le dépôt de l'avance si elle est non complétée ; sinon aucun solde n'est possible.",
)
def avance_en_vie(depot: Depot) -> Trouvailles:
    """Source: CON-35."""
    for rang, _, avance in _avec_avance(depot):
        if avance.statut in _SANS_SOLDE:
            message = (
                f"L'avance {avance.numero} est au statut « {avance.statut.libelle} » : elle ne peut pas "
                "donner lieu à un solde."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3064",
    titre="Solde déjà déposé",
    exige=("avances",),
    pour=TypeDemande.SOLDE,
    explication="Un solde existe déjà pour ce dossier, peut-être non complété.",
    remede="Reprenez le solde existant ; s'il est non complété, terminez le dépôt de ses pièces.",
)
def pas_de_solde_existant(depot: Depot) -> Trouvailles:
    """`solde_existant` says which one, and its status, so that a forgotten incomplete one is found."""
    for rang, _, avance in _avec_avance(depot):
        if avance.solde_existant is not None:
            message = f"Le dossier {avance.numero} a déjà un solde : {avance.solde_existant}."
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3065",
    titre="Bénéficiaires différents de l'avance",
    severite=AVERTISSEMENT,
    exige=("avances",),
    pour=TypeDemande.SOLDE,
    explication="Les bénéficiaires du solde ne sont pas tous ceux de l'avance.",
    remede="Vérifiez les identifiants ; l'écart sera examiné à l'instruction.",
)
def memes_beneficiaires(depot: Depot) -> Trouvailles:
    """A warning: the officer sees the same comparison (REQ-048)."""
    par_rang = dict(depot.beneficiaires)
    for rang, _, avance in _avec_avance(depot):
        declares = {identifiant for b in par_rang[rang] for identifiant in b.identifiants}
        en_plus, en_moins = declares - avance.beneficiaires, avance.beneficiaires - declares
        if en_plus or en_moins:
            ecarts = [f"{citer(i)} n'était pas dans l'avance" for i in sorted(en_plus)]
            ecarts += [f"{citer(i)} était dans l'avance" for i in sorted(en_moins)]
            if len(ecarts) > ECARTS_MAX:
                ecarts[ECARTS_MAX:] = [f"et {nombre_fr(len(ecarts) - ECARTS_MAX)} autres écarts"]
            yield (
                chemin(rang, "beneficiaires"),
                f"Les bénéficiaires diffèrent de ceux de l'avance : {', '.join(ecarts)}.",
            )


def _avec_avance(depot: Depot) -> Iterator[tuple[int, Demande, AvanceConnue]]:
    for rang, demande, numero in depot.dossiers:
        avance = depot.avances.get(numero)
        if avance is not None:
            yield rang, demande, avance
