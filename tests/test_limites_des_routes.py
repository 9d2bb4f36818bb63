"""Every address again: what anybody may send, or what costs, has a limit; read only, nothing is written anywhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acces import ACCES
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lectures import LECTURES_COUTEUSES
from monde import ROUTES, Monde, adresse_de, client_de

import segurnum
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.partage import essai_annule
from segurnum.fichiers.permissions import DROITS, Usage
from segurnum.limites.interrupteurs import basculer
from segurnum.limites.models import Interrupteur
from segurnum.seuil.limites import limites_de

pytestmark = pytest.mark.django_db

# What works while the portal is read only: it lets people in and out, or keeps nothing but how somebody reads it.
SANS_ECRITURE = {
    "fournisseur:cle_acces",
    "fournisseur:connexion",
    "fournisseur:deconnexion",
    "fournisseur:second_facteur",
    "fournisseur:oidc_retour",
    "gestion:interrupteurs",
    "public:affichage",
    "public:domiciliation",
    "public:simulateur",
    "public:convertir",
}
# What costs and is asked for by a gesture that the journal keeps: what gives the documents that are only taken away.
EXPORTABLES = {genre for genre, droit in DROITS.items() if droit.usages == {Usage.TELECHARGER}}


def vue(nom: str) -> Callable[[HttpRequest], Any]:
    trouvee: Callable[[HttpRequest], Any] = ROUTES[nom].callback
    return trouvee


def est_limitee(nom: str, *, lectures: bool = False) -> bool:
    posees = [posee for posee in limites_de(vue(nom)) if posee.lectures is lectures]
    return bool(posees) or (not lectures and hasattr(vue(nom), "se_compte"))


def envoyer(client: Client, nom: str, monde: Monde) -> int:
    return client.post(
        adresse_de(nom, monde), {"fichier": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    ).status_code


@pytest.mark.exigence("XCT-002")
def test_tout_ce_que_n_importe_qui_peut_envoyer_a_une_limite(monde: Monde) -> None:
    publiques = [nom for nom, permis in ACCES.items() if permis is None]
    recoivent = [nom for nom in publiques if envoyer(Client(), nom, monde) != 405]
    assert "public:simulateur" in recoivent
    assert [nom for nom in recoivent if not est_limitee(nom)] == []


def test_tout_ce_qui_recoit_un_fichier_a_une_limite() -> None:
    recoivent = [nom for nom in ROUTES if hasattr(vue(nom), "taille_max")]
    assert "fournisseur:pieces" in recoivent
    assert [nom for nom in recoivent if not est_limitee(nom)] == []


def test_toute_lecture_qui_coute_a_une_limite() -> None:
    """Those that give a table are looked for where every page is opened (`test_routes`)."""
    assert [nom for nom in sorted(LECTURES_COUTEUSES) if not est_limitee(nom, lectures=True)] == []
    exports = {nom for nom in ROUTES if EXPORTABLES & getattr(vue(nom), "genres", frozenset())}
    assert {
        "fournisseur:demandes_csv",
        "gestion:exporter_referencements",
        "gestion:exporter_demandes",
    } <= exports
    assert [nom for nom in sorted(exports) if not est_limitee(nom)] == []


def test_en_lecture_seule_aucune_adresse_n_ecrit(monde: Monde) -> None:
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    basculer(cle=Interrupteur.Cle.LECTURE_SEULE, fermer=True, motif="Essai.", auteur=auteur(agent))
    for nom, permis in ACCES.items():
        client = client_de(monde, min(permis)) if permis else Client()
        with (
            essai_annule(),
            CaptureQueriesContext(connection) as lues,
        ):  # signing out is for this address alone
            statut = envoyer(client, nom, monde)
        assert (statut == 503) is (nom not in SANS_ECRITURE), (nom, statut)
        ecrites = [
            requete["sql"]
            for requete in lues
            if re.match("INSERT|UPDATE|DELETE", requete["sql"])
            and not re.search("sessionouverte|limites_compteur", requete["sql"])
            and not (nom in SANS_ECRITURE and "journal_evenement" in requete["sql"])  # a failure to sign in
        ]
        assert ecrites == [], nom


def test_aucun_fichier_recu_n_echappe_aux_quotas_ni_a_l_interrupteur() -> None:
    """Who stores bytes without going through `recevoir` says so here, and why."""
    connus = {  # how often each module stores, and how often it admits first
        "fichiers/services.py": (1, 1),  # `recevoir` itself
        "fichiers/groupes.py": (1, 0),  # for who adds to a group, counted where it does
        "depots/services.py": (2, 1),  # a JSON; the output, which the portal writes
        "depots/pieces.py": (3, 1),  # a ZIP; what it holds, for one request or for several, already counted
        "referentiel/services.py": (1, 1),
        "exports/services.py": (1, 0),  # a table that the worker writes
        # Letters that the portal writes.
        "financements/lettres.py": (1, 0),
        "paiements/lettres.py": (2, 0),
        "paiements/services.py": (1, 0),
        "recouvrements/services.py": (1, 0),
    }
    racine = Path(segurnum.__file__).parent
    trouves = {}
    for chemin in racine.rglob("*.py"):
        texte = chemin.read_text("utf-8")
        rangements = len(
            re.findall(r"\bdeposer\(\s*flux=|\.deposer_ensemble\(|\.ajouter\(\s*Contenu\(", texte)
        )
        if rangements and not {"tests", "demonstration", "essais"} & set(chemin.parts):
            trouves[str(chemin.relative_to(racine))] = rangements, len(re.findall(r"\badmettre\(", texte))
    assert trouves == connus
