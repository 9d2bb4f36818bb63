"""A solde and its avance: the one does not go while the other comes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from django.db import transaction

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.demonstration import fabrique
from segurnum.depots import modifications, services
from segurnum.depots.models import Simulation
from segurnum.essais import argent, usines
from segurnum.essais.concurrence import attendre_qu_un_autre_attende, ensemble
from segurnum.essais.depots import Deposant
from segurnum.isolement.refus import TropDeTravail
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


def _gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def _rejeter(avance: Demande, qui: Auteur) -> Demande:
    return demandes.rejeter(demande=avance.pk, auteur=qui, motif="Hors périmètre")


def _annuler(avance: Demande, qui: Auteur) -> Demande:
    return paiements.annuler(demande=avance.pk, auteur=qui, motif="Hors périmètre")


PARTIR = pytest.mark.parametrize("partir", [_rejeter, _annuler], ids=["rejet", "annulation"])


def _avance_et_son_solde_a_importer() -> tuple[Deposant, Demande, Simulation]:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    avance = Demande.objects.get()
    fichier = fabrique.fichier_de_soldes(deposant.source, [avance])
    return deposant, avance, deposant.simuler(fichier, TypeDemande.SOLDE)


@pytest.mark.exigence("MOD-008", "MOD-028")
@pytest.mark.django_db
def test_un_solde_depose_par_fichier_se_corrige_sans_se_gener_lui_meme() -> None:
    deposant, _, simulation = _avance_et_son_solde_a_importer()
    depot = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    solde = Demande.objects.get(type=TypeDemande.SOLDE)
    demandes.demander_modification(demande=solde.pk, auteur=_gestionnaire(), motif="Corrigez.")
    saisie = {"facture.numeroFacture": "F-CORRIGEE"}
    corrige = modifications.confirmer(demande=solde.pk, saisie=saisie, auteur=deposant.auteur)
    assert donnees_courantes(corrige)["facture"]["numeroFacture"] == "F-CORRIGEE"
    assert (corrige.statut, corrige.version_courante) == (StatutDemande.EN_COURS, 2)


@pytest.mark.exigence("MOD-008")
@pytest.mark.django_db
def test_une_correction_dont_la_lecture_n_aboutit_pas_ne_se_confirme_pas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deposant, avance, _ = _avance_et_son_solde_a_importer()
    demandes.demander_modification(demande=avance.pk, auteur=_gestionnaire(), motif="Corrigez.")

    def trop_long(*_: object, **__: object) -> None:
        raise TropDeTravail("mémoire")

    monkeypatch.setattr(modifications, "verifier", trop_long)
    saisie = {"versionLogiciel": "9.9"}
    assert modifications.corrections(Demande.objects.get(), saisie).autres == (str(TropDeTravail("")),)
    with pytest.raises(GesteImpossible, match="ne sont pas conformes"):
        modifications.confirmer(demande=avance.pk, saisie=saisie, auteur=deposant.auteur)
    avance.refresh_from_db()
    assert (avance.statut, avance.version_courante) == (StatutDemande.A_MODIFIER, 1)


@PARTIR
@pytest.mark.exigence("RUL-003", "XCT-014")
@pytest.mark.django_db(transaction=True)
def test_une_avance_attend_le_solde_qui_se_depose_et_ne_part_plus(
    partir: Callable[[Demande, Auteur], Demande],
) -> None:
    deposant, avance, simulation = _avance_et_son_solde_a_importer()
    agent, depose = _gestionnaire(), Event()

    def deposer() -> None:
        with transaction.atomic():
            services.importer(simulation=simulation.pk, auteur=deposant.auteur)
            depose.set()
            attendre_qu_un_autre_attende()

    def instruire() -> Demande:
        assert depose.wait(30)
        return partir(avance, agent)

    deposee, refus = ensemble(deposer, instruire)
    assert deposee is None
    assert isinstance(refus, GesteImpossible)
    assert "tant que le solde de ce dossier existe" in str(refus)
    avance.refresh_from_db()
    assert avance.statut is StatutDemande.EN_COURS


@PARTIR
@pytest.mark.exigence("RUL-003", "XCT-014")
@pytest.mark.django_db(transaction=True)
def test_un_solde_attend_l_avance_qui_part_et_n_arrive_plus(
    partir: Callable[[Demande, Auteur], Demande],
) -> None:
    deposant, avance, simulation = _avance_et_son_solde_a_importer()
    agent, partie = _gestionnaire(), Event()

    def instruire() -> None:
        with transaction.atomic():
            partir(avance, agent)
            partie.set()
            attendre_qu_un_autre_attende()

    def deposer() -> object:
        assert partie.wait(30)
        return services.importer(simulation=simulation.pk, auteur=deposant.auteur)

    instruite, refus = ensemble(instruire, deposer)
    assert instruite is None
    assert isinstance(refus, GesteImpossible)
    assert "vient d'être rejetée ou annulée" in str(refus)
    assert not Demande.objects.filter(type=TypeDemande.SOLDE).exists()


def _avances_decidees(deposant: Deposant, nombre: int) -> list[Demande]:
    """Of the second wave of the hospitals, whose soldes begin by three pilots."""
    depot = deposant.importer(nombre)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    usines.enveloppe(deposant.enrolement.referencement.dsr)
    avances = list(Demande.objects.order_by("pk"))
    for avance in avances:
        demandes.valider(demande=avance.pk, auteur=_gestionnaire())
        paiements.decider(demande=avance.pk, auteur=auteur(usines.utilisateur(Profil.DECIDEUR)))
        argent.payee(avance)
    return list(Demande.objects.order_by("pk").select_related("dossier"))


@pytest.mark.django_db
def test_les_autres_soldes_attendent_que_trois_pilotes_soient_valides() -> None:
    deposant = Deposant.nouveau("HOP-PFI-Va2")
    *pilotes, autre = _avances_decidees(deposant, 4)
    ordinaire = fabrique.fichier_de_soldes(deposant.source, [autre])
    pieces = ordinaire["lignesImport"][0]["piecesJustificatives"]
    assert pieces.pop()["typeFichier"] == "PV_PILOTE"
    refuse = deposant.simuler(ordinaire, TypeDemande.SOLDE)
    assert [anomalie["code"] for anomalie in refuse.rapport["anomalies"]] == ["3066"]
    simulation = deposant.simuler(fabrique.fichier_de_soldes(deposant.source, pilotes), TypeDemande.SOLDE)
    depot = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    *premiers, dernier = Demande.objects.filter(type=TypeDemande.SOLDE)
    for solde in premiers:
        demandes.valider(demande=solde.pk, auteur=_gestionnaire())
    assert not deposant.simuler(ordinaire, TypeDemande.SOLDE).conforme
    demandes.valider(demande=dernier.pk, auteur=_gestionnaire())
    assert deposant.simuler(ordinaire, TypeDemande.SOLDE).conforme
