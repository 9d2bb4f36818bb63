"""What a company owes is kept on what it is about to be paid: once, told on both sides, and given back if need be."""

import pytest

from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.grand_livre.verification import anomalies
from segurnum.paiements import retours
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Enveloppe, Versement
from segurnum.paiements.phases import REJETES, versements_a
from segurnum.recouvrements import services
from segurnum.recouvrements.compensations import compenser, retirer_compensation
from segurnum.recouvrements.models import Recouvrement, Reglement
from segurnum.recouvrements.queries import compensations_a_retirer
from segurnum.recouvrements.soldes import clore_sans_versement
from segurnum.recouvrements.tests.monde import (
    D,
    aujourd_hui,
    decidee,
    emis,
    payee,
    payer,
    qui,
    rembourser,
    solde_valide,
    statuts,
)
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db


def _dette_et_versement(montant: str = "600.00") -> tuple[Recouvrement, Versement]:
    """A company that owes, and is about to be paid 3 600 € for another dossier of its own."""
    inscrit = usines.enrolement()
    return emis(payee(inscrit=inscrit), montant), decidee(inscrit=inscrit)


def _compenser(titre: Recouvrement, versement: Versement, montant: str) -> Recouvrement:
    return compenser(
        recouvrement=titre.pk, auteur=qui(Profil.COMPTABLE), versement=versement.pk, montant=D(montant)
    )


def test_une_compensation_reduit_le_paiement_regle_le_titre_et_credite_l_enveloppe() -> None:
    titre, versement = _dette_et_versement()
    assert Enveloppe.objects.get().decide == D("7200.00")
    assert _compenser(titre, versement, "0.01").statut == "PARTIEL"
    assert _compenser(titre, versement, "599.99").statut == "COMPENSE"
    versement.refresh_from_db()
    assert (versement.compense, versement.net) == (D("600.00"), D("3000.00"))
    assert Enveloppe.objects.get().decide == D("6600.00")
    dernier = Courriel.objects.filter(code="M83").order_by("-pk")[0]
    assert "3\u202f000,00\u00a0€" in dernier.corps
    comptable = qui(Profil.COMPTABLE)
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="moins 600,00"):
        paiements.constater(
            versement=versement.pk, auteur=comptable, montant=D("3600.00"), jour=aujourd_hui()
        )


def test_ce_qui_est_compense_se_paie_net_et_le_solde_compte_le_tout_comme_verse() -> None:
    titre, versement = _dette_et_versement()
    _compenser(titre, versement, "600.00")
    demande = payer(versement)
    versement.refresh_from_db()
    assert (versement.montant_paye, demande.etat_paiement) == (D("3000.00"), "EFFECTUE")


def test_on_ne_compense_que_sur_un_versement_de_la_meme_entreprise_pas_encore_parti() -> None:
    titre, versement = _dette_et_versement()
    autre = decidee()
    with pytest.raises(GesteImpossible, match="même entreprise"):
        _compenser(titre, autre, "1.00")
    paiements.mettre_en_paiement(versement=versement.pk, auteur=qui(Profil.COMPTABLE))
    with pytest.raises(GesteImpossible, match="pas encore mis en paiement"):
        _compenser(titre, versement, "1.00")


def test_on_ne_compense_ni_plus_que_la_dette_ni_plus_que_le_versement() -> None:
    inscrit = usines.enrolement()
    titre = emis(payee(inscrit=inscrit), None)
    petit = decidee(inscrit=inscrit, montant="1000.00")  # 360 €
    with pytest.raises(GesteImpossible, match="360,00"):
        _compenser(titre, petit, "360.01")
    with pytest.raises(GesteImpossible, match="Il reste"):
        _compenser(titre, petit, "3600.01")
    assert _compenser(titre, petit, "360.00").reste == D("3240.00")


def test_un_paiement_rejete_garde_sa_retenue_quand_il_est_reemis() -> None:
    titre, versement = _dette_et_versement()
    _compenser(titre, versement, "600.00")
    comptable = qui(Profil.COMPTABLE)
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    paiements.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    assert paiements.reemettre(versement=versement.pk, auteur=comptable).net == D("3000.00")


def test_seul_le_dernier_des_paiements_rejetes_se_reemet_avec_ce_qui_y_est_retenu() -> None:
    """The first was refused before anything was kept: issued again, it would pay what the debt was settled by."""
    titre, premier = _dette_et_versement()
    comptable = qui(Profil.COMPTABLE)
    paiements.rejeter(versement=premier.pk, auteur=comptable, motif="Compte clos")
    second = paiements.reemettre(versement=premier.pk, auteur=comptable)
    _compenser(titre, second, "600.00")
    paiements.rejeter(versement=second.pk, auteur=comptable, motif="Compte clos")
    assert list(versements_a(REJETES)) == [second]
    with pytest.raises(GesteImpossible, match="déjà été réémis"):
        paiements.reemettre(versement=premier.pk, auteur=comptable)
    assert paiements.reemettre(versement=second.pk, auteur=comptable).compense == D("600.00")


