"""« Mes vues »: a search of the requests, kept under a name by the person who made it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import CRITERES_MAX, Vue
from segurnum.regles.erreurs import GesteImpossible

MAXIMUM = 20
NOM_MAX = 60


def de(personne: Utilisateur) -> QuerySet[Vue]:
    return Vue.objects.filter(personne=personne).order_by("nom", "pk")


@transaction.atomic
def enregistrer(*, personne: Utilisateur, nom: str, criteres: str) -> Vue:
    """Keep this search; under a name that the person has given already, in the place of the former one.

    Raises GesteImpossible for a search that narrows nothing, a name without a letter, and beyond twenty.
    """
    nom = " ".join(nom.split())[:NOM_MAX]
    cle = slugify(nom)[:NOM_MAX]
    if not cle:
        raise GesteImpossible("Donnez un nom à cette vue, avec des lettres ou des chiffres.")
    if not criteres:
        raise GesteImpossible("Choisissez au moins un critère : une vue garde une recherche.")
    if len(criteres) > CRITERES_MAX:
        raise GesteImpossible(
            "Cette recherche est trop longue pour être gardée : raccourcissez un de ses textes."
        )
    Utilisateur.objects.select_for_update(no_key=True).get(pk=personne.pk)
    autres = Vue.objects.filter(personne=personne).exclude(cle=cle).count()
    if autres >= MAXIMUM:
        raise GesteImpossible(f"Vous avez déjà {MAXIMUM} vues : supprimez-en une d'abord.")
    vue, _ = Vue.objects.update_or_create(
        personne=personne, cle=cle, defaults={"nom": nom, "criteres": criteres}
    )
    return vue


def supprimer(*, personne: Utilisateur, cle: str) -> None:
    """Forget one of them; what it found stays where it is."""
    if not Vue.objects.filter(personne=personne, cle=cle).delete()[0]:
        raise GesteImpossible("Cette vue n'existe plus.")
