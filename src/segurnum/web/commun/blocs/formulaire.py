"""« Informations de la demande » of a request deposited on screen: what was typed, counted and computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum.comptes.models import Entreprise
from segurnum.couloirs.champs import TELEPHONE, Champ
from segurnum.couloirs.formulaire import Formulaire as Declaration
from segurnum.demandes import baremes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import Calcul, en_euros, en_taux
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import ecrire_telephone
from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.kits.fiche import Donnee

NON_RENSEIGNE = "Non renseigné"


@dataclass(frozen=True)
class Groupe:
    """Labelled values under one title."""

    titre: str
    donnees: tuple[Donnee, ...]


@dataclass(frozen=True)
class Formulaire:
    """`calcul`: how the retained amounts were reached, once the request is instructed."""

    groupes: tuple[Groupe, ...]
    instruite: bool
    calcul: Calcul | None


def formulaire(consultee: Consultee) -> Formulaire:
    """Everything, group by group (MSS-022 to MSS-024, MSS-028)."""
    saisis = (
        Groupe(groupe.titre, tuple(_saisi(consultee, champ) for champ in groupe.champs))
        for groupe in consultee.couloir.formulaire(consultee.type).groupes
    )
    groupes = (identite(consultee), *saisis, comptes(consultee), *montants(consultee))
    demande = consultee.demande
    return Formulaire(
        groupes=tuple(groupe for groupe in groupes if groupe.donnees),
        instruite=demande.instruite,
        calcul=demande.calcul_retenu if demande.instruite else None,
    )


def qui_depose(reference: Referencement, entreprise: Entreprise) -> tuple[tuple[str, str], ...]:
    """The first lines of the left block, before the deposit as after it (MSS-005, MSS-022)."""
    return (
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("SIRET", entreprise.siret),
        ("Dénomination sociale", entreprise.denomination),
        ("Adresse", entreprise.adresse_complete),
    )


def plus_haut(taux: Decimal, maximum: Decimal) -> tuple[tuple[str, str], ...]:
    """The last lines of that block, for an avance (MSS-023). `maximum`: euros, VAT regime included."""
    return (
        ("Taux de TVA applicable", en_taux(taux)),
        ("Montant max éligible pour l'opérateur", en_euros(maximum)),
    )


def identite(consultee: Consultee) -> Groupe:
    """« Informations Solde »: number and DSR (MOD-013)."""
    demande = consultee.demande
    return Groupe(
        f"Informations {consultee.type.libelle}",
        (Donnee("N° ASP de la demande", demande.numero), Donnee("DSR", demande.dsr)),
    )


def comptes(consultee: Consultee) -> Groupe:
    """« BAL déclarées »: the three counts, whose they are, and whether they are settled."""
    formulaire, donnees = consultee.couloir.formulaire(consultee.type), consultee.donnees
    lus = nombres(formulaire, donnees)
    if lus and donnees.get("balSource"):
        arretees = donnees.get("balArretees")
        etat = "arrêtés à la date de clôture" if arretees else "provisoires jusqu'à la date de clôture"
        (libelle,) = (champ.libelle for champ in formulaire.comptes if champ.nom == "balSource")
        lus = (*lus, Donnee(libelle, f"{donnees['balSource']} ({etat})"))
    return Groupe("BAL déclarées", lus)


def nombres(formulaire: Declaration, donnees: Mapping[str, Any]) -> tuple[Donnee, ...]:
    """The three counts, where this form has some."""
    libelles = {champ.nom: champ.libelle for champ in formulaire.comptes if champ.nom in baremes.COMPTES}
    return tuple(
        Donnee(libelle, "Pas encore connu" if donnees[nom] is None else str(donnees[nom]))
        for nom, libelle in libelles.items()
    )


def montants(consultee: Consultee) -> tuple[Groupe, ...]:
    """« Montant avance » and « Montants solde » (MOD-014)."""
    demande = consultee.demande
    if consultee.type is TypeDemande.AVANCE:
        return (Groupe("Montant avance", (*_calcule(demande), *_retenus(demande))),)
    avance = avance_du_dossier(demande)
    decide = avance.montant_decide if avance else None
    de_l_avance = Donnee(
        "Montant décidé de l'avance (fonction du régime TVA)",
        "Pas encore décidé" if decide is None else en_euros(decide),
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA.",
    )
    return (
        Groupe("Montant avance", (de_l_avance,)),
        Groupe("Montants solde", (*_calcule(demande), *_retenus(demande))),
    )


def _calcule(demande: Demande) -> tuple[Donnee, ...]:
    formulaire = demande.couloir.formulaire(demande.type)
    return calcule(formulaire, demande.type, demande.taux_tva, demande.montant_declare)


def calcule(
    formulaire: Declaration, type_demande: TypeDemande, taux: Decimal, montant: Decimal | None
) -> tuple[Donnee, ...]:
    """The rate, and what the portal computes before any VAT (euros HT; None: not known yet)."""
    de = "de l'avance" if type_demande is TypeDemande.AVANCE else "du solde"
    selon = " (en fonction du nombre de BAL déclarées)" if formulaire.comptes else ""
    return (
        Donnee("Taux TVA", en_taux(taux)),
        Donnee(
            f"Montant SEGUR total hors taxe calculé {de}{selon}",
            "Calculé dès que les nombres de BAL seront connus" if montant is None else en_euros(montant),
        ),
    )


def _retenus(demande: Demande) -> tuple[Donnee, ...]:
    """The retained amounts, once the request was looked at (REQ-043)."""
    calcul = demande.calcul_retenu
    if not demande.instruite or calcul is None:
        return ()
    avance = demande.type is TypeDemande.AVANCE
    lors, de = ("lors de l'avance", "de l'avance") if avance else ("lors du solde", "du solde")
    decide = (
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA."
        if avance
        else "Montant à payer au titre du solde : l'engagement retenu, moins l'avance."
    )
    engagement, final = calcul.lignes[-2:]
    return (
        Donnee(
            f"Montant de l'engagement SEGUR retenu ({lors} - fonction du régime TVA)",
            en_euros(engagement.montant),
            "Montant total retenu pour la prestation SEGUR. Il tient compte de votre régime de TVA.",
            engagement,
        ),
        Donnee(f"Montant décidé {de} (fonction du régime TVA)", en_euros(final.montant), decide, final),
    )


def _saisi(consultee: Consultee, champ: Champ) -> Donnee:
    donnee = _donnee(consultee, champ.nom, champ.libelle)
    return Donnee(champ.libelle, ecrire_telephone(donnee.valeur)) if champ.type is TELEPHONE else donnee


def _donnee(consultee: Consultee, nom: str, libelle: str) -> Donnee:
    valeur = consultee.donnees.get(nom)
    return Donnee(libelle, NON_RENSEIGNE if valeur is None else str(valeur))
