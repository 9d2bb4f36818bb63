"""The demonstration accounts and their published password. They exist only where the demonstration was loaded."""

MOT_DE_PASSE = "segur-demo"
# Where the mails that nobody receives are read.
BOITE = "/demonstration/courriels"
COMPTES = {
    "demo-fournisseur": "Fournisseur",
    "demo-fournisseur2": "Fournisseur d'une autre entreprise",
    "demo-operateur": "Opérateur MSSanté",
    "demo-gestionnaire": "Gestionnaire : instruit et valide",
    "demo-gestionnaire2": "Gestionnaire : accepte les enrôlements et les comptes bancaires",
    "demo-gestionnaire3": "Gestionnaire : confirme un compte que l'autre a accepté",
    "demo-decideur": "Décideur : décide",
    "demo-comptable": "Comptable : paie",
    "demo-auditeur": "Auditeur : lit tout, ne fait rien",
    "demo-admin": "Administration : consulte tout, règle le calendrier et les barèmes",
    "demo-admin2": "Administration : approuve ce que l'autre propose",
}
