"""An enrolment in writing: what it declares, each value under its label, for whoever reads it."""

from decimal import Decimal

from segurnum.coordonnees.personnes import Personne
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.models import Enrolement
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import en_taux
from segurnum.regles.calendrier import date_fr, instant_exact
from segurnum.regles.identifiants import ecrire_telephone

Lignes = tuple[tuple[str, str], ...]
HORS_TVA = "Non assujetti à la TVA (régime HT)"


def logiciel(reference: Referencement, declaration: Declaration | None) -> Lignes:
    effet = date_fr(reference.date_effet) if reference.date_effet else "Non renseignée"
    lignes = [
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Nom du logiciel", reference.logiciel),
        ("Version du logiciel", reference.version),
        ("DSR concerné", reference.libelle_dsr),
        ("Profil référencé", ", ".join(reference.profils) or "Aucun"),
        ("Date de prise d'effet", effet),
    ]
    if declaration is not None and declaration.heberge_donnees is not None:
        lignes.append(("Hébergement de données de santé", "Oui" if declaration.heberge_donnees else "Non"))
    return tuple(lignes)


def societe(morale: PersonneMorale) -> Lignes:
    lignes = (
        ("SIRET", morale.siret),
        ("Dénomination sociale", morale.denomination),
        ("Nom commercial", morale.nom_commercial),
        ("Identité du destinataire / service", morale.destinataire),
        ("Entrée / Bât / Immeuble", morale.batiment),
        ("Adresse", morale.adresse),
        ("Code postal", morale.code_postal),
        ("Commune", morale.commune),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)


def personne(personne: Personne) -> Lignes:
    return (
        ("Nom", personne.nom),
        ("Prénom", personne.prenom),
        ("Email", personne.courriel),
        ("Téléphone", ecrire_telephone(personne.telephone)),
    )


def banque(declaree: Banque, iban: str) -> Lignes:
    """`iban`: the account as its reader sees it."""
    return (
        ("IBAN", iban),
        ("BIC", declaree.bic),
        ("Titulaire", declaree.titulaire),
        ("Domiciliation", declaree.domiciliation),
    )


def tva(taux: Decimal) -> Lignes:
    return (("Taux de TVA", en_taux(taux) if taux else HORS_TVA),)


def recapitulatif(enrolement: Enrolement) -> Lignes:
    """What an officer knows it by."""
    entreprise, reference = enrolement.entreprise, enrolement.referencement
    return (
        ("SIRET", entreprise.siret),
        ("Dénomination sociale", entreprise.denomination),
        ("Adresse", entreprise.adresse_complete),
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Référencement validé par l'ANS", "Oui" if reference.valide else "Non"),
        ("Type d'enrôlement", enrolement.libelle_type),
        ("Reçue le", instant_exact(enrolement.depose_le)),
        ("Date de changement de statut", date_fr(enrolement.statut_depuis)),
        ("Courriels envoyés à", enrolement.courriel),
    )
