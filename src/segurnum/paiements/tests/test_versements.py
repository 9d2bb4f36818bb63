"""Versements and envelopes at their edges: the last cent, the account of the day, what a failure leaves behind."""

from decimal import Decimal
from threading import Event

import pytest
from django.db import transaction

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import CoordonneesBancaires, Profil
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.essais.concurrence import attendre_qu_un_autre_attende, ensemble
from segurnum.essais.partage import tout_ce_qui_est_ecrit
from segurnum.journal import services as journal
from segurnum.paiements import comptes, enveloppes, services
from segurnum.paiements.models import Enveloppe, Versement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _validee(**valeurs: object) -> Demande:
    demande = usines.demande(**valeurs)  # type: ignore[arg-type]
    return demandes.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))


@pytest.mark.exigence("GST-016")
def test_une_decision_prend_jusqu_au_dernier_centime_de_l_enveloppe() -> None:
    enveloppe = usines.enveloppe(montant="720.00")
    usines.enveloppe("DSR-HOP-DPI-Va1")  # another couloir's money
    inscrit = usines.enrolement()
    for reste in ("360.00", "0.00"):
        services.decider(demande=_validee(inscrit=inscrit).pk, auteur=_qui(Profil.DECIDEUR))
        enveloppe.refresh_from_db()
        assert enveloppe.montant - enveloppe.decide == Decimal(reste)
    with pytest.raises(GesteImpossible, match="il reste 0,00"):
        services.decider(demande=_validee(inscrit=inscrit).pk, auteur=_qui(Profil.DECIDEUR))
    assert set(Enveloppe.objects.exclude(pk=enveloppe.pk).values_list("decide", flat=True)) == {Decimal(0)}


@pytest.mark.exigence("REQ-024")
@pytest.mark.parametrize(("declare", "decide"), [("0.03", "0.01"), ("1.00", "0.36")])
def test_une_decision_de_quelques_centimes_se_paie(declare: str, decide: str) -> None:
    usines.enveloppe()
    decision = services.decider(demande=_validee(montant=declare).pk, auteur=_qui(Profil.DECIDEUR))
    assert decision.montant == Decimal(decide)


@pytest.mark.exigence("GST-016")
def test_sans_enveloppe_du_couloir_rien_ne_se_decide() -> None:
    usines.enveloppe("DSR-HOP-DPI-Va1")
    demande = _validee()
    with pytest.raises(GesteImpossible, match="Aucune enveloppe budgétaire"):
        services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    demande.refresh_from_db()
    assert demande.statut == "VALIDEE"


@pytest.mark.exigence("GST-018")
def test_annuler_ne_rend_que_ce_que_cette_demande_a_pris() -> None:
    enveloppe = usines.enveloppe()
    inscrit = usines.enrolement()
    gardee, partie = (_validee(inscrit=inscrit, montant=montant) for montant in ("1000.00", "2000.00"))
    for demande in (gardee, partie):
        services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    services.annuler(demande=partie.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Erreur")
    enveloppe.refresh_from_db()
    assert enveloppe.decide == Decimal("360.00")
    assert Versement.objects.get(decision__demande=gardee).etat == "EN_COURS"
    annule = Versement.objects.get(decision__demande=partie)
    assert (annule.etat, annule.motif_rejet) == ("REJETE", "Demande annulée")


@pytest.mark.exigence("GST-019")
def test_un_versement_mis_en_paiement_empeche_d_annuler_meme_apres_un_rejet_reemis() -> None:
    enveloppe = usines.enveloppe()
    decision = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR))
    comptable, gestionnaire = _qui(Profil.COMPTABLE), _qui(Profil.GESTIONNAIRE)
    premier = decision.versements.get()
    services.mettre_en_paiement(versement=premier.pk, auteur=comptable)
    services.rejeter(versement=premier.pk, auteur=comptable, motif="Compte clos")
    second = services.reemettre(versement=premier.pk, auteur=comptable)
    services.mettre_en_paiement(versement=second.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="déjà mise en paiement"):
        services.annuler(demande=decision.demande_id, auteur=gestionnaire, motif="Erreur")
    enveloppe.refresh_from_db()
    assert enveloppe.decide == decision.montant
    services.rejeter(versement=second.pk, auteur=comptable, motif="Compte clos")
    services.annuler(demande=decision.demande_id, auteur=gestionnaire, motif="Erreur")
    enveloppe.refresh_from_db()
    assert enveloppe.decide == 0
    # What the bank said stays: only the cancelled request's own reason is new.
    assert set(Versement.objects.values_list("motif_rejet", flat=True)) == {"Compte clos"}


@pytest.mark.exigence("GST-022")
def test_on_ne_met_en_paiement_ni_ne_constate_deux_fois() -> None:
    usines.enveloppe()
    versement = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    comptable = _qui(Profil.COMPTABLE)
    with pytest.raises(GesteImpossible, match="pas encore mis en paiement"):
        services.constater(
            versement=versement.pk,
            auteur=comptable,
            montant=versement.montant_decide,
            jour=jour_de_paris(maintenant()),
        )
    mis = services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="déjà mis en paiement"):
        services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    versement.refresh_from_db()
    assert versement.mis_en_paiement_le == mis.mis_en_paiement_le
    assert versement.montant_paye is None


