"""What a supplier finds, and takes away: the searches of its requests and of its imports, their criteria and tables;
the exports of its requests and their beneficiaries, for a spreadsheet.

REQ-001 to REQ-011, JSN-046 to JSN-053, EXP-001 to EXP-007.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from segurnum import couloirs
from segurnum.comptes.models import Entreprise, Profil
from segurnum.demandes import recherche
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.queries import de_l_entreprise, dsr_de
from segurnum.depots.comptes_rendus import bilans
from segurnum.depots.queries import depots_selon
from segurnum.enrolements.queries import couloirs_de
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits import colonnes
from segurnum.kits.champs import liste, proposer
from segurnum.kits.export import en_csv
from segurnum.kits.tableau import Colonne, Filtre, Tableau
from segurnum.paiements.queries import beneficiaires_a_exporter, demandes_a_exporter
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import EnumLibelle, EtatPaiement, StatutDemande, TypeDemande
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise

PAIEMENT = "etat_paiement|badge:ligne.get_etat_paiement_display"
FORMATS_DATE = ["%Y-%m-%d", "%d/%m/%Y"]


def au_choix(libelle: str, valeurs: Iterable[EnumLibelle]) -> Any:
    """One of these, or all."""
    return liste(libelle, "", "Tous", ((valeur.value, valeur.libelle) for valeur in valeurs))


def _champ_date(libelle: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=False,
        input_formats=FORMATS_DATE,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[
            MinValueValidator(date(2000, 1, 1), "La date doit être postérieure au 1er janvier 2000."),
            MaxValueValidator(date(2099, 12, 31), "La date doit être antérieure au 31 décembre 2099."),
        ],
    )


class FormulairePeriode(forms.Form):
    """Two bounds that only go together (REQ-007, JSN-048)."""

    du = _champ_date("Déposée entre le")
    au = _champ_date("et le")

    def clean(self) -> dict[str, Any]:
        saisie: dict[str, Any] = super().clean() or {}
        du, au = saisie.get("du"), saisie.get("au")
        if not self.errors and bool(du) != bool(au):
            self.add_error(
                "au" if du else "du", "Renseignez les deux dates : la recherche porte sur une période."
            )
        elif du and au and du > au:
            self.add_error("au", "La seconde date doit être le même jour que la première, ou après.")
        return saisie


class FormulaireDemandes(FormulairePeriode):
    """« Rechercher une demande d'avance ou de solde » (REQ-003 to REQ-007)."""

    type_demande = au_choix("Type", TypeDemande)
    statut = au_choix("Statut de la demande", StatutDemande)
    etat_paiement = au_choix("Statut du dernier paiement", EtatPaiement)
    logiciel = forms.MultipleChoiceField(
        label="Logiciel", required=False, widget=forms.CheckboxSelectMultiple
    )

    field_order = ["type_demande", "statut", "etat_paiement", "logiciel", "du", "au"]

    def __init__(self, *args: Any, siens: Iterable[couloirs.Couloir] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].label = "Et le"
        logiciels = sorted({couloir.logiciel for couloir in siens or couloirs.tous()})
        self.fields["logiciel"].choices = [(nom, nom) for nom in logiciels]  # type: ignore[attr-defined]


class FormulaireImportations(FormulairePeriode):
    """« Rechercher l'import de mes JSONs et pièces justificatives » (JSN-047)."""

    numero_ans = forms.CharField(label="Numéro ANS", required=False, max_length=10)
    type_demande = au_choix("Type", TypeDemande)

    field_order = ["numero_ans", "type_demande", "du", "au"]


def _numero(champ: str) -> Filtre:
    return lambda lignes, cherche: lignes.filter(recherche.contenant(cherche, champ))


def _montant_saisi(cherche: str) -> str:
    return "".join(cherche.split()).replace("€", "").replace(",", ".")


def _denomination(entreprise: Entreprise) -> Filtre:
    """Every row has the same name: either all match, or none."""
    nom = colonnes.simplifie(entreprise.denomination)
    return lambda lignes, cherche: lignes if colonnes.simplifie(cherche) in nom else lignes.none()


