"""What is decided is computed again at the decision, from the data, the tariff and the journal.

The amounts stand in columns, and whoever may write in the database may alter one. What the officer validated is in the
journal, which nobody rewrites; what it is worth follows from the declaration and the scale: all three must agree.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from segurnum.demandes import cycle, montants
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier
from segurnum.journal.queries import evenements_de
from segurnum.regles.argent import Calcul, en_euros, en_taux
from segurnum.regles.cycles import GesteDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

_MONTANTS = {
    "montant_declare": "montant déclaré hors taxe",
    "engagement_ht": "engagement hors taxe retenu",
    "engagement": "engagement retenu",
    "montant_decide": "montant à décider",
}


def exiger_montants_intacts(demande: Demande) -> None:
    """Raise GesteImpossible, with the figures, when what would be decided is not what follows from the data.

    A payment of the avance that changed since the validation is told as such: nobody altered anything.
    """
    valide = _validation(demande)
    if valide is None:
        raise _introuvable(demande, ["aucune validation n'est au journal"])
    if trouves := list(_alterations(demande, valide)):
        raise _introuvable(demande, trouves)
    if demande.type is TypeDemande.SOLDE:
        montants.exiger_le_verse(demande)
    if trouves := list(_recalcul(demande, valide)):
        raise _introuvable(demande, trouves)


def _introuvable(demande: Demande, trouves: list[str]) -> GesteImpossible:
    return GesteImpossible(
        f"Le montant de la demande {demande.numero} ne se retrouve pas : {' ; '.join(trouves)}. "
        "Rien n'est décidé : prévenez l'administration du portail et faites reprendre l'instruction."
    )


def _alterations(demande: Demande, valide: dict[str, Any]) -> Iterator[str]:
    """Where the rows are not as their validation left them."""
    yield from _alteres(demande, valide.get("etat", {}))
    avance = avance_du_dossier(demande) if demande.type is TypeDemande.SOLDE else None
    if avance is not None:
        for alteree in _alteres(avance, (_validation(avance) or {}).get("etat", {})):
            yield f"avance, {alteree}"
    if demande.calcul != valide["calcul"]:
        yield "le détail du calcul n'est pas celui qui a été validé"


def _recalcul(demande: Demande, valide: dict[str, Any]) -> Iterator[str]:
    """Where the computation made again gives something else than the validation."""
    calcul = Calcul.lire(valide["calcul"])
    try:
        refait = montants.calculer(demande, retenu_ht=_retenu(valide))
    except GesteImpossible as refus:
        yield f"le calcul ne peut pas être refait ({str(refus).rstrip('.')})"
        return
    for nom, libelle in (("engagement_ht", "engagement hors taxe"), ("decide", "montant à décider")):
        if getattr(calcul, nom) != getattr(refait, nom):
            yield _phrase(
                libelle, getattr(calcul, nom), "à la validation", getattr(refait, nom), "par le calcul refait"
            )


def _validation(demande: Demande) -> dict[str, Any] | None:
    """What the last validation left in the journal."""
    faits = evenements_de(demande.dossier.chaine).filter(objet=demande.objet, geste=GesteDemande.VALIDER)
    dernier = faits.order_by("-rang").first()
    details: dict[str, Any] | None = dernier.details if dernier else None
    return details if details and details.get("calcul") else None


def _retenu(valide: dict[str, Any]) -> Decimal | None:
    return Decimal(valide["retenu_ht"]) if valide.get("retenu_ht") else None


def _alteres(demande: Demande, dit: dict[str, str]) -> Iterator[str]:
    actuel = cycle.etat_de(demande)
    for nom, libelle in _MONTANTS.items():
        if nom in dit and dit[nom] != actuel[nom]:
            yield _phrase(libelle, _lu(actuel[nom]), "en base", _lu(dit[nom]), "à la validation")
    if dit.get("taux_tva", actuel["taux_tva"]) != actuel["taux_tva"]:
        taux = (en_taux(Decimal(texte)) for texte in (actuel["taux_tva"], dit["taux_tva"]))
        yield "taux de TVA de {} en base, de {} à la validation".format(*taux)


def _lu(texte: str) -> Decimal:
    return Decimal(texte or 0)


def _phrase(libelle: str, trouve: Decimal, ou: str, attendu: Decimal, la: str) -> str:
    return f"{libelle} de {en_euros(trouve)} {ou}, de {en_euros(attendu)} {la}"
