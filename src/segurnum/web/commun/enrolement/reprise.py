"""Beginning again from a rejected request: what it declared, as the steps of the form hold it, and its pieces."""

from typing import Any

from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.annuaire.queries import chercher
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees.personnes import Personne
from segurnum.enrolements import brouillons
from segurnum.enrolements.declaration import Declaration, PersonneMorale
from segurnum.enrolements.entreprises import preremplie
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.enrolements.preuves import exiger_la_fin
from segurnum.kits.champs import NON, OUI
from segurnum.referentiel.communes import commune_officielle, type_de_voie_officiel
from segurnum.regles.argent import TAUX_TVA_PERMIS
from segurnum.web.commun.enrolement.parcours import BANQUE, COMPLEMENTAIRE, DEMANDEUR, REFERENCEMENT, TVA

Saisie = dict[str, Any]
_DE_L_ANNUAIRE = ("nom_change", "verifie", "denomination_connue")


def recommencer_initial(rejete: Enrolement, fin_iban: str) -> Brouillon:
    """Of who holds a link and knows how the declared IBAN ends. Raises GesteImpossible where nothing can begin."""
    banque = Declaration.lire(rejete.donnees).banque
    exiger_la_fin(objet=rejete.numero, iban=banque.iban if banque else "", fin=fin_iban)
    return brouillons.recommencer(rejete=rejete, saisir=_initiale, auteur=brouillons.DEMANDEUR)


def recommencer_complementaire(rejete: Enrolement, entreprise: Entreprise, auteur: Auteur) -> Brouillon:
    """Of a company that has an account. Raises GesteImpossible while another draft is begun."""
    return brouillons.recommencer(rejete=rejete, saisir=_complementaire, auteur=auteur, entreprise=entreprise)


def _initiale(declaration: Declaration) -> dict[str, Saisie]:
    return {
        REFERENCEMENT.cle: _referencement(declaration),
        DEMANDEUR.cle: _demandeur(declaration),
        BANQUE.cle: vars(declaration.banque) if declaration.banque else {},
        TVA.cle: _tva(declaration),
    }


def _complementaire(declaration: Declaration) -> dict[str, Saisie]:
    return {COMPLEMENTAIRE.cle: _referencement(declaration) | _tva(declaration)}


def _referencement(declaration: Declaration) -> Saisie:
    return {"numero_ans": declaration.numero_ans, "heberge_donnees": _reponse(declaration.heberge_donnees)}


def _demandeur(declaration: Declaration) -> Saisie:
    tiers = declaration.depositaire is not None
    reponses = {
        "est_representant": NON if tiers else OUI,
        "qualite": declaration.qualite.name if declaration.qualite else "",
    }
    personnes = _personne("representant", declaration.representant)
    personnes |= _personne("depositaire", declaration.depositaire)
    return _societe(declaration.entreprise) | personnes | reponses


def _societe(morale: PersonneMorale | None) -> Saisie:
    """As it was declared; what the directory calls it today says whether a kbis is due."""
    if morale is None:
        return {}
    declaree = {nom: valeur for nom, valeur in vars(morale).items() if nom not in _DE_L_ANNUAIRE}
    declaree["type_voie"] = type_de_voie_officiel(morale.type_voie) or morale.type_voie
    declaree["commune"] = commune_officielle(morale.code_postal, morale.commune) or morale.commune
    return _connue(morale) | declaree


def _connue(morale: PersonneMorale) -> Saisie:
    """Where the directory says nothing, what it said at the deposit; its name then, only if that was not changed."""
    try:
        trouvee = chercher(morale.siret)
    except AnnuaireIndisponible:
        trouvee = None
    if trouvee is not None:
        return preremplie(morale.siret, trouvee)
    connue = morale.denomination_connue or ("" if morale.nom_change else morale.denomination)
    return {"verifie": morale.verifie and bool(connue), "denomination_connue": connue}


def _personne(role: str, personne: Personne | None) -> Saisie:
    if personne is None:
        return {}
    lue = {f"{role}_{champ}": valeur for champ, valeur in personne.en_dict().items()}
    return lue | {f"{role}_confirmation": personne.courriel}


def _tva(declaration: Declaration) -> Saisie:
    """The choice of the form that is this rate, however it was written."""
    choix = (str(taux) for taux in TAUX_TVA_PERMIS if taux == declaration.taux_tva)
    return {"taux_tva": next(choix, "")}


def _reponse(valeur: bool | None) -> str:
    return "" if valeur is None else OUI if valeur else NON
