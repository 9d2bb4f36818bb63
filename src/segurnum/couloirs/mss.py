"""Operators of secure health mail: web forms, mailboxes counted in the national directory at the closing date."""

from decimal import Decimal

from segurnum.couloirs.baremes import BoitesComptees
from segurnum.couloirs.champs import COURRIEL, LIEN_WEB, TELEPHONE, Booleen, Champ, Entier, Texte
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Formulaires
from segurnum.couloirs.formulaire import Formulaire, Groupe, ZonePiece

_NOMBRE = Entier(minimum=0, maximum=99_999_999, exemple=10)

_CONTACT = (
    Champ(
        "nomContact",
        Texte(140, exemple="Camille LORMELIN"),
        "Nom du contact support de l'opérateur",
        obligatoire=False,
    ),
    Champ("telephoneContact", TELEPHONE, "Numéro de téléphone du contact support de l'opérateur"),
    Champ("courrielContact", COURRIEL, "Adresse mail du contact support de l'opérateur"),
)
_LIEN = Champ(
    "lienDocumentation",
    LIEN_WEB,
    "Lien vers le site web mettant à disposition la documentation pour les clients et éditeurs",
)


def _bal(nom: str, libelle: str) -> Champ:
    return Champ(nom, _NOMBRE, libelle)


AVANCE = Formulaire(
    groupes=(
        Groupe(
            "Nombre de boîtes aux lettres (BAL)",
            (
                _bal(
                    "balApplicativesActuelles",
                    "Nombre de Boîtes Aux Lettres (BAL rattachées à des applications)",
                ),
                _bal("balApplicativesEstimees", "Nombre de BAL applicatives estimées à la date de clôture"),
                _bal("balOrganisationnellesActuelles", "Nombre de BAL organisationnelles actuelles"),
                _bal(
                    "balOrganisationnellesEstimees",
                    "Nombre de BAL organisationnelles estimées à la date de clôture",
                ),
                _bal("balPersonnellesActuelles", "Nombre de BAL personnelles actuelles"),
                _bal("balPersonnellesEstimees", "Nombre de BAL personnelles estimées à la date de clôture"),
            ),
        ),
        Groupe("Contact support", _CONTACT),
    ),
    zones=(ZonePiece("MSS_PIECE_AVANCE", "Pièce à l'appui de votre demande", obligatoire=False),),
)
SOLDE = Formulaire(
    groupes=(Groupe("Informations de la demande", (*_CONTACT, _LIEN)),),
    zones=(
        ZonePiece(
            "MSS_RESU_TEST_TECH",
            "Fichier de preuve de déploiement de l'interface API LPS/DUI",
            formats=("txt", "pdf"),
        ),
        ZonePiece("MSS_GUIDE_PDF_API", "Guide PDF Éditeur et Client final de connexion à l'API"),
        ZonePiece(
            "MSS_FACTURE_ACQUITTEE",
            "Facture acquittée correspondant au bon de commande (ou devis signé) transmis lors de l'enrôlement",
            profils=frozenset({"ACHETEUR"}),
        ),
    ),
    comptes=(
        *(
            _bal(nom, f"Nombre de BAL {lesquelles} déclarées")
            for nom, lesquelles in zip(
                BoitesComptees.comptes, ("applicatives", "organisationnelles", "nominatives"), strict=True
            )
        ),
        Champ(BoitesComptees.source_comptes, Texte(), "Source des nombres de BAL"),
        Champ(BoitesComptees.comptes_arretes, Booleen(), "Nombres arrêtés à la date de clôture"),
    ),
)

COULOIRS = (
    Couloir(
        couloir="MSS",
        logiciel="MSS",
        vague=1,
        libelle="MSSanté Opérateur",
        depot=Formulaires(AVANCE, SOLDE),
        bareme=BoitesComptees(
            exemple={
                "applicative": Decimal("58.33"),
                "organisationnelle": Decimal("20.83"),
                "nominative": Decimal("5.00"),
                "forfait": Decimal("6666.67"),
                "plafond": Decimal("250000.00"),
            }
        ),
    ),
)
