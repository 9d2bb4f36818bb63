"""Model documents in every status, through the same services as the screens."""

import io

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.demonstration import documents
from segurnum.fichiers import services as fichiers
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument

_LIGNES = (
    "Client : ..............................",
    "Logiciel : Valpatient Deux",
    "Date : ..............................",
    "Signature du client :",
)


def soumettre(editeur: Utilisateur, gestionnaire: Utilisateur) -> None:
    """Import as `editeur`, whose company has an enrolment of the second wave; answer as `gestionnaire`."""
    if editeur.entreprise is None:
        raise AssertionError("le compte n'a pas d'entreprise")
    qui, officier = auteur(editeur), auteur(gestionnaire)
    for type_modele, nom in (
        ("MODELE_BDC_HOP", "bon-de-commande.pdf"),
        ("MODELE_VA_HOP", "verification-aptitude.pdf"),
        ("MODELE_MOM_HOP", "mise-en-ordre-de-marche.pdf"),
    ):
        _importer(editeur.entreprise, qui, type_modele, nom)
    accepte, rejete, _ = services.soumettre(entreprise=editeur.entreprise, auteur=qui)
    services.accepter(
        modele=accepte.pk, auteur=officier, motif="Conforme : gardez la date au-dessus de la signature."
    )
    services.rejeter(
        modele=rejete.pk,
        auteur=officier,
        motif="Le modèle ne nomme pas la version du logiciel : ajoutez-la, puis soumettez-le de nouveau.",
    )
    _importer(editeur.entreprise, qui, "MODELE_VA_HOP", "verification-aptitude-v2.pdf")


def _importer(entreprise: Entreprise, qui: Auteur, type_modele: str, nom: str) -> ModeleDocument:
    octets = documents.attester(f"Modèle : {nom}", _LIGNES)
    fichier = fichiers.deposer(flux=io.BytesIO(octets))
    return services.importer(
        entreprise=entreprise, auteur=qui, type_modele=type_modele, nom=nom, fichier=fichier
    )
