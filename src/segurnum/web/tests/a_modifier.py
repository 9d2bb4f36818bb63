"""A request that waits for its correction: an operator's balance, a file's avance."""

from collections.abc import Mapping
from datetime import timedelta

from segurnum.controles.formulaire import ecrire_champ
from segurnum.couloirs import mss
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demonstration.fabrique_formulaires import saisie_de
from segurnum.depots import modifications
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, Reponse, en_cours, gestionnaire
from segurnum.web.tests.operateur import Ecran

MOTIF = "Le lien vers votre documentation ne répond pas."
SAISIE = saisie_de(mss.SOLDE)
CORRIGEE = SAISIE | {"lienDocumentation": "https://neuf.operateur.example"}
UNE_SECONDE = timedelta(seconds=1)
AVANT = SAISIE["lienDocumentation"]


def solde_a_modifier() -> tuple[Ecran, Demande]:
    ecran = Ecran()
    ecran.operateur.compter(1000, 10, 10)
    ecran.avance_decidee()
    solde = ecran.operateur.deposer(TypeDemande.SOLDE)
    services.demander_modification(demande=solde.pk, auteur=gestionnaire(), motif=MOTIF)
    return ecran, Demande.objects.get(pk=solde.pk)


def fichier_a_modifier() -> tuple[Fournisseur, Demande]:
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    services.demander_modification(demande=demande.pk, auteur=gestionnaire(), motif=MOTIF)
    return fournisseur, Demande.objects.get(pk=demande.pk)


def confirmer(ecran: Fournisseur, demande: Demande, saisie: Mapping[str, object]) -> Reponse:
    return ecran.faire("modifier", demande.numero, geste="confirmer", **saisie)


def saisie_actuelle(demande: Demande) -> dict[str, str]:
    return {c.nom: ecrire_champ(c.champ, c.valeur) for c in modifications.champs_de(demande)}
