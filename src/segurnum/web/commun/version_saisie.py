"""Which version of a draft a page was made from: two tabs see each other."""

from django.http import HttpRequest

# No draft has it: a form that lost its version is refused as another tab's would be.
AUCUNE = -1


def version_de(requete: HttpRequest) -> int:
    """The draft's version that the page was made from, as its hidden field says."""
    texte = requete.POST.get("version", "")
    return int(texte) if texte.isdecimal() and len(texte) < 10 else AUCUNE
