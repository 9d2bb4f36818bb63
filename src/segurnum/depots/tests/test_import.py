"""From a simulated file to its requests."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segurnum.demandes.models import Beneficiaire, Demande, Dossier, PieceJustificative, VersionDemande
from segurnum.depots import services
from segurnum.depots.models import Depot
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.fichiers.services import lire
from segurnum.isolement.refus import TropDeTravail
from segurnum.journal import services as journal
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.numeros import NumeroDossier

pytestmark = pytest.mark.django_db


def _premier(fichier: dict[str, Any]) -> list[str]:
    """Identifiers of the first request's beneficiary."""
    sites: list[str] = fichier["lignesImport"][0]["beneficiaires"][0]["etablissementsClients"][0]["FINESSGeo"]
    return sites


@pytest.mark.exigence("JSN-009", "JSN-010")
def test_simuler_garde_le_fichier_et_ne_cree_aucune_demande() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier()
    simulation = deposant.simuler(fichier)
    assert simulation.conforme
    assert json.loads(lire(simulation.fichier)) == json.loads(json.dumps(fichier, default=float))
    assert not Demande.objects.exists()


@pytest.mark.exigence(
    "JSN-012", "JSN-051", "JSN-052", "JSN-053", "JSN-055", "RUL-014", "REQ-012", "REQ-014", "REQ-017"
)
def test_importer_cree_les_demandes_numerotees_et_rend_le_fichier_de_sortie() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(3)
    assert (depot.nombre, depot.retenues, depot.rejetees) == (3, 3, 0)
    demandes_ = list(Demande.objects.order_by("numero"))
    sortie = json.loads(lire(depot.sortie))
    assert sortie["impId"] == depot.pk
    assert depot.nom_fichier == depot.simulation.nom_fichier != ""
    assert [ligne["numeroASP"] for ligne in sortie["lignesImport"]] == [d.numero for d in demandes_]
    assert {ligne["codeTraitement"] for ligne in sortie["lignesImport"]} == {"0000"}
    for demande, ligne in zip(demandes_, sortie["lignesImport"], strict=True):
        assert demande.statut == StatutDemande.NON_COMPLETEE
        assert demande.numero == f"{demande.dossier.numero}M0"
        assert demande.dossier.numero.startswith("FINMS1")
        assert demande.numero_editeur == ligne["numeroEditeur"]
        assert float(demande.montant_declare or 0) == ligne["commande"]["montantSegurHT"]
        assert demande.depose_le == depot.depose_le
    assert len({d.numero for d in demandes_}) == 3


@pytest.mark.exigence("INC-005", "JSN-045")
def test_une_demande_importee_attend_ses_pieces_sept_jours() -> None:
    depot = Deposant.nouveau().importer(1)
    demande = Demande.objects.get()
    assert demande.expire_le is not None
    assert (jour_de_paris(demande.expire_le) - jour_de_paris(depot.depose_le)).days == 7
    assert PieceJustificative.objects.filter(demande=demande, fichier=None).exists()


@pytest.mark.exigence("JSN-009")
def test_un_fichier_non_conforme_ne_s_importe_pas() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier()
    fichier["lignesImport"][1]["commande"]["montantSegurHT"] = 0
    simulation = deposant.simuler(fichier)
    with pytest.raises(GesteImpossible, match="erreurs"):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert not Depot.objects.exists()


def test_importer_deux_fois_la_meme_simulation_ne_fait_qu_un_depot() -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())
    premier = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert services.importer(simulation=simulation.pk, auteur=deposant.auteur) == premier
    assert Demande.objects.count() == 2


