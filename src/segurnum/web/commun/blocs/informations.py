"""What is asked, how much, and where it is paid: of a request in a file as of one deposited on screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum.couloirs import bloc_montant
from segurnum.couloirs.baremes import PART_DU_PLAFOND, PLAFOND, BoitesComptees
from segurnum.couloirs.champs import TELEPHONE, Champ
from segurnum.couloirs.formulaire import Formulaire as Declaration
from segurnum.demandes.queries import avance_du_dossier
from segurnum.kits.fiche import Donnee
from segurnum.paiements.comptes import compte_paye
from segurnum.regles.argent import LigneCalcul, en_euros, en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import ecrire_telephone
from segurnum.seuil.iban import IbanLu, comptes_lus
from segurnum.web.commun.blocs.consultee import Consultee


@dataclass(frozen=True)
class Informations:
    demande: tuple[Donnee, ...]
    montants: tuple[Donnee, ...]
    instruite: bool
    plafond: tuple[str, ...] = ()


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
        Donnee("Taux TVA", en_taux(consultee.montants.taux_tva)),
    ]
    return Informations(tuple(lignes), _montants(consultee), demande.instruite, _plafond(consultee))


def _plafond(consultee: Consultee) -> tuple[str, ...]:
    """How the ceiling was reached, its tariff named; before that, what is not public of the couloir's scale."""
    if consultee.ancienne:
        return ()
    calcul = consultee.demande.calcul_retenu
    if calcul is None:
        return tuple(filter(None, (consultee.couloir.bareme.reserve,)))
    return tuple(
        f"{ligne.libelle}\u00a0: {ligne.detail}, soit {en_euros(ligne.montant)}."
        for ligne in calcul.lignes
        if ligne.libelle in (PLAFOND, PART_DU_PLAFOND)
    )


def _montants(consultee: Consultee) -> tuple[Donnee, ...]:
    aide, *aides = _AIDES[consultee.type]
    declare = Donnee(
        f"Montant SEGUR total hors taxe déclaré lors {_de(consultee.type)}",
        en_euros(consultee.couloir.montant_declare(consultee.donnees, consultee.type)),
        aide,
    )
    return (declare, *montants_retenus(consultee, aides))


def montants_retenus(consultee: Consultee, aides: Sequence[str]) -> tuple[Donnee, ...]:
    """The last amounts retained, as many as are explained, once the request was looked at (REQ-043)."""
    calcul, de = consultee.calcul, _de(consultee.type)
    libelles = (
        f"Montant de l'engagement SEGUR hors taxe retenu (lors {de})",
        f"Montant de l'engagement SEGUR retenu (lors {de} - fonction du régime TVA)",
        f"Montant décidé {de} (fonction du régime TVA)",
    )[-len(aides) :]
    retenus: list[tuple[Decimal, LigneCalcul | None]]
    if calcul is None:
        retenus = [(montant, None) for montant in consultee.montants.retenus[-len(aides) :]]
    else:
        retenus = [(ligne.montant, ligne) for ligne in calcul.lignes[-len(aides) :]]
    return tuple(
        Donnee(libelle, en_euros(montant), aide, ligne)
        for libelle, aide, (montant, ligne) in zip(libelles, aides, retenus, strict=bool(retenus))
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


NON_RENSEIGNE = "Non renseigné"


@dataclass(frozen=True)
class Groupe:
    """Labelled values under one title."""

    titre: str
    donnees: tuple[Donnee, ...]


def formulaire(consultee: Consultee) -> dict[str, Any]:
    """Everything, group by group (MSS-022 to MSS-024, MSS-028), and how the amounts were reached once instructed."""
    saisis = (
        Groupe(groupe.titre, tuple(_saisi(consultee, champ) for champ in groupe.champs))
        for groupe in consultee.couloir.formulaire(consultee.type).groupes
    )
    groupes = (identite(consultee), *saisis, comptes(consultee), *montants(consultee))
    demande = consultee.demande
    return {
        "groupes": [groupe for groupe in groupes if groupe.donnees],
        "instruite": demande.instruite,
        "calcul": consultee.calcul,
    }


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
    bareme = consultee.couloir.bareme
    source = donnees.get(bareme.source_comptes)
    if lus and source:
        arretees = donnees.get(bareme.comptes_arretes)
        etat = "arrêtés à la date de clôture" if arretees else "provisoires jusqu'à la date de clôture"
        (libelle,) = (champ.libelle for champ in formulaire.comptes if champ.nom == bareme.source_comptes)
        lus = (*lus, Donnee(libelle, f"{source} ({etat})"))
    return Groupe("BAL déclarées", lus)


def nombres(formulaire: Declaration, donnees: Mapping[str, Any]) -> tuple[Donnee, ...]:
    """The three counts, where this form has some."""
    libelles = {
        champ.nom: champ.libelle for champ in formulaire.comptes if champ.nom in BoitesComptees.comptes
    }
    return tuple(
        Donnee(libelle, "Pas encore connu" if donnees[nom] is None else str(donnees[nom]))
        for nom, libelle in libelles.items()
    )


def montants(consultee: Consultee) -> tuple[Groupe, ...]:
    """« Montant avance » and « Montants solde » (MOD-014)."""
    demande = consultee.demande
    if consultee.type is TypeDemande.AVANCE:
        return (Groupe("Montant avance", (*_calcule(consultee), *_retenus(consultee))),)
    avance = avance_du_dossier(demande)
    decide = avance.montant_decide if avance else None
    de_l_avance = Donnee(
        "Montant décidé de l'avance (fonction du régime TVA)",
        "Pas encore décidé" if decide is None else en_euros(decide),
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA.",
    )
    return (
        Groupe("Montant avance", (de_l_avance,)),
        Groupe("Montants solde", (*_calcule(consultee), *_retenus(consultee))),
    )


def _calcule(consultee: Consultee) -> tuple[Donnee, ...]:
    formulaire, lus = consultee.couloir.formulaire(consultee.type), consultee.montants
    return calcule(formulaire, consultee.type, lus.taux_tva, lus.declare)


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


def _retenus(consultee: Consultee) -> tuple[Donnee, ...]:
    decide = (
        "Montant décidé pour paiement au titre de l'avance. Il tient compte de votre régime de TVA."
        if consultee.type is TypeDemande.AVANCE
        else "Montant à payer au titre du solde : l'engagement retenu, moins l'avance."
    )
    engagement = "Montant total retenu pour la prestation SEGUR. Il tient compte de votre régime de TVA."
    return montants_retenus(consultee, (engagement, decide))


def _saisi(consultee: Consultee, champ: Champ) -> Donnee:
    valeur = consultee.donnees.get(champ.nom)
    ecrite = NON_RENSEIGNE if valeur is None else str(valeur)
    return Donnee(champ.libelle, ecrire_telephone(ecrite) if champ.type is TELEPHONE else ecrite)
