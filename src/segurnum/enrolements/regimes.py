"""The VAT regime of an enrolment, when it changes: proved, dated, and never of what is deposited already."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.enrolements.jointes import PieceRecue, joindre
from segurnum.enrolements.models import Enrolement, RegimeTVA
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers.models import Fichier
from segurnum.journal.cycle import noter
from segurnum.regles import calendrier
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepotEnrolement

CHANGER = "CHANGER_REGIME"


@reserve(GesteDepotEnrolement.CHANGER_REGIME)
@transaction.atomic
def changer(
    *, enrolement: int, taux_tva: Decimal, date_effet: date, nom: str, preuve: Fichier, auteur: Auteur
) -> RegimeTVA:
    """The rate (%) of what is deposited from `date_effet` on. Raises GesteImpossible, with the field at fault."""
    inscrit = Enrolement.objects.select_for_update(of=("self",)).get(pk=enrolement)
    if inscrit.statut is StatutEnrolement.REJETEE:
        raise GesteImpossible("Cet enrôlement est rejeté : son régime de TVA ne change plus.")
    if taux_tva not in TAUX_TVA_PERMIS:
        raise GesteImpossible(f"Le taux de {en_taux(taux_tva)} n'est pas admis.", champ="taux_tva")
    instant = calendrier.maintenant()
    if date_effet < calendrier.jour_de_paris(instant):
        raise GesteImpossible(
            "La date d'effet est passée : ce qui est déposé garde son taux. Donnez aujourd'hui, ou un jour à venir.",
            champ="date_effet",
        )
    avant = inscrit.taux_au(date_effet)
    if avant == taux_tva:
        raise GesteImpossible(
            f"Le taux est déjà de {en_taux(taux_tva)} au {calendrier.date_fr(date_effet)}.", champ="taux_tva"
        )
    (piece,) = joindre(inscrit, [PieceRecue(TypePiece.REGIME_TVA, nom, preuve)], instant, confirmee=True)
    with contraintes_dites():
        regime = RegimeTVA.objects.create(
            enrolement=inscrit,
            taux_tva=taux_tva,
            date_effet=date_effet,
            preuve=piece,
            auteur_id=auteur.personne,
            cree_le=instant,
        )
    details = {
        "valeurs": {"taux_tva": [en_taux(avant), en_taux(taux_tva)]},
        "date_effet": calendrier.date_fr(date_effet),
        "empreinte": preuve.empreinte,
    }
    noter(inscrit, CHANGER, auteur, avant=inscrit.statut, motif=phrase(regime), details=details)
    return regime


def phrase(regime: RegimeTVA) -> str:
    """« 0 % à partir du 01/01/2027 »."""
    return f"{en_taux(regime.taux_tva)} à partir du {calendrier.date_fr(regime.date_effet)}"
