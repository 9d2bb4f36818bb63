"""The two tables of the supplier, requests and imports: their columns, and what each « Filtrer... » looks for."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import CharField, Expression, F, Func, Model, QuerySet
from django.db.models.functions import Cast

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.demandes.recherche import contenant
from segurnum.depots.models import Depot
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.commun.listes import Colonne, Filtre

M = TypeVar("M", bound=Model)

DEMANDES_ORDRE = ("-depose_le", "-pk")
IMPORTATIONS_ORDRE = ("-pk",)


def _simplifie(texte: str) -> str:
    """Without accents nor case: « decidee » finds « Décidée »."""
    decompose = unicodedata.normalize("NFD", texte)
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre)).casefold()


def _contient(champ: str) -> Filtre:
    return lambda lignes, cherche: lignes.filter(**{f"{champ}__icontains": cherche})


def _numero(champ: str) -> Filtre:
    return lambda lignes, cherche: lignes.filter(contenant(cherche, champ))


def _parmi(champ: str, libelles: Callable[[], Iterable[tuple[str, str]]]) -> Filtre:
    """A column that shows labels: the values whose label contains what is typed."""

    def filtre(lignes: QuerySet[Any], cherche: str) -> QuerySet[Any]:
        valeurs = [valeur for valeur, libelle in libelles() if _simplifie(cherche) in _simplifie(libelle)]
        return lignes.filter(**{f"{champ}__in": valeurs})

    return filtre


def _ecrit(expression: Callable[[], Expression], nettoyer: Callable[[str], str] = str) -> Filtre:
    """A column of dates or amounts: what is typed is looked for in the value as it is written."""
    return lambda lignes, cherche: lignes.alias(ecrit=expression()).filter(ecrit__contains=nettoyer(cherche))


def _jour_ecrit(champ: str) -> Callable[[], Expression]:
    return lambda: Func(
        F(champ),
        template="to_char(%(expressions)s AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY')",
        output_field=CharField(),
    )


def _montant_saisi(cherche: str) -> str:
    return "".join(cherche.split()).replace("€", "").replace(",", ".")


def _denomination(entreprise: Entreprise) -> Filtre:
    """Every row has the same name: either all match, or none."""
    nom = _simplifie(entreprise.denomination)
    return lambda lignes, cherche: lignes if _simplifie(cherche) in nom else lignes.none()


def _types() -> Iterable[tuple[str, str]]:
    return ((type_.value, type_.libelle) for type_ in TypeDemande)


def colonnes_demandes(entreprise: Entreprise) -> tuple[Colonne, ...]:
    """The nine columns that « Liste des demandes d'avance et de solde » filters and sorts (REQ-010, REQ-011)."""
    logiciels = [(couloir.dsr, couloir.logiciel) for couloir in couloirs.tous()]
    return (
        Colonne("numero", "Numéro de dossier", _numero("numero"), ("numero",)),
        Colonne("type", "Type", _parmi("type", _types), ("type",)),
        Colonne("editeur", "Numéro Editeur", _numero("numero_editeur"), ("numero_editeur",)),
        Colonne("logiciel", "Logiciel", _parmi("dsr", lambda: logiciels), ("dsr",)),
        Colonne("depot", "Date dépôt", _ecrit(_jour_ecrit("depose_le")), ("depose_le",)),
        Colonne(
            "statut", "Statut", _parmi("statut", lambda: ((s, s.libelle) for s in StatutDemande)), ("statut",)
        ),
        Colonne(
            "paiement",
            "Etat de paiement",
            _parmi("etat_paiement", lambda: ((etat, etat.libelle) for etat in EtatPaiement)),
            ("etat_paiement",),
        ),
        Colonne("denomination", "Dénomination sociale", _denomination(entreprise)),
        Colonne(
            "montant",
            "Montant Ségur Déclaré",
            _ecrit(lambda: Cast("montant_declare", CharField()), _montant_saisi),
            ("montant_declare",),
            nombre=True,
        ),
    )


COLONNES_IMPORTATIONS = (
    Colonne("identifiant", "Identifiant", _ecrit(lambda: Cast("pk", CharField())), ("pk",)),
    Colonne("date", "Date d'importation", _ecrit(_jour_ecrit("depose_le")), ("depose_le",)),
    Colonne(
        "ans",
        "Numéro ANS",
        _contient("enrolement__referencement__numero_ans"),
        ("enrolement__referencement__numero_ans",),
    ),
    Colonne("type", "Type de demande", _parmi("type", _types), ("type",)),
    Colonne("nom", "Nom du fichier", _contient("nom_fichier"), ("nom_fichier",)),
    Colonne(
        "nombre", "Nbre de demande", _ecrit(lambda: Cast("nombre", CharField())), ("nombre",), nombre=True
    ),
    Colonne(
        "retenues",
        "Nbre de demandes retenues",
        _ecrit(lambda: Cast("retenues", CharField())),
        ("retenues",),
        nombre=True,
    ),
    Colonne(
        "rejetees",
        "Nbre de demandes rejetées",
        _ecrit(lambda: Cast("rejetees", CharField())),
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
    lignes = Depot.objects.filter(entreprise=entreprise).select_related("enrolement__referencement")
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
