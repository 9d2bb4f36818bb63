"""« Informations de la demande » of a request deposited on screen: what was typed, counted and computed."""

from dataclasses import dataclass

from segurnum.couloirs.champs import TELEPHONE, Champ
from segurnum.demandes import baremes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier
from segurnum.regles.argent import Calcul, en_euros, en_taux
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import ecrire_telephone
from segurnum.web.commun.blocs.lecture import Donnee, Lecture

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


def formulaire(lecture: Lecture) -> Formulaire:
    """Everything, group by group (MSS-022 to MSS-024, MSS-028)."""
    saisis = (
        Groupe(groupe.titre, tuple(_saisi(lecture, champ) for champ in groupe.champs))
        for groupe in lecture.couloir.formulaire(lecture.type).groupes
    )
    groupes = (identite(lecture), *saisis, comptes(lecture), *montants(lecture))
    demande = lecture.demande
    return Formulaire(
        groupes=tuple(groupe for groupe in groupes if groupe.donnees),
        instruite=demande.instruite,
        calcul=demande.calcul_retenu if demande.instruite else None,
    )


def identite(lecture: Lecture) -> Groupe:
    """« Informations Solde »: number and DSR (MOD-013)."""
    demande = lecture.demande
    return Groupe(
        f"Informations {lecture.type.libelle}",
        (Donnee("N° ASP de la demande", demande.numero), Donnee("DSR", demande.dsr)),
    )


def comptes(lecture: Lecture) -> Groupe:
    """« BAL déclarées »: the three counts, whose they are, and whether they are settled."""
    declares = lecture.couloir.formulaire(lecture.type).comptes
    libelles = {champ.nom: champ.libelle for champ in declares}
    if not declares:
        return Groupe("", ())
    nombres = [
        Donnee(
            libelles[nom], "Pas encore connu" if lecture.donnees[nom] is None else str(lecture.donnees[nom])
        )
        for nom in baremes.COMPTES
    ]
    if lecture.donnees.get("balSource"):
        arretees = lecture.donnees.get("balArretees")
        etat = "arrêtés à la date de clôture" if arretees else "provisoires jusqu'à la date de clôture"
        nombres.append(Donnee(libelles["balSource"], f"{lecture.donnees['balSource']} ({etat})"))
    return Groupe("BAL déclarées", tuple(nombres))


def montants(lecture: Lecture) -> tuple[Groupe, ...]:
    """« Montant avance » and « Montants solde » (MOD-014)."""
    demande = lecture.demande
    if lecture.type is TypeDemande.AVANCE:
        return (Groupe("Montant avance", (*_calcule(demande, "de l'avance"), *_retenus(demande))),)
    avance = avance_du_dossier(demande)
    decide = avance.montant_decide if avance else None
    de_l_avance = Donnee(
        "Montant décidé de l'avance (fonction du régime TVA)",
        "Pas encore décidé" if decide is None else en_euros(decide),
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA.",
    )
    return (
        Groupe("Montant avance", (de_l_avance,)),
        Groupe("Montants solde", (*_calcule(demande, "du solde"), *_retenus(demande))),
    )


def _calcule(demande: Demande, de: str) -> tuple[Donnee, ...]:
    compte = demande.couloir.formulaire(demande.type_enum).comptes
    selon = " (en fonction du nombre de BAL déclarées)" if compte else ""
    montant = demande.montant_declare
    return (
        Donnee("Taux TVA", en_taux(demande.taux_tva)),
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
    avance = demande.type_enum is TypeDemande.AVANCE
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


def _saisi(lecture: Lecture, champ: Champ) -> Donnee:
    donnee = _donnee(lecture, champ.nom, champ.libelle)
    return Donnee(champ.libelle, ecrire_telephone(donnee.valeur)) if champ.type is TELEPHONE else donnee


def _donnee(lecture: Lecture, nom: str, libelle: str) -> Donnee:
    valeur = lecture.donnees.get(nom)
    return Donnee(libelle, NON_RENSEIGNE if valeur is None else str(valeur))
