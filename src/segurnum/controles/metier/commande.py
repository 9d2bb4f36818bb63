"""Order and invoice: dates and VAT regime."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import cast

from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.regles.calendrier import PARIS, date_longue, lire_date_fr


@regle(
    code="3030",
    titre="Date dans le futur",
    exige=("instant",),
    explication="La commande ou la facture est datée d'après le dépôt.",
    remede="Vérifiez la date, jour puis mois puis année.",
)
def date_passee(depot: Depot) -> Trouvailles:
    """Judged on the day of the deposit in Paris."""
    aujourdhui = cast(datetime, depot.contexte.instant).astimezone(PARIS).date()
    for rang, demande in depot.demandes:
        texte = demande[depot.bloc.objet][depot.bloc.date]
        if texte is not None and lire_date_fr(texte) > aujourdhui:
            message = (
                f"La date de la {depot.bloc.nom} ({texte}) est postérieure au dépôt : une date jusqu'au "
                f"{date_longue(aujourdhui)} est attendue."
            )
            yield chemin(rang, depot.bloc.objet, depot.bloc.date), message


@regle(
    code="3031",
    titre="Régime de TVA incohérent avec le taux",
    exige=("taux_tva",),
    explication="Le régime HT va avec un taux de 0 %, le régime TTC avec le taux choisi pour le fichier.",
    remede="Corrigez le régime de la demande, ou choisissez le taux de TVA qui convient au fichier.",
)
def regime_selon_le_taux(depot: Depot) -> Trouvailles:
    """Source: CON-26."""
    taux = cast(Decimal, depot.contexte.taux_tva)
    attendu = "HT" if taux == 0 else "TTC"
    for rang, demande in depot.demandes:
        regime = demande[depot.bloc.objet]["regimeTVA"]
        if regime is not None and regime != attendu:
            message = (
                f"Le régime {citer(regime)} ne va pas avec le taux de {_pourcent(taux)} choisi pour le "
                f"fichier : {citer(attendu)} est attendu."
            )
            yield chemin(rang, depot.bloc.objet, "regimeTVA"), message


def _pourcent(taux: Decimal) -> str:
    return f"{taux.normalize():f} %".replace(".", ",")
