"""What the administration types to settle the portal: windows, envelopes, scales, ceilings."""

from decimal import Decimal
from typing import Any, cast

from django import forms

from segurnum import couloirs
from segurnum.couloirs import Couloir
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.models import FenetreDepot
from segurnum.web.gestion.formulaires import ChampMontant

LIBELLES_VALEURS = {
    "par_beneficiaire": "Par bénéficiaire",
    "applicative": "Par boîte applicative",
    "organisationnelle": "Par boîte organisationnelle",
    "nominative": "Par boîte nominative",
    "forfait": "Part forfaitaire",
}


def _source(*, requis: bool) -> forms.CharField:
    return forms.CharField(
        label="Source",
        max_length=200,
        required=requis,
        help_text="L'arrêté ou la décision qui le fixe.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez la source : l'arrêté ou la décision.",
            "max_length": "La source est trop longue : 200 caractères au plus sont attendus.",
        },
    )


def _instant(libelle: str, aide: str = "", *, requis: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=libelle,
        help_text=aide,
        required=requis,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        error_messages={
            "required": "Indiquez ce jour et cette heure.",
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa hh:mm.",
        },
    )


class FormulaireFenetre(forms.Form):
    ouverture = _instant("Ouverture", "Heure de Paris. Le dépôt est possible à partir de cet instant.")
    affichee = _instant("Échéance annoncée", "Celle que les pages montrent aux fournisseurs.")
    fermeture = _instant(
        "Fermeture",
        "Le premier instant trop tardif : 14:00 refuse un dépôt de 14:00:00. Au plus tôt, l'échéance.",
    )
    reportee = _instant(
        "Fermeture reportée",
        "Le portail y écrit l'instant jusqu'auquel il reporte la fermeture après une panne. Vide : aucun report.",
        requis=False,
    )
    derniere_modification = _instant(
        "Dernière modification", "Vide : tant que la demande s'instruit.", requis=False
    )
    comptage = _instant(
        "Comptage des boîtes", "Opérateurs MSSanté seulement. Vide : à la fermeture.", requis=False
    )
    source = _source(requis=False)

    @classmethod
    def de(cls, fenetre: FenetreDepot | None) -> "FormulaireFenetre":
        if fenetre is None:
            return cls()
        return cls(initial={champ: getattr(fenetre, champ) for champ in cls.base_fields})


class FormulaireEnveloppe(forms.Form):
    libelle = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom à cette enveloppe."},
    )
    montant = ChampMontant(label="Montant (€)")
    dsr = forms.MultipleChoiceField(
        label="Couloirs financés",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un couloir que cette enveloppe finance."},
    )

    def __init__(self, donnees: Any = None, *, enveloppe: Enveloppe | None = None) -> None:
        initiales = {}
        if enveloppe:
            initiales = {champ: getattr(enveloppe, champ) for champ in ("libelle", "montant", "dsr")}
        super().__init__(donnees, initial=initiales)
        choix = cast(forms.MultipleChoiceField, self.fields["dsr"])
        choix.choices = [
            (couloir.dsr, f"{couloir.libelle} – vague {couloir.vague}") for couloir in couloirs.tous()
        ]


class FormulaireBareme(forms.Form):
    """The figures of one couloir, from a day on. One field per figure that the couloir computes with."""

    date_effet = forms.DateField(
        label="Date d'effet",
        help_text="Les demandes déposées à partir de ce jour sont calculées avec ces valeurs.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Indiquez la date d'effet.",
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa.",
        },
    )
    source = _source(requis=True)

    def __init__(self, couloir: Couloir, donnees: Any = None) -> None:
        super().__init__(donnees)
        self.couloir = couloir
        for nom, valeur in couloir.valeurs_bareme.items():
            self.fields[nom] = ChampMontant(label=f"{libelle_valeur(nom)} (€ HT)", initial=valeur)

    @property
    def valeurs(self) -> dict[str, Decimal]:
        return {nom: self.cleaned_data[nom] for nom in self.couloir.valeurs_bareme}


def libelle_valeur(nom: str) -> str:
    """« Par bénéficiaire »: what the screens call a figure of a couloir's scale."""
    return LIBELLES_VALEURS.get(nom, nom.replace("_", " ").capitalize())
