"""« Mes modèles de documents » and « Fichiers en cours d'import » (EXP-009)."""

from django.urls import reverse

from segurnum import couloirs
from segurnum.couloirs.documents import types_de_modeles
from segurnum.regles.cycles_modeles import StatutModele
from segurnum.web.kits.filtres import contient, ecrit, jour_ecrit, parmi
from segurnum.web.kits.tableau import Colonne, Tableau


def _types() -> list[tuple[str, str]]:
    return [(type_.code, type_.libelle) for type_ in types_de_modeles(c.dsr for c in couloirs.tous())]


HISTORIQUE = Tableau(
    "liste-modeles",
    "Mes modèles de documents",
    (
        Colonne(
            "import",
            "Date d'import",
            ecrit(jour_ecrit("soumis_le")),
            ("soumis_le",),
            cellule="soumis_le|jour",
        ),
        Colonne("type", "Type de document", parmi("type", _types), ("type",), cellule="libelle_type"),
        Colonne("nom", "Nom", contient("nom"), ("nom",)),
        Colonne(
            "statut",
            "Statut",
            parmi("statut", lambda: ((s, s.libelle) for s in StatutModele)),
            ("statut",),
            cellule="statut|badge",
        ),
        Colonne(
            "actions",
            "Actions",
            cellule="fournisseur/cellules/consulter.html",
            lien=lambda modele: reverse("fournisseur:modele", args=[modele.pk]),
        ),
    ),
    ordre=("-soumis_le", "-pk"),
)
EN_IMPORT = Tableau(
    "liste-en-cours",
    "Fichiers en cours d'import",
    (
        Colonne("nom", "Nom du fichier", titre=True),
        Colonne("type", "Type"),
        Colonne("depot", "Date de dépôt", cellule="depose_le|jour"),
        Colonne("consulter", "Consulter", cellule="fournisseur/cellules/telecharger_modele.html"),
        Colonne("supprimer", "Supprimer", cellule="fournisseur/cellules/supprimer_modele.html"),
    ),
)
