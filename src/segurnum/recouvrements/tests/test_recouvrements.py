"""Money is asked back by two people, once, to the cent, and comes back to its envelope when it comes (GST-019)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import verse
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.horloge import Horloge
from segurnum.fichiers.services import lire
from segurnum.installation.services import verifier_le_journal
from segurnum.paiements import retours
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Enveloppe
from segurnum.recouvrements import echeances, services
from segurnum.recouvrements.compensations import compenser
from segurnum.recouvrements.models import Recouvrement, Reglement
from segurnum.recouvrements.queries import par_age
from segurnum.recouvrements.soldes import clore_sans_versement
from segurnum.recouvrements.tests.monde import (
    MOTIF,
    D,
    aujourd_hui,
    decidee,
    emis,
    lettre_de,
    payee,
    payer,
    propose,
    qui,
    rembourser,
    solde_valide,
    statuts,
)
from segurnum.regles.calendrier import fin_de_journee, jours_apres, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_recouvrements import StatutRecouvrement
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db


def test_un_titre_emis_est_numerote_explique_date_et_ecrit_au_debiteur() -> None:
    titre = emis(payee())
    annee = maintenant().year
    assert titre.numero == f"TR{annee}-00001"
    assert (titre.statut.libelle, titre.reste) == ("Émis", D("600.00"))
    assert titre.echeance == aujourd_hui() + timedelta(days=30)
    assert [(ligne.montant, ligne.detail) for ligne in titre.lignes] == [
        (D("3600.00"), ""),
        (D("600.00"), "une partie de 3\u202f600,00\u00a0€"),
    ]
    assert titre.lettre is not None
    assert lire(titre.lettre).startswith(b"%PDF-")
    courriel = Courriel.objects.get(code="M80")
    assert courriel.destinataire == titre.demande.dossier.enrolement.courriel
    assert MOTIF in courriel.corps
    assert emis(payee()).numero == f"TR{annee}-00002"


@pytest.mark.parametrize(("instant", "annee"), [("22:58:00", 2027), ("23:00:00", 2028)])
def test_un_titre_prend_le_numero_de_l_annee_de_paris(horloge: Horloge, instant: str, annee: int) -> None:
    """As its letter says, which is dated of Paris."""
    ordre = propose(payee())
    reveillon = datetime.fromisoformat(f"2027-12-31T{instant}+00:00")
    horloge.avancer(seconds=(reveillon - maintenant()).total_seconds())
    titre = services.emettre(recouvrement=ordre.pk, auteur=qui(Profil.DECIDEUR))
    assert titre.numero == f"TR{annee}-00001"


def test_qui_propose_n_emet_pas() -> None:
    avance = payee()
    ordre = propose(avance)
    promu = Auteur(role=qui(Profil.DECIDEUR).role, profil=Profil.DECIDEUR, cle=ordre.proposant_id)
    with pytest.raises(GesteImpossible, match="une autre personne"):
        services.emettre(recouvrement=ordre.pk, auteur=promu)
    for profil in (Profil.GESTIONNAIRE, Profil.COMPTABLE, Profil.FOURNISSEUR):
        with pytest.raises(RefusMetier, match="Émettre"):
            services.emettre(recouvrement=ordre.pk, auteur=qui(profil))


@pytest.mark.exigence("GST-019", "GST-034")
def test_une_personne_ne_tient_pas_deux_roles_autour_d_un_titre() -> None:
    """Whoever validated, or paid, does not issue; whoever validated, decided or issued does not say it is repaid."""
    avance = payee()
    ordre = propose(avance)
    valideur, decideur = avance.valideur_id, avance.decision.decideur_id
    payeur = avance.dossier.ecritures.get(operation="PAIEMENT").acteur_id
    for cle, dit in ((valideur, "validé la demande"), (payeur, "enregistré le paiement")):
        with pytest.raises(GesteImpossible, match=dit):
            services.emettre(recouvrement=ordre.pk, auteur=_devenu(cle, Profil.DECIDEUR))
    emetteur = qui(Profil.DECIDEUR)
    titre = services.emettre(recouvrement=ordre.pk, auteur=emetteur)
    for cle, dit in (
        (valideur, "validé"),
        (decideur, "décidé"),
        (emetteur.cle, f"émis le titre de recette {titre.numero}"),
    ):
        with pytest.raises(GesteImpossible, match=dit):
            rembourser(titre, "600.00", auteur=_devenu(cle, Profil.COMPTABLE))
    assert rembourser(titre, "600.00", auteur=_devenu(payeur, Profil.COMPTABLE)).reste == 0


def _devenu(cle: int | None, profil: Profil) -> Auteur:
    """The same person, with another profile today."""
    return Auteur(role=qui(profil).role, profil=profil, cle=cle)


def test_une_proposition_s_ecarte_ou_se_retire_avec_un_motif_et_en_laisse_proposer_une_autre() -> None:
    avance = payee()
    ordre = propose(avance)
    with pytest.raises(GesteImpossible, match="court déjà"):
        propose(avance, "1.00")
    with pytest.raises(RefusMetier, match="motif"):
        services.ecarter(recouvrement=ordre.pk, auteur=qui(Profil.DECIDEUR), motif=" ")
    services.ecarter(recouvrement=ordre.pk, auteur=qui(Profil.DECIDEUR), motif="Non.")
    autre = propose(avance, "1.00")
    services.retirer(recouvrement=autre.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Erreur.")
    assert set(Recouvrement.objects.values_list("statut", flat=True)) == {"ANNULE"}
    assert verse(avance) == D("3600.00")


@pytest.mark.parametrize("montant", ["0.00", "3600.01"])
def test_on_ne_recouvre_que_ce_qui_a_ete_verse(montant: str) -> None:
    with pytest.raises(GesteImpossible, match="montant à recouvrer"):
        propose(payee(), montant)


def test_ce_qui_est_deja_demande_ne_l_est_pas_deux_fois() -> None:
    avance = payee()
    rembourser(emis(avance, "3000.00"), "3000.00")
    with pytest.raises(GesteImpossible, match="600,00"):
        propose(avance, "600.01")
    assert propose(avance, None).montant == D("600.00")


def test_rien_ne_se_recouvre_d_une_demande_qui_n_est_pas_payee() -> None:
    demande = usines.demande(StatutDemande.DECIDEE)
    with pytest.raises(GesteImpossible, match="rien n'a été versé"):
        propose(demande)


@pytest.mark.exigence("GST-019")
def test_l_enveloppe_est_creditee_a_l_encaissement_et_le_recouvrement_total_annule_la_demande() -> None:
    avance = payee()
    titre = emis(avance, None)
    assert Enveloppe.objects.get().decide == D("3600.00")
    titre = rembourser(titre, "0.01")
    assert (titre.statut, titre.reste) == ("PARTIEL", D("3599.99"))
    assert Enveloppe.objects.get().decide == D("3599.99")
    assert statuts(avance) == {StatutDemande.DECIDEE}
    titre = rembourser(titre, "3599.99", "VIR-2")
    assert (titre.statut, titre.reste, titre.relance_le) == (StatutRecouvrement.SOLDE, D("0.00"), None)
    assert Enveloppe.objects.get().decide == 0
    assert statuts(avance) == {StatutDemande.HISTORISEE, StatutDemande.ANNULEE}
    assert Courriel.objects.filter(code="M81").count() == 2


@pytest.mark.exigence("GST-019")
def test_la_lettre_d_une_decision_toute_recouvree_dit_qu_elle_est_annulee() -> None:
    avance = payee()
    titre = emis(avance, None)
    rembourser(titre, "3599.99")
    assert "annulée" not in lettre_de(avance)
    assert "annulée" not in Courriel.objects.latest("pk").corps
    rembourser(titre, "0.01", "VIR-2")
    for ligne in Demande.objects.filter(numero=avance.numero):
        lue = lettre_de(ligne)
        assert "Décision annulée le" in lue
        assert f"Recouvrement total, titre {titre.numero}" in lue
    assert f"la demande {avance.numero} est revenu : elle est annulée" in Courriel.objects.latest("pk").corps


def test_un_remboursement_ne_depasse_pas_ce_qui_reste_du() -> None:
    titre = emis(payee())
    rembourser(titre, "599.99")
    with pytest.raises(GesteImpossible, match="Il reste 0,01") as refus:
        rembourser(titre, "0.02", "VIR-2")
    assert refus.value.champ == "montant"
    with pytest.raises(IntegrityError, match="on_ne_recouvre_que_ce_qui_est_du"), transaction.atomic():
        Recouvrement.objects.update(recu=Decimal("600.01"))


def test_un_virement_ne_s_enregistre_qu_une_fois() -> None:
    titre, autre = emis(payee()), emis(payee())
    rembourser(titre, "100.00", "Vir 1")
    for encore in (titre, autre):
        with pytest.raises(GesteImpossible, match="qu'une fois") as refus:
            rembourser(encore, "100.00", " vir  1")
        assert refus.value.champ == "reference"
    assert Reglement.objects.count() == 1
    titre.refresh_from_db()
    assert titre.recu == D("100.00")


def test_la_somme_d_un_autre_que_le_debiteur_est_refusee() -> None:
    titre = emis(payee())
    with pytest.raises(GesteImpossible, match="rendez-la à son émetteur") as refus:
        rembourser(titre, "100.00", payeur=usines.entreprise().siret)
    assert refus.value.champ == "payeur"
    etablissement = titre.entreprise.siret[:9] + "00024"
    assert rembourser(titre, "100.00", payeur=etablissement).recu == D("100.00")


@pytest.mark.parametrize("ecart", [-1, 1])
def test_un_remboursement_se_date_entre_l_emission_et_aujourd_hui(ecart: int) -> None:
    titre = emis(payee())
    with pytest.raises(GesteImpossible, match="comprise entre"):
        rembourser(titre, "100.00", jour=aujourd_hui() + timedelta(days=ecart))


def test_un_titre_annule_garde_ce_qu_il_a_rapporte_et_le_dit() -> None:
    avance = payee()
    titre = rembourser(emis(avance), "100.00")
    assert verse(avance) == D("3000.00")
    services.annuler(recouvrement=titre.pk, auteur=qui(Profil.DECIDEUR), motif="Remise gracieuse.")
    assert verse(avance) == D("3500.00")
    assert Enveloppe.objects.get().decide == D("3500.00")
    assert "Remise gracieuse." in Courriel.objects.get(code="M84").corps
    with pytest.raises(RefusMetier, match="Annulé"):
        rembourser(titre, "1.00", "VIR-2")


def test_le_debiteur_est_relance_une_fois_l_echeance_passee_puis_chaque_mois() -> None:
    titre = emis(payee())
    assert titre.relance_le is not None
    assert echeances.relancer(instant=titre.relance_le - timedelta(seconds=1)) == 0
    assert echeances.relancer(instant=titre.relance_le) == 1
    assert echeances.relancer(instant=titre.relance_le) == 0
    suivante = fin_de_journee(jours_apres(titre.relance_le, 30))
    assert echeances.relancer(instant=suivante) == 1
    assert Courriel.objects.filter(code="M82").count() == 2
    rembourser(titre, "600.00")
    assert echeances.relancer(instant=suivante + timedelta(days=300)) == 0


def test_ce_qui_est_du_se_compte_par_age() -> None:
    for jours in (-1, 0, 1, 30, 31, 60, 61, 90, 91):
        titre = emis(payee())
        Recouvrement.objects.filter(pk=titre.pk).update(echeance=aujourd_hui() - timedelta(days=jours))
    propose(payee())
    assert [(age.tranche.code, age.nombre, age.reste) for age in par_age()] == [
        ("a-echoir", 2, D("1200.00")),
        ("0-30", 2, D("1200.00")),
        ("31-60", 2, D("1200.00")),
        ("61-90", 2, D("1200.00")),
        ("plus", 1, D("600.00")),
    ]


def test_l_avance_d_un_solde_vivant_ne_se_recouvre_pas_en_totalite() -> None:
    avance = payee()
    usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    with pytest.raises(GesteImpossible, match="tant que le solde"):
        propose(avance, None)
    assert propose(avance, "3599.99").total is False


def test_une_demande_ne_s_annule_pas_pendant_qu_on_recouvre() -> None:
    avance = payee()
    titre = emis(avance)
    with pytest.raises(GesteImpossible, match="Un recouvrement court"):
        paiements.annuler(demande=avance.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Erreur")
    rembourser(titre, "600.00")
    with pytest.raises(GesteImpossible, match="recouvrement total"):
        paiements.annuler(demande=avance.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Erreur")


def test_le_solde_depose_pendant_un_recouvrement_total_attend_puis_l_avance_s_annule_apres_lui() -> None:
    avance = payee()
    titre = emis(avance, None)
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    with pytest.raises(GesteImpossible, match="recouvrement total"):
        demandes.valider(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE))
    rembourser(titre, "3600.00")
    assert statuts(avance) == {StatutDemande.DECIDEE}
    demandes.rejeter(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Recouvré.")
    paiements.annuler(demande=avance.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Recouvré.")
    assert statuts(avance) == {StatutDemande.HISTORISEE, StatutDemande.ANNULEE}
    assert Enveloppe.objects.get().decide == 0


@pytest.mark.django_db(transaction=True)
def test_deux_comptables_au_meme_instant_n_enregistrent_qu_un_remboursement() -> None:
    titre = emis(payee(), None)
    comptables = [qui(Profil.COMPTABLE) for _ in range(2)]
    faits = ensemble(
        *(lambda c=c: rembourser(titre, "3600.00", f"VIR-{c.cle}", auteur=c) for c in comptables)
    )
    assert sorted(isinstance(fait, RefusMetier) for fait in faits) == [False, True], faits
    titre.refresh_from_db()
    assert (titre.statut, titre.recu, Reglement.objects.count()) == ("SOLDE", D("3600.00"), 1)
    assert Enveloppe.objects.get().decide == 0


@pytest.mark.django_db(transaction=True)
def test_deux_decideurs_au_meme_instant_n_emettent_qu_un_titre() -> None:
    ordre = propose(payee())
    decideurs = [qui(Profil.DECIDEUR) for _ in range(2)]
    faits = ensemble(*(lambda d=d: services.emettre(recouvrement=ordre.pk, auteur=d) for d in decideurs))
    assert sorted(isinstance(fait, RefusMetier) for fait in faits) == [False, True], faits
    assert Courriel.objects.filter(code="M80").count() == 1


def test_le_journal_dit_ce_que_disent_les_recouvrements() -> None:
    def anomalies() -> list[str]:
        dites: list[str] = []
        verifier_le_journal(tetes=None, dire=dites.append)
        return [phrase for phrase in dites if "Recouvrement" in phrase or "Règlement" in phrase]

    rembourser(emis(payee()), "100.00")
    assert anomalies() == []
    Reglement.objects.update(montant=D("99.00"))
    Recouvrement.objects.update(recu=D("99.00"))
    # The repayment alone, the title, and the title with its repayments.
    assert len(anomalies()) == 3


def test_le_journal_dit_les_paiements_compenses_rendus_et_les_demandes_closes_ou_annulees() -> None:
    inscrit = usines.enrolement()
    rembourser(emis(payee(inscrit=inscrit), None), "3600.00")
    titre, versement = emis(payee(inscrit=inscrit)), decidee(inscrit=inscrit)
    compensee = compenser(
        recouvrement=titre.pk, auteur=qui(Profil.COMPTABLE), versement=versement.pk, montant=D("600.00")
    )
    payer(versement)
    retours.constater_retour(
        versement=versement.pk, auteur=qui(Profil.COMPTABLE), motif="AC04", jour=aujourd_hui()
    )
    solde = solde_valide(payee(inscrit=inscrit), "100.00")
    clore_sans_versement(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    assert compensee.statut == "COMPENSE"
    dites: list[str] = []
    verifier_le_journal(tetes=None, dire=dites.append)
    # The rows that no service deposited are unknown to the journal; none contradicts it.
    assert [phrase for phrase in dites if "existence" not in phrase] == []


def test_le_dernier_recouvrement_de_ce_qui_reste_verse_annule_la_demande() -> None:
    avance = payee()
    rembourser(emis(avance, "600.00"), "600.00")
    reste = emis(avance, None)
    assert (reste.montant, reste.nature) == (D("3000.00"), "Total")
    rembourser(reste, "3000.00", "VIR-2")
    assert statuts(avance) == {StatutDemande.HISTORISEE, StatutDemande.ANNULEE}
    assert Enveloppe.objects.get().decide == 0
