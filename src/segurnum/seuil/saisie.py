"""What was typed and could not be taken now, ready to be sent again."""

from django.http import HttpRequest

from segurnum.seuil.lecture_seule import SANS_JETON

_SECRETS = ("password", "mot_de_passe", "captcha", "csrfmiddlewaretoken")
_CODES = frozenset({"code", "confirmation_code"})  # of a second factor


def saisie(requete: HttpRequest) -> list[tuple[str, str]]:
    """Every field that was sent, but what is secret or serves once."""
    if requete.method in SANS_JETON:
        return []
    return [
        (nom, valeur)
        for nom, valeurs in requete.POST.lists()
        if not any(mot in nom for mot in _SECRETS) and nom not in _CODES
        for valeur in valeurs
    ]
