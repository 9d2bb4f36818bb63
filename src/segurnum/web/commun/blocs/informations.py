"""« Informations de la demande » and « Coordonnées bancaires »: what is asked, how much, and where it is paid."""

from dataclasses import dataclass

from segurnum.couloirs import bloc_montant
from segurnum.paiements.queries import compte_paye
from segurnum.regles.argent import en_euros, en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.iban import IbanLu
from segurnum.web.commun.blocs.lecture import Lecture
from segurnum.web.kits.fiche import Donnee


@dataclass(frozen=True)
class Informations:
    demande: tuple[Donnee, ...]
    montants: tuple[Donnee, ...]
    instruite: bool


_AIDES = {
    TypeDemande.AVANCE: (
        "Montant total hors taxe que vous avez déclaré dans le JSON lors de l'avance (balise « montantSegurHT ») "
        "correspondant au montant hors taxe du bon de commande.",
        "Montant total hors taxe prévisionnel retenu pour la prestation SEGUR.",
        "Montant total prévisionnel retenu pour la prestation SEGUR. Il tient compte de votre régime de TVA.",
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA.",
    ),
    TypeDemande.SOLDE: (
        "Montant total hors taxe que vous avez déclaré dans le JSON lors du solde (balise "
        "« montantSegurHTFacture ») correspondant au montant hors taxe de la facture.",
        "Montant total hors taxe réalisé retenu pour la prestation SEGUR.",
        "Montant total réalisé retenu pour la prestation SEGUR. Il tient compte de votre régime de TVA.",
        "Montant à payer au titre du solde. Il tient compte de votre régime de TVA et du montant de l'avance "
        "déjà versé.",
    ),
}


def informations(lecture: Lecture) -> Informations:
    """What is asked and for how much; the retained amounts once instructed (REQ-039 to REQ-043)."""
    demande, couloir, donnees = lecture.demande, lecture.couloir, lecture.donnees
    bloc = bloc_montant(lecture.type)
    lignes = [
        Donnee("N° ASP de la demande", demande.dossier.numero),
        Donnee("DSR", demande.dsr),
        Donnee("N° éditeur", demande.numero_editeur),
        Donnee(f"Date de la {bloc.nom}", date_fr(couloir.date_declaree(donnees, lecture.type))),
    ]
    if lecture.type is TypeDemande.SOLDE:
        lignes.append(Donnee("N° de la facture", donnees["facture"]["numeroFacture"]))
    regime = couloir.regime_tva(donnees, lecture.type)
    lignes += [
        Donnee("Régime TVA", "Hors taxe" if regime == "HT" else "Toutes taxes comprises"),
        Donnee("Taux TVA", en_taux(demande.taux_tva)),
    ]
    return Informations(tuple(lignes), _montants(lecture), demande.instruite)


def _montants(lecture: Lecture) -> tuple[Donnee, ...]:
    aides = _AIDES[lecture.type]
    de = "de l'avance" if lecture.type is TypeDemande.AVANCE else "du solde"
    lors = f"lors {de}"
    declare = Donnee(
        f"Montant SEGUR total hors taxe déclaré {lors}",
        en_euros(lecture.couloir.montant_declare(lecture.donnees, lecture.type)),
        aides[0],
    )
    calcul = lecture.demande.calcul_retenu
    if not lecture.demande.instruite or calcul is None:
        return (declare,)
    libelles = (
        f"Montant de l'engagement SEGUR hors taxe retenu ({lors})",
        f"Montant de l'engagement SEGUR retenu ({lors} - fonction du régime TVA)",
        f"Montant décidé {de} (fonction du régime TVA)",
    )
    retenus = (
        Donnee(libelle, en_euros(ligne.montant), aide, ligne)
        for libelle, aide, ligne in zip(libelles, aides[1:], calcul.lignes[-3:], strict=True)
    )
    return (declare, *retenus)


@dataclass(frozen=True)
class Coordonnees:
    """`iban` None: the company has no account."""

    donnees: tuple[Donnee, ...] = ()
    iban: IbanLu | None = None

    @property
    def montre(self) -> bool:
        """What was just asked for is in sight."""
        return self.iban is not None and self.iban.entier


def coordonnees(lecture: Lecture) -> Coordonnees:
    """The account that the payments follow (REQ-045)."""
    compte = compte_paye(lecture.demande)
    if compte is None:
        return Coordonnees()
    iban = lecture.iban(compte)
    donnees = (
        Donnee("IBAN", iban.texte),
        Donnee("BIC", compte.bic),
        Donnee("Titulaire", compte.titulaire),
        Donnee("Domiciliation", compte.domiciliation),
    )
    return Coordonnees(donnees, iban)
