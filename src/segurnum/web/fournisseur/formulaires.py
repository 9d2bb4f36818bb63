"""The forms of the supplier's pages: what is typed, before any rule."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from segurnum import couloirs
from segurnum.controles.fichiers import RegleFichier
from segurnum.controles.problemes import MO
from segurnum.enrolements.models import Enrolement
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.commun.champ_fichier import ChampFichier
from segurnum.web.kits.televersement import JSON

ARCHIVE = RegleFichier(frozenset({"zip"}), 200 * MO)
TOUS = [("", "Tous")]
FORMATS_DATE = ["%Y-%m-%d", "%d/%m/%Y"]


class SelectEnrolement(forms.Select):
    """Each ANS number carries the VAT rate of its enrolment, which a script copies into the rate's field."""

    taux: dict[str, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-taux"] = self.taux.get(str(value), "")
        return option


class FormulaireImport(forms.Form):
    """The four fields of « Importer mes demandes » (JSN-004 to JSN-007)."""

    type_demande = forms.ChoiceField(
        label="Type de demande", choices=[(type_.value, type_.libelle) for type_ in TypeDemande]
    )
    enrolement = forms.ChoiceField(
        label="Numéro ANS", widget=SelectEnrolement(attrs={"data-choix-taux": "id_taux_tva"})
    )
    taux_tva = forms.TypedChoiceField(
        label="Taux de TVA",
        coerce=Decimal,
        choices=[(str(taux), en_taux(taux)) for taux in sorted(TAUX_TVA_PERMIS, reverse=True)],
    )
    fichier = ChampFichier(
        JSON,
        juge=False,
        label="Choisissez le fichier",
        help_text="Un fichier JSON, encodé en UTF-8, de 5 Mo au plus.",
        error_messages={"required": "Choisissez le fichier JSON à simuler."},
    )

    def __init__(self, enrolements: Sequence[Enrolement], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enrolements = {str(enrolement.pk): enrolement for enrolement in enrolements}
        champ = self.fields["enrolement"]
        champ.choices = [(cle, _libelle(enrolement)) for cle, enrolement in self.enrolements.items()]  # type: ignore[attr-defined]
        champ.widget.taux = {cle: _taux(enrolement) for cle, enrolement in self.enrolements.items()}
        if enrolements:
            self.fields["taux_tva"].initial = _taux(enrolements[0])

    def clean_enrolement(self) -> Enrolement:
        return self.enrolements[self.cleaned_data["enrolement"]]


def _libelle(enrolement: Enrolement) -> str:
    couloir = couloirs.par_dsr(enrolement.referencement.dsr)
    reserve = "" if enrolement.ouvre_au_depot else " - enrôlement à valider : simulation seulement"
    return f"{enrolement.referencement.numero_ans} - {couloir.libelle}{reserve}"


def _taux(enrolement: Enrolement) -> str:
    return next((str(taux) for taux in TAUX_TVA_PERMIS if taux == enrolement.taux_tva), "")


class FormulaireArchive(forms.Form):
    """The one ZIP of step 2 (JSN-034)."""

    archive = ChampFichier(
        ARCHIVE,
        juge=False,
        label="Importer un fichier zip :",
        help_text="",
        error_messages={"required": "Choisissez le fichier ZIP qui contient toutes les pièces jointes."},
    )


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

    type_demande = forms.ChoiceField(
        label="Type", required=False, choices=TOUS + [(type_.value, type_.libelle) for type_ in TypeDemande]
    )
    statut = forms.ChoiceField(
        label="Statut de la demande",
        required=False,
        choices=TOUS + [(s.value, s.libelle) for s in StatutDemande],
    )
    etat_paiement = forms.ChoiceField(
        label="Statut du dernier paiement",
        required=False,
        choices=TOUS + [(etat.value, etat.libelle) for etat in EtatPaiement],
    )
    logiciel = forms.MultipleChoiceField(
        label="Logiciel", required=False, widget=forms.CheckboxSelectMultiple
    )

    field_order = ["type_demande", "statut", "etat_paiement", "logiciel", "du", "au"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].label = "Et le"
        logiciels = sorted({couloir.logiciel for couloir in couloirs.tous()})
        self.fields["logiciel"].choices = [(nom, nom) for nom in logiciels]  # type: ignore[attr-defined]


class FormulaireImportations(FormulairePeriode):
    """« Rechercher l'import de mes JSONs et pièces justificatives » (JSN-047)."""

    numero_ans = forms.CharField(label="Numéro ANS", required=False, max_length=10)
    type_demande = forms.ChoiceField(
        label="Type", required=False, choices=TOUS + [(type_.value, type_.libelle) for type_ in TypeDemande]
    )

    field_order = ["numero_ans", "type_demande", "du", "au"]


class FormulaireExport(forms.Form):
    """« Exporter vos bénéficiaires »: one couloir at a time, among those of the company's requests (EXP-004)."""

    couloir = forms.ChoiceField(
        label="Couloir",
        error_messages={
            "required": "Sélectionnez d'abord un couloir : l'identifiant des bénéficiaires en dépend.",
            "invalid_choice": "Vous n'avez aucune demande dans ce couloir : choisissez-en un de la liste.",
        },
    )

    def __init__(self, dsr: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes = [couloirs.par_dsr(code) for code in dsr]
        self.fields["couloir"].choices = [  # type: ignore[attr-defined]
            ("", "Veuillez sélectionner un couloir"),
            *((couloir.dsr, f"{couloir.libelle} - vague {couloir.vague}") for couloir in proposes),
        ]

    @property
    def adresse(self) -> str:
        """What was chosen, as the page that asks again reads it."""
        return urlencode({"couloir": self.data.get("couloir", "")})
