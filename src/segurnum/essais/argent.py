"""Money that moved, for the tests: made as if the services had brought it there."""

from datetime import date
from decimal import Decimal

from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import EtatPaiement


def payee(decidee: Demande, jour: date | None = None) -> Versement:
    """The payment of a decided request, made as if the services had brought it there, whatever led to it."""
    sienne = Decision.objects.filter(demande=decidee).first() or Decision.objects.create(
        demande=decidee,
        enveloppe=Enveloppe.objects.filter(dsr__contains=[decidee.dsr]).first()
        or usines.enveloppe(decidee.dsr),
        decideur=usines.utilisateur(Profil.DECIDEUR),
        montant=decidee.montant_decide or Decimal(0),
        prise_le=maintenant(),
    )
    faite = {
        "etat": EtatPaiement.EFFECTUE,
        "montant_paye": sienne.montant,
        "mis_en_paiement_le": maintenant(),
        "paye_le": jour or jour_de_paris(maintenant()),
        "avis": usines.fichier(),
    }
    versement, _ = Versement.objects.update_or_create(
        decision=sienne,
        defaults=faite,
        create_defaults=faite
        | {
            "type": decidee.type,
            "montant_decide": sienne.montant,
            "compte_bancaire": decidee.entreprise.compte_actif,
        },
    )
    Demande.objects.filter(pk=decidee.pk).update(etat_paiement=EtatPaiement.EFFECTUE)
    return versement
