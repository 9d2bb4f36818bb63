"""What a supplier finds: the searches of its requests and of its imports, their criteria, their tables, the searches
that a person keeps under a name.

REQ-001 to REQ-011, JSN-046 to JSN-053.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy

from segurnum import couloirs
from segurnum.comptes.models import Entreprise, Profil
from segurnum.demandes import recherche, vues
from segurnum.demandes.models import Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.queries import de_l_entreprise
from segurnum.depots.comptes_rendus import bilans
from segurnum.depots.queries import depots_selon
from segurnum.enrolements.queries import couloirs_de
from segurnum.kits import colonnes
from segurnum.kits.champs import liste
from segurnum.kits.geste import faire
from segurnum.kits.tableau import TRI, Choix, Colonne, Filtre, Tableau
from segurnum.notifications.queries import numeros_a_lire
from segurnum.regles.cycles import EnumLibelle, EtatPaiement, StatutDemande, TypeDemande
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.fournisseur.acces import consultation, geste

PAIEMENT = "etat_paiement|badge:ligne.get_etat_paiement_display"
VUE = "vue"
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


def _plusieurs(libelle: str, valeurs: Iterable[tuple[str, str]] = ()) -> Any:
    """None, one, or several of these at once."""
    return forms.MultipleChoiceField(
        label=libelle, required=False, widget=forms.CheckboxSelectMultiple, choices=valeurs
    )


class FormulaireDemandes(FormulairePeriode):
    """« Rechercher une demande d'avance ou de solde » (REQ-002 to REQ-007)."""

    numero = forms.CharField(
        label="Numéro de demande",
        required=False,
        max_length=14,
        help_text="Dès trois caractères, les demandes qui les contiennent sont proposées.",
        widget=forms.TextInput(
            attrs={
                "data-propositions": reverse_lazy("fournisseur:numeros"),
                "autocomplete": "off",
                "placeholder": "Choisissez une demande",
            }
        ),
    )
    beneficiaire = forms.CharField(
        label="Bénéficiaire",
        required=False,
        min_length=recherche.ASSEZ,
        max_length=100,
        help_text="Son identifiant entier (FINESS, RPPS…), ou trois lettres de son nom.",
        error_messages={"min_length": "Donnez au moins trois caractères du bénéficiaire."},
    )
    type_demande = au_choix("Type", TypeDemande)
    etat_paiement = au_choix("Statut du dernier paiement", EtatPaiement)
    statut = _plusieurs("Statut de la demande", ((statut.value, statut.libelle) for statut in StatutDemande))
    logiciel = _plusieurs("Logiciel")

    field_order = [
        "numero",
        "beneficiaire",
        "type_demande",
        "etat_paiement",
        "du",
        "au",
        "statut",
        "logiciel",
    ]

    def __init__(self, *args: Any, siens: Iterable[couloirs.Couloir] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].label = "Et le"
        logiciels = sorted({couloir.logiciel for couloir in siens or couloirs.tous()})
        self.fields["logiciel"].choices = [(nom, nom) for nom in logiciels]  # type: ignore[attr-defined]

    @property
    def trouve(self) -> dict[str, Any]:
        """What is searched; nothing as long as a criterion is wrong."""
        return self.cleaned_data if self.is_valid() else {}


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
            Colonne(
                "numero",
                "Numéro de dossier",
                _numero("numero"),
                ("numero",),
                cellule="fournisseur/cellules/numero_demande.html",
                titre=True,
            ),
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
                somme=True,
            ),
            Colonne("action", "Action", cellule="fournisseur/cellules/actions_demande.html"),
        ),
        ordre=("-depose_le", "-pk"),
        legende_lue=True,
        debord="Votre compte a plus de {} demandes",
        par_tranches=True,
        choix=Choix("demande", lambda d: d.pk, lambda d: f"la demande {d.numero}", "une demande"),
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
    par_tranches=True,
)


def recherche_de(requete: Requete) -> FormulaireDemandes:
    """What the address searches, among the software of the company."""
    return FormulaireDemandes(requete.GET, siens=couloirs_de(entreprise_de(requete)))