def test_une_compensation_se_retire_avant_que_la_demande_s_annule_et_la_dette_revient() -> None:
    titre, versement = _dette_et_versement()
    _compenser(titre, versement, "600.00")
    demande = versement.decision.demande_id
    officier = qui(Profil.GESTIONNAIRE)
    with pytest.raises(GesteImpossible, match="Une compensation est retenue"):
        paiements.annuler(demande=demande, auteur=officier, motif="Résiliée")
    retiree = retirer_compensation(
        recouvrement=titre.pk,
        auteur=qui(Profil.COMPTABLE),
        reglement=Reglement.objects.get().pk,
        motif="La demande est annulée.",
    )
    assert (retiree.statut, retiree.reste) == ("EMIS", D("600.00"))
    assert retiree.relance_le is not None
    assert Enveloppe.objects.get().decide == D("7200.00")
    with pytest.raises(RefusMetier):
        retirer_compensation(
            recouvrement=titre.pk,
            auteur=qui(Profil.COMPTABLE),
            reglement=Reglement.objects.get().pk,
            motif="Encore.",
        )
    paiements.annuler(demande=demande, auteur=officier, motif="Résiliée")
    assert Enveloppe.objects.get().decide == D("3600.00")


def test_une_compensation_qui_a_annule_la_demande_ne_se_retire_plus() -> None:
    """Owed again, the money would be with a request that is over, and its beneficiary with whoever asked since."""
    inscrit = usines.enrolement()
    titre, versement = emis(payee(inscrit=inscrit), None), decidee(inscrit=inscrit)
    _compenser(titre, versement, "3600.00")
    titre.refresh_from_db()
    assert statuts(titre.demande) == {StatutDemande.HISTORISEE, StatutDemande.ANNULEE}
    assert not compensations_a_retirer(titre).exists()
    with pytest.raises(GesteImpossible, match="ne se retire plus"):
        retirer_compensation(
            recouvrement=titre.pk,
            auteur=qui(Profil.COMPTABLE),
            reglement=Reglement.objects.get().pk,
            motif="La demande est annulée.",
        )
    assert list(anomalies()) == []


@pytest.mark.django_db(transaction=True)
def test_deux_compensations_au_meme_instant_ne_font_qu_une() -> None:
    titre, versement = _dette_et_versement()
    comptables = [qui(Profil.COMPTABLE) for _ in range(2)]
    faits = ensemble(
        *(
            lambda c=c: compenser(
                recouvrement=titre.pk, auteur=c, versement=versement.pk, montant=D("600.00")
            )
            for c in comptables
        )
    )
    assert sorted(isinstance(fait, RefusMetier) for fait in faits) == [False, True], faits
    versement.refresh_from_db()
    assert (versement.compense, Reglement.objects.count()) == (D("600.00"), 1)


def test_le_grand_livre_dit_ce_que_disent_les_recouvrements_les_compensations_et_les_retours() -> None:
    titre, versement = _dette_et_versement()
    _compenser(titre, versement, "200.00")
    demande = payer(versement)
    assert list(anomalies()) == []
    rendu = retours.constater_retour(
        versement=versement.pk, auteur=qui(Profil.COMPTABLE), motif="AC04", jour=aujourd_hui()
    )
    assert list(anomalies()) == []
    payer(paiements.reemettre(versement=rendu.pk, auteur=qui(Profil.COMPTABLE)))
    rembourser(titre, "150.00")
    services.annuler(recouvrement=titre.pk, auteur=qui(Profil.DECIDEUR), motif="Remise.")
    rembourser(emis(demande, None), "3600.00", "VIR-2")
    assert statuts(demande) == {StatutDemande.HISTORISEE, StatutDemande.ANNULEE}
    solde = solde_valide(payee(), "100.00")
    clore_sans_versement(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    ordre = Recouvrement.objects.get(demande=solde)
    services.emettre(recouvrement=ordre.pk, auteur=qui(Profil.DECIDEUR))
    assert list(anomalies()) == []


def test_une_compensation_retiree_se_lit_au_grand_livre() -> None:
    titre, versement = _dette_et_versement()
    _compenser(titre, versement, "600.00")
    retirer_compensation(
        recouvrement=titre.pk,
        auteur=qui(Profil.COMPTABLE),
        reglement=Reglement.objects.get().pk,
        motif="Erreur.",
    )
    payer(versement)
    assert list(anomalies()) == []
