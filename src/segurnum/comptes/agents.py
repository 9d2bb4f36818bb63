"""Opening an account to one of the administration's people."""

from django.db import transaction

from segurnum.comptes.journal import consigner
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.comptes.queries import par_courriel
from segurnum.comptes.services import nouveau_compte, premier_lien, reserver_les_comptes
from segurnum.courriels.modeles import rediger
from segurnum.courriels.services import Envoi, envoyer
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def inviter(
    *, profil: Profil, courriel: str, nom: str, prenom: str, par: Utilisateur | None = None
) -> Utilisateur:
    """An account of the administration, its identifier by one mail (M05), the link to its password by another (M06).

    `par`: who invites, None for who looks after the portal. Raises GesteImpossible for a profile of the companies, or
    for an address that is known already: nobody is both.
    """
    if profil in PROFILS_ENTREPRISE:
        raise GesteImpossible(f"« {profil.label} » n'est pas un profil de l'administration.")
    reserver_les_comptes()
    if par_courriel(courriel) is not None:
        raise GesteImpossible(f"Un compte a déjà l'adresse {courriel} : donnez-en une autre.")
    agent = nouveau_compte(courriel=courriel, nom=nom, prenom=prenom, profil=profil)
    consigner(agent, "OUVRIR_ACCES", par=par, apres=profil)
    identifiant = rediger("M05", identifiant=agent.username, entreprise="", siret="", profil=profil.label)
    envoyer(
        [
            Envoi(code="M05", texte=identifiant, destinataire=agent.email, sujet=agent.objet),
            premier_lien(agent),
        ]
    )
    return agent
