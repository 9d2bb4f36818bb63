"""Publishing: news, questions, documents. Each change leaves one event of the journal."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, ProtectedError

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.editorial.models import Actualite, DocumentUtile, Publication, QuestionFaq, RubriqueFaq
from segurnum.fichiers.models import Fichier
from segurnum.journal.services import Fait, consigner
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEditorial

P = TypeVar("P", Actualite, DocumentUtile, QuestionFaq, RubriqueFaq)


@reserve(GesteEditorial.PUBLIER)
@transaction.atomic
def publier(
    *,
    publication: P,
    auteur: Auteur,
    fichier: Fichier | None = None,
    nom_fichier: str = "",
    sans_fichier: bool = False,
) -> P:
    """Write a publication, new or corrected. Without `fichier`, the one that it has is kept unless `sans_fichier`."""
    nouvelle = publication.pk is None
    if fichier is not None and isinstance(publication, Actualite | DocumentUtile):
        publication.fichier, publication.nom_fichier = fichier, nom_fichier
    elif sans_fichier and isinstance(publication, Actualite):
        publication.fichier, publication.nom_fichier = None, ""
    publication.save()
    _consigner(publication, auteur, "PUBLIER" if nouvelle else "CORRIGER")
    return publication


@reserve(GesteEditorial.PUBLIER)
@transaction.atomic
def retirer(*, publication: Publication, auteur: Auteur) -> None:
    """Take a publication off. Raises GesteImpossible for a heading that still holds questions."""
    _consigner(publication, auteur, "RETIRER")
    try:
        with transaction.atomic():
            publication.delete()
    except ProtectedError as erreur:
        raise GesteImpossible(
            f"La rubrique « {publication} » contient encore des questions : déplacez-les ou retirez-les d'abord."
        ) from erreur


def _consigner(publication: Publication, auteur: Auteur, geste: str) -> None:
    genre = publication._meta.model_name
    consigner(
        [
            Fait(
                chaine=f"publication:{genre}:{publication.pk}",
                objet=f"{genre}:{publication.pk}",
                geste=geste,
                auteur=auteur,
                details=_en_clair(publication),
            )
        ]
    )


def _en_clair(publication: Model) -> dict[str, Any]:
    """Every value as text: what was published remains readable in the journal once it is gone."""
    return {
        champ.name: str(champ.value_from_object(publication)) for champ in publication._meta.concrete_fields
    }
