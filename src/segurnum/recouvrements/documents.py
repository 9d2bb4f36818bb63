"""The letter of a recovery order: what it asks, how it was reached, by when, and how to appeal."""

from django.conf import settings

from segurnum import editique
from segurnum.paiements.documents import destinataire, emetteur, lignes_de_lettre, signataire
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import jour_de_paris


def titre_de_recette(ligne: Recouvrement) -> bytes:
    """An accessible PDF, made once, when the title is issued."""
    demande = ligne.demande
    if ligne.emis_le is None or ligne.echeance is None or ligne.numero is None or ligne.emetteur is None:
        raise AssertionError("la lettre d'un titre se fait quand il est émis")
    return editique.titre_de_recette(
        editique.TitreDeRecette(
            emetteur=emetteur(),
            destinataire=destinataire(ligne.entreprise),
            signataire=signataire(ligne.emetteur),
            reference=ligne.numero,
            lieu=settings.LETTRES["lieu"],
            date=jour_de_paris(ligne.emis_le),
            numero_dossier=demande.dossier.numero,  # CON-33: letters name the dossier, without a suffix
            type_demande=demande.type.libelle,
            dsr=demande.dsr,
            libelle_couloir=demande.couloir.libelle,
            lignes=lignes_de_lettre(ligne.lignes),
            montant=en_euros(ligne.montant),
            motif=ligne.motif,
            echeance=ligne.echeance,
            total=ligne.total,
            reglement=tuple(settings.LETTRES["reglement"]),
            visas=tuple(settings.LETTRES["visas"]),
            recours=tuple(settings.LETTRES["recours_titre"]),
        )
    )