@pytest.mark.exigence("JSN-011", "JSN-014")
def test_ce_qui_a_change_depuis_la_simulation_rejette_la_demande_concernee_et_garde_les_autres() -> None:
    deposant, rival = Deposant.nouveau(), Deposant.nouveau()
    fichier = deposant.fichier(2)
    simulation = deposant.simuler(fichier)
    usines.demande(StatutDemande.VALIDEE, inscrit=rival.enrolement, finess=_premier(fichier)[0])
    depot = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert (depot.nombre, depot.retenues, depot.rejetees) == (2, 1, 1)
    rejetee, retenue = json.loads(lire(depot.sortie))["lignesImport"]
    assert (rejetee["codeTraitement"], rejetee["numeroASP"]) == ("3436", None)
    assert rejetee["libelleTraitement"]
    assert retenue["codeTraitement"] == "0000"
    assert Demande.objects.filter(entreprise=deposant.enrolement.entreprise).count() == 1


@pytest.mark.exigence("JSN-021", "RUL-006", "RUL-007")
def test_une_fenetre_fermee_depuis_la_simulation_refuse_l_import_et_dit_quand_elle_a_ferme() -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())
    usines.fenetre(
        deposant.enrolement.referencement.dsr,
        TypeDemande.AVANCE,
        fermeture=maintenant() - timedelta(seconds=1),
    )
    with pytest.raises(GesteImpossible, match="ferm"):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert not Demande.objects.exists()


@pytest.mark.exigence("RUL-007", "ENR-007", "ENR-110")
def test_un_enrolement_non_valide_ne_permet_pas_d_importer() -> None:
    deposant = Deposant.nouveau(statut="VALIDATION_PARTIELLE", anticipe=True)
    simulation = deposant.simuler(deposant.fichier())
    assert not simulation.conforme
    assert "enrôlement" in simulation.rapport["anomalies"][0]["message"]


def test_le_meme_fichier_depose_deux_fois_est_reconnu_beneficiaire_par_beneficiaire() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier(2)
    services.importer(simulation=deposant.simuler(fichier).pk, auteur=deposant.auteur)
    rapport = deposant.simuler(fichier).rapport
    assert {a["code"] for a in rapport["anomalies"]} == {"3436"}
    assert Demande.objects.first().numero in rapport["anomalies"][0]["message"]  # type: ignore[union-attr]


def test_le_nombre_d_instructions_ne_depend_pas_du_nombre_de_demandes() -> None:
    deposant = Deposant.nouveau()
    comptes = []
    for nombre in (1, 40):
        simulation = deposant.simuler(deposant.fichier(nombre))
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            services.importer(simulation=simulation.pk, auteur=deposant.auteur)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]
    # Two more than outside a test, whose transaction makes the import's own a savepoint.
    assert comptes[0] <= 33 + 2


def test_une_panne_au_milieu_de_l_import_ne_laisse_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())

    def panne(*_: Any, **__: Any) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(journal, "consigner", panne)
    with pytest.raises(OSError, match="disque"):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    for modele in (Dossier, Demande, VersionDemande, Beneficiaire, PieceJustificative, Depot):
        assert not modele._default_manager.exists()


def test_le_beneficiaire_garde_qui_joindre_comme_le_fichier_le_dit() -> None:
    deposant = Deposant.nouveau()
    deposant.importer(1)
    beneficiaire = Beneficiaire.objects.get()
    declare = beneficiaire.demande.versions.get().donnees["beneficiaires"][0]["etablissementsClients"][0]
    assert beneficiaire.nom == declare["nomResponsableOG"] != ""
    assert beneficiaire.courriel == declare["emailResponsableOG"] != ""
    assert beneficiaire.telephone == declare["telephoneResponsableOG"] != ""
    assert set(declare["FINESSGeo"]) <= set(beneficiaire.identifiants)


def test_une_simulation_dont_la_relecture_n_aboutit_pas_le_dit_au_lieu_de_conclure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())
    assert services.rejouer(simulation).conforme

    def trop_long(*_: Any, **__: Any) -> None:
        raise TropDeTravail("mémoire")

    monkeypatch.setattr(services, "verifier", trop_long)
    relu = services.rejouer(simulation)
    assert not relu.conforme
    assert [anomalie.message for anomalie in relu.anomalies] == [str(TropDeTravail("mémoire"))]
    assert relu.type is TypeDemande.AVANCE
    with pytest.raises(GesteImpossible):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    assert not Depot.objects.exists()


