"""A deposit that begins in a spreadsheet: it is simulated as the JSON file that it makes, once every cell is right."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles import Rapport
from segurnum.depots import services
from segurnum.depots.contexte import contexte
from segurnum.depots.models import Simulation
from segurnum.enrolements.models import Enrolement
from segurnum.isolement.portes import verifier_tableur
from segurnum.limites.quotas import admettre
from segurnum.regles import calendrier
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.gestes import GesteDepot
from segurnum.tableurs import Conversion


@dataclass(frozen=True)
class ResultatTableur:
    """The report, at the cells of the spreadsheet; the simulation of its JSON when nothing refuses it."""

    conversion: Conversion
    rapport: Rapport
    simulation: Simulation | None


@reserve(GesteDepot.IMPORTER, sur="enrolement")
def simuler(
    *,
    enrolement: Enrolement,
    auteur: Auteur,
    type_demande: TypeDemande,
    taux_tva: Decimal,
    nom_fichier: str,
    octets: bytes,
    recu_le: datetime | None = None,
) -> ResultatTableur:
    """Convert and check a spreadsheet; one without error is simulated, and kept, as its JSON file.

    The ANS number and the SIRET are those of the enrolment where the sheet does not say them. Raises as
    `services.simuler`.
    """
    admettre(octets=len(octets))
    reference = enrolement.referencement
    connu = contexte(
        enrolement=enrolement,
        type_demande=type_demande,
        taux_tva=taux_tva,
        instant=calendrier.instant_juge(recu_le),
    )
    entete = {"numeroAns": reference.numero_ans, "siret": enrolement.entreprise.siret}
    conversion, rapport = verifier_tableur(octets, connu, entete)
    if not (conversion.reussie and rapport.conforme):
        return ResultatTableur(conversion, rapport, None)
    resultat = services.simuler(
        enrolement=enrolement,
        auteur=auteur,
        type_demande=type_demande,
        taux_tva=taux_tva,
        nom_fichier=f"{PurePath(nom_fichier).stem}.json",
        octets=conversion.octets,
        recu_le=recu_le,
    )
    return ResultatTableur(conversion, rapport, resultat.simulation)
