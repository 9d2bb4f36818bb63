"""A file field whose form keeps what it received: the kept file is named beside it, and may be removed."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from segurnum.controles.fichiers import RegleFichier
from segurnum.web.commun.fichier_joint import controler


class FichierGarde(forms.FileInput):
    """A file input that says which file is already kept, and lets it be removed."""

    template_name = "commun/champ_fichier.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        contexte = super().get_context(name, value, attrs)
        contexte["deposee"] = value if isinstance(value, str) else ""
        return contexte


class ChampFichier(forms.FileField):
    """A file judged by the rule of its screen. Its initial value is the name of the file that is already kept."""

    widget = FichierGarde

    def __init__(self, regle: RegleFichier, **options: Any) -> None:
        self.regle = regle
        accepte = ",".join(f".{suffixe}" for suffixe in sorted(regle.types))
        choix: dict[str, Any] = {
            "help_text": f"Fichier de type {regle.formats}. Taille maximum : {regle.limite}.",
            "allow_empty_file": True,
            "widget": FichierGarde(attrs={"accept": accepte}),
            "error_messages": {"required": "Choisissez le fichier à déposer."},
        }
        super().__init__(**choix | options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        valeur = super().clean(data, initial)
        if isinstance(valeur, UploadedFile) and valeur.file is not None:
            controler(valeur, self.regle)
        return valeur


def contenu(fichier: "UploadedFile[bytes]") -> tuple[str, BinaryIO]:
    """Name and stream of a file that passed its checks."""
    nom = fichier.name or ""
    if fichier.file is None:
        raise AssertionError("un fichier reçu a un contenu")
    return nom, cast(BinaryIO, fichier.file)