def demandes_de(entreprise: Entreprise) -> Tableau:
    """« Liste des demandes d'avance et de solde », its nine columns filtered and sorted (REQ-010, REQ-011)."""
    return Tableau(
        "liste-demandes",
        "Demandes d'avance et de solde",
        (
            Colonne("numero", "Numéro de dossier", _numero("numero"), ("numero",), titre=True),
            colonnes.enumere("type", "Type", "type", TypeDemande),
            Colonne(
                "editeur",
                "Numéro Éditeur",
                _numero("numero_editeur"),
                ("numero_editeur",),
                cellule="numero_editeur",
            ),
            colonnes.choix(
                "logiciel",
                "Logiciel",
                "dsr",
                lambda: [(couloir.dsr, couloir.logiciel) for couloir in couloirs_de(entreprise)],
                "couloir.logiciel",
            ),
            colonnes.jour("depot", "Date dépôt", "depose_le"),
            colonnes.enumere("statut", "Statut", "statut", StatutDemande, "statut|badge"),
            colonnes.enumere("paiement", "État de paiement", "etat_paiement", EtatPaiement, PAIEMENT),
            Colonne(
                "denomination",
                "Dénomination sociale",
                _denomination(entreprise),
                cellule="fournisseur/cellules/denomination.html",
            ),
            Colonne(
                "montant",
                "Montant Ségur Déclaré",
                colonnes.ecrit(lambda: Cast("montant_declare", CharField()), _montant_saisi),
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


def _nombre(cle: str, libelle: str, **options: Any) -> Colonne:
    return Colonne(
        cle, libelle, colonnes.ecrit(lambda: Cast(cle, CharField())), (cle,), nombre=True, **options
    )


IMPORTATIONS = Tableau(
    "liste-importations",
    "Liste des fichiers JSON déposés",
    (
        Colonne(
            "identifiant",
            "Identifiant",
            colonnes.ecrit(lambda: Cast("pk", CharField())),
            ("pk",),
            cellule="fournisseur/cellules/importation.html",
        ),
        colonnes.jour("date", "Date d'importation", "depose_le"),
        colonnes.texte("ans", "Numéro ANS", "enrolement__referencement__numero_ans"),
        colonnes.enumere("type", "Type de demande", "type", TypeDemande, "get_type_display"),
        colonnes.texte("nom", "Nom du fichier", "nom_fichier"),
        _nombre("nombre", "Nbre de demandes"),
        _nombre("retenues", "Nbre de demandes retenues", precision="bilan"),
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


@consultation()
def demandes(requete: Requete) -> HttpResponse:
    """« Rechercher une demande d'avance ou de solde »: never more than SEUIL rows are read (REQ-009)."""
    entreprise = entreprise_de(requete)
    form = FormulaireDemandes(requete.GET, siens=couloirs_de(entreprise))
    criteres = form.cleaned_data if form.is_valid() else {}
    lignes = recherche.selon(de_l_entreprise(entreprise).select_related("entreprise", "dossier"), criteres)
    contexte = {
        "titre": "Rechercher une demande d'avance ou de solde",
        "fil": "Gérer mes demandes de financement",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_demandes.html",
        "affiche": demandes_de(entreprise).lire(
            lignes if form.is_valid() else lignes.none(),
            requete.GET,
            criteres=any(criteres.values()),
            tout_ou_rien=True,
        ),
        "peut_completer": peut_deposer(requete.user),
    }
    return render(requete, "fournisseur/liste.html", contexte)


@consultation(profil=Profil.FOURNISSEUR)
def importations(requete: Requete) -> HttpResponse:
    """« Rechercher l'import de mes JSONs et pièces justificatives »."""
    form = FormulaireImportations(requete.GET)
    lignes = depots_selon(entreprise_de(requete), form.cleaned_data if form.is_valid() else {})
    contexte = {
        "titre": "Rechercher l'import de mes JSONs et pièces justificatives",
        "fil": "Gérer mes importations JSONs",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_importations.html",
        "affiche": IMPORTATIONS.lire(
            lignes if form.is_valid() else lignes.none(), requete.GET, presenter=bilans
        ),
    }
    return render(requete, "fournisseur/liste.html", contexte)


# Labels rather than codes, the software rather than its DSR.
_SUITE = (
    Colonne("type", "Type"),
    Colonne("statut", "Statut"),
    Colonne("statut_depuis", "Date de changement de statut"),
    Colonne("dsr", "Logiciel", export=lambda lue: couloirs.par_dsr(lue["dsr"]).logiciel),
    Colonne("depose_le", "Date de dépôt"),
    Colonne("date_commande", "Date de commande"),
    Colonne("numero_editeur", "N° éditeur"),
    Colonne("etat_paiement", "Etat de paiement"),
    Colonne("paye_le", "Date du paiement"),
    Colonne("montant_declare", "Montant déclaré SEGUR HT"),
    Colonne("montant_paye", "Montant payé (fonction du régime TVA)"),
)
COLONNES_DEMANDES = (Colonne("numero", "N° ASP"), *_SUITE)


def colonnes_beneficiaires(couloir: couloirs.Couloir) -> tuple[Colonne, ...]:
    """Each couloir identifies its beneficiaries in its own way (EXP-004)."""
    return (
        Colonne("numero", "N° de la demande"),
        *_SUITE,
        Colonne("dossier__enrolement__referencement__numero_ans", "N°ANS"),
        Colonne(
            "beneficiaires__identifiants",
            couloir.format(TypeDemande.AVANCE).places.titre_export,
            export=lambda lue: ", ".join(lue["beneficiaires__identifiants"]),
        ),
        Colonne("beneficiaires__nom", "Nom du client"),
        Colonne("beneficiaires__courriel", "E-mail du client"),
        Colonne("beneficiaires__telephone", "Téléphone du client"),
        Colonne("beneficiaires__raison_sociale", "Raison sociale client"),
    )


class FormulaireExport(forms.Form):
    """« Exporter vos bénéficiaires »: one couloir at a time, among those of the company's requests (EXP-004)."""

    couloir = liste(
        "Couloir",
        "Sélectionnez d'abord un couloir : l'identifiant des bénéficiaires en dépend.",
        "Veuillez sélectionner un couloir",
        autre="Vous n'avez aucune demande dans ce couloir : choisissez-en un de la liste.",
    )

    def __init__(self, dsr: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes = map(couloirs.par_dsr, dsr)
        proposer(self, "couloir", ((un.dsr, un.libelle_vague) for un in proposes))


@consultation(profil=Profil.FOURNISSEUR)
def exporter_demandes(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Exporter vos demandes de financement",
        "aucun": "aucune demande de financement",
        "quoi": "Toutes vos demandes de financement, tous couloirs confondus, dans un fichier CSV : une ligne par "
        "demande, la plus récente d'abord.",
        "adresse": reverse("fournisseur:demandes_csv"),
        "quelque_chose": de_l_entreprise(entreprise_de(requete)).exists(),
        "colonnes": COLONNES_DEMANDES,
    }
    return render(requete, "fournisseur/exports.html", contexte)


@consultation(profil=Profil.FOURNISSEUR)
def exporter_beneficiaires(requete: Requete) -> HttpResponse:
    """« Vous devez d'abord sélectionner un couloir »: what was chosen wrong comes back here."""
    dsr = dsr_de(entreprise_de(requete))
    contexte = {
        "titre": "Exporter vos bénéficiaires",
        "aucun": "aucun bénéficiaire",
        "quoi": "Les bénéficiaires (clients) déclarés dans vos demandes d'un couloir, dans un fichier CSV : une ligne "
        "par bénéficiaire de chaque demande. Le type d'identification du bénéficiaire dépend du couloir : "
        "sélectionnez-le d'abord.",
        "adresse": reverse("fournisseur:beneficiaires_csv"),
        "quelque_chose": bool(dsr),
        "form": FormulaireExport(dsr, requete.GET if "couloir" in requete.GET else None),
    }
    return render(requete, "fournisseur/exports.html", contexte)


def _export(vue: Any) -> Any:
    """A view that gives an export, made for the company of its page."""
    bornee = limite("exports", PERSONNE, 60, HEURE, quoi="exports")(sert(Genre.EXPORT)(vue))
    return geste(pour_cette_entreprise, profil=Profil.FOURNISSEUR)(bornee)


@_export
def demandes_csv(requete: Requete) -> HttpResponseBase:
    entreprise = entreprise_de(requete)
    if not de_l_entreprise(entreprise).exists():
        return redirect("fournisseur:exporter_demandes")
    lignes = demandes_a_exporter(entreprise, champs(COLONNES_DEMANDES))
    return _envoyer(requete, "demandes", COLONNES_DEMANDES, lignes)


@_export
def beneficiaires_csv(requete: Requete) -> HttpResponseBase:
    entreprise = entreprise_de(requete)
    choix = {"couloir": requete.POST.get("couloir", "")}
    form = FormulaireExport(dsr_de(entreprise), choix)
    if not form.is_valid():
        return redirect(f"{reverse('fournisseur:exporter_beneficiaires')}?{urlencode(choix)}")
    couloir = couloirs.par_dsr(form.cleaned_data["couloir"])
    colonnes = colonnes_beneficiaires(couloir)
    lignes = beneficiaires_a_exporter(entreprise, couloir.dsr, champs(colonnes))
    return _envoyer(requete, f"beneficiaires-{couloir.prefixe}", colonnes, lignes)


def _envoyer(
    requete: Requete, nom: str, colonnes: tuple[Colonne, ...], lignes: Iterator[dict[str, Any]]
) -> HttpResponseBase:
    entreprise, jour = entreprise_de(requete), jour_de_paris(maintenant())
    export = Document(
        genre=Genre.EXPORT,
        objet=f"export:{nom}:{entreprise.siret}",
        sujet=entreprise.siret,
        nom=f"{nom}-{jour.isoformat()}.csv",
        entreprise=entreprise.pk,
    )
    return envoyer(requete, export, en_csv(colonnes, lignes))


def champs(colonnes: tuple[Colonne, ...]) -> list[str]:
    """What is read of the database for these columns."""
    return [colonne.cle for colonne in colonnes]
