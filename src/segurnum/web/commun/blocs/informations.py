"""« Informations de la demande » and « Coordonnées bancaires »: what is asked, how much, and where it is paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from segurnum.couloirs import bloc_montant
from segurnum.demandes.models import Demande
from segurnum.paiements.queries import compte_paye
from segurnum.regles.argent import en_euros, en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.iban import IbanLu, comptes_lus
from segurnum.web.commun.blocs.consultee import Consultee
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
    aide, *aides = _AIDES[consultee.type]
    declare = Donnee(
        f"Montant SEGUR total hors taxe déclaré lors {_de(consultee.type)}",
        en_euros(consultee.couloir.montant_declare(consultee.donnees, consultee.type)),
        aide,
    )
    return (declare, *montants_retenus(consultee.demande, aides))


def montants_retenus(demande: Demande, aides: Sequence[str]) -> tuple[Donnee, ...]:
    """The last amounts retained, as many as are explained, once the request was looked at (REQ-043)."""
    calcul = demande.calcul_retenu
    if not demande.instruite or calcul is None:
        return ()
    de = _de(demande.type)
    libelles = (
        f"Montant de l'engagement SEGUR hors taxe retenu (lors {de})",
        f"Montant de l'engagement SEGUR retenu (lors {de} - fonction du régime TVA)",
        f"Montant décidé {de} (fonction du régime TVA)",
    )[-len(aides) :]
    lignes = calcul.lignes[-len(aides) :]
    return tuple(
        Donnee(libelle, en_euros(ligne.montant), aide, ligne)
        for libelle, aide, ligne in zip(libelles, aides, lignes, strict=True)
    )


def _de(type_demande: TypeDemande) -> str:
    return "de l'avance" if type_demande is TypeDemande.AVANCE else "du solde"


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
    iban = comptes_lus(consultee.requete, [compte], consultee.adresses.iban)[compte.pk]
    donnees = (
        Donnee("IBAN", iban.texte),
        Donnee("BIC", compte.bic),
        Donnee("Titulaire", compte.titulaire),
        Donnee("Domiciliation", compte.domiciliation),
    )
    return Coordonnees(donnees, iban)
