"""The menus of each profile: labels of the guides, in their order (FRM-008 to FRM-017)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.comptes.permissions import peut_gerer_les_utilisateurs
from segurnum.editorial.permissions import peut_rediger
from segurnum.enrolements.permissions import depose_par_formulaire
from segurnum.modeles.permissions import peut_importer


@dataclass(frozen=True)
class Entree:
    """A tab: a page of its own (`route`), or a list of them (`entrees`)."""

    libelle: str
    route: str = ""
    entrees: tuple["Entree", ...] = ()


def _onglet(libelle: str, *entrees: Entree) -> Entree:
    return Entree(libelle, entrees=entrees)


AIDE = _onglet(
    "Besoin d'aide ?",
    Entree("Consulter les questions fréquentes", "public:faq"),
    Entree("Contacter l'assistance", "public:assistance"),
)

# The last entries of « Mon compte », for whom they concern.
MOT_DE_PASSE_ET_SESSIONS = Entree("Gérer ma connexion", "fournisseur:compte")
UTILISATEURS = Entree("Gérer les utilisateurs", "fournisseur:utilisateurs")
MON_COMPTE = _onglet(
    "Mon compte",
    Entree("Gérer mes coordonnées bancaires", "fournisseur:comptes_bancaires"),
    Entree("Gérer mes coordonnées personnes physiques", "fournisseur:personnes_physiques"),
    MOT_DE_PASSE_ET_SESSIONS,
    Entree("Notifications", "fournisseur:notifications"),
    UTILISATEURS,
)

ENROLEMENT = _onglet(
    "Enrôlement",
    Entree("Gérer mes demandes d'enrôlement", "fournisseur:enrolements"),
    Entree("Faire une demande complémentaire", "fournisseur:enrolement_complementaire"),
)

# For who has an enrolment of the second wave (FRM-013).
MODELES = Entree("Importer mes modèles de pièces justificatives", "fournisseur:modeles")

# The operator's; also a supplier's whose other software is an operator's.
MA_DEMANDE = Entree("Ma demande de financement", "fournisseur:ma_demande")

# What the portal received of a company.
RECEPISSES = Entree("Mes récépissés", "fournisseur:recepisses")

# For who has not signed in.
PUBLIC = (
    Entree("Accueil", "public:accueil"),
    Entree("Simuler mon fichier json", "public:simulateur"),
    Entree("Documentation des JSONs", "public:documentation"),
    Entree("Questions fréquentes", "public:faq"),
    Entree("Documents utiles", "public:documents"),
)

FOURNISSEUR = (
    Entree("Accueil", "fournisseur:accueil"),
    ENROLEMENT,
    _onglet(
        "Importation JSONs",
        Entree("Gérer mes importations JSONs", "fournisseur:importations"),
        Entree("Importer mes demandes", "fournisseur:importer"),
        Entree("Préparer mes soldes", "fournisseur:a_solder"),
        Entree("Accéder à la documentation des JSONs", "public:documentation"),
    ),
    _onglet(
        "Demandes de financement",
        Entree("Gérer mes demandes de financement", "fournisseur:demandes"),
        MA_DEMANDE,
        MODELES,
        Entree("Établir mes documents", "fournisseur:contrats"),
        RECEPISSES,
    ),
    _onglet(
        "Exports",
        Entree("Exporter vos demandes de financement", "fournisseur:exporter_demandes"),
        Entree("Exporter vos bénéficiaires", "fournisseur:exporter_beneficiaires"),
    ),
    MON_COMPTE,
    AIDE,
)

OPERATEUR = (
    Entree("Accueil", "fournisseur:accueil"),
    ENROLEMENT,
    _onglet("Demande de financement", MA_DEMANDE, RECEPISSES),
    MON_COMPTE,
    AIDE,
)

# For those who instruct, not for those who decide or pay.
ASSISTANCE = Entree("Assistance", "gestion:tickets")
PUBLICATIONS = Entree("Publications", "gestion:sommaire_publications")
ANNUAIRE_SANTE = Entree("Annuaire Santé", "gestion:annuaire_sante")
GUIDE = Entree("Guide", "public:guide_instruire")
COMPTE = Entree("Mon compte", "fournisseur:compte")

# What goes out, and what is asked back.
PAIEMENTS = (
    Entree("Paiements", "gestion:paiements"),
    Entree("À recouvrer", "gestion:recouvrements"),
)
GESTION = (
    Entree("Accueil", "gestion:accueil"),
    _onglet(
        "Demandes",
        Entree("Demandes à instruire", "gestion:demandes"),
        Entree("Bénéficiaires contestés", "gestion:contestations"),
    ),
    Entree("Enrôlements", "gestion:enrolements"),
    _onglet(
        "Entreprises",
        Entree("Modifications", "gestion:modifications"),
        Entree("Modèles", "gestion:modeles"),
    ),
    _onglet("Paiements", *PAIEMENTS),
    _onglet("Référentiels", Entree("Numéros ANS", "gestion:referencements"), ANNUAIRE_SANTE),
    ASSISTANCE,
    PUBLICATIONS,
    GUIDE,
    COMPTE,
)

# What an auditor looks at first.
CONTROLE = Entree("Contrôle", "gestion:controle")

# For those who open accounts, settle the portal and supervise. The guide is there for all the tabs to hold on one line.
INSTALLATION = _onglet(
    "Administration",
    Entree("Mise en route", "gestion:mise_en_route"),
    CONTROLE,
    Entree("Agents", "gestion:agents"),
    Entree("Fenêtres de dépôt", "gestion:fenetres"),
    Entree("Barèmes et plafonds", "gestion:baremes"),
    Entree("Projets de réglage", "gestion:projets"),
    Entree("Règles de contrôle", "gestion:regles"),
    Entree("Enveloppes", "gestion:enveloppes"),
    Entree("Mouvements de crédits", "gestion:mouvements"),
    Entree("Grand livre", "gestion:grand_livre"),
    Entree("Répertoires", "gestion:repertoires"),
    Entree("Sécurité", "gestion:securite"),
    Entree("Interrupteurs", "gestion:interrupteurs"),
    Entree("Courriels non partis", "gestion:courriels"),
    Entree("Lectures", "gestion:lectures"),
    Entree("Droits", "gestion:droits"),
    Entree("Têtes du journal", "gestion:tetes"),
    GUIDE,
)
ADMINISTRATION = (*(entree for entree in GESTION if entree not in (GUIDE, COMPTE)), INSTALLATION, COMPTE)

DECISION = tuple(entree for entree in GESTION if entree not in (ASSISTANCE, PUBLICATIONS))
# Who pays follows the money.
_PAYER = _onglet("Paiements", *PAIEMENTS, Entree("Grand livre", "gestion:grand_livre"))
COMPTABILITE = tuple(_PAYER if entree.libelle == "Paiements" else entree for entree in DECISION)

# Who audits reads everything, in the order of the money.
AUDIT = (
    replace(CONTROLE, route="gestion:accueil"),
    *(entree for entree in GESTION if entree.libelle in ("Demandes", "Enrôlements", "Entreprises")),
    _PAYER,
    _onglet(
        "Réglages",
        Entree("Enveloppes", "gestion:enveloppes"),
        Entree("Mouvements de crédits", "gestion:mouvements"),
        Entree("Fenêtres de dépôt", "gestion:fenetres"),
        Entree("Barèmes et plafonds", "gestion:baremes"),
        Entree("Projets de réglage", "gestion:projets"),
        Entree("Numéros ANS", "gestion:referencements"),
        Entree("Annuaire Santé", "gestion:annuaire_sante"),
    ),
    _onglet(
        "Traces",
        Entree("Journal", "gestion:evenements"),
        Entree("Hors des règles", "gestion:octrois"),
        Entree("Lectures", "gestion:lectures"),
        Entree("Têtes du journal", "gestion:tetes"),
        Entree("Droits", "gestion:droits"),
    ),
    Entree("Guide", "public:guide_controler"),
    COMPTE,
)

MENUS = {
    Profil.FOURNISSEUR: FOURNISSEUR,
    Profil.OPERATEUR: OPERATEUR,
    Profil.GESTIONNAIRE: GESTION,
    Profil.DECIDEUR: DECISION,
    Profil.COMPTABLE: COMPTABILITE,
    Profil.AUDITEUR: AUDIT,
    Profil.ADMINISTRATION: ADMINISTRATION,
}


# What is not for everybody of a profile.
CONDITIONS: tuple[tuple[Entree, Callable[[Utilisateur], bool]], ...] = (
    (MA_DEMANDE, depose_par_formulaire),
    (ANNUAIRE_SANTE, peut_rediger),
    (UTILISATEURS, peut_gerer_les_utilisateurs),
    (MODELES, peut_importer),
)


def menu(utilisateur: Utilisateur) -> tuple[Entree, ...]:
    """The tabs of the person's profile, without the pages that are not open to them."""
    cachees = [entree for entree, ouverte in CONDITIONS if not ouverte(utilisateur)]
    return tuple(
        replace(entree, entrees=tuple(fille for fille in entree.entrees if fille not in cachees))
        for entree in MENUS[Profil(utilisateur.profil)]
    )
