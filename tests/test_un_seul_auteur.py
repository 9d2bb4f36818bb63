"""Who acts is said in one way: what writes takes `auteur: Auteur`, by its name, and the journal has it from there."""

import ast

from ecrivains import DOMAINES, PAQUET, ecrivains

# Where a person acts on their own account: `personne` is what is acted on, and who acts.
DE_SOI = {
    f"comptes.{nom}"
    for nom in ("cles_acces", "connexions", "identites", "invitations", "mots_de_passe", "second_facteur")
}
# What takes no author, and why.
EXCEPTIONS = {
    "the public directory is loaded by the machine": {"annuaire.services.importer_stock"},
    "counts and proofs of whoever knocks, signed in or not": {
        "antirobot.services.accepter",
        "limites.connexion.commencer",
        "limites.connexion.reussir",
        "limites.services.oublier",
        "limites.services.rendre",
        "comptes.connexions.echouer",
        "comptes.mots_de_passe.envoyer_identifiant",
        "comptes.mots_de_passe.envoyer_lien",
    },
    "the holder of a personal link, whom the link itself names": {
        "comptes.identites.reconnaitre",
        "comptes.invitations.accepter_par_lien",
        "comptes.invitations.decliner_par_lien",
        "comptes.mots_de_passe.choisir",
        "coordonnees.banque.confirmer",
        "coordonnees.banque.contester",
    },
    "the person chooses for whom they work, and how they read: nothing is journalled": {
        "comptes.services.choisir_entreprise",
        "comptes.services.choisir_theme",
        "notifications.services.regler",
        "notifications.services.marquer_lues",
        "notifications.services.marquer_messages_lus",
        "demandes.vues.enregistrer",
        "demandes.vues.supprimer",
    },
    "a step of a service that holds the author and journals": {
        "annuaire_sante.arretes.garder",
        "comptes.services.nouveau_compte",
        "comptes.sessions.fermer",
        "comptes.sessions.fermer_une",
        "coordonnees.services.enregistrer_personnes",
        "demandes.avenants.nouvel_avenant",
        "demandes.brouillons.effacer",
        "demandes.complements.ecarter",
        "demandes.echeances.prevenir",
        "demandes.echeances.prolonger",
        "demandes.services.noter_paiement",
        "demandes.services.recalculer_le_solde",
        "demandes.incompletes.recevoir_pieces",
        "depots.suites.clore",
        "enrolements.jointes.joindre",
        "financements.services.liberer",
        "financements.services.remplacer",
        "financements.services.retenir",
        "financements.services.revendiquer",
        "financements.services.suivre",
        "notifications.services.noter",
        "notifications.services.noter_geste",
        "paiements.enveloppes.engager",
        "paiements.enveloppes.rendre",
        "recepisses.services.etablir",
        "recepisses.services.etablir_et_envoyer",
    },
    "a draft is of no official act: its row knows whose it is": {
        "enrolements.brouillons.effacer",
        "enrolements.brouillons.enregistrer_etape",
        "enrolements.brouillons.envoyer_lien",
        "enrolements.brouillons.relancer",
    },
    "the worker's own checks": {
        "exports.services.preparer",
        "depots.pieces.controler",
        "depots.reprises.conclure",
        "depots.reprises.noter_echec",
        "depots.reprises.prendre",
    },
    "mails leave and come back by themselves": {
        "courriels.remise.remettre",
        "courriels.retours.noter_retour",
        "courriels.serveur.noter_panne",
        "courriels.services.envoyer",
    },
    "octets are kept for the service that names them": {
        "fichiers.services.analyser",
        "fichiers.services.deposer",
        "fichiers.services.deposer_ensemble",
        "fichiers.services.effacer_octets",
        "fichiers.services.oublier",
        "fichiers.services.recevoir",
    },
    "what is seen of the installation": {
        "grand_livre.controle.verifier",
        "installation.indisponibilites.noter",
        "installation.services.essayer_le_courriel",
        "installation.services.noter",
        "installation.services.veiller_sur_le_journal",
        "installation.services.verifier_le_journal",
        "referentiel.fenetres.reporter",
    },
    "the journal itself: its facts have their author": {"journal.services.consigner"},
}
ANCIENS_NOMS = {"par", "acteur", "redacteur", "agent", "officier"}


def _dit_son_auteur(fonction: ast.FunctionDef) -> bool:
    return any(
        argument.arg == "auteur" and argument.annotation and ast.unparse(argument.annotation) == "Auteur"
        for argument in fonction.args.kwonlyargs
    )


def _de_lui_meme(fonction: ast.FunctionDef) -> bool:
    """Told nothing, or the instant only: the portal does it by itself, from a sweep."""
    return {argument.arg for argument in _arguments(fonction)} <= {"instant"}


def _de_soi(nom: str, fonction: ast.FunctionDef) -> bool:
    return nom.rpartition(".")[0] in DE_SOI and any(
        argument.arg == "personne"
        and argument.annotation
        and "Utilisateur" in ast.unparse(argument.annotation)
        for argument in _arguments(fonction)
    )


def _arguments(fonction: ast.FunctionDef) -> list[ast.arg]:
    return [*fonction.args.args, *fonction.args.kwonlyargs]


def test_tout_ce_qui_ecrit_dit_qui_agit_par_le_meme_nom() -> None:
    muets = {
        nom
        for nom, fonction in ecrivains()
        if not (_dit_son_auteur(fonction) or _de_lui_meme(fonction) or _de_soi(nom, fonction))
    }
    assert muets == set().union(*EXCEPTIONS.values())


def test_les_anciens_noms_de_l_auteur_ont_disparu() -> None:
    fautifs = [
        f"{chemin.relative_to(PAQUET)} : {noeud.name}"
        for domaine in DOMAINES
        for chemin in sorted((PAQUET / domaine).glob("*.py"))
        for noeud in ast.walk(ast.parse(chemin.read_text("utf-8")))
        if isinstance(noeud, ast.FunctionDef)
        and ANCIENS_NOMS & {argument.arg for argument in _arguments(noeud)}
    ]
    assert fautifs == []


def test_ce_qui_ecrit_est_bien_vu() -> None:
    """The walk finds what it is meant to find: a service of each kind."""
    vus = {nom for nom, _ in ecrivains()}
    assert {
        "demandes.services.retirer_piece",
        "editorial.assistance.recevoir",
        "comptes.agents.fermer",
        "referentiel.services.deposer_import",
        "depots.services.simuler",
    } <= vus
