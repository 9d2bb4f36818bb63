"""The two tables of the supplier, requests and imports: their columns, and what each « Filtrer... » looks for."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.demandes.recherche import contenant
from segurnum.depots.models import Depot
from segurnum.depots.queries import depots_de
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.kits.filtres import contient, ecrit, jour_ecrit, parmi, simplifie
from segurnum.web.kits.tableau import Colonne, Filtre, Tableau

M = TypeVar("M", bound=Model)


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


def demandes_de(entreprise: Entreprise) -> Tableau:
    """« Liste des demandes d'avance et de solde », its nine columns filtered and sorted (REQ-010, REQ-011)."""
    logiciels = [(couloir.dsr, couloir.logiciel) for couloir in couloirs.tous()]
    return Tableau(
        "liste-demandes",
        "Demandes d'avance et de solde",
        (
            Colonne("numero", "Numéro de dossier", _numero("numero"), ("numero",), titre=True),
            Colonne("type", "Type", parmi("type", _types), ("type",)),
            Colonne(
                "editeur",
                "Numéro Éditeur",
                _numero("numero_editeur"),
                ("numero_editeur",),
                cellule="numero_editeur",
            ),
            Colonne(
                "logiciel", "Logiciel", parmi("dsr", lambda: logiciels), ("dsr",), cellule="couloir.logiciel"
            ),
            Colonne(
                "depot",
                "Date dépôt",
                ecrit(jour_ecrit("depose_le")),
                ("depose_le",),
                cellule="depose_le|jour",
            ),
            Colonne(
                "statut",
                "Statut",
                parmi("statut", lambda: ((s, s.libelle) for s in StatutDemande)),
                ("statut",),
                cellule="statut|badge",
            ),
            Colonne(
                "paiement",
                "État de paiement",
                parmi("etat_paiement", lambda: ((etat, etat.libelle) for etat in EtatPaiement)),
                ("etat_paiement",),
                cellule="etat_paiement|badge:ligne.get_etat_paiement_display",
            ),
            Colonne(
                "denomination",
                "Dénomination sociale",
                _denomination(entreprise),
                cellule="fournisseur/cellules/denomination.html",
            ),
            Colonne(
                "montant",
                "Montant Ségur Déclaré",
                ecrit(lambda: Cast("montant_declare", CharField()), _montant_saisi),
                ("montant_declare",),
                cellule="montant_declare|euros",
                nombre=True,
            ),
            Colonne("action", "Action", cellule="fournisseur/cellules/actions_demande.html"),
        ),
        ordre=("-depose_le", "-pk"),
        legende_lue=True,
        debord="Votre compte a plus de {} demandes",
    )


def _nombre(cle: str, libelle: str) -> Colonne:
    return Colonne(cle, libelle, ecrit(lambda: Cast(cle, CharField())), (cle,), nombre=True)


IMPORTATIONS = Tableau(
    "liste-importations",
    "Liste des fichiers JSON déposés",
    (
        Colonne(
            "identifiant",
            "Identifiant",
            ecrit(lambda: Cast("pk", CharField())),
            ("pk",),
            cellule="fournisseur/cellules/importation.html",
        ),
        Colonne(
            "date",
            "Date d'importation",
            ecrit(jour_ecrit("depose_le")),
            ("depose_le",),
            cellule="depose_le|jour",
        ),
        Colonne(
            "ans",
            "Numéro ANS",
            contient("enrolement__referencement__numero_ans"),
            ("enrolement__referencement__numero_ans",),
            cellule="enrolement.referencement.numero_ans",
        ),
        Colonne("type", "Type de demande", parmi("type", _types), ("type",), cellule="get_type_display"),
        Colonne("nom", "Nom du fichier", contient("nom_fichier"), ("nom_fichier",), cellule="nom_fichier"),
        _nombre("nombre", "Nbre de demandes"),
        _nombre("retenues", "Nbre de demandes retenues"),
        _nombre("rejetees", "Nbre de demandes rejetées"),
        Colonne(
            "sortie",
            "Fichier JSON",
            cellule="fournisseur/cellules/sortie.html",
            lien=lambda depot: reverse("fournisseur:sortie", args=[depot.pk]),
        ),
    ),
    ordre=("-pk",),
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
