"""Changes of bank account: one to instruct, and one that came between a decision and its payment."""

import io

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.coordonnees import banque
from segurnum.coordonnees.banque import NouveauCompte
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.courriels.models import Courriel
from segurnum.demonstration import documents, identites
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier

OFFICIER = "demo-gestionnaire2"


def jouer() -> None:
    """The first is held by somebody who is not the company, which officers are told."""
    _demander("demo-fournisseur", 71, "Lormelin Anne")
    acceptee = banque.accepter(
        modification=_demander("demo-fournisseur2", 72, None).pk,
        auteur=auteur(Utilisateur.objects.get(username=OFFICIER)),
    )
    if acceptee.effet_le is not None:
        banque.activer(instant=acceptee.effet_le)


def _demander(compte: str, rang: int, titulaire: str | None) -> ModificationBancaire:
    """Asked for by the company, and confirmed by its legal representative."""
    utilisateur = Utilisateur.objects.select_related("entreprise").get(username=compte)
    entreprise = utilisateur.entreprise
    if entreprise is None:
        raise AssertionError(f"le compte {compte} n'a pas d'entreprise")
    nouveau = NouveauCompte(
        identites.iban(rang),
        identites.BIC,
        titulaire or entreprise.denomination,
        "Banque de la démonstration",
    )
    banque.ajouter(
        entreprise=entreprise,
        auteur=auteur(utilisateur),
        compte=nouveau,
        nom_rib="rib.pdf",
        rib=_rib(entreprise),
    )
    courriel = Courriel.objects.filter(code="M19").latest("pk")
    return banque.confirmer(jeton=courriel.corps.partition("?jeton=")[2].split()[0])


def _rib(entreprise: Entreprise) -> Fichier:
    octets = documents.attester("Relevé d'identité bancaire", (f"Titulaire : {entreprise.denomination}",))
    return fichiers.deposer(flux=io.BytesIO(octets))
