"""The field of a word that the rules know: what is read from the database is the word itself, never its text."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from segurnum.regles.cycles import EnumLibelle

E = TypeVar("E", bound=EnumLibelle)


class _Mot(DeferredAttribute):
    """What is set is the word too, whether it was given as such or as its text."""

    def __set__(self, instance: models.Model, valeur: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(valeur)


if TYPE_CHECKING:

    class _Texte(models.CharField[E, E], Generic[E]):
        pass

else:

    class _Texte(models.CharField, Generic[E]):
        pass


class ChampEnum(_Texte[E]):
    """One of the words of `mots`, kept as its value and shown by its `libelle`. Raises ValueError on another one."""

    descriptor_class = _Mot

    def __init__(self, mots: type[E], **options: Any) -> None:
        self.mots = mots
        options.setdefault("choices", [(mot.value, mot.libelle) for mot in mots])
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As migrations know it: a text."""
        nom, _, arguments, options = super().deconstruct()
        if "default" in options:
            options["default"] = self.get_prep_value(options["default"])
        return nom, "django.db.models.CharField", arguments, options

    def clone(self) -> Any:
        *_, options = self.deconstruct()
        return models.CharField(**options)

    def from_db_value(self, valeur: Any, *_: Any) -> Any:
        return self.to_python(valeur)

    def to_python(self, valeur: Any) -> Any:
        return self.mots(valeur) if isinstance(valeur, str) and valeur else valeur

    def get_prep_value(self, valeur: Any) -> Any:
        return valeur.value if isinstance(valeur, EnumLibelle) else valeur
