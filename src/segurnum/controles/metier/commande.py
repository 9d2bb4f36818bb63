"""Order and invoice: dates and VAT regime."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from segurnum.controles.catalogue import AVERTISSEMENT
from segurnum.controles.constats import Proposition, citer
from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.couloirs.baremes import Assiette
from segurnum.couloirs.champs import Chemin
from segurnum.couloirs.grilles import Grille
from segurnum.regles.argent import arrondir, en_euros
from segurnum.regles.calendrier import DEBUT_DU_PROGRAMME, date_longue, jour_de_paris
from segurnum.regles.cycles import TypeDemande

PREMIER_JOUR = date(2026, 11, 30)  # what was deposited before is corrected under the rules of its day
JOURS_AVANT_REFERENCEMENT = 120  # calendar days before the complete file of proofs reached the agency


@regle(
    code="3030",
    titre="Date dans le futur",
    exige=("instant",),
    explication="La commande ou la facture est datée d'après le dépôt.",
    remede="Vérifiez la date, jour puis mois puis année.",
    reglable=True,
)
def date_passee(depot: Depot) -> Trouvailles:
    """Judged on the day of the deposit in Paris."""
    aujourdhui = jour_de_paris(cast(datetime, depot.contexte.instant))
    for place, texte, jour in depot.dates:
        if jour > aujourdhui:
            message = (
                f"La date de la {depot.bloc.nom} ({texte}) est postérieure au dépôt : une date jusqu'au "
                f"{date_longue(aujourdhui)} est attendue."
            )
            yield place, message


@regle(
    code="3032",
    titre="Date d'avant le programme",
    explication="La commande ou la facture est datée d'avant le Ségur numérique : rien n'est financé avant 2021.",
    remede="Vérifiez l'année, en quatre chiffres.",
    depuis=PREMIER_JOUR,
    reglable=True,
)
def date_du_programme(depot: Depot) -> Trouvailles:
    """What spreadsheets write for nothing (30/12/1899, 01/01/1900), and years of two figures (0021)."""
    for place, texte, jour in depot.dates:
        if jour < DEBUT_DU_PROGRAMME:
            message = (
                f"La date de la {depot.bloc.nom} ({texte}) est antérieure au programme : une date à partir du "
                f"{date_longue(DEBUT_DU_PROGRAMME)} est attendue."
            )
            if jour.year < 100:
                proposee = f"{texte[:6]}20{texte[8:]}"
                yield place, f"{message} Vouliez-vous dire « {proposee} » ?", Proposition(place, proposee)
            else:
                yield place, message


@regle(
    code="3033",
    titre="Commande d'après la fenêtre",
    exige=("commandes_jusqu_au",),
    pour=TypeDemande.AVANCE,
    explication="La commande est signée après la fin de la fenêtre des avances.",
    remede="Vérifiez la date de la commande : signée après la fermeture, elle n'est pas financée.",
    depuis=PREMIER_JOUR,
    reglable=True,
)
def commande_dans_la_fenetre(depot: Depot) -> Trouvailles:
    """Asked of a correction too, which may come after the closing."""
    limite = cast(date, depot.contexte.commandes_jusqu_au)
    for place, texte, jour in depot.dates:
        if jour > limite:
            message = (
                f"La commande ({texte}) est postérieure à la fin des avances de {depot.couloir.dsr} : une date "
                f"jusqu'au {date_longue(limite)} est attendue."
            )
            yield place, message


@regle(
    code="3034",
    titre="Commande bien antérieure au référencement",
    exige=("reference_le",),
    pour=TypeDemande.AVANCE,
    severite=AVERTISSEMENT,
    explication="La commande est signée plus de 120 jours avant le référencement du logiciel : elle n'est financée que "
    "si le dossier de preuves était déposé à l'ANS dans ce délai, ce que le service vérifie.",
    remede="Vérifiez la date de la commande et le numéro ANS de la version livrée.",
    depuis=PREMIER_JOUR,
    reglable=True,
)
def commande_proche_du_referencement(depot: Depot) -> Trouvailles:
    """The day when the file of proofs was complete is not known here: it comes before the referencing."""
    reference = cast(date, depot.contexte.reference_le)
    for place, texte, jour in depot.dates:
        if jour >= DEBUT_DU_PROGRAMME and (reference - jour).days > JOURS_AVANT_REFERENCEMENT:
            message = (
                f"La commande ({texte}) est signée plus de {JOURS_AVANT_REFERENCEMENT} jours avant le référencement du "
                f"logiciel, le {date_longue(reference)} : elle n'est financée que si le dossier de preuves était déjà "
                "déposé à l'ANS."
            )
            yield place, message


@regle(
    code="3035",
    titre="Montant au-delà du plafond",
    exige=("chiffres", "instant"),
    pour=TypeDemande.AVANCE,
    severite=AVERTISSEMENT,
    explication="Le montant hors taxe déclaré dépasse le plafond connu : l'engagement sera ramené au plafond.",
    remede="Vérifiez que le montant est hors taxe, et le nombre de bénéficiaires.",
    depuis=PREMIER_JOUR,
    reglable=True,
)
def montant_sous_le_plafond(depot: Depot) -> Trouvailles:
    """Told with the amount including tax, since that is what is often written in its place."""
    for place, montant, plafond in _au_dela(depot):
        message = f"Le montant ({en_euros(montant)} HT) dépasse le plafond de {en_euros(plafond)} HT"
        taux = depot.contexte.taux_tva
        if taux and arrondir(montant / (1 + taux / 100)) == plafond:
            message += f" ; {en_euros(montant)} est ce plafond TTC à {_pourcent(taux)} : écrivez le montant hors taxe."
            yield place, message, Proposition(place, plafond)
            continue
        ttc = (
            f", soit {en_euros(arrondir(plafond * (1 + taux / 100)))} TTC à {_pourcent(taux)}" if taux else ""
        )
        yield place, f"{message}{ttc} : l'engagement sera ramené au plafond."


def _au_dela(depot: Depot) -> Iterator[tuple[Chemin, Decimal, Decimal]]:
    """Path, amount and ceiling of each request that asks for more than its own."""
    demander, instant = depot.contexte.chiffres, depot.contexte.instant
    if demander is None or instant is None:
        return
    tarifs, table = demander({identifiant for _, identifiant in depot.identifiants})
    grille, jour = Grille(depot.couloir, tarifs, table), jour_de_paris(instant)
    for (rang, demande), (_, lus) in zip(depot.demandes, depot.beneficiaires, strict=True):
        montant = demande[depot.bloc.objet][depot.bloc.montant]
        identifiants = [identifiant for lu in lus for identifiant in lu.identifiants]
        if montant is None or not identifiants:
            continue
        plafond = grille.plafond(Assiette(depot.type, tuple(identifiants), demande), jour)
        # What is not known is the officers' business: the supplier is not told of a ceiling that nobody has given.
        if not plafond.inconnu and montant > plafond.montant_ht:
            yield chemin(rang, depot.bloc.objet, depot.bloc.montant), montant, plafond.montant_ht


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
            place = chemin(rang, depot.bloc.objet, "regimeTVA")
            yield place, message, Proposition(place, attendu)


def _pourcent(taux: Decimal) -> str:
    return f"{taux.normalize():f} %".replace(".", ",")