@pytest.mark.exigence("GST-022")
def test_le_versement_ne_part_que_sur_le_compte_de_la_decision_ou_sur_celui_qui_est_confirme() -> None:
    usines.enveloppe()
    demande = _validee()
    versement = services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    ancien = versement.compte_bancaire
    CoordonneesBancaires.objects.filter(pk=ancien.pk).update(statut=CoordonneesBancaires.Statut.INACTIVE)
    comptable = _qui(Profil.COMPTABLE)
    with pytest.raises(GesteImpossible, match="pas de coordonnées bancaires actives"):
        services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    neuf = CoordonneesBancaires.objects.create(
        entreprise=demande.entreprise,
        iban="FR7600000000000000000000042",
        bic="ESSAFRPP",
        titulaire=ancien.titulaire,
        domiciliation="BANQUE NEUVE",
        statut=CoordonneesBancaires.Statut.ACTIVE,
    )
    with pytest.raises(GesteImpossible, match="a changé depuis la décision"):
        services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=neuf.pk)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    versement.refresh_from_db()
    assert versement.compte_bancaire == neuf


@pytest.mark.django_db(transaction=True)
def test_une_panne_au_moment_du_journal_ne_laisse_rien_d_un_geste_de_paiement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each gesture is one transaction, its lock and its trace in it."""
    usines.enveloppe()
    decideur, comptable, gestionnaire = map(_qui, (Profil.DECIDEUR, Profil.COMPTABLE, Profil.GESTIONNAIRE))
    ouvert, mis, autre, rejete = (
        services.decider(demande=_validee().pk, auteur=decideur).versements.get() for _ in range(4)
    )
    for versement in (mis, autre, rejete):
        services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    services.rejeter(versement=rejete.pk, auteur=comptable, motif="Compte clos")
    avant = tout_ce_qui_est_ecrit("demandes", "paiements")

    def panne(*_: object, **__: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(journal, "consigner", panne)
    for geste in (
        lambda: services.mettre_en_paiement(versement=ouvert.pk, auteur=comptable),
        lambda: services.constater(
            versement=mis.pk, auteur=comptable, montant=mis.montant_decide, jour=jour_de_paris(maintenant())
        ),
        lambda: services.rejeter(versement=autre.pk, auteur=comptable, motif="Compte clos"),
        lambda: services.reemettre(versement=rejete.pk, auteur=comptable),
        lambda: services.annuler(demande=ouvert.decision.demande_id, auteur=gestionnaire, motif="Erreur"),
    ):
        with pytest.raises(OSError, match="disque"):
            geste()
        assert tout_ce_qui_est_ecrit("demandes", "paiements") == avant


@pytest.mark.exigence("GST-022")
def test_un_rejet_sans_le_motif_de_la_banque_est_refuse() -> None:
    usines.enveloppe()
    versement = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    comptable = _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="Un motif est obligatoire") as refus:
        services.rejeter(versement=versement.pk, auteur=comptable, motif=" \n")
    assert refus.value.champ == "motif"
    versement.refresh_from_db()
    assert (versement.etat, versement.motif_rejet) == ("EN_COURS", "")


@pytest.mark.exigence("GST-029")
def test_une_enveloppe_finance_au_moins_un_couloir() -> None:
    with pytest.raises(GesteImpossible, match="au moins un couloir") as refus:
        enveloppes.regler(
            enveloppe=None,
            reglage=enveloppes.Reglage(libelle="Vide", dsr=[], exercice=2026),
            vue=enveloppes.marque_de(None),
            auteur=_qui(Profil.ADMINISTRATION),
        )
    assert refus.value.champ == "dsr"
    assert not Enveloppe.objects.exists()


@pytest.mark.exigence("GST-016", "GST-029")
@pytest.mark.django_db(transaction=True)
def test_regler_une_enveloppe_pendant_une_decision_n_efface_pas_ce_qu_elle_prend() -> None:
    enveloppe = usines.enveloppe()
    demande, decideur = _validee(), _qui(Profil.DECIDEUR)
    qui, vue = _qui(Profil.ADMINISTRATION), enveloppes.marque_de(enveloppe)
    decide = Event()

    def decider() -> None:
        with transaction.atomic():
            services.decider(demande=demande.pk, auteur=decideur)
            decide.set()
            attendre_qu_un_autre_attende()

    def regler() -> Enveloppe:
        assert decide.wait(30)
        return enveloppes.regler(
            enveloppe=enveloppe.pk,
            reglage=enveloppes.Reglage(
                libelle="Renommée", dsr=enveloppe.dsr, exercice=enveloppe.exercice, rang=enveloppe.rang
            ),
            vue=vue,
            auteur=qui,
        )

    decidee, reglee = ensemble(decider, regler)
    assert decidee is None
    assert isinstance(reglee, Enveloppe)
    enveloppe.refresh_from_db()
    assert (enveloppe.libelle, enveloppe.decide) == ("Renommée", Decimal("360.00"))
