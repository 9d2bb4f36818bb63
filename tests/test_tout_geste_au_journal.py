"""Every public service that writes leaves its event: it leads to the journal, or is listed here with its reason."""

import ast
from collections.abc import Iterator
from functools import cache

from ecrivains import PAQUET, ecrivains

JOURNAL = "segurnum.journal.services.consigner"
# What leaves no event, and why.
SANS_EVENEMENT: dict[str, set[str]] = {
    "a step of a service that journals the whole": {
        "annuaire_sante.arretes.garder",
        "comptes.services.nouveau_compte",
        "comptes.sessions.fermer",
        "comptes.sessions.fermer_une",
        "comptes.mots_de_passe.creer_lien",
        "comptes.mots_de_passe.oublier_liens",
        "comptes.second_facteur.donner_les_premiers_codes",
        "coordonnees.services.enregistrer_personnes",
        "demandes.avenants.nouvel_avenant",
        "demandes.echeances.prevenir",
        "demandes.echeances.prolonger",
        "demandes.services.noter_paiement",
        "depots.reprises.conclure",
        "depots.suites.clore",
        "enrolements.jointes.joindre",
        "grand_livre.services.ecrire",
        "paiements.enveloppes.engager",
        "paiements.enveloppes.rendre",
        "recepisses.services.etablir",
        "recepisses.services.etablir_et_envoyer",
        "referentiel.baremes.appliquer",
        "referentiel.fenetres.appliquer",
        "referentiel.plafonds.appliquer",
        "notifications.services.noter",
        "notifications.services.noter_geste",
        "financements.services.retenir",
        "financements.services.revendiquer",
    },
    "a draft is of no official act: its deposit is told": {
        "demandes.brouillons.garder",
        "demandes.brouillons.garder_modification",
        "demandes.brouillons.effacer",
        "demandes.brouillons.purger",
        "depots.services.simuler",
        "depots.services.simuler_sans_les_fautives",
        "depots.services.purger_simulations",
        "enrolements.brouillons.creer",
        "enrolements.brouillons.enregistrer_etape",
        "enrolements.brouillons.envoyer_lien",
        "enrolements.brouillons.effacer",
        "enrolements.brouillons.purger",
        "enrolements.brouillons.recommencer",
        "enrolements.brouillons.relancer",
        "enrolements.relances.relancer_les_brouillons",
    },
    "a proof that is right lets the sign-in go on, which is told": {
        "comptes.cles_acces.verifier",
        "comptes.second_facteur.verifier",
    },
    "a link that somebody asks for, known or not: its use is told": {
        "comptes.mots_de_passe.envoyer_identifiant",
        "comptes.mots_de_passe.envoyer_lien",
    },
    "how a person reads, and for whom": {
        "comptes.services.choisir_entreprise",
        "comptes.services.choisir_theme",
        "notifications.services.regler",
        "notifications.services.marquer_lues",
        "notifications.services.marquer_messages_lus",
        "demandes.vues.enregistrer",
        "demandes.vues.supprimer",
    },
    "prepared for who asks: opening it is told": {
        "exports.services.annuler",
        "exports.services.demander",
        "exports.services.preparer",
        "exports.services.redemander",
    },
    "what is out of date goes by itself": {
        "exports.services.purger",
        "antirobot.services.oublier_les_epreuves_expirees",
        "comptes.connexions.nettoyer",
        "comptes.invitations.nettoyer",
        "comptes.mots_de_passe.nettoyer",
        "comptes.second_facteur.oublier_les_codes_inutiles",
        "comptes.second_facteur.resceller_les_cles",
        "limites.services.purger",
        "notifications.services.oublier",
    },
    "counts of whoever knocks": {
        "antirobot.services.accepter",
        "limites.connexion.commencer",
        "limites.connexion.reussir",
        "limites.services.rendre",
        "limites.services.oublier",
    },
    "octets, kept for the service that names them and journals": {
        "fichiers.services.deposer",
        "fichiers.services.deposer_ensemble",
        "fichiers.services.recevoir",
        "fichiers.services.oublier",
        "fichiers.services.effacer_octets",
        "fichiers.services.analyser",
        "referentiel.services.deposer_import",
    },
    "mails leave by themselves, and are kept": {
        "courriels.serveur.peut_etre_essaye",
        "courriels.serveur.noter_panne",
        "courriels.serveur.noter_reponse",
        "courriels.services.envoyer",
        "notifications.services.recapituler",
    },
    "what is seen of the machine, and a directory that it loads": {
        "annuaire.services.importer_stock",
        "grand_livre.controle.veiller",
        "grand_livre.controle.verifier",
        "installation.services.noter",
        "installation.services.verifier_le_journal",
        "installation.services.veiller_sur_le_journal",
        "installation.services.essayer_le_courriel",
    },
    "the journal itself": {
        "journal.services.consigner",
    },
}


@cache
def _appels() -> dict[str, set[str]]:
    """Each function of the package, and those that it names: called, or handed to what calls them."""
    appels = {}
    for chemin in PAQUET.rglob("*.py"):
        if "tests" in chemin.parts or "migrations" in chemin.parts:
            continue
        module = ".".join(("segurnum", *chemin.relative_to(PAQUET).with_suffix("").parts))
        arbre = ast.parse(chemin.read_text("utf-8"))
        noms = dict(_importes(arbre)) | {n.name: f"{module}.{n.name}" for n in arbre.body if _nommee(n)}
        for noeud in arbre.body:
            if _nommee(noeud):
                appels[f"{module}.{noeud.name}"] = set(_nommes(noeud, noms))  # type: ignore[attr-defined]
    return appels


def _nommee(noeud: ast.AST) -> bool:
    return isinstance(noeud, ast.FunctionDef | ast.ClassDef)


def _importes(arbre: ast.Module) -> Iterator[tuple[str, str]]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.ImportFrom):
            for nom in noeud.names:
                yield nom.asname or nom.name, f"{noeud.module}.{nom.name}"


def _nommes(fonction: ast.AST, noms: dict[str, str]) -> Iterator[str]:
    for noeud in ast.walk(fonction):
        if isinstance(noeud, ast.Name) and noeud.id in noms:
            yield noms[noeud.id]
        elif (
            isinstance(noeud, ast.Attribute) and isinstance(noeud.value, ast.Name) and noeud.value.id in noms
        ):
            yield f"{noms[noeud.value.id]}.{noeud.attr}"


def mene_au_journal(nom: str) -> bool:
    vues, restent = {nom}, [nom]
    while restent:
        suivantes = _appels().get(restent.pop(), set()) - vues
        if JOURNAL in suivantes:
            return True
        vues |= suivantes
        restent += suivantes
    return False


def test_tout_service_qui_ecrit_laisse_son_evenement_ou_dit_pourquoi() -> None:
    muets = {nom for nom, _ in ecrivains() if not mene_au_journal(f"segurnum.{nom}")}
    assert muets == set().union(*SANS_EVENEMENT.values())


def test_le_chemin_vers_le_journal_est_bien_suivi() -> None:
    assert mene_au_journal("segurnum.demandes.services.valider")
    assert mene_au_journal("segurnum.coordonnees.banque.activer")  # by a function handed to a sweep
    assert not mene_au_journal("segurnum.demandes.services.retenir")
