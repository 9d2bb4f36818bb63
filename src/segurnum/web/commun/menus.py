"""The menus of each profile: labels of the guides, in their order (FRM-008 to FRM-017)."""

from dataclasses import dataclass

from segurnum.comptes.models import Profil, Utilisateur


@dataclass(frozen=True)
class Entree:
    """A tab: a page of its own (`route`), or a list of them (`entrees`)."""

    libelle: str
    route: str = ""
    entrees: tuple["Entree", ...] = ()


AIDE = Entree(
    "Besoin d'aide ?",
    entrees=(
        Entree("Contacter l'assistance", "public:assistance"),
        Entree("Guide : déposer mes demandes", "public:guide_deposer"),
        Entree("Catalogue des anomalies", "public:anomalies"),
    ),
)

FOURNISSEUR = (
    Entree("Accueil", "fournisseur:accueil"),
    Entree(
        "Importation JSONs",
        entrees=(
            Entree("Gérer mes importations JSONs", "fournisseur:importations"),
            Entree("Importer mes demandes", "fournisseur:importer"),
            Entree("Accéder à la documentation des JSONs", "public:documentation"),
        ),
    ),
    Entree(
        "Demandes de financement",
        entrees=(Entree("Gérer mes demandes de financement", "fournisseur:demandes"),),
    ),
    AIDE,
)

OPERATEUR = (
    Entree("Accueil", "fournisseur:accueil"),
    Entree("Demande de financement", entrees=(Entree("Ma demande de financement", "fournisseur:demandes"),)),
    AIDE,
)

GESTION = (
    Entree("Accueil", "gestion:accueil"),
    Entree("Demandes", "gestion:demandes"),
    Entree("Paiements", "gestion:paiements"),
    Entree("Guide", "public:guide_instruire"),
)

MENUS = {
    Profil.FOURNISSEUR: FOURNISSEUR,
    Profil.OPERATEUR: OPERATEUR,
    Profil.GESTIONNAIRE: GESTION,
    Profil.DECIDEUR: GESTION,
    Profil.COMPTABLE: GESTION,
    Profil.ADMINISTRATION: GESTION,
}


def menu(utilisateur: Utilisateur) -> tuple[Entree, ...]:
    return MENUS[Profil(utilisateur.profil)]
