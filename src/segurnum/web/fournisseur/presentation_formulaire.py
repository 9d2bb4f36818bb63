"""What a deposit form shows beside its fields: who deposits, what is counted and computed (MSS-004 to MSS-009)."""

from dataclasses import dataclass

from segurnum.depots.comptages import Comptes
from segurnum.depots.formulaires import Apercu, Formulable, apercu
from segurnum.regles.argent import Calcul, en_euros
from segurnum.regles.calendrier import date_longue
from segurnum.regles.cycles import TypeDemande
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
    vu = apercu(forme)
    return Presentation(
        titre=f"Déposer ma demande {_de(forme)}",
        recapitulatif=_recapitulatif(forme, vu.calcul),
        comptes=nombres(forme.formulaire, vu.comptes.donnees) if vu.comptes else (),
        montants=_montants(forme, vu),
        calcul=vu.calcul,
        avertissement=_avertissement(vu.comptes) or vu.refus,
    )


def _de(forme: Formulable) -> str:
    return "d'avance" if forme.type is TypeDemande.AVANCE else "de solde"


def _recapitulatif(forme: Formulable, calcul: Calcul | None) -> tuple[tuple[str, str], ...]:
    lignes = list(qui_depose(forme.enrolement.referencement, forme.enrolement.entreprise))
    if forme.type is TypeDemande.SOLDE and forme.avance is not None:
        lignes.append(("Numéro de dossier", forme.avance.dossier.numero))
    if forme.type is TypeDemande.AVANCE and calcul is not None:
        lignes += plus_haut(forme.enrolement.taux_tva, calcul.decide)
    return tuple(lignes)


def _montants(forme: Formulable, vu: Apercu) -> tuple[Donnee, ...]:
    lus = calcule(forme.formulaire, forme.type, forme.enrolement.taux_tva, vu.declare)
    if vu.calcul is None:
        return lus
    de = "de l'avance" if forme.type is TypeDemande.AVANCE else "du solde"
    return (*lus, Donnee(f"Montant {de}, régime de TVA compris", en_euros(vu.calcul.decide)))


def _avertissement(comptes: Comptes | None) -> str:
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
