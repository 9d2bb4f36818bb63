"""The forms of the officers' gestures on an enrolment."""

from django import forms

from segurnum.enrolements.pieces import DEMANDABLES, TypePiece
from segurnum.kits.champs import FORME_ADRESSE, ChampCourriel, champ_motif


class FormulairePiecesDemandees(forms.Form):
    """A typed list, which the applicant ticks off, and the text that says what each must show (ENR-082)."""

    types = forms.TypedMultipleChoiceField(
        label="Documents attendus",
        help_text="Le demandeur ne pourra terminer son dépôt qu'une fois tous ces documents importés.",
        choices=[(piece.value, piece.libelle) for piece in DEMANDABLES],
        coerce=TypePiece,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez chaque document attendu ; « Autre pièce demandée » à défaut."},
    )
    motif = champ_motif(
        "Ce que ces documents doivent montrer",
        "Envoyé tel quel au demandeur par courriel\u00a0: dites ce qui manque, ou ce qui n'allait pas.",
        "Dites ce que ces documents doivent montrer : le demandeur ne lira que ce texte.",
    )


class FormulaireCourriel(forms.Form):
    """The address that was mistyped."""

    courriel = ChampCourriel(
        label="Adresse électronique du demandeur",
        help_text=f"Format attendu : {FORME_ADRESSE}. Vérifiez-la auprès du demandeur : elle recevra tout.",
        error_messages={"required": "Saisissez la bonne adresse."},
    )
    motif = champ_motif(
        "Motif de la correction",
        "Gardé au journal, sans être envoyé\u00a0: dites comment vous avez vérifié l'adresse, sans l'écrire ici.",
        "Dites comment vous avez vérifié cette adresse.",
    )
