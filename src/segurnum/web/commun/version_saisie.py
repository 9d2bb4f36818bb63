"""Which version of a draft a page was made from: two tabs see each other."""

from django.http import HttpRequest

from segurnum.web.commun.entrees import entier

# No draft has it: a form that lost its version is refused as another tab's would be.
AUCUNE = -1


def version_de(requete: HttpRequest) -> int:
    """The draft's version that the page was made from, as its hidden field says."""
    lue = entier(requete.POST.get("version"))
    return AUCUNE if lue is None else lue
