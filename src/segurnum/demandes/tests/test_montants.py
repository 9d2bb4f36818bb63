"""The retained amounts: when they appear, what they follow, what a solde waits for."""

from datetime import timedelta
from decimal import Decimal

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.couloirs import par_code
from segurnum.couloirs.vierges import exemple
from segurnum.demandes import brouillons, echeances, incompletes, services
from segurnum.demandes.creation import Declaration
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.essais import usines
from segurnum.journal.empreintes import empreinte_json
from segurnum.journal.preuves import prouver
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

MOTIF = "Le bon de commande n'est pas signé."
SOLDE_MS1 = exemple(par_code("MS1-DUI"), TypeDemande.SOLDE)["lignesImport"][0]


def _gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def _fournisseur(demande: Demande) -> Auteur:
    return auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))


def _confirmer(demande: Demande, declare: str) -> Demande:
    return services.confirmer_modification(
        demande=demande.pk,
        auteur=_fournisseur(demande),
        declaration=Declaration(
            donnees=SOLDE_MS1, montant_declare=Decimal(declare), taux_tva=demande.taux_tva
        ),
    )


@pytest.mark.exigence("REQ-043")
@pytest.mark.parametrize("geste", [services.demander_piece, services.demander_modification])
def test_un_premier_regard_du_gestionnaire_fixe_les_montants(geste: object) -> None:
    demande = usines.demande(montant="1000.00")
    assert (demande.instruite, demande.montant_decide) == (False, None)
    geste(demande=demande.pk, auteur=_gestionnaire(), motif=MOTIF)  # type: ignore[operator]
    demande.refresh_from_db()
    assert demande.instruite
    assert (demande.engagement_ht, demande.engagement) == (Decimal("1000.00"), Decimal("1200.00"))
    assert demande.montant_decide == Decimal("360.00")
    assert demande.calcul_retenu is not None
    assert demande.calcul_retenu.decide == demande.montant_decide


@pytest.mark.exigence("REQ-043")
def test_la_correction_du_fournisseur_ne_fait_pas_apparaitre_les_montants_d_elle_meme() -> None:
    """The solde was sent back before its avance was looked at: an officer has still to look at the solde."""
    avance = usines.demande(montant="10000.00")
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier, montant="9000.00")
    services.demander_modification(demande=solde.pk, auteur=_gestionnaire(), motif=MOTIF)
    services.valider(demande=avance.pk, auteur=_gestionnaire())
    corrige = _confirmer(solde, "8000.00")
    assert (corrige.statut, corrige.montant_declare) == (StatutDemande.EN_COURS, Decimal("8000.00"))
    assert (corrige.instruite, corrige.montant_decide, corrige.calcul) == (False, None, None)


@pytest.mark.exigence("MOD-028")
def test_une_correction_garde_ce_qui_a_ete_demande_et_oublie_le_brouillon() -> None:
    demande = usines.demande(StatutDemande.A_MODIFIER, commentaire="x" * 300)
    voisine = usines.demande(StatutDemande.A_MODIFIER)
    for ligne in (demande, voisine):
        brouillons.garder_modification(demande=ligne, saisie={}, auteur=_fournisseur(ligne))
    corrigee = _confirmer(demande, "500.00")
    version = corrigee.versions.get(rang=2)
    assert (version.motif, version.donnees["numeroASP"]) == ("x" * 200, SOLDE_MS1["numeroASP"])
    assert version.auteur is not None
    assert version.auteur.entreprise == demande.entreprise
    assert [b.demande for b in BrouillonDemande.objects.all()] == [voisine]
    assert corrigee.beneficiaires.count() == 1


@pytest.mark.exigence("MOD-022", "MOD-023")
def test_demander_une_modification_fixe_le_rappel_a_dix_jours_et_la_fin_a_vingt() -> None:
    demande = usines.demande()
    avant = maintenant()
    demandee = services.demander_modification(demande=demande.pk, auteur=_gestionnaire(), motif=MOTIF)
    demandee.refresh_from_db()
    assert demandee.rappel_le is not None
    assert demandee.cloture_le is not None
    assert timedelta(days=9) < demandee.rappel_le - avant < timedelta(days=11)
    assert timedelta(days=19) < demandee.cloture_le - avant < timedelta(days=21)
    rendue = services.ne_pas_modifier(demande=demande.pk, auteur=_fournisseur(demande))
    assert (rendue.rappel_le, rendue.cloture_le) == (None, None)


