"""What proves that somebody is who they say, once more or to get in: each failure leaves a trace, and they are counted.

Each of these answers what is wrong with the proof, in a sentence; nothing when it proves.
"""

from datetime import timedelta

from segurnum.comptes import cles_acces, connexions, second_facteur
from segurnum.comptes.models import Utilisateur
from segurnum.limites.phrases import a_partir_de
from segurnum.limites.services import compter
from segurnum.regles.erreurs import GesteImpossible

ESSAIS_PAR_QUART_D_HEURE = 5
CODE_FAUX = (
    "Ce code n'est pas le bon, ou il a déjà servi. Saisissez les six chiffres que l'application affiche "
    "maintenant, ou un code de secours qui n'a pas servi."
)
CLE_INCONNUE = "Cette clé d'accès n'a pas été reconnue"


def par_cle(*, personne: Utilisateur, reponse: str, defi: str, reseau: str, echec: str) -> str:
    """`defi`: what the authenticator was asked, empty for nothing. `echec`: the gesture that the journal says."""
    if defi and cles_acces.verifier(reponse=reponse, defi=defi, personne=personne):
        return ""
    connexions.echouer(identifiant=personne.username, reseau=reseau, geste=echec)
    return CLE_INCONNUE


def par_code(
    *, personne: Utilisateur, code: str, reseau: str, echec: str, suspension: str = "", appareil: str = ""
) -> str:
    """`suspension`: the gesture of the journal after too many failures, where it is another than `echec`."""
    try:
        if second_facteur.verifier(personne=personne, code=code, appareil=appareil):
            return ""
        faute = CODE_FAUX
    except GesteImpossible as refus:
        faute, echec = str(refus), suspension or echec
    connexions.echouer(identifiant=personne.username, reseau=reseau, geste=echec)
    return faute


def par_mot_de_passe(*, personne: Utilisateur, mot_de_passe: str, reseau: str, echec: str) -> str:
    faute = essai_refuse(personne)
    if not faute and personne.check_password(mot_de_passe):
        return ""
    connexions.echouer(identifiant=personne.username, reseau=reseau, geste=echec)
    return faute or "Ce n'est pas votre mot de passe. Saisissez-le de nouveau."


def essai_refuse(personne: Utilisateur) -> str:
    """Count a try at one's own password: who finds a session left open does not get to guess it.

    Empty when it may be looked at, else when to try again.
    """
    cle = f"mot-de-passe:{personne.objet}"
    libre_le = compter(cle, maximum=ESSAIS_PAR_QUART_D_HEURE, duree=timedelta(minutes=15))
    return f"Trop d'essais : recommencez {a_partir_de(libre_le)}." if libre_le else ""
