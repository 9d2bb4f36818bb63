"""The four columns of « Mes modèles de documents » that are filtered and sorted (EXP-009)."""

from segurnum import couloirs
from segurnum.couloirs.documents import types_de_modeles
from segurnum.regles.cycles_modeles import StatutModele
from segurnum.web.commun.filtres import contient, ecrit, jour_ecrit, parmi
from segurnum.web.commun.listes import Colonne

ORDRE = ("-soumis_le", "-pk")


def _types() -> list[tuple[str, str]]:
    return [(type_.code, type_.libelle) for type_ in types_de_modeles(c.dsr for c in couloirs.tous())]


COLONNES = (
    Colonne("import", "Date d'import", ecrit(jour_ecrit("soumis_le")), ("soumis_le",)),
    Colonne("type", "Type de document", parmi("type", _types), ("type",)),
    Colonne("nom", "Nom", contient("nom"), ("nom",)),
    Colonne("statut", "Statut", parmi("statut", lambda: ((s, s.libelle) for s in StatutModele)), ("statut",)),
)
