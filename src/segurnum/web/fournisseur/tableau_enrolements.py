"""The six columns of « Liste des demandes d'enrôlement : » that are filtered and sorted (ENR-094, ENR-095)."""

from typing import Any

from django.db.models import CharField, Expression, F, Func, QuerySet

from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.kits.filtres import contient, ecrit, jour_ecrit, parmi, simplifie
from segurnum.web.kits.tableau import Colonne, Tableau


def _numero_ecrit() -> Expression:
    """« ENR0079 », as the model writes it."""
    return Func(
        F("sequence"),
        template="'ENR' || lpad(%(expressions)s::text, greatest(4, length(%(expressions)s::text)), '0')",
        output_field=CharField(),
    )


def _type(lignes: QuerySet[Any], cherche: str) -> QuerySet[Any]:
    voulues = [
        (type_, anticipe)
        for type_ in Enrolement.Type
        for anticipe in (False, True)
        if simplifie(cherche) in simplifie(Enrolement(type=type_, anticipe=anticipe).libelle_type)
    ]
    resultat = lignes.none()
    for type_, anticipe in voulues:
        resultat = resultat | lignes.filter(type=type_, anticipe=anticipe)
    return resultat


def _profil(lignes: QuerySet[Any], cherche: str) -> QuerySet[Any]:
    return lignes.filter(referencement__profils__icontains=cherche)


# A company has few enrolments: one per software.
TABLEAU = Tableau(
    "liste-enrolements",
    "Liste des demandes d'enrôlement :",
    (
        Colonne("numero", "Numéro demande", ecrit(_numero_ecrit, str.upper), ("sequence",), titre=True),
        Colonne(
            "depot", "Date de dépôt", ecrit(jour_ecrit("depose_le")), ("depose_le",), cellule="depose_le|jour"
        ),
        Colonne(
            "statut",
            "Statut",
            parmi("statut", lambda: ((s, s.libelle) for s in StatutEnrolement)),
            ("statut",),
            cellule="statut.libelle",
        ),
        Colonne(
            "siret",
            "Siret fournisseur",
            contient("entreprise__siret"),
            ("entreprise__siret",),
            cellule="entreprise.siret",
        ),
        Colonne(
            "profil",
            "Profil référencé",
            _profil,
            ("referencement__profils",),
            cellule="fournisseur/cellules/profils.html",
        ),
        Colonne("type", "Type d'enrôlement", _type, ("type", "anticipe"), cellule="libelle_type"),
        Colonne("actions", "Actions", cellule="fournisseur/cellules/actions_enrolement.html"),
    ),
    ordre=("-depose_le", "-pk"),
    seuil=1_000,
)
