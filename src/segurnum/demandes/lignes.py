"""What the journal proves of the rows of requests, and of the amounts granted for them (`journal.preuves`)."""

from segurnum.journal.preuves import Preuve

DEMANDE = Preuve(
    "demande",
    fixes="dossier dossier__numero dossier__entreprise_id dossier__enrolement_id dossier__dsr entreprise numero "
    "type dsr numero_editeur depose_le",
    suit="statut_depuis commentaire instruite valide_le decide_le",
)
OCTROI = Preuve(
    "octroi",
    fixes="demande montant_ht motif version manquants auteur cree_le",
    suit="approbateur approuve_le",
)
