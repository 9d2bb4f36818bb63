"""Ceilings hold: what is not known counts nothing, until it is recorded, or granted by one and approved by another."""

from decimal import Decimal

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import montants, octrois, services
from segurnum.demandes.models import Beneficiaire, Demande, Octroi, VersionDemande
from segurnum.essais import argent, usines
from segurnum.journal.queries import evenements_de
from segurnum.regles.cycles import StatutDemande, StatutOctroi, TypeDemande
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db

MOTIF = "Convention du 3 mars 2022, article 4."


def _qui(profil: Profil = Profil.GESTIONNAIRE) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _ajouter_un_inconnu(demande: Demande) -> None:
    Beneficiaire.objects.create(
        demande=demande, rang=2, dsr=demande.dsr, type_identifiant="FINESS", identifiants=["999999999"]
    )


def _octroyee(montant: str = "5000.00", **valeurs: str) -> Demande:
    """A request of an unknown ceiling, for which an amount is granted and approved."""
    demande = usines.demande(**{"plafond": None, "montant": "324000.00"} | valeurs)  # type: ignore[arg-type]
    octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal(montant), motif=MOTIF)
    octrois.approuver(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    return demande


@pytest.mark.exigence("RUL-009", "GST-014")
def test_un_beneficiaire_inconnu_ne_libere_pas_le_plafond_des_autres() -> None:
    demande = usines.demande(montant="324000.00", plafond="13000.00")
    _ajouter_un_inconnu(demande)
    plafond = montants.plafond_de(demande)
    assert (plafond.montant_ht, plafond.manquants) == (Decimal("13000.00"), ("999999999",))
    validee = services.valider(demande=demande.pk, auteur=_qui())
    assert validee.engagement_ht == Decimal("13000.00")
    assert "13\u202f000,00" in validee.motif_montant


@pytest.mark.exigence("RUL-009", "GST-014")
def test_sans_aucun_plafond_connu_rien_ne_se_valide() -> None:
    demande = usines.demande(plafond=None)
    assert montants.calculer(demande).decide == 0
    with pytest.raises(GesteImpossible, match="Aucun plafond n'est connu"):
        services.valider(demande=demande.pk, auteur=_qui())
    (beneficiaire,) = demande.beneficiaires.all()
    usines.plafond(demande.dsr, beneficiaire.identifiants[0], "400.00").save()
    assert services.valider(demande=demande.pk, auteur=_qui()).engagement_ht == Decimal("400.00")


@pytest.mark.exigence("RUL-009", "GST-014")
def test_un_montant_octroye_ne_compte_qu_approuve_par_une_autre_personne() -> None:
    demande = usines.demande(plafond=None, montant="9000.00")
    gestionnaire = _qui()
    octrois.octroyer(demande=demande.pk, auteur=gestionnaire, montant=Decimal("5000.00"), motif=MOTIF)
    assert montants.calculer(demande).engagement_ht == 0
    with pytest.raises(GesteImpossible, match="attendent l'approbation"):
        services.valider(demande=demande.pk, auteur=_qui())
    with pytest.raises(GesteImpossible, match="une autre personne que vous"):
        octrois.approuver(demande=demande.pk, auteur=gestionnaire)
    octrois.approuver(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    with pytest.raises(GesteImpossible, match="déjà approuvé"):
        octrois.approuver(demande=demande.pk, auteur=_qui())
    validee = services.valider(demande=demande.pk, auteur=gestionnaire)
    assert (validee.engagement_ht, validee.montant_decide) == (Decimal("5000.00"), Decimal("1800.00"))
    assert MOTIF in validee.motif_montant
    gestes = [fait.geste for fait in evenements_de(demande.dossier.chaine)]
    assert gestes == ["OCTROYER", "APPROUVER_OCTROI", "VALIDER"]


@pytest.mark.exigence("RUL-009")
def test_ce_qui_est_connu_borne_encore_a_cote_de_ce_qui_est_octroye() -> None:
    demande = usines.demande(montant="324000.00", plafond="13000.00")
    _ajouter_un_inconnu(demande)
    octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal("2000.00"), motif=MOTIF)
    octrois.approuver(demande=demande.pk, auteur=_qui())
    assert montants.calculer(demande).engagement_ht == Decimal("15000.00")
    # Once its ceiling is recorded, the beneficiary does not count twice.
    usines.plafond(demande.dsr, "999999999", "500.00").save()
    assert montants.calculer(demande).engagement_ht == Decimal("13500.00")


@pytest.mark.exigence("RUL-009", "RUL-011")
def test_ce_qui_est_octroye_a_l_avance_vaut_pour_le_solde() -> None:
    avance = _octroyee()
    services.valider(demande=avance.pk, auteur=_qui())
    Demande.objects.filter(pk=avance.pk).update(statut=StatutDemande.DECIDEE)
    avance.refresh_from_db()
    argent.payee(avance)
    solde = usines.demande(
        dossier=avance.dossier, type_demande=TypeDemande.SOLDE, montant="4000.00", plafond=None
    )
    Beneficiaire.objects.filter(demande=solde).update(identifiants=avance.beneficiaires.get().identifiants)
    assert montants.calculer(solde).engagement_ht == Decimal("4000.00")


def test_une_correction_du_fournisseur_defait_l_octroi() -> None:
    demande = _octroyee()
    VersionDemande.objects.create(
        demande=demande, rang=2, donnees={}, cree_le=demande.depose_le, motif="Correction"
    )
    Demande.objects.filter(pk=demande.pk).update(version_courante=2)
    demande.refresh_from_db()
    assert montants.calculer(demande).engagement_ht == 0


def test_un_octroi_s_ecarte_avec_un_motif_et_se_refait() -> None:
    demande = _octroyee()
    with pytest.raises(GesteImpossible, match="motif"):
        octrois.ecarter(demande=demande.pk, auteur=_qui(), motif=" ")
    octrois.ecarter(demande=demande.pk, auteur=_qui(), motif="Erreur de montant.")
    assert montants.calculer(demande).engagement_ht == 0
    octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal("10.00"), motif=MOTIF)
    assert [o.statut for o in Octroi.objects.order_by("pk")] == [StatutOctroi.ECARTE, StatutOctroi.PROPOSE]
    demande.refresh_from_db()
    assert demande.commentaire == ""  # the supplier is not told of what officers say to each other


