"""Numbering of the requests: line numbers, editor numbers, and the dossier a balance refers to."""

from __future__ import annotations

from segurnum.controles.catalogue import AVERTISSEMENT
from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot, chemin, numero_dossier
from segurnum.controles.metier import Trouvailles, regle
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier


@regle(
    code="3010",
    titre="Numéro de ligne en double",
    explication="Le même numLigne désigne deux demandes du fichier.",
    remede="Numérotez les demandes de 1 en 1.",
)
def num_ligne_unique(depot: Depot) -> Trouvailles:
    """Source: JSN-023."""
    vus: dict[int, int] = {}
    for rang, demande in depot.demandes:
        numero = demande["numLigne"]
        if numero is None:
            continue
        if numero in vus:
            message = (
                f"Le numéro de ligne {numero} est déjà celui de la demande de rang {vus[numero] + 1} : un "
                "numéro unique est attendu."
            )
            yield chemin(rang, "numLigne"), message
        vus.setdefault(numero, rang)


@regle(
    code="3011",
    titre="Numéros de ligne non consécutifs",
    severite=AVERTISSEMENT,
    explication="Les numéros de ligne ne se suivent pas de 1 en 1 à partir de 1.",
    remede="Numérotez les demandes de 1 en 1, dans l'ordre du fichier.",
)
def num_ligne_consecutif(depot: Depot) -> Trouvailles:
    """Only the first break of the sequence is reported: one gap shifts every number that follows."""
    for rang, demande in depot.demandes:
        numero = demande["numLigne"]
        if numero is not None and numero != rang + 1:
            yield (
                chemin(rang, "numLigne"),
                f"Le numéro de ligne {numero} ne suit pas l'ordre : {rang + 1} était attendu.",
            )
            return


@regle(
    code="3012",
    titre="Numéro éditeur en double",
    explication="Le même numeroEditeur désigne deux demandes : les pièces ne pourraient pas être rattachées.",
    remede="Donnez à chaque demande du fichier son propre numéro éditeur.",
)
def numero_editeur_unique(depot: Depot) -> Trouvailles:
    """Source: JSN-033. Compared without letter case, since piece names are."""
    vus: set[str] = set()
    for rang, demande in depot.demandes:
        numero = demande["numeroEditeur"]
        if numero is None:
            continue
        if numero.lower() in vus:
            message = (
                f"Le numéro éditeur {citer(numero)} est déjà celui d'une autre demande du fichier : un "
                "numéro unique est attendu."
            )
            yield chemin(rang, "numeroEditeur"), message
        vus.add(numero.lower())


@regle(
    code="3020",
    titre="Numéro ASP sur une avance",
    pour=TypeDemande.AVANCE,
    explication="Le numéro de dossier d'une avance est donné par le portail : il n'existe pas encore au dépôt.",
    remede="Écrivez null ; si la demande est un solde, remplissez l'objet facture.",
)
def numero_asp_sans_objet(depot: Depot) -> Trouvailles:
    """Source: JSN-023."""
    for rang, demande in depot.demandes:
        if demande["numeroASP"] is not None:
            message = (
                "Une avance n'a pas encore de numéro de dossier : null est attendu, pas "
                f"{citer(demande['numeroASP'])}."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3021",
    titre="Numéro ASP manquant sur un solde",
    pour=TypeDemande.SOLDE,
    explication="Un solde se rattache à son avance par le numéro de dossier.",
    remede="Reprenez le numéro de dossier de l'avance (FIN…), avec ou sans M0.",
)
def numero_asp_attendu(depot: Depot) -> Trouvailles:
    """The path is that of the field, even when its key is left out."""
    for rang, demande in depot.demandes:
        if demande["numeroASP"] is None:
            message = (
                "Un solde reprend le numéro de dossier de son avance, comme "
                f"FIN{depot.couloir.sigle}010719 : numeroASP est vide."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3022",
    titre="Dossier d'un autre couloir",
    pour=TypeDemande.SOLDE,
    explication="Le numéro de dossier est celui d'un autre couloir que le fichier.",
    remede="Vérifiez le numéro de dossier de l'avance.",
)
def dossier_du_couloir(depot: Depot) -> Trouvailles:
    """Source: RUL-014."""
    for rang, _, numero in depot.dossiers:
        autre = NumeroDossier.lire(numero).couloir
        if autre != depot.couloir.sigle:
            message = (
                f"Le dossier {numero} relève du couloir {autre} : un dossier FIN{depot.couloir.sigle}… "
                "est attendu."
            )
            yield chemin(rang, "numeroASP"), message


@regle(
    code="3023",
    titre="Deux soldes du même dossier",
    pour=TypeDemande.SOLDE,
    explication="Deux demandes du fichier sont le solde de la même avance.",
    remede="Ne gardez qu'un solde par dossier.",
)
def un_solde_par_dossier(depot: Depot) -> Trouvailles:
    """Whatever the suffix: FINMS1010719 and FINMS1010719M0 are one dossier."""
    vus: set[str] = set()
    for rang, demande, numero in depot.dossiers:
        if numero in vus:
            message = (
                f"Le dossier {numero_dossier(demande['numeroASP'])} a déjà un solde dans ce fichier : un "
                "seul est attendu."
            )
            yield chemin(rang, "numeroASP"), message
        vus.add(numero)
