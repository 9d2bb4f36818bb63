"""The PDF of a receipt: made of its facts, and signed, each time that it leaves."""

import segno
from django.conf import settings

from segurnum.courriels.adresses import adresse_de
from segurnum.editique import Emetteur
from segurnum.editique.recepisses import Recepisse as Imprime
from segurnum.editique.recepisses import empreinte, recepisse
from segurnum.editique.signature import signer
from segurnum.recepisses.cles import signataires
from segurnum.recepisses.models import Recepisse
from segurnum.regles.calendrier import instant_exact, jour_de_paris, maintenant


def pdf_de(ligne: Recepisse) -> bytes:
    """PDF/A-2a, tagged, signed by the key of the day."""
    qui = signataires()[0]
    adresse = adresse_de("public:recepisse", ligne.code)
    pdf = recepisse(
        Imprime(
            emetteur=Emetteur(settings.LETTRES["emetteur"], settings.LETTRES["service"]),
            numero=ligne.numero,
            nature=ligne.intitule,
            recu_le=instant_exact(ligne.recu_le),
            date=jour_de_paris(ligne.recu_le),
            denomination=ligne.denomination,
            siret=ligne.siret,
            contenu=ligne.lu,
            adresse=adresse,
            qr=segno.make(adresse, error="m").svg_inline(scale=4, dark="#000", light="#fff"),
            certificat=qui.empreinte,
        )
    )
    return signer(pdf, qui, instant=maintenant(), motif=f"Récépissé {ligne.numero}")


def empreinte_de(ligne: Recepisse) -> str:
    """The digest of its content, that its PDF prints and the public page shows."""
    return empreinte(
        ligne.numero,
        ligne.intitule,
        instant_exact(ligne.recu_le),
        ligne.siret,
        ligne.lu,
    )


def nom_de(ligne: Recepisse) -> str:
    return f"recepisse_{ligne.numero}.pdf"
