"""The table of rights, read as the life cycles are: every person × gesture × object, and every service."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import segurnum
from segurnum import regles
from segurnum.comptes.auteurs import PORTAIL, ROLES, VISITEUR, Auteur
from segurnum.comptes.droits import TABLE, DroitRefuse, droit_de, en_markdown, exiger, lignes, peut
from segurnum.comptes.droits import TITRES as COLONNES
from segurnum.comptes.models import PROFILS_ENTREPRISE, Entreprise, Profil, Role
from segurnum.coordonnees.banque import REPRESENTANT
from segurnum.demandes import permissions
from segurnum.essais import usines
from segurnum.journal.cycle import passage
from segurnum.regles.cycles import (
    DEMANDE,
    PAIEMENT,
    EnumLibelle,
    GesteDemande,
    GestePaiement,
    StatutDemande,
    TransitionRefusee,
    gestes_permis,
)
from segurnum.regles.cycles_coordonnees import BANCAIRE, PERSONNES, GesteModification
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement
from segurnum.regles.cycles_enveloppes import MOUVEMENT
from segurnum.regles.cycles_modeles import MODELE
from segurnum.regles.cycles_recouvrements import RECOUVREMENT
from segurnum.regles.cycles_reglages import PROJET
from segurnum.regles.gestes import (
    GesteDepot,
    GesteDepotEnrolement,
    GesteEditorial,
    GesteEntreprise,
    GesteEspace,
    GesteSupervision,
)

RACINE = Path(segurnum.__file__).parent
SIENNE, AUTRE = SimpleNamespace(entreprise_id=1), SimpleNamespace(entreprise_id=2)
DES_ENTREPRISES = {
    f"{profil}-{role}": Auteur(ROLES[profil], 1, "", profil, role, entreprise=1)
    for profil, role in product(PROFILS_ENTREPRISE, Role)
}
DES_AGENTS = {
    str(profil): Auteur(ROLES[profil], 1, "", profil) for profil in Profil if profil not in PROFILS_ENTREPRISE
}
SANS_COMPTE = {"lien": REPRESENTANT, "visiteur": VISITEUR}
QUI = DES_ENTREPRISES | DES_AGENTS | SANS_COMPTE | {"portail": PORTAIL}
GESTES: list[EnumLibelle] = [geste for objet in TABLE.values() for geste in objet.droits]
CYCLES: dict[str, tuple[Any, ...]] = {
    "demande": DEMANDE,
    "paiement": PAIEMENT,
    "enrolement": ENROLEMENT,
    "personnes": PERSONNES,
    "banque": BANCAIRE,
    "modele": MODELE,
    "projet": PROJET,
    "recouvrement": RECOUVREMENT,
    "mouvement": MOUVEMENT,
}
# What services call, within their own guard: they take the author to write him down.
OUTILS = {
    "consigner", "consigner_courriel", "consigner_geste", "fait", "noter", "noter_piece", "franchir",
    "franchir_lot", "supprimer_lot", "joindre", "completer", "retirer", "ouvrir", "ouvrir_acces", "enregistrer",
    "appliquer", "retenir", "recevoir_pieces", "ecrire", "paiement", "reglement", "sur_decision", "sur_versement",
    "retour", "ordre",
    # What judges a gesture that another asks for.
    "empechement", "gestes_permis", "exiger_une_autre_personne",
}  # fmt: skip


def _modules() -> Iterator[Any]:
    """Every module of the domains."""
    for paquet in pkgutil.iter_modules([str(RACINE)]):
        if paquet.ispkg and paquet.name not in {"web", "cli", "essais", "demonstration", "config"}:
            for module in pkgutil.walk_packages([str(RACINE / paquet.name)], f"segurnum.{paquet.name}."):
                if not {"tests", "migrations", "management"} & set(module.name.split(".")):
                    yield importlib.import_module(module.name)


def _services() -> dict[str, Callable[..., object]]:
    return {
        f"{module.__name__.removeprefix('segurnum.')}.{nom}": service
        for module in _modules()
        for nom, service in inspect.getmembers(module, inspect.isfunction)
        if "geste" in service.__dict__ and service.__module__ == module.__name__
    }


SERVICES = _services()


def test_chaque_geste_des_regles_a_sa_ligne_et_une_seule() -> None:
    modules = [
        importlib.import_module(m.name) for m in pkgutil.iter_modules(regles.__path__, "segurnum.regles.")
    ]
    mots = {
        classe
        for module in modules
        for nom, classe in inspect.getmembers(module, inspect.isclass)
        if nom.startswith("Geste") and issubclass(classe, EnumLibelle)
    }
    assert mots == set(TABLE)
    for classe, objet in TABLE.items():
        assert set(objet.droits) == set(classe), objet.libelle


@pytest.mark.parametrize("cycle", CYCLES)
def test_la_table_et_les_cycles_de_vie_disent_les_memes_acteurs(cycle: str) -> None:
    """Each step is open to somebody in the role that the cycle names, and to nobody in another."""
    for ligne in CYCLES[cycle]:
        admis = {qui.role for qui in QUI.values() if droit_de(ligne.geste).admet(qui)}
        assert admis == ligne.acteurs, ligne.geste


@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize("qui", QUI.values(), ids=QUI)
def test_un_pas_d_un_cycle_de_vie_est_refuse_a_qui_n_est_pas_dans_la_table(cycle: str, qui: Auteur) -> None:
    for ligne in CYCLES[cycle]:
        if peut(qui, ligne.geste, SIENNE):
            assert passage(CYCLES[cycle], ligne.depuis, ligne.geste, qui, "Motif", objet=SIENNE) is ligne
            continue
        with pytest.raises((DroitRefuse, TransitionRefusee), match=re.escape(ligne.geste.libelle)):
            passage(CYCLES[cycle], ligne.depuis, ligne.geste, qui, "Motif", objet=SIENNE)


@pytest.mark.parametrize("nom", SERVICES)
def test_un_service_refuse_avant_tout_qui_n_est_pas_dans_la_table(nom: str) -> None:
    """Called with nothing else than an author: whoever passes the guard meets the database, which no test opened."""
    service = SERVICES[nom]
    for qui in QUI.values():
        permis = peut(qui, service.__dict__["geste"])
        with pytest.raises((TypeError, RuntimeError) if permis else DroitRefuse):
            service(auteur=qui)


@pytest.mark.parametrize("qui", DES_ENTREPRISES.values(), ids=DES_ENTREPRISES)
def test_personne_n_agit_sur_ce_qui_est_a_une_autre_entreprise(qui: Auteur) -> None:
    for geste in GESTES:
        assert peut(qui, geste, SIENNE) is peut(qui, geste) is peut(qui, geste, Entreprise(pk=1))
        assert not peut(qui, geste, AUTRE), geste
        assert not peut(qui, geste, Entreprise(pk=2)), geste


def test_chaque_service_qui_prend_un_auteur_dit_son_geste_ou_passe_par_un_cycle_de_vie() -> None:
    """What a service calls with the author counts: a service that hands over to a guarded one is guarded."""
    appels: dict[str, set[str]] = {}
    gardes = set()
    for module in _modules():
        for fonction in ast.parse(Path(str(module.__file__)).read_text()).body:
            if not isinstance(fonction, ast.FunctionDef):
                continue
            nom = f"{module.__name__}.{fonction.name}"
            appeles = {
                getattr(appel.func, "attr", getattr(appel.func, "id", ""))
                for appel in ast.walk(fonction)
                if isinstance(appel, ast.Call)
            }
            arguments = {argument.arg for argument in (*fonction.args.args, *fonction.args.kwonlyargs)}
            if "auteur" in arguments:
                appels[nom] = appeles
            if {"reserve", "exiger"} & appeles:
                gardes.add(nom)
    while suite := {
        nom
        for nom, appeles in appels.items()
        if nom not in gardes and appeles & {garde.rpartition(".")[2] for garde in gardes}
    }:
        gardes |= suite
    sans_garde = {nom for nom in appels.keys() - gardes if nom.rpartition(".")[2].lstrip("_") not in OUTILS}
    assert {nom for nom in sans_garde if not nom.rpartition(".")[2].startswith("_")} == set()


def test_un_lecteur_regarde_et_ne_fait_rien() -> None:
    """He looks, exports what he looks at, and may write to the assistance."""
    lecteurs = [qui for nom, qui in DES_ENTREPRISES.items() if nom.endswith("LECTEUR")]
    permis = {geste for geste in GESTES if any(peut(qui, geste) for qui in lecteurs)}
    assert permis == {GesteEspace.ENTREPRISE, GesteEntreprise.EXPORTER, GesteEditorial.ECRIRE}


def test_qui_decide_ne_valide_pas_qui_paie_ne_decide_pas_et_l_administration_n_instruit_pas() -> None:
    assert _admis(GesteDemande.VALIDER) == _admis(GesteEnrolement.ACCEPTER) == {"GESTIONNAIRE"}
    assert _admis(GesteDemande.DECIDER) == {"DECIDEUR"}
    assert _admis(GestePaiement.METTRE_EN_PAIEMENT) == _admis(GestePaiement.CONSTATER) == {"COMPTABLE"}
    assert _admis(GesteSupervision.GERER_AGENTS) == {"ADMINISTRATION", "portail"}


def test_l_argent_et_les_personnes_d_une_entreprise_sont_a_ses_administrateurs() -> None:
    administrateurs = {"FOURNISSEUR-ADMINISTRATEUR", "OPERATEUR-ADMINISTRATEUR"}
    assert _admis(GesteModification.SOUMETTRE) == _admis(GesteModification.ANNULER) == administrateurs
    assert _admis(GesteModification.CONFIRMER) == {"lien"}


def test_un_fichier_json_est_aux_fournisseurs_un_formulaire_a_toute_entreprise() -> None:
    actifs = {"FOURNISSEUR-ADMINISTRATEUR", "FOURNISSEUR-DEPOSANT"}
    assert _admis(GesteDepot.IMPORTER) == actifs
    assert _admis(GesteDepot.SAISIR) == actifs | {"OPERATEUR-ADMINISTRATEUR", "OPERATEUR-DEPOSANT"}


def _admis(geste: EnumLibelle) -> set[str]:
    return {nom for nom, qui in QUI.items() if peut(qui, geste)}


@pytest.mark.parametrize(
    ("geste", "phrase"),
    [
        (GestePaiement.CONSTATER, "Le geste « Constater le virement » est réservé aux comptables."),
        (
            GesteDepot.RECONTROLER,
            "Le geste « Recontrôler une archive ZIP » est réservé aux administrateurs et déposants d'un "
            "fournisseur, aux gestionnaires et à l'administration.",
        ),
        (
            GesteDepotEnrolement.DEPOSER,
            "Le geste « Déposer une demande d'enrôlement » est réservé aux administrateurs et déposants de "
            "l'entreprise et à qui répond par le lien d'un courriel.",
        ),
        (GesteDemande.EXPIRER, "Le geste « Supprimer après sept jours » est réservé au portail lui-même."),
        (
            GesteEspace.ENTREPRISE,
            "Le geste « Consulter l'espace de son entreprise » est réservé aux personnes de l'entreprise.",
        ),
    ],
)
def test_un_refus_dit_a_qui_le_geste_est_reserve(geste: EnumLibelle, phrase: str) -> None:
    qui = next(qui for qui in QUI.values() if not peut(qui, geste))
    with pytest.raises(DroitRefuse) as refus:
        exiger(qui, geste)
    assert str(refus.value) == phrase


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("profil", Profil)
def test_les_boutons_d_une_demande_sont_ceux_de_la_table(profil: Profil, role: Role) -> None:
    demande = usines.demande()
    societe = {"entreprise": demande.entreprise} if profil in PROFILS_ENTREPRISE else {}
    personne = usines.utilisateur(profil, role=role, **societe)
    for statut in StatutDemande:
        demande.statut = statut
        du_cycle = gestes_permis(DEMANDE, statut, ROLES[profil])
        # An avance always gives something: only a solde is closed without a payment.
        sans_objet = GesteDemande.CLORE_SANS_VERSEMENT
        attendus = [g for g in du_cycle if peut(personne, g, demande) and g is not sans_objet]
        assert permissions.gestes(personne, demande) == attendus


def test_le_tableau_des_gestes_est_celui_de_la_documentation() -> None:
    page = RACINE.parent.parent / "docs" / "droits.md"
    assert en_markdown(COLONNES, lignes()) in page.read_text("utf-8")
