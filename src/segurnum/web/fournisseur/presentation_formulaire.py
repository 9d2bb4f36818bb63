"""What a deposit form shows beside its fields: who deposits, what is counted and computed (MSS-004 to MSS-009)."""

from dataclasses import dataclass
from decimal import Decimal

from segurnum.demandes import baremes
from segurnum.depots import comptages
from segurnum.depots.formulaires import Formulable
from segurnum.regles.argent import Calcul, en_euros
from segurnum.regles.calendrier import date_longue, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.blocs.formulaire import calcule, nombres, plus_haut, qui_depose
from segurnum.web.kits.fiche import Donnee


@dataclass(frozen=True)
class Presentation:
    """`avertissement`: what is not known yet, and that the deposit is possible all the same."""

    titre: str
    recapitulatif: tuple[tuple[str, str], ...]
    comptes: tuple[Donnee, ...]
    montants: tuple[Donnee, ...]
    calcul: Calcul | None
    avertissement: str = ""


def presenter(forme: Formulable) -> Presentation:
    comptes = comptages.comptes_de(forme.enrolement) if forme.formulaire.comptes else None
    calcul, refus = _calculer(forme, comptes)
    return Presentation(
        titre=f"Déposer ma demande {_de(forme)}",
        recapitulatif=_recapitulatif(forme, calcul),
        comptes=nombres(forme.formulaire, comptes.donnees) if comptes else (),
        montants=_montants(forme, comptes, calcul),
        calcul=calcul,
        avertissement=_avertissement(comptes) or refus,
    )


def _de(forme: Formulable) -> str:
    return "d'avance" if forme.type is TypeDemande.AVANCE else "de solde"


def _calculer(forme: Formulable, comptes: comptages.Comptes | None) -> tuple[Calcul | None, str]:
    if comptes is not None and not comptes.connus:
        return None, ""
    try:
        calcul = baremes.calculer_du_bareme(
            forme.couloir,
            forme.type,
            taux_tva=forme.enrolement.taux_tva,
            jour=jour_de_paris(maintenant()),
            donnees=comptes.donnees if comptes else None,
            avance_versee=forme.avance.montant_decide
            if forme.avance and forme.type is TypeDemande.SOLDE
            else None,
        )
    except GesteImpossible as refus:
        return None, str(refus)
    return calcul, ""


def _recapitulatif(forme: Formulable, calcul: Calcul | None) -> tuple[tuple[str, str], ...]:
    lignes = list(qui_depose(forme.enrolement.referencement, forme.enrolement.entreprise))
    if forme.type is TypeDemande.SOLDE and forme.avance is not None:
        lignes.append(("Numéro de dossier", forme.avance.dossier.numero))
    if forme.type is TypeDemande.AVANCE and calcul is not None:
        lignes += plus_haut(forme.enrolement.taux_tva, calcul.decide)
    return tuple(lignes)


def _montants(
    forme: Formulable, comptes: comptages.Comptes | None, calcul: Calcul | None
) -> tuple[Donnee, ...]:
    declare = _a_declarer(forme, comptes) if calcul else None
    lus = calcule(forme.formulaire, forme.type, forme.enrolement.taux_tva, declare)
    if calcul is None:
        return lus
    de = "de l'avance" if forme.type is TypeDemande.AVANCE else "du solde"
    return (*lus, Donnee(f"Montant {de}, régime de TVA compris", en_euros(calcul.decide)))


def _a_declarer(forme: Formulable, comptes: comptages.Comptes | None) -> Decimal:
    demande = baremes.montant_demande(
        forme.couloir,
        forme.type,
        jour=jour_de_paris(maintenant()),
        donnees=comptes.donnees if comptes else None,
        avance_ht=forme.avance_ht,
    )
    return demande or Decimal(0)


def _avertissement(comptes: comptages.Comptes | None) -> str:
    if comptes is None or comptes.arretes_le is None:
        return ""
    jour = date_longue(comptes.arretes_le)
    if not comptes.connus:
        return (
            f"L'Annuaire Santé n'a pas encore donné vos nombres de BAL au {jour}. Vous pouvez déposer votre "
            "demande : le portail la complétera dès qu'il les aura."
        )
    if not comptes.donnees["balArretees"]:
        return (
            f"Ces nombres sont les derniers connus : ceux du {jour}, date de clôture du financement, les "
            "remplaceront et fixeront le montant."
        )
    return ""
