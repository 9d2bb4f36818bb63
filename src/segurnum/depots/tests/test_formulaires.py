"""Deposit by form, from the services: what is refused, what is computed, what is settled later, paid to the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from segurnum.annuaire_sante.models import Extrait
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.depots import comptages, formulaires
from segurnum.essais import argent, operateurs, usines
from segurnum.essais.operateurs import Operateur
from segurnum.journal.models import Evenement
from segurnum.paiements import services as paiements
from segurnum.referentiel.models import Bareme, FenetreDepot
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
D = Decimal


def decider(demande: Demande) -> Demande:
    usines.enveloppe(demande.dsr)
    services.valider(demande=demande.pk, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))
    paiements.decider(demande=demande.pk, auteur=auteur(usines.utilisateur(Profil.DECIDEUR)))
    decidee = Demande.objects.get(pk=demande.pk)
    if decidee.type is AVANCE:
        argent.payee(decidee)  # a solde is computed on what was paid
    return decidee


@pytest.mark.exigence("MSS-019", "MSS-027", "MSS-012", "RUL-014")
def test_une_avance_deposee_est_en_cours_sous_son_numero_pour_le_forfait() -> None:
    demande = Operateur.nouveau(taux_tva="20").deposer()
    assert demande.statut == StatutDemande.EN_COURS
    assert demande.numero == f"{demande.dossier.numero}M0"
    assert demande.dossier.numero.startswith("FINMSS")
    assert demande.montant_declare == D("6666.67")
    (fait,) = Evenement.objects.filter(objet=demande.objet)
    assert (fait.geste, fait.apres) == ("DEPOSER", "EN_COURS")
    assert not BrouillonDemande.objects.exists()


@pytest.mark.exigence("MSS-010", "MSS-011", "MSS-012", "RUL-009", "RUL-010", "RUL-011", "RUL-012")
@pytest.mark.parametrize(
    ("comptes", "taux", "demande_ht", "avance", "engagement", "solde"),
    [
        ((3000, 10, 10), "0", "175248.30", "6666.67", "181914.97", "175248.30"),
        ((1000, 10, 10), "0", "58588.30", "6666.67", "65254.97", "58588.30"),
        ((1000, 10, 10), "20", "58588.30", "8000.00", "78305.96", "70305.96"),
        ((3000, 10, 10), "20", "175248.30", "8000.00", "218297.96", "210297.96"),
        ((5000, 10, 10), "0", "243333.33", "6666.67", "250000.00", "243333.33"),
        ((1000, 10, 10), "8.5", "58588.30", "7233.34", "70801.64", "63568.30"),
    ],
)
def test_les_montants_des_guides_se_retrouvent_au_centime(
    comptes: tuple[int, int, int], taux: str, demande_ht: str, avance: str, engagement: str, solde: str
) -> None:
    operateur = Operateur.nouveau(taux_tva=taux)
    operateur.compter(*comptes)
    decidee = decider(operateur.deposer())
    assert decidee.montant_decide == D(avance)
    depose = operateur.deposer(SOLDE)
    assert (depose.numero, depose.montant_declare) == (f"{decidee.dossier.numero}M1", D(demande_ht))
    decide = decider(depose)
    assert (decide.engagement, decide.montant_decide) == (D(engagement), D(solde))
    calcul = decide.calcul_retenu
    assert calcul is not None
    assert sum(ligne.montant for ligne in calcul.lignes[-1:]) == D(solde)


@pytest.mark.exigence("MSS-003", "RUL-003")
def test_un_solde_ne_se_depose_qu_apres_une_avance() -> None:
    operateur = Operateur.nouveau()
    with pytest.raises(GesteImpossible, match="qu'après une demande d'avance"):
        operateur.deposer(SOLDE)
    avance = operateur.deposer()
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    services.rejeter(demande=avance.pk, auteur=gestionnaire, motif="Hors périmètre")
    with pytest.raises(GesteImpossible, match="rejetée ou annulée"):
        operateur.deposer(SOLDE)
    assert operateur.deposer().dossier.numero != avance.dossier.numero  # a rejected avance may be asked again


def test_un_solde_se_depose_avant_la_decision_et_ne_se_valide_qu_apres() -> None:
    operateur = Operateur.nouveau()
    operateur.compter(1000, 10, 10)
    avance = operateur.deposer()
    solde = operateur.deposer(SOLDE)
    with pytest.raises(GesteImpossible, match="n'est pas encore décidée"):
        services.valider(demande=solde.pk, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))
    decider(avance)
    assert decider(solde).statut == StatutDemande.DECIDEE


@pytest.mark.parametrize("type_demande", TypeDemande)
def test_une_demande_ne_se_depose_qu_une_fois(type_demande: TypeDemande) -> None:
    operateur = Operateur.nouveau()
    operateur.deposer()
    if type_demande is SOLDE:
        operateur.deposer(SOLDE)
    with pytest.raises(GesteImpossible, match="a déjà été déposée"):
        operateur.deposer(type_demande)


@pytest.mark.exigence("MSS-026", "RUL-002", "RUL-006")
@pytest.mark.parametrize(
    ("ecart", "recu"), [(timedelta(seconds=-1), True), (timedelta(), False), (timedelta(seconds=1), False)]
)
def test_un_solde_se_depose_jusqu_a_la_seconde_de_la_fermeture(
    ecart: timedelta, recu: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    operateur = Operateur.nouveau()
    operateur.deposer()
    fenetre = FenetreDepot.objects.get(dsr=operateur.enrolement.referencement.dsr, type=SOLDE)
    monkeypatch.setattr(calendrier, "maintenant", lambda: fenetre.fermeture + ecart)
    if recu:
        assert operateur.deposer(SOLDE).depose_le == fenetre.fermeture + ecart
    else:
        with pytest.raises(GesteImpossible, match="fermée depuis le"):
            operateur.deposer(SOLDE)
        assert BrouillonDemande.objects.get(type=SOLDE).saisie  # what was typed is still there


def test_un_enrolement_qui_n_est_pas_valide_ne_depose_pas() -> None:
    operateur = Operateur.nouveau(statut="VALIDATION_PARTIELLE", anticipe=True)
    with pytest.raises(GesteImpossible, match="n'est pas validé"):
        operateur.deposer()


@pytest.mark.exigence("MSS-013", "MSS-014", "MSS-018", "MSS-025")
@pytest.mark.parametrize(
    ("profil", "attendues"),
    [
        ("DEVELOPPEUR", ["MSS_RESU_TEST_TECH", "MSS_GUIDE_PDF_API"]),
        ("ACHETEUR", ["MSS_RESU_TEST_TECH", "MSS_GUIDE_PDF_API", "MSS_FACTURE_ACQUITTEE"]),
    ],
)
def test_les_pieces_du_solde_suivent_le_profil_et_portent_le_dossier(
    profil: str, attendues: list[str]
) -> None:
    operateur = Operateur.nouveau(profil=profil)
    operateur.deposer()
    solde = operateur.deposer(SOLDE)
    types = list(solde.pieces.order_by("pk").values_list("type", flat=True))
    assert types == [f"{type_piece}_{solde.dossier.numero}" for type_piece in attendues]
    assert not solde.pieces.filter(fichier=None).exists()


@pytest.mark.exigence("MSS-009")
class TestComptages:
    """What the directory says at the closing date is what is paid, whenever the balance was deposited."""

    def test_sans_extrait_le_solde_se_depose_et_se_complete_plus_tard(self) -> None:
        operateur = Operateur.nouveau()
        decider(operateur.deposer())
        operateur.compter_au(calendrier.maintenant() - timedelta(days=1))
        solde = operateur.deposer(SOLDE)
        assert solde.montant_declare is None
        gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
        with pytest.raises(GesteImpossible, match="pas encore arrêtés"):
            services.valider(demande=solde.pk, auteur=gestionnaire)
        assert comptages.arreter() == 0
        operateur.compter(1000, 10, 10)
        assert comptages.arreter() == 1
        complete = Demande.objects.get(pk=solde.pk)
        assert (complete.montant_declare, complete.version_courante) == (D("58588.30"), 2)
        assert complete.statut == StatutDemande.EN_COURS
        assert "arrêtés au" in complete.versions.get(rang=2).motif
        assert decider(complete).montant_decide == D("58588.30")

    def test_un_balayage_de_plus_ne_change_rien(self) -> None:
        operateur = Operateur.nouveau()
        operateur.deposer()
        operateur.compter(10, 0, 0)
        solde = operateur.deposer(SOLDE)
        assert [comptages.arreter(), comptages.arreter()] == [0, 0]
        assert Demande.objects.get(pk=solde.pk).version_courante == 1

    def test_avant_la_cloture_les_nombres_sont_provisoires_puis_arretes(self) -> None:
        operateur = Operateur.nouveau()
        decider(operateur.deposer())
        cloture = calendrier.maintenant() + timedelta(days=3)
        operateur.compter(100, 0, 0, cloture=cloture)
        solde = operateur.deposer(SOLDE)
        assert solde.montant_declare == D("5833.00")
        assert donnees_courantes(solde)["balArretees"] is False
        gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
        with pytest.raises(GesteImpossible, match="pas encore arrêtés"):
            services.valider(demande=solde.pk, auteur=gestionnaire)
        assert comptages.arreter() == 0  # still provisional: nothing to say again
        Extrait.objects.all().delete()
        operateur.compter(200, 0, 0)
        assert comptages.arreter() == 1
        assert Demande.objects.get(pk=solde.pk).montant_declare == D("11666.00")

    def test_des_nombres_provisoires_ne_se_disent_qu_une_fois(self) -> None:
        operateur = Operateur.nouveau()
        operateur.deposer()
        cloture = calendrier.maintenant() + timedelta(days=3)
        operateur.compter(100, 0, 0, cloture=cloture)
        solde = operateur.deposer(SOLDE)
        Extrait.objects.all().delete()
        operateur.compter(150, 0, 0, cloture=cloture)
        assert comptages.arreter() == 0
        assert Demande.objects.get(pk=solde.pk).montant_declare == D("5833.00")

    def test_un_solde_deja_regarde_voit_ses_montants_recalcules(self) -> None:
        operateur = Operateur.nouveau()
        decider(operateur.deposer())
        operateur.compter(100, 0, 0, cloture=calendrier.maintenant() + timedelta(days=3))
        solde = operateur.deposer(SOLDE)
        gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
        services.demander_modification(demande=solde.pk, auteur=gestionnaire, motif="Lien mort")
        Extrait.objects.all().delete()
        operateur.compter(200, 0, 0)
        comptages.arreter()
        relu = Demande.objects.get(pk=solde.pk)
        assert (relu.statut, relu.montant_decide) == (StatutDemande.A_MODIFIER, D("11666.00"))
        assert relu.cloture_le is not None  # the time to modify is not touched

    def test_sans_aucune_bal_le_solde_est_nul_et_ne_se_decide_pas(self) -> None:
        operateur = Operateur.nouveau()
        decider(operateur.deposer())
        operateur.compter(0, 0, 0)
        solde = operateur.deposer(SOLDE)
        assert solde.montant_declare == 0
        with pytest.raises(GesteImpossible, match="rien n'est à payer"):
            decider(solde)


@pytest.mark.exigence("MSS-009")
def test_des_nombres_arretes_puis_corriges_se_reecrivent_jusqu_a_la_validation() -> None:
    operateur = Operateur.nouveau()
    decider(operateur.deposer())
    operateur.compter(100, 0, 0)
    solde = operateur.deposer(SOLDE)
    Extrait.objects.all().delete()
    operateur.compter(200, 0, 0)
    assert comptages.arreter() == 1
    services.valider(demande=solde.pk, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))
    Extrait.objects.all().delete()
    operateur.compter(300, 0, 0)
    assert comptages.arreter() == 0
    assert Demande.objects.get(pk=solde.pk).montant_decide == D("11666.00")


def test_une_demande_qui_ne_se_complete_pas_n_arrete_pas_les_autres(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    premier, second = Operateur.nouveau(), Operateur.nouveau()
    for operateur in (premier, second):
        operateur.deposer()
        operateur.compter_au(calendrier.maintenant() - timedelta(days=1))
        operateur.deposer(SOLDE)
        operateur.compter(100, 0, 0)
    Bareme.objects.update(valeurs={"forfait": "6666.67"})
    assert comptages.arreter() == 0
    Bareme.objects.all().delete()
    operateurs.bareme("MSS-MSS")
    perdu = Demande.objects.filter(type=SOLDE).earliest("pk")
    vrai = services.arreter_comptes

    def arreter(**options: Any) -> Demande:
        if options["demande"] == perdu.pk:
            raise GesteImpossible("Le statut a changé.")
        return vrai(**options)

    monkeypatch.setattr(services, "arreter_comptes", arreter)
    assert comptages.arreter() == 1


@pytest.mark.exigence("MSS-011")
def test_le_solde_demande_part_de_l_avance_de_son_dossier_meme_si_le_bareme_a_change() -> None:
    operateur = Operateur.nouveau()
    decider(operateur.deposer())
    ligne = Bareme.objects.get()
    ligne.valeurs["forfait"] = "10000.00"
    ligne.save()
    operateur.compter(100, 0, 0)
    solde = operateur.deposer(SOLDE)
    assert solde.montant_declare == D("9166.33")  # 5 833 + 10 000 − 6 666,67
    assert decider(solde).montant_decide == D("9166.33")


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"avance": "30000", "total": "20000"}, "dépasser le forfait total"),
        ({"avance": "30000"}, "est incomplet"),
    ],
)
def test_un_bareme_faux_se_dit_et_ne_casse_rien(valeurs: dict[str, str], phrase: str) -> None:
    operateur = Operateur.nouveau("SAS-AGE", profil="")
    Bareme.objects.update(valeurs=valeurs)
    with pytest.raises(GesteImpossible, match=phrase):
        operateur.deposer()


def test_le_montant_calcule_par_le_portail_ne_se_reduit_pas() -> None:
    demande = Operateur.nouveau().deposer()
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    with pytest.raises(GesteImpossible, match="ne se réduit pas"):
        services.valider(demande=demande.pk, auteur=gestionnaire, retenu_ht=D("1.00"))


def test_sans_bareme_le_depot_est_refuse_par_une_phrase() -> None:
    operateur = Operateur.nouveau()
    Bareme.objects.all().delete()
    with pytest.raises(GesteImpossible, match="Aucun barème n'est en vigueur"):
        operateur.deposer()


def test_sans_fenetre_publiee_rien_ne_se_depose() -> None:
    operateur = Operateur.nouveau()
    FenetreDepot.objects.all().delete()
    with pytest.raises(GesteImpossible, match="Aucune fenêtre de dépôt"):
        operateur.deposer()


def test_rien_ne_se_depose_sans_rien_saisir() -> None:
    operateur = Operateur.nouveau()
    with pytest.raises(GesteImpossible, match="Rien n'a été saisi"):
        formulaires.deposer(enrolement=operateur.enrolement.pk, type_demande=AVANCE, auteur=operateur.auteur)


@pytest.mark.exigence("RUL-017")
def test_un_second_couloir_a_formulaires_est_un_fichier_de_plus() -> None:
    """SAS-AGE: 30 000 then 70 000, its own fields and pieces, the same code."""
    operateur = Operateur.nouveau("SAS-AGE", profil="", taux_tva="20")
    avance = decider(operateur.deposer())
    assert (avance.montant_declare, avance.montant_decide) == (D("30000.00"), D("36000.00"))
    assert avance.numero.startswith("FINSAS")
    solde = decider(operateur.deposer(SOLDE))
    assert (solde.montant_declare, solde.montant_decide) == (D("70000.00"), D("84000.00"))
    types = set(avance.pieces.filter(origine="DEPOT").values_list("type", flat=True))
    assert types == {
        f"SAS_PV_MES_{avance.dossier.numero}",
        f"SAS_DECLARATION_HONNEUR_{avance.dossier.numero}",
    }


def test_arreter_les_comptes_est_un_geste_du_portail_seul() -> None:
    demande = Operateur.nouveau().deposer()
    with pytest.raises(ValueError, match="est impossible"):
        services.arreter_comptes(
            demande=demande.pk,
            comptes={},
            montant_declare=D(1),
            motif="",
            auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
        )
    assert PORTAIL.role
