"""What the first acceptance of an initial enrolment opens: the company, its persons, its bank account, its access."""

from typing import Any

from segurnum.comptes import comptes_bancaires, entreprises
from segurnum.comptes import services as comptes
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires, Entreprise, Profil
from segurnum.coordonnees import services as coordonnees
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.models import Enrolement
from segurnum.referentiel.queries import annonces
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible


def ouvrir(enrolement: Enrolement, declaration: Declaration, *, auteur: Auteur) -> None:
    """What was declared becomes what is known of the company, and its person gets an account (ENR-068 to ENR-070).

    Within the caller's transaction, which holds the company and knows that nobody signs in for it.
    """
    titulaire = declaration.titulaire_du_compte
    if titulaire is None or declaration.representant is None or declaration.banque is None:
        raise GesteImpossible("La déclaration est incomplète : elle ne peut pas être validée.")
    entreprise = enrolement.entreprise
    if declaration.entreprise is not None:
        _mettre_a_jour(entreprise, declaration.entreprise)
    coordonnees.enregistrer_personnes(
        entreprise=entreprise, representant=declaration.representant, depositaire=declaration.depositaire
    )
    entreprises.consigner(entreprise, auteur=auteur)
    _retenir_le_compte(entreprise, declaration.banque, auteur)
    couloir = enrolement.referencement.couloir
    operateur = couloir is not None and couloir.par_formulaire
    comptes.ouvrir_acces(
        entreprise=entreprise,
        courriel=titulaire.courriel,
        nom=titulaire.nom,
        prenom=titulaire.prenom,
        profil=Profil.OPERATEUR if operateur else Profil.FOURNISSEUR,
        auteur=auteur,
    )


def _mettre_a_jour(entreprise: Entreprise, morale: PersonneMorale) -> None:
    entreprise.denomination = morale.denomination
    entreprise.adresse = morale.adresse
    entreprise.code_postal = morale.code_postal
    entreprise.commune = morale.commune
    entreprise.save()


def _retenir_le_compte(entreprise: Entreprise, banque: Banque, auteur: Auteur) -> None:
    """An active account stays: it changes by its own instruction only."""
    if entreprise.comptes_bancaires.filter(statut=CoordonneesBancaires.Statut.ACTIVE).exists():
        return
    comptes_bancaires.retenir(
        entreprise=entreprise,
        auteur=auteur,
        iban=banque.iban,
        bic=banque.bic,
        titulaire=banque.titulaire,
        domiciliation=banque.domiciliation,
    )


def depots(enrolement: Enrolement) -> dict[str, Any]:
    """What the mail of an acceptance says of the calendar: when requests for this software may be deposited."""
    annoncees = annonces({enrolement.referencement.dsr}, maintenant())
    lignes = (f"- {annonce.quoi} : {annonce.phrase}" for annonce in annoncees)
    return {"depots": "\n".join(lignes), "depot_ouvert": any(annonce.ouverte for annonce in annoncees)}
