"""The two tables of the supplier, requests and imports: their columns, and what each « Filtrer... » looks for."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.demandes.recherche import contenant
from segurnum.depots.models import Depot
from segurnum.depots.queries import depots_de
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.commun.filtres import contient, ecrit, jour_ecrit, parmi, simplifie
from segurnum.web.commun.listes import Colonne, Filtre

M = TypeVar("M", bound=Model)

DEMANDES_ORDRE = ("-depose_le", "-pk")
IMPORTATIONS_ORDRE = ("-pk",)


def _numero(champ: str) -> Filtre:
    return lambda lignes, cherche: lignes.filter(contenant(cherche, champ))


def _montant_saisi(cherche: str) -> str:
    return "".join(cherche.split()).replace("€", "").replace(",", ".")


def _denomination(entreprise: Entreprise) -> Filtre:
    """Every row has the same name: either all match, or none."""
    nom = simplifie(entreprise.denomination)
    return lambda lignes, cherche: lignes if simplifie(cherche) in nom else lignes.none()


def _types() -> Iterable[tuple[str, str]]:
    return ((type_.value, type_.libelle) for type_ in TypeDemande)


def colonnes_demandes(entreprise: Entreprise) -> tuple[Colonne, ...]:
    """The nine columns that « Liste des demandes d'avance et de solde » filters and sorts (REQ-010, REQ-011)."""
    logiciels = [(couloir.dsr, couloir.logiciel) for couloir in couloirs.tous()]
    return (
        Colonne("numero", "Numéro de dossier", _numero("numero"), ("numero",)),
        Colonne("type", "Type", parmi("type", _types), ("type",)),
        Colonne("editeur", "Numéro Éditeur", _numero("numero_editeur"), ("numero_editeur",)),
        Colonne("logiciel", "Logiciel", parmi("dsr", lambda: logiciels), ("dsr",)),
        Colonne("depot", "Date dépôt", ecrit(jour_ecrit("depose_le")), ("depose_le",)),
        Colonne(
            "statut", "Statut", parmi("statut", lambda: ((s, s.libelle) for s in StatutDemande)), ("statut",)
        ),
        Colonne(
            "paiement",
            "État de paiement",
            parmi("etat_paiement", lambda: ((etat, etat.libelle) for etat in EtatPaiement)),
            ("etat_paiement",),
        ),
        Colonne("denomination", "Dénomination sociale", _denomination(entreprise)),
        Colonne(
            "montant",
            "Montant Ségur Déclaré",
            ecrit(lambda: Cast("montant_declare", CharField()), _montant_saisi),
            ("montant_declare",),
            nombre=True,
        ),
    )


COLONNES_IMPORTATIONS = (
    Colonne("identifiant", "Identifiant", ecrit(lambda: Cast("pk", CharField())), ("pk",)),
    Colonne("date", "Date d'importation", ecrit(jour_ecrit("depose_le")), ("depose_le",)),
    Colonne(
        "ans",
        "Numéro ANS",
        contient("enrolement__referencement__numero_ans"),
        ("enrolement__referencement__numero_ans",),
    ),
    Colonne("type", "Type de demande", parmi("type", _types), ("type",)),
    Colonne("nom", "Nom du fichier", contient("nom_fichier"), ("nom_fichier",)),
    Colonne(
        "nombre", "Nbre de demandes", ecrit(lambda: Cast("nombre", CharField())), ("nombre",), nombre=True
    ),
    Colonne(
        "retenues",
        "Nbre de demandes retenues",
        ecrit(lambda: Cast("retenues", CharField())),
        ("retenues",),
        nombre=True,
    ),
    Colonne(
        "rejetees",
        "Nbre de demandes rejetées",
        ecrit(lambda: Cast("rejetees", CharField())),
        ("rejetees",),
        nombre=True,
    ),
)


def demandes(entreprise: Entreprise, criteres: dict[str, Any]) -> QuerySet[Demande]:
    """The company's requests that the search criteria keep (REQ-003 to REQ-007)."""
    lignes = de_l_entreprise(entreprise).select_related("entreprise", "dossier")
    for champ, cle in (("type", "type_demande"), ("statut", "statut"), ("etat_paiement", "etat_paiement")):
        if criteres.get(cle):
            lignes = lignes.filter(**{champ: criteres[cle]})
    if logiciels := criteres.get("logiciel"):
        lignes = lignes.filter(dsr__in=[c.dsr for c in couloirs.tous() if c.logiciel in logiciels])
    return _periode(lignes, criteres)


def importations(entreprise: Entreprise, criteres: dict[str, Any]) -> QuerySet[Depot]:
    """The company's imports that the search criteria keep (JSN-047)."""
    lignes = depots_de(entreprise)
    if numero := criteres.get("numero_ans", "").strip():
        lignes = lignes.filter(enrolement__referencement__numero_ans__icontains=numero)
    if type_demande := criteres.get("type_demande"):
        lignes = lignes.filter(type=type_demande)
    return _periode(lignes, criteres)


def _periode(lignes: "QuerySet[M]", criteres: dict[str, Any]) -> "QuerySet[M]":
    """Both days included, as days of Paris."""
    du, au = criteres.get("du"), criteres.get("au")
    if not (du and au):
        return lignes
    return lignes.filter(depose_le__gte=_debut(du), depose_le__lt=_debut(au + timedelta(days=1)))


def _debut(jour: date) -> datetime:
    return datetime.combine(jour, time.min, PARIS)
