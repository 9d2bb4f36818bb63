"""Rights: the enrolment chosen on the form, and the deposit window."""

from __future__ import annotations

from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot
from segurnum.controles.metier import Trouvailles, regle
from segurnum.regles.calendrier import EtatFenetre, instant_long
from segurnum.regles.cycles import TypeDemande

_FENETRE = ("fenetre", "instant")


@regle(
    code="5001",
    titre="Numéro ANS différent de celui choisi",
    exige=("numero_ans",),
    explication="Le numéro ANS du fichier n'est pas celui choisi au dépôt.",
    remede="Choisissez le bon numéro ANS, ou corrigez le fichier ; majuscules et minuscules comptent.",
)
def numero_ans_choisi(depot: Depot) -> Trouvailles:
    """Source: JSN-019."""
    lu, choisi = depot.entete["numeroAns"], depot.contexte.numero_ans
    if lu is not None and lu != choisi:
        yield (
            ("numeroAns",),
            f"Le fichier porte le numéro ANS {citer(lu)} : {citer(choisi)}, choisi au dépôt, est attendu.",
        )


@regle(
    code="5002",
    titre="SIRET différent de l'entreprise enrôlée",
    exige=("siret",),
    explication="Le SIRET du fichier n'est pas celui de l'entreprise enrôlée.",
    remede="Corrigez le SIRET du fichier.",
)
def siret_enrole(depot: Depot) -> Trouvailles:
    """Source: JSN-020."""
    lu, enrole = depot.entete["siret"], depot.contexte.siret
    if lu is not None and lu != enrole:
        yield (
            ("siret",),
            f"Le fichier porte le SIRET {citer(lu)} : {citer(enrole)}, celui de l'entreprise enrôlée, est attendu.",
        )


@regle(
    code="5003",
    titre="Enrôlement non validé",
    exige=("enrolement_valide",),
    explication="Le compte n'a pas d'enrôlement validé pour ce numéro ANS.",
    remede="Attendez la validation de l'enrôlement, ou complétez-le.",
)
def enrolement_valide(depot: Depot) -> Trouvailles:
    """Source: RUL-007."""
    if depot.contexte.enrolement_valide is False:
        yield (
            (),
            f"L'enrôlement au titre de {depot.couloir.dsr} n'est pas validé : le dépôt sera possible une fois "
            "qu'il le sera.",
        )


@regle(
    code="5004",
    titre="Fenêtre de dépôt pas encore ouverte",
    exige=_FENETRE,
    explication="Les demandes de ce couloir et de ce type ne sont pas encore reçues.",
    remede="Attendez l'ouverture de la fenêtre.",
)
def fenetre_ouverte(depot: Depot) -> Trouvailles:
    """Source: JSN-021."""
    fenetre, instant = depot.contexte.fenetre, depot.contexte.instant
    if fenetre and instant and fenetre.etat(instant) is EtatFenetre.PAS_OUVERTE:
        yield (), f"La fenêtre de dépôt {_de_quoi(depot)} ouvrira le {instant_long(fenetre.ouverture)}."


@regle(
    code="5005",
    titre="Fenêtre de dépôt fermée",
    exige=_FENETRE,
    explication="Les demandes de ce couloir et de ce type ne sont plus reçues.",
    remede="Aucun dépôt n'est possible après la fermeture ; les demandes déjà déposées restent modifiables.",
)
def fenetre_non_fermee(depot: Depot) -> Trouvailles:
    """Source: JSN-021, RUL-001."""
    fenetre, instant = depot.contexte.fenetre, depot.contexte.instant
    if fenetre and instant and fenetre.etat(instant) is EtatFenetre.FERMEE:
        yield (
            (),
            f"La fenêtre de dépôt {_de_quoi(depot)} est fermée depuis le {instant_long(fenetre.fermeture)}.",
        )


def _de_quoi(depot: Depot) -> str:
    type_demande = "des avances" if depot.type is TypeDemande.AVANCE else "des soldes"
    return f"{type_demande} {depot.couloir.dsr}"
