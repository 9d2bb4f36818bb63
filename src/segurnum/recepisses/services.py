"""Writing a receipt down, and the mail that brings it."""

from dataclasses import dataclass
from datetime import datetime

from segurnum.comptes.models import Entreprise
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.editique.recepisses import Contenu
from segurnum.recepisses.models import Nature, Recepisse
from segurnum.regles.calendrier import instant_exact


@dataclass(frozen=True, kw_only=True)
class Reception:
    """What was received: from which company (its key), about what, when; and what is attested of it."""

    nature: Nature
    entreprise: int
    sujet: str
    recu_le: datetime
    contenu: Contenu


def etablir(reception: Reception) -> Recepisse:
    """The receipt of a gesture, in its transaction: neither is there without the other."""
    entreprise = Entreprise.objects.get(pk=reception.entreprise)
    return Recepisse.objects.create(
        nature=reception.nature,
        intitule=reception.nature.label,
        entreprise=entreprise,
        siret=entreprise.siret,
        denomination=entreprise.denomination,
        sujet=reception.sujet,
        recu_le=reception.recu_le,
        contenu=reception.contenu.en_dict(),
    )


def etablir_et_envoyer(reception: Reception, *, destinataire: str) -> Recepisse:
    """The receipt, and the mail that carries it."""
    ligne = etablir(reception)
    texte = rediger(
        "M96",
        numero=ligne.numero,
        nature=ligne.intitule,
        recu_le=instant_exact(ligne.recu_le),
        retenus=len(reception.contenu.retenus),
        rejetes=len(reception.contenu.rejetes),
        faits="\n".join(f"- {nom} : {valeur}" for nom, valeur in reception.contenu.faits),
        lien=lien_de(ligne),
    )
    envoyer(
        [
            Envoi(
                code="M96",
                texte=texte,
                destinataire=destinataire,
                sujet=reception.sujet,
                recepisse=ligne.pk,
            )
        ]
    )
    return ligne


def lien_de(ligne: Recepisse) -> str:
    """The page that confirms it to anybody who holds it."""
    return adresse_de("public:recepisse", ligne.code)