@pytest.mark.parametrize(
    ("montant", "plafond", "phrase"),
    [
        ("0.00", None, "au-dessus de 0"),
        ("1000.01", None, "dépasse le montant déclaré"),
        ("10.00", "1000.00", "plafond de cette demande est connu"),
    ],
)
def test_un_octroi_sans_objet_est_refuse(montant: str, plafond: str | None, phrase: str) -> None:
    demande = usines.demande(plafond=plafond)
    with pytest.raises(GesteImpossible, match=phrase):
        octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal(montant), motif=MOTIF)
    assert not Octroi.objects.exists()


def test_un_octroi_est_unique_et_ne_s_approuve_pas_quand_il_n_y_en_a_pas() -> None:
    demande = usines.demande(plafond=None)
    for geste in (
        lambda: octrois.approuver(demande=demande.pk, auteur=_qui()),
        lambda: octrois.ecarter(demande=demande.pk, auteur=_qui(), motif=MOTIF),
    ):
        with pytest.raises(GesteImpossible, match="Aucun montant n'est octroyé"):
            geste()
    octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal("10.00"), motif=MOTIF)
    with pytest.raises(GesteImpossible, match="déjà octroyé"):
        octrois.octroyer(demande=demande.pk, auteur=_qui(), montant=Decimal("10.00"), motif=MOTIF)


@pytest.mark.parametrize(
    "profil", [Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION, Profil.FOURNISSEUR]
)
def test_seul_un_gestionnaire_octroie(profil: Profil) -> None:
    demande = usines.demande(plafond=None)
    with pytest.raises(RefusMetier):
        octrois.octroyer(demande=demande.pk, auteur=_qui(profil), montant=Decimal("10.00"), motif=MOTIF)


@pytest.mark.exigence("GST-014")
def test_retenir_moins_que_le_maximum_demande_un_motif_ecrit() -> None:
    demande = usines.demande(montant="1000.00")
    with pytest.raises(GesteImpossible, match="dites pourquoi") as refus:
        services.valider(demande=demande.pk, auteur=_qui(), retenu_ht=Decimal("400.00"))
    assert refus.value.champ == "motif"
    validee = services.valider(
        demande=demande.pk, auteur=_qui(), retenu_ht=Decimal("400.00"), motif="Module non livré."
    )
    assert "400,00" in validee.motif_montant
    assert "Module non livré." in validee.motif_montant
    assert services.valider(demande=usines.demande().pk, auteur=_qui()).motif_montant == ""