@pytest.mark.exigence("RUL-008", "GST-034")
def test_valider_garde_qui_et_quand_pour_ce_que_le_gestionnaire_retient() -> None:
    demande = usines.demande(montant="1000.00")
    qui, avant = _gestionnaire(), maintenant()
    validee = services.valider(
        demande=demande.pk, auteur=qui, retenu_ht=Decimal("400.00"), motif="Prestation partielle."
    )
    validee.refresh_from_db()
    assert (validee.valideur_id, validee.engagement_ht) == (qui.cle, Decimal("400.00"))
    assert validee.valide_le is not None
    assert validee.valide_le >= avant
    with pytest.raises(GesteImpossible, match="dépasse le maximum"):
        services.valider(demande=usines.demande(montant="400.00").pk, auteur=qui, retenu_ht=Decimal("1000"))


@pytest.mark.exigence("RUL-003")
@pytest.mark.parametrize("eteint", [StatutDemande.REJETEE, StatutDemande.ANNULEE, StatutDemande.HISTORISEE])
def test_une_avance_se_rejette_une_fois_son_solde_eteint(eteint: StatutDemande) -> None:
    avance = usines.demande()
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    with pytest.raises(GesteImpossible, match="tant que le solde"):
        services.rejeter(demande=avance.pk, auteur=_gestionnaire(), motif=MOTIF)
    Demande.objects.filter(pk=solde.pk).update(statut=eteint)
    services.rejeter(demande=avance.pk, auteur=_gestionnaire(), motif=MOTIF)
    avance.refresh_from_db()
    assert avance.statut is StatutDemande.REJETEE


def test_un_solde_se_rejette_sans_toucher_a_son_avance() -> None:
    avance = usines.demande()
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    services.rejeter(demande=solde.pk, auteur=_gestionnaire(), motif=MOTIF)
    avance.refresh_from_db()
    assert avance.statut is StatutDemande.EN_COURS


@pytest.mark.exigence("INC-011")
def test_un_solde_parmi_les_avances_a_supprimer_garde_tout() -> None:
    avance = usines.demande(StatutDemande.NON_COMPLETEE)
    solde = usines.demande(
        StatutDemande.NON_COMPLETEE, type_demande=TypeDemande.SOLDE, inscrit=avance.dossier.enrolement
    )
    qui = _fournisseur(avance)
    with pytest.raises(GesteImpossible, match=solde.numero):
        incompletes.supprimer(demandes=[avance.pk, solde.pk], auteur=qui)
    assert Demande.objects.count() == 2
    assert incompletes.supprimer(demandes=[avance.pk], auteur=qui) == 1
    assert Demande.objects.get() == solde


def test_ce_qui_etait_saisi_pour_une_correction_ne_survit_ni_a_l_abandon_ni_a_la_demande_suivante() -> None:
    demande = usines.demande()

    def saisir() -> None:
        services.demander_modification(demande=demande.pk, auteur=_gestionnaire(), motif=MOTIF)
        assert not BrouillonDemande.objects.exists()
        demande.refresh_from_db()
        brouillons.garder_modification(
            demande=demande, saisie={"nom": "Camille"}, auteur=_fournisseur(demande)
        )

    saisir()
    services.ne_pas_modifier(demande=demande.pk, auteur=_fournisseur(demande))
    assert not BrouillonDemande.objects.exists()
    saisir()
    Demande.objects.update(cloture_le=maintenant())
    echeances.clore(instant=maintenant())
    assert BrouillonDemande.objects.exists()  # what was typed in vain stays readable
    saisir()


@pytest.mark.exigence("INC-005")
def test_prolonger_ne_touche_que_les_demandes_incompletes_et_ne_leur_ote_rien() -> None:
    bientot, tard = (
        usines.demande(StatutDemande.NON_COMPLETEE, expire_le=maintenant() + timedelta(days=jours))
        for jours in (1, 30)
    )
    remise = usines.demande(StatutDemande.EN_COURS)
    fin = echeances.prolonger(Demande.objects.all())
    assert timedelta(days=7) <= fin - maintenant() < timedelta(days=8, hours=1)
    assert dict(Demande.objects.values_list("pk", "expire_le")) == {
        bientot.pk: fin,
        tard.pk: tard.expire_le,
        remise.pk: None,
    }


@pytest.mark.exigence("GST-032")
def test_le_journal_d_un_geste_nomme_la_demande_et_son_calcul() -> None:
    demande = services.valider(demande=usines.demande().pk, auteur=_gestionnaire())
    (fait,) = evenements_de(demande.dossier.chaine)
    etat = {
        "montant_declare": "1000.00",
        "taux_tva": "20.00",
        "engagement_ht": "1000.00",
        "engagement": "1200.00",
        "montant_decide": "360.00",
        "version": "1",
        "valideur": str(demande.valideur_id),
        "calcul": empreinte_json(demande.calcul),
        "motif_montant": empreinte_json(""),
    }
    attendus = {"numero": demande.numero, "etat": etat, "calcul": demande.calcul, "retenu_ht": ""}
    assert (fait.objet, fait.details) == (demande.objet, attendus | prouver(demande))
