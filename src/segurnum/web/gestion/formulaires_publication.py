"""What officers type to publish."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from segurnum.controles.fichiers import PUBLICATION
from segurnum.editorial.models import Actualite, DocumentUtile, QuestionFaq, RubriqueFaq
from segurnum.web.commun.champ_fichier import ChampJoint

if TYPE_CHECKING:
    Formulaire = forms.ModelForm[Any]
else:
    Formulaire = forms.ModelForm

REDACTION = (
    "Une ligne vide sépare les paragraphes ; « - » en début de ligne fait une liste ; "
    "[texte](adresse) fait un lien."
)
OBLIGATOIRE = {"required": "Ce champ est obligatoire."}


def _fichier(libelle: str, *, obligatoire: bool) -> ChampJoint:
    return ChampJoint(
        PUBLICATION,
        label=libelle,
        required=obligatoire,
        help_text=f"Taille maximum : {PUBLICATION.limite}. Formats acceptés : {PUBLICATION.formats}.",
        error_messages={"required": "Choisissez le fichier à publier."},
    )


class FormulaireActualite(Formulaire):
    televerse = _fichier("Pièce jointe", obligatoire=False)
    sans_fichier = forms.BooleanField(required=False, label="Ne plus joindre ce fichier")
    publiee_le = forms.DateTimeField(
        label="Date de publication",
        help_text="Heure de Paris. L'actualité n'est pas visible avant.",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        error_messages={
            "required": "Indiquez à partir de quand l'actualité est visible.",
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa hh:mm.",
        },
    )

    class Meta:
        model = Actualite
        fields = ("titre", "categorie", "contenu", "publiee_le", "audience")
        error_messages = dict.fromkeys(("titre", "categorie", "contenu", "audience"), OBLIGATOIRE)
        help_texts: ClassVar = {"contenu": REDACTION}
        widgets: ClassVar = {"contenu": forms.Textarea(attrs={"rows": 10})}


class FormulaireQuestion(Formulaire):
    class Meta:
        model = QuestionFaq
        fields = ("rubrique", "question", "reponse", "ordre")
        error_messages = dict.fromkeys(("rubrique", "question", "reponse", "ordre"), OBLIGATOIRE)
        help_texts: ClassVar = {"reponse": REDACTION}
        widgets: ClassVar = {"reponse": forms.Textarea(attrs={"rows": 10})}


class FormulaireRubrique(Formulaire):
    class Meta:
        model = RubriqueFaq
        fields = ("titre", "ordre")
        error_messages: ClassVar = {
            "titre": OBLIGATOIRE | {"unique": "Une rubrique porte déjà ce titre : choisissez-en un autre."},
            "ordre": OBLIGATOIRE,
        }


class FormulaireDocument(Formulaire):
    televerse = _fichier("Fichier", obligatoire=True)

    class Meta:
        model = DocumentUtile
        fields = ("titre", "description", "ordre")
        error_messages = dict.fromkeys(("titre", "ordre"), OBLIGATOIRE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["televerse"].required = self.instance.pk is None  # a correction keeps the file
