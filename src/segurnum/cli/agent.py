"""`segurnum agent …`: the accounts of the administration's people, from the machine that runs the portal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from segurnum.cli.communs import ajouter_geste, ajouter_gestes, django_pret

if TYPE_CHECKING:
    from segurnum.comptes.agents import Invitation
    from segurnum.comptes.models import Utilisateur

REFUSE = 2
PROFILS = ("GESTIONNAIRE", "DECIDEUR", "COMPTABLE", "AUDITEUR", "ADMINISTRATION")


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gestures."""
    gestes = ajouter_gestes(
        sous_commandes, "agent", "ouvre et ferme les comptes des agents de l'administration"
    )
    inviter = gestes.add_parser("inviter", help="ouvre un compte et envoie le lien pour le mot de passe")
    inviter.add_argument("--profil", required=True, type=str.upper, choices=PROFILS)
    for nom, aide in (("courriel", "adresse électronique"), ("nom", "nom"), ("prenom", "prénom")):
        inviter.add_argument(f"--{nom}", required=True, metavar=nom.upper(), help=f"{aide} de la personne")
    ajouter_geste(inviter, executer, _inviter)
    ajouter_geste(gestes.add_parser("lister", help="montre les comptes des agents"), executer, _lister)
    profil = gestes.add_parser("changer-profil", help="donne un autre profil à un agent")
    profil.add_argument("identifiant", metavar="IDENTIFIANT")
    profil.add_argument("profil", type=str.upper, choices=PROFILS, metavar="PROFIL")
    ajouter_geste(profil, executer, _changer_profil)
    for nom, aide, faire in (
        ("fermer", "ferme un compte et ses sessions", _fermer),
        ("rouvrir", "rouvre un compte fermé, avec un nouveau lien", _rouvrir),
        ("renouveler", "envoie un nouveau lien ; le précédent ne sert plus", _renouveler),
        (
            "retirer-second-facteur",
            "retire le second facteur de qui a tout perdu, son identité vérifiée",
            _retirer,
        ),
    ):
        geste = gestes.add_parser(nom, help=aide)
        geste.add_argument("identifiant", metavar="IDENTIFIANT")
        ajouter_geste(geste, executer, faire)


def executer(arguments: argparse.Namespace) -> int:
    """Do it on this installation; 2, and why, when it is refused."""
    with django_pret(arguments.donnees):
        from django.db import ProgrammingError

        from segurnum.regles.erreurs import GesteImpossible

        try:
            arguments.faire(arguments)
        except GesteImpossible as refus:
            return _refuser(str(refus))
        except ProgrammingError:
            return _refuser("la base n'est pas à jour : lancez d'abord « segurnum django migrate ».")
    return 0


def _refuser(phrase: str) -> int:
    print(f"segurnum agent : {phrase}", file=sys.stderr)
    return REFUSE


def _inviter(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.comptes.models import Profil

    invitation = agents.inviter(
        courriel=arguments.courriel,
        nom=arguments.nom,
        prenom=arguments.prenom,
        profil=Profil(arguments.profil),
        auteur=PORTAIL,
    )
    print(f"Le compte « {invitation.personne.username} » est ouvert.")
    _dire_le_lien(invitation)


def _dire_le_lien(invitation: Invitation) -> None:
    """On the terminal only where no mail leaves: it opens the account to whoever reads it."""
    from django.conf import settings
    from django.urls import reverse

    if settings.COURRIELS_PARTENT:
        print(f"Un lien, valable 48 heures, part par courriel à {invitation.personne.email}.")
        return
    page = f"{settings.ADRESSE_PORTAIL}{reverse('fournisseur:nouveau_mot_de_passe')}"
    print("Aucun serveur d'envoi n'est réglé (EMAIL_URL) : remettez vous-même ce lien, valable 48 heures.")
    print(f"{page}?jeton={invitation.jeton}")


def _lister(_arguments: argparse.Namespace) -> None:
    from segurnum.comptes.queries import a_un_second_facteur, agents

    personnes = list(agents())
    if not personnes:
        print("Aucun agent n'a de compte : « segurnum agent inviter » ouvre le premier.")
    for personne in personnes:
        etat = "fermé" if not personne.is_active else "ouvert"
        if personne.is_active and not personne.has_usable_password():
            etat = "invité"
        facteur = "second facteur" if a_un_second_facteur(personne) else "sans second facteur"
        print(
            f"{personne.username:<20} {personne.profil:<15} {etat:<7} {facteur:<20} "
            f"{personne.get_full_name()} <{personne.email}>"
        )


def _personne(arguments: argparse.Namespace) -> Utilisateur:
    from segurnum.comptes.queries import agents
    from segurnum.regles.erreurs import GesteImpossible

    personne = agents().filter(username=arguments.identifiant).first()
    if personne is None:
        raise GesteImpossible(
            f"aucun agent n'a l'identifiant « {arguments.identifiant} » ; « segurnum agent lister » les montre."
        )
    return personne


def _changer_profil(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.comptes.models import Profil

    profil = Profil(arguments.profil)
    agents.changer_profil(auteur=PORTAIL, personne=_personne(arguments), profil=profil)
    print(f"Le compte « {arguments.identifiant} » a le profil {profil.label}.")


def _fermer(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL

    agents.fermer(auteur=PORTAIL, personne=_personne(arguments))
    print(f"Le compte « {arguments.identifiant} » est fermé, ses sessions aussi.")


def _rouvrir(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL

    invitation = agents.rouvrir(auteur=PORTAIL, personne=_personne(arguments))
    print(f"Le compte « {arguments.identifiant} » est rouvert ; son ancien mot de passe ne sert plus.")
    _dire_le_lien(invitation)


def _renouveler(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL

    _dire_le_lien(agents.renouveler(auteur=PORTAIL, personne=_personne(arguments)))


def _retirer(arguments: argparse.Namespace) -> None:
    from segurnum.comptes import agents
    from segurnum.comptes.auteurs import PORTAIL

    agents.retirer_second_facteur(auteur=PORTAIL, personne=_personne(arguments))
    print(f"Le second facteur de « {arguments.identifiant} » est retiré, ses sessions sont fermées.")