@pytest.mark.exigence("XCT-014")
@pytest.mark.django_db(transaction=True)
def test_deux_onglets_qui_importent_ensemble_ne_font_qu_un_depot() -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())
    depots = ensemble(*[lambda: services.importer(simulation=simulation.pk, auteur=deposant.auteur)] * 2)
    assert depots[0] == depots[1]
    assert Demande.objects.count() == 2


@pytest.mark.exigence("XCT-014")
@pytest.mark.django_db(transaction=True)
def test_deux_simulations_du_meme_fichier_importees_ensemble_ne_financent_pas_deux_fois() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier(2)
    cles = [deposant.simuler(fichier).pk for _ in range(2)]
    depots = ensemble(
        *[lambda cle=cle: services.importer(simulation=cle, auteur=deposant.auteur) for cle in cles]
    )
    assert sorted(depot.retenues for depot in depots) == [0, 2]
    assert Demande.objects.count() == 2


@pytest.mark.exigence("RUL-011", "RUL-030", "INC-014", "REQ-012")
def test_le_solde_prend_le_numero_de_son_avance_et_n_existe_qu_une_fois() -> None:
    from segurnum.demonstration import fabrique

    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    avance = Demande.objects.get()
    Demande.objects.filter(pk=avance.pk).update(
        statut="DECIDEE", montant_decide="100.00", engagement_ht="1000.00"
    )
    fichier = fabrique.fichier_de_soldes(deposant.source, [avance])
    services.importer(simulation=deposant.simuler(fichier, TypeDemande.SOLDE).pk, auteur=deposant.auteur)
    solde = Demande.objects.get(type="SOLDE")
    assert solde.dossier == avance.dossier
    assert solde.numero == f"{avance.dossier.numero}M1"
    encore = deposant.simuler(fichier, TypeDemande.SOLDE)
    assert not encore.conforme
    # An incomplete solde that expires leaves the avance alone, and the way free for another.
    solde.delete()
    assert deposant.simuler(fichier, TypeDemande.SOLDE).conforme
    assert Demande.objects.get() == avance


@pytest.mark.exigence("JSN-019", "JSN-020", "XCT-002")
def test_on_ne_depose_que_pour_son_numero_ans_et_son_siret() -> None:
    deposant, autre = Deposant.nouveau(), Deposant.nouveau()
    fichier = deposant.fichier(1) | {
        "numeroAns": autre.enrolement.referencement.numero_ans,
        "siret": autre.enrolement.entreprise.siret,
    }
    rapport = deposant.simuler(fichier).rapport
    assert {a["chemin"] for a in rapport["anomalies"]} == {"numeroAns", "siret"}


@pytest.mark.exigence("JSN-021")
def test_sans_fenetre_publiee_rien_ne_s_importe() -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier())
    FenetreDepot.objects.all().delete()
    with pytest.raises(GesteImpossible, match="Aucune fenêtre"):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)


@pytest.mark.exigence("RUL-014", "RUL-015")
def test_les_couloirs_partagent_une_seule_suite_de_numeros() -> None:
    for code in ("MS1-DUI", "HOP-DPI", "MDV-LGC", "MS1-DUI"):
        Deposant.nouveau(code).importer(2)
    numeros = [NumeroDossier.lire(n) for n in Dossier.objects.order_by("pk").values_list("numero", flat=True)]
    assert [n.couloir for n in numeros[::2]] == ["MS1", "HOP", "MDV", "MS1"]
    premier = numeros[0].sequence
    assert [n.sequence for n in numeros] == list(range(premier, premier + 8))


@pytest.mark.exigence("ENR-097")
def test_les_profils_references_decident_des_scenarios_que_l_on_peut_declarer() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier(1)
    declare = fichier["lignesImport"][0]["scenarioInstallation"][0]["profilMetier"]
    reference = deposant.enrolement.referencement
    reference.profils = sorted({"PA", "PH", "DOM"} - {declare})
    reference.save()
    assert deposant.simuler(fichier).rapport["anomalies"][0]["chemin"].endswith(".profilMetier")
