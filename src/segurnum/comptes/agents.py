"""The administration's people: invited, given another profile, closed, opened again. Each gesture is journalled."""

from dataclasses import dataclass

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.comptes.mots_de_passe import PREMIERE_FOIS, creer_lien, oublier_liens
from segurnum.comptes.queries import a_un_second_facteur, administrateurs, par_courriel
from segurnum.comptes.second_facteur import exige
from segurnum.comptes.second_facteur import retirer as retirer_le_facteur
from segurnum.comptes.services import nouveau_compte, verrouiller_les_creations
from segurnum.comptes.sessions import fermer as fermer_les_sessions
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteSupervision
from segurnum.regles.identifiants import est_courriel


@dataclass(frozen=True)
class Invitation:
    """A person and the secret of the link just written to them, for whoever must hand it over otherwise."""

    personne: Utilisateur
    jeton: str


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def inviter(*, courriel: str, nom: str, prenom: str, profil: Profil, auteur: Auteur) -> Invitation:
    """Open an account for a person of the administration: identifier by one mail (M60), link by another (M06, 48 h).

    Raises GesteImpossible for an address already known.
    """
    if profil in PROFILS_ENTREPRISE:
        raise GesteImpossible("Ce profil est celui d'une entreprise : un profil d'agent est attendu.")
    for champ, texte in (("nom", nom), ("prenom", prenom)):
        if not texte.strip() or "\x00" in texte:
            raise GesteImpossible("Le nom et le prénom de la personne sont attendus.", champ=champ)
    if not est_courriel(courriel.strip()):
        raise GesteImpossible(
            f"« {courriel} » n'est pas une adresse électronique : la forme nom@domaine.fr est attendue.",
            champ="courriel",
        )
    verrouiller_les_creations()
    if connu := par_courriel(courriel):
        raise GesteImpossible(_deja_connu(connu), champ="courriel")
    personne = nouveau_compte(courriel=courriel, nom=nom, prenom=prenom, profil=profil)
    consigner(personne, "INVITER_AGENT", auteur=auteur, apres=profil)
    return _ecrire(personne)


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def renouveler(*, personne: Utilisateur, auteur: Auteur) -> Invitation:
    """Send the identifier and another link, which replaces the former. Raises GesteImpossible for a closed account."""
    personne = _agent(personne)
    if not personne.is_active:
        raise GesteImpossible(f"Le compte « {personne.username} » est fermé : rouvrez-le d'abord.")
    consigner(personne, "RENOUVELER_INVITATION", auteur=auteur)
    return _ecrire(personne)


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def changer_profil(*, personne: Utilisateur, profil: Profil, auteur: Auteur) -> None:
    """Give another profile. Raises GesteImpossible for the last administrator, and for one's own account."""
    personne = _agent(personne)
    if profil in PROFILS_ENTREPRISE:
        raise GesteImpossible("Ce profil est celui d'une entreprise : un profil d'agent est attendu.")
    avant = Profil(personne.profil)
    if profil == avant:
        return
    _garder_un_administrateur(personne, auteur)
    personne.profil = profil
    personne.save(update_fields=["profil"])
    consigner(personne, "CHANGER_PROFIL", auteur=auteur, avant=avant, apres=profil)


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def fermer(*, personne: Utilisateur, auteur: Auteur) -> None:
    """The account opens nothing any more: its sessions and links go. Same refusals as `changer_profil`."""
    personne = _agent(personne)
    if not personne.is_active:
        raise GesteImpossible(f"Le compte « {personne.username} » est déjà fermé.")
    _garder_un_administrateur(personne, auteur)
    personne.is_active = False
    personne.save(update_fields=["is_active"])
    oublier_liens(personne)
    fermer_les_sessions(personne)
    consigner(personne, "FERMER_COMPTE", auteur=auteur)


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def rouvrir(*, personne: Utilisateur, auteur: Auteur) -> Invitation:
    """Open a closed account again: its former password is forgotten, and a link lets choose another."""
    personne = _agent(personne)
    if personne.is_active:
        raise GesteImpossible(f"Le compte « {personne.username} » est déjà ouvert.")
    personne.is_active = True
    personne.set_unusable_password()
    personne.save(update_fields=["is_active", "password"])
    consigner(personne, "ROUVRIR_COMPTE", auteur=auteur)
    return _ecrire(personne)


@reserve(GesteSupervision.GERER_AGENTS)
@transaction.atomic
def retirer_second_facteur(*, personne: Utilisateur, auteur: Auteur) -> None:
    """For who lost everything, once their identity was checked by other means: sessions close with it."""
    personne = _agent(personne)
    if not a_un_second_facteur(personne):
        raise GesteImpossible(f"Le compte « {personne.username} » n'a pas de second facteur.")
    retirer_le_facteur(personne=personne, auteur=auteur)
    fermer_les_sessions(personne)


def _agent(personne: Utilisateur) -> Utilisateur:
    """The account as it is now, with those of all officers held: two cannot close each other at once."""
    verrouiller_les_creations()
    personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if not personne.est_agent:
        raise GesteImpossible(
            f"Le compte « {personne.username} » est celui d'une entreprise, qui gère elle-même ses utilisateurs."
        )
    return personne


def _garder_un_administrateur(personne: Utilisateur, auteur: Auteur) -> None:
    if personne.pk == auteur.cle:
        raise GesteImpossible(
            "Vous ne pouvez ni fermer votre propre compte ni changer votre profil : demandez-le à un autre "
            "administrateur."
        )
    if personne.profil != Profil.ADMINISTRATION or not personne.is_active:
        return
    if not any(autre != personne for autre in administrateurs()):
        raise GesteImpossible(
            "C'est le dernier administrateur qui a choisi son mot de passe : invitez-en d'abord un autre."
        )


def _deja_connu(connu: Utilisateur) -> str:
    if not connu.est_agent:
        return (
            f"L'adresse {connu.email} est celle d'une personne qui agit pour une entreprise : un agent ne peut pas "
            "être les deux. Demandez une autre adresse."
        )
    suite = "" if connu.is_active else ", et il est fermé : rouvrez-le"
    return f"L'adresse {connu.email} a déjà un compte d'agent, « {connu.username} »{suite}."


def _ecrire(personne: Utilisateur) -> Invitation:
    jeton = creer_lien(personne, PREMIERE_FOIS)
    identifiant = rediger(
        "M60",
        identifiant=personne.username,
        profil=personne.get_profil_display(),
        second_facteur=exige(personne) and not a_un_second_facteur(personne),
    )
    envoyer(
        Envoi(code=code, texte=texte, destinataire=personne.email, sujet=personne.objet)
        for code, texte in (("M60", identifiant), ("M06", rediger("M06", jeton=jeton)))
    )
    return Invitation(personne, jeton)
