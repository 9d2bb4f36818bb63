"""« Informations de la demande » and « Coordonnées bancaires »: what is asked, how much, and where it is paid."""

from dataclasses import dataclass

from segurnum.couloirs import bloc_montant
from segurnum.paiements.queries import compte_paye
from segurnum.regles.argent import en_euros, en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.commun.iban import IbanLu
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


def informations(consultee: Consultee) -> Informations:
    """What is asked and for how much; the retained amounts once instructed (REQ-039 to REQ-043)."""
    demande, couloir, donnees = consultee.demande, consultee.couloir, consultee.donnees
    bloc = bloc_montant(consultee.type)
    lignes = [
        Donnee("N° ASP de la demande", demande.dossier.numero),
        Donnee("DSR", demande.dsr),
        Donnee("N° éditeur", demande.numero_editeur),
        Donnee(f"Date de la {bloc.nom}", date_fr(couloir.date_declaree(donnees, consultee.type))),
    ]
    if consultee.type is TypeDemande.SOLDE:
        lignes.append(Donnee("N° de la facture", donnees["facture"]["numeroFacture"]))
    regime = couloir.regime_tva(donnees, consultee.type)
    lignes += [
        Donnee("Régime TVA", "Hors taxe" if regime == "HT" else "Toutes taxes comprises"),
        Donnee("Taux TVA", en_taux(demande.taux_tva)),
    ]
    return Informations(tuple(lignes), _montants(consultee), demande.instruite)


def _montants(consultee: Consultee) -> tuple[Donnee, ...]:
    aides = _AIDES[consultee.type]
    de = "de l'avance" if consultee.type is TypeDemande.AVANCE else "du solde"
    lors = f"lors {de}"
    declare = Donnee(
        f"Montant SEGUR total hors taxe déclaré {lors}",
        en_euros(consultee.couloir.montant_declare(consultee.donnees, consultee.type)),
        aides[0],
    )
    calcul = consultee.demande.calcul_retenu
    if not consultee.demande.instruite or calcul is None:
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


def coordonnees(consultee: Consultee) -> Coordonnees:
    """The account that the payments follow (REQ-045)."""
    compte = compte_paye(consultee.demande)
    if compte is None:
        return Coordonnees()
    iban = consultee.iban(compte)
    donnees = (
        Donnee("IBAN", iban.texte),
        Donnee("BIC", compte.bic),
        Donnee("Titulaire", compte.titulaire),
        Donnee("Domiciliation", compte.domiciliation),
    )
    return Coordonnees(donnees, iban)