def trouvees(entreprise: Entreprise, form: FormulaireDemandes) -> QuerySet[Demande]:
    """The requests of the company that the criteria keep."""
    lignes = de_l_entreprise(entreprise)
    return recherche.selon(lignes, form.trouve) if form.is_valid() else lignes.none()


@consultation()
def demandes(requete: Requete) -> HttpResponse:
    """« Rechercher une demande d'avance ou de solde »: never more than SEUIL rows are read at once (REQ-009)."""
    entreprise = entreprise_de(requete)
    tableau, form = demandes_de(entreprise), recherche_de(requete)
    if requete.user.profil != Profil.FOURNISSEUR:  # who takes nothing away
        tableau = replace(tableau, choix=None)
    siennes = list(vues.de(requete.user))
    nommee = requete.GET.get(VUE, "")
    contexte = {
        "titre": "Rechercher une demande d'avance ou de solde",
        "fil": "Gérer mes demandes de financement",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_demandes.html",
        "affiche": tableau.lire(
            trouvees(entreprise, form).select_related("entreprise", "dossier"),
            requete.GET,
            criteres=any(form.trouve.values()),
            tout_ou_rien=True,
            gardes=(VUE,),
        ),
        "peut_completer": peut_deposer(requete.user),
        "a_lire": numeros_a_lire(requete.user),
        "vues": siennes,
        "vue": next((vue for vue in siennes if vue.cle == nommee), None),
    }
    return render(requete, "fournisseur/demandes.html", contexte)


@consultation()
@limite("propositions", PERSONNE, 3_600, HEURE, quoi="recherches", lectures=True)
def numeros(requete: Requete) -> JsonResponse:
    """What « Numéro de demande » proposes for what is typed (REQ-002)."""
    proposees = recherche.proposer_numeros(
        de_l_entreprise(entreprise_de(requete)), requete.GET.get("q", "").replace("\0", "")[:14]
    )
    libelles = [f"{d.numero} – {d.type.libelle} – {d.statut.libelle}" for d in proposees]
    paires = zip(proposees, libelles, strict=True)
    return JsonResponse({"propositions": [{"valeur": d.numero, "libelle": dite} for d, dite in paires]})


@consultation()
def vue(requete: Requete, nom_vue: str) -> HttpResponse:
    """The address of a view of the person: its search, its name said in the address."""
    ligne = get_object_or_404(vues.de(requete.user), cle=nom_vue)
    return redirect(f"{reverse('fournisseur:demandes')}?{VUE}={ligne.cle}&{ligne.criteres}")


def criteres_de(parametres: QueryDict) -> str:
    """What an address says of the search itself: neither its page, nor the name under which it is kept."""
    gardes = QueryDict(mutable=True)
    connus = {*FormulaireDemandes.base_fields, TRI}
    for nom, valeurs in parametres.lists():
        if dites := [valeur for valeur in valeurs if valeur and (nom in connus or nom.startswith("f_"))]:
            gardes.setlist(nom, dites)
    return gardes.urlencode()


@geste()
def enregistrer_vue(requete: Requete) -> HttpResponse:
    """« Enregistrer cette recherche »: the address of the list goes with what is sent."""
    criteres = criteres_de(requete.GET)

    def agir() -> HttpResponse:
        nouvelle = vues.enregistrer(personne=requete.user, nom=requete.POST.get("nom", ""), criteres=criteres)
        messages.success(requete, f"La vue « {nouvelle.nom} » est enregistrée.")
        return redirect("fournisseur:vue", nouvelle.cle)

    return faire(requete, agir, f"{reverse('fournisseur:demandes')}?{criteres}")


@geste()
def supprimer_vue(requete: Requete, nom_vue: str) -> HttpResponse:
    ligne = get_object_or_404(vues.de(requete.user), cle=nom_vue)
    agir = partial(vues.supprimer, personne=requete.user, cle=ligne.cle)
    return faire(requete, agir, reverse("fournisseur:demandes"), fait="La vue est supprimée.")


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
