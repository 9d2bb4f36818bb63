"""What a person opens: stored bytes, a table made on demand, a value. Its kind says who may."""

from dataclasses import dataclass

from segurnum.fichiers import formats
from segurnum.fichiers.models import Fichier
from segurnum.regles.cycles import EnumLibelle


class Genre(EnumLibelle):
    """The kinds of documents, named as the table of rights prints them."""

    PIECE_DEMANDE = "PIECE_DEMANDE", "Pièce d'une demande"
    LETTRE = "LETTRE", "Lettre de décision, avis de paiement, titre de recette"
    REPONSE = "REPONSE", "Réponse ou lettre sur un bénéficiaire contesté"
    PIECE_ENROLEMENT = "PIECE_ENROLEMENT", "Pièce d'un enrôlement (ni identité, ni RIB)"
    PIECE_PERSONNES = "PIECE_PERSONNES", "Mandat joint à un changement de personnes"
    IDENTITE = "IDENTITE", "Pièce d'identité"
    RIB = "RIB", "RIB"
    IBAN = "IBAN", "IBAN entier"
    MODELE = "MODELE", "Modèle de pièce justificative"
    IMPORT = "IMPORT", "Fichier JSON déposé, fichier JSON de sortie"
    RECEPISSE = "RECEPISSE", "Récépissé de ce qu'une entreprise a envoyé"
    EXPORT = "EXPORT", "Export des demandes, des bénéficiaires, des pièces"
    REFERENTIEL = "REFERENTIEL", "Export du référentiel des numéros ANS"
    LISTE = "LISTE", "Export d'une liste des agents"
    LIVRE = "LIVRE", "Écritures et états du grand livre"
    TETES = "TETES", "Têtes du journal"
    ADRESSES = "ADRESSES", "Adresses derrière un solde arrêté"
    MESSAGE = "MESSAGE", "Pièce jointe à un message à l'assistance"
    ACTUALITE = "ACTUALITE", "Pièce jointe à une actualité"
    EXEMPLE = "EXEMPLE", "Exemple de la démonstration"
    BROUILLON = "BROUILLON", "Pièce de l'enrôlement que ce navigateur saisit"
    PUBLIE = "PUBLIE", "Document publié, modèle, schéma, calendrier"


@dataclass(frozen=True, kw_only=True)
class Document:
    """`objet` names it in the journal, `sujet` what it belongs to, as people call that: neither tells of a person.

    `nom` is the name under which it is saved, and tells its type; `entreprise` is its owner's key.
    """

    genre: Genre
    objet: str
    sujet: str = ""
    nom: str = ""
    fichier: Fichier | None = None
    entreprise: int | None = None

    @property
    def type_mime(self) -> str:
        return formats.type_de(self.nom)

    @property
    def dessinable(self) -> bool:
        """Whether its pages can be shown as pictures."""
        return formats.dessinable(self.nom)

    @property
    def en_texte(self) -> bool:
        """Whether it is shown as a text."""
        return self.type_mime == formats.TEXTE

    @property
    def montrable(self) -> bool:
        return self.fichier is not None and not self.retenu and (self.dessinable or self.en_texte)

    @property
    def retenu(self) -> str:
        """Why nobody opens it: a threat, or an antivirus that has not had its say. Empty when it may be opened."""
        return self.fichier.retenu if self.fichier is not None else ""
