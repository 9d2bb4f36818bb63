"""A file field whose form keeps what it received: the kept file is named beside it, and may be removed."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from segurnum.controles.fichiers import RegleFichier, verifier_nom, verifier_taille
from segurnum.fichiers.joints import FichierJoint, controler, retrouver


class FichierGarde(forms.FileInput):
    """A file input that says which file a draft already keeps, and lets it be removed."""

    template_name = "kits/champ_fichier.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        contexte = super().get_context(name, value, attrs)
        contexte["deposee"] = value if isinstance(value, str) else ""
        contexte["joint"] = value if isinstance(value, FichierJoint) else None
        return contexte


class FichierRetrouve(FichierGarde):
    """A file input whose form carries the mark of the file of an earlier sending."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The file that came, else the one of an earlier sending, which its mark finds again unless it is dropped."""
        venu = files.get(name)
        if venu is None and data.get(f"{name}_garde") and not data.get(f"{name}_sans"):
            return retrouver(data[f"{name}_garde"])
        return venu


class ChampFichier(forms.FileField):
    """A file judged by the rule of its screen. Its initial value is the name of the file that is already kept.

    `juge` False: the rule is only told, who reads the contents says what is wrong with them.
    """

    widget = FichierGarde

    def __init__(self, regle: RegleFichier, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "help_text": f"Fichier de type {regle.formats}. Taille maximum : {regle.limite}.",
            "allow_empty_file": True,
            "error_messages": {"required": "Choisissez le fichier à déposer."},
        }
        super().__init__(**choix | options)
        self.regler(regle)

    def regler(self, regle: RegleFichier) -> None:
        """Another rule: what the browser proposes, and what it does not send, follow."""
        self.regle = regle
        self.widget.attrs |= {
            "accept": ",".join(f".{suffixe}" for suffixe in sorted(regle.types)),
            "data-taille-max": str(regle.taille_max),
        }

    def clean(self, data: Any, initial: Any = None) -> Any:
        valeur = super().clean(data, initial)
        if self.juge and isinstance(valeur, UploadedFile) and valeur.file is not None:
            controler(valeur, self.regle)
        return valeur


class ChampJoint(ChampFichier):
    """A file that its form stores as soon as it is right: its value is then a FichierJoint (see kits.televersement)."""

    widget = FichierRetrouve

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if isinstance(data, FichierJoint) else initial

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not isinstance(data, FichierJoint):
            return super().clean(data, initial)
        # Its contents were judged when it came, maybe by the rule of another screen.
        taille = data.fichier.taille
        faux = verifier_nom(data.nom, self.regle) or verifier_taille(data.nom, taille, self.regle)
        return super().clean(None, initial) if faux else data


def contenu(fichier: "UploadedFile[bytes]") -> tuple[str, BinaryIO]:
    """Name and stream of a file that passed its checks."""
    nom = fichier.name or ""
    if fichier.file is None:
        raise AssertionError("un fichier reçu a un contenu")
    return nom, cast(BinaryIO, fichier.file)
