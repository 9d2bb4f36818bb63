"""News, a document and messages of the demonstration, through the same services as the screens."""

import io
from decimal import Decimal

from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Utilisateur
from segurnum.demonstration import documents
from segurnum.editorial import assistance, services
from segurnum.editorial.models import Actualite, DocumentUtile
from segurnum.fichiers import services as fichiers

A = Actualite.Audience

_ACTUALITES = (
    (
        "Lancement des opérations de recouvrement",
        "Paiement",
        "Les trop-perçus constatés au solde font l'objet d'un ordre de recouvrement.\n\nChaque entreprise concernée "
        "est prévenue par courriel ; la consultation de la demande montre le calcul, ligne par ligne.",
        A.TOUS,
    ),
    (
        "Ouverture du dépôt des soldes",
        "Calendrier",
        "Un solde se dépose dès que son avance est déposée avec ses pièces ; il est validé une fois l'avance décidée. "
        "Simulez vos fichiers avant l'import : les contrôles sont les mêmes.",
        A.FOURNISSEURS,
    ),
    (
        "Relevé des boîtes aux lettres de l'Annuaire Santé",
        "Information",
        "Le nombre de boîtes retenu est celui de l'Annuaire Santé à la date de clôture.",
        A.OPERATEURS,
    ),
)


def publier(redacteur: Utilisateur, correspondant: Utilisateur) -> None:
    """Publish as `redacteur`; the messages come from `correspondant`."""
    bon = documents.Contenu(
        type="BON_COMMANDE",
        numero="2026-001",
        date="02/01/2026",
        fournisseur="Logiciels Valombreuse",
        client="Résidence des Tilleuls-Bleus",
        logiciel="Valusager",
        montant_ht=Decimal("1000.00"),
        taux_tva=Decimal(20),
    )
    piece = fichiers.deposer(flux=io.BytesIO(documents.fabriquer(bon, "PDF")))
    for titre, categorie, contenu, audience in _ACTUALITES:
        services.publier(
            publication=Actualite(titre=titre, categorie=categorie, contenu=contenu, audience=audience),
            auteur=auteur(redacteur),
            fichier=piece if audience == A.TOUS else None,
            nom_fichier="exemple.pdf" if audience == A.TOUS else "",
        )
    services.publier(
        publication=DocumentUtile(
            titre="Exemple de bon de commande rempli",
            description="Document inventé, pour la démonstration.",
        ),
        auteur=auteur(redacteur),
        fichier=piece,
        nom_fichier="exemple-bon-de-commande.pdf",
    )
    ticket = assistance.recevoir(
        champs=_message(correspondant, "Comment ajouter une pièce oubliée ?"), auteur=VISITEUR
    )
    assistance.repondre(
        ticket=ticket.pk,
        auteur=auteur(redacteur),
        texte="Le gestionnaire qui instruit la demande va vous la demander : vous pourrez alors la déposer.",
        clore=True,
    )
    assistance.recevoir(
        champs=_message(correspondant, "Mon fichier JSON est refusé avec le code 3055 : que corriger ?"),
        auteur=auteur(correspondant),
        entreprise=correspondant.entreprise,
    )


def _message(correspondant: Utilisateur, description: str) -> dict[str, str]:
    return {
        "couloir": "MS",
        "phase": "AVANCE",
        "type": "FICHIER",
        "nom": "Camille Valombreuse",
        "raison_sociale": correspondant.entreprise.denomination if correspondant.entreprise else "",
        "courriel": correspondant.email,
        "telephone": "+33155000000",
        "numero_demande": "Sans objet",
        "description": description,
    }
