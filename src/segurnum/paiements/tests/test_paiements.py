"""Decide, pay, record: to the cent, once, by the right person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.essais import argent, usines
from segurnum.essais.concurrence import ensemble
from segurnum.fichiers.services import lire
from segurnum.journal.models import Evenement
from segurnum.paiements import services
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.paiements.phases import REJETES, versements_a
from segurnum.paiements.queries import suivi_financier
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import PAIEMENT, StatutDemande, TransitionRefusee, TypeDemande
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db


def _qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _validee(**valeurs: object) -> Demande:
    demande = usines.demande(**valeurs)  # type: ignore[arg-type]
    return demandes.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))


def _payee(demande: Demande) -> Versement:
    decision = services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    versement = decision.versements.get()
    comptable = _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    return services.constater(
        versement=versement.pk, auteur=comptable, montant=decision.montant, jour=jour_de_paris(maintenant())
    )


@pytest.mark.exigence(
    "REQ-023",
    "REQ-024",
    "REQ-029",
    "REQ-052",
    "REQ-069",
    "REQ-070",
    "GST-014",
    "GST-015",
    "GST-021",
    "RUL-008",
)
def test_decider_engage_l_enveloppe_ouvre_le_versement_joint_la_lettre_et_ecrit_au_fournisseur() -> None:
    enveloppe = usines.enveloppe()
    demande = _validee(montant="1074.99", taux_tva="0")
    assert demande.montant_decide == Decimal("322.50")
    decision = services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    demande.refresh_from_db()
    enveloppe.refresh_from_db()
    assert (demande.statut, demande.etat_paiement) == ("DECIDEE", "EN_COURS")
    assert enveloppe.decide == decision.montant == Decimal("322.50")
    versement = decision.versements.get()
    assert (versement.objet, versement.type, versement.montant_decide) == (
        "VERSE001",
        "AVANCE",
        Decimal("322.50"),
    )
    nom = f"decision_attribution_{demande.dossier.numero}"
    lettre = demande.pieces.get(type=nom)
    assert lettre.nom == f"{nom}.pdf"
    assert lettre.fichier is not None
    assert lire(lettre.fichier).startswith(b"%PDF-")
    courriel = Courriel.objects.get(code="M12")
    assert courriel.destinataire == demande.dossier.enrolement.courriel
    assert courriel.objet.startswith(
        "Acceptation de votre demande de financement dans le cadre du financement"
    )
    assert demande.dossier.numero in courriel.objet
    assert "ne pas y répondre" in courriel.corps


@pytest.mark.exigence("GST-034")
def test_qui_a_valide_ne_decide_pas() -> None:
    usines.enveloppe()
    demande = usines.demande()
    qui = _qui(Profil.GESTIONNAIRE)
    demandes.valider(demande=demande.pk, auteur=qui)
    # The same person, promoted since: the refusal follows the person, not the profile.
    with pytest.raises(GesteImpossible, match="autre personne"):
        services.decider(
            demande=demande.pk,
            auteur=Auteur(role=_qui(Profil.DECIDEUR).role, cle=qui.cle, profil=Profil.DECIDEUR),
        )
    assert not Decision.objects.exists()


@pytest.mark.exigence("GST-016", "REQ-024")
def test_une_enveloppe_insuffisante_refuse_la_decision_et_rien_ne_change() -> None:
    enveloppe = usines.enveloppe(montant="100.00")
    demande = _validee(montant="1000.00")
    with pytest.raises(GesteImpossible, match="il reste 100,00"):
        services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    demande.refresh_from_db()
    enveloppe.refresh_from_db()
    assert (demande.statut, demande.etat_paiement, enveloppe.decide) == ("VALIDEE", "AUCUN", Decimal(0))


@pytest.mark.exigence("GST-016")
def test_la_base_elle_meme_refuse_de_depasser_une_enveloppe() -> None:
    enveloppe = usines.enveloppe(montant="100.00")
    with pytest.raises(IntegrityError, match="enveloppe_jamais_depassee"), transaction.atomic():
        Enveloppe.objects.filter(pk=enveloppe.pk).update(decide=Decimal("100.01"))


@pytest.mark.exigence("REQ-030", "REQ-064", "REQ-065", "REQ-066", "GST-022")
def test_le_virement_constate_emet_un_avis_au_montant_decide() -> None:
    usines.enveloppe()
    versement = _payee(_validee())
    demande = Demande.objects.get()
    assert (versement.etat, demande.etat_paiement) == ("EFFECTUE", "EFFECTUE")
    assert versement.montant_paye == versement.montant_decide
    assert versement.avis is not None
    assert lire(versement.avis).startswith(b"%PDF-")


def test_seul_un_comptable_met_en_paiement_ce_qui_est_decide() -> None:
    usines.enveloppe()
    versement = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    for profil in (Profil.DECIDEUR, Profil.GESTIONNAIRE, Profil.FOURNISSEUR):
        with pytest.raises(RefusMetier, match="Mettre en paiement"):
            services.mettre_en_paiement(versement=versement.pk, auteur=_qui(profil))
    versement.refresh_from_db()
    assert versement.mis_en_paiement_le is None


@pytest.mark.exigence("REQ-028", "REQ-029", "REQ-030")
def test_chaque_geste_du_paiement_est_celui_de_la_table_et_laisse_son_evenement() -> None:
    usines.enveloppe()
    decision = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR))
    versement, comptable = decision.versements.get(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    services.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    nouveau = services.reemettre(versement=versement.pk, auteur=comptable)
    services.annuler(demande=decision.demande_id, auteur=_qui(Profil.GESTIONNAIRE), motif="Erreur")
    faits = Evenement.objects.filter(geste__startswith="PAIEMENT_").order_by("rang")
    assert [(f.geste, f.avant, f.apres, f.details["versement"]) for f in faits] == [
        ("PAIEMENT_METTRE_EN_PAIEMENT", "EN_COURS", "EN_COURS", versement.pk),
        ("PAIEMENT_REJETER", "EN_COURS", "REJETE", versement.pk),
        ("PAIEMENT_REEMETTRE", "REJETE", "EN_COURS", nouveau.pk),
        ("PAIEMENT_ANNULER", "EN_COURS", "REJETE", nouveau.pk),
    ]
    # The others are shown by their own tests: what ends well, what comes back, what is kept for a recovery order.
    ailleurs = {"OUVRIR", "CONFIRMER_COMPTE", "CONSTATER", "RETOURNER", "COMPENSER", "DECOMPENSER"}
    faits_par_les_services = {f.geste.removeprefix("PAIEMENT_") for f in faits} | ailleurs
    assert faits_par_les_services == {ligne.geste.value for ligne in PAIEMENT}


@pytest.mark.exigence("REQ-065")
@pytest.mark.parametrize("ecart", ["-0.01", "0.01"])
def test_on_ne_paie_pas_un_centime_de_plus_ni_de_moins(ecart: str) -> None:
    usines.enveloppe()
    decision = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR))
    versement, comptable = decision.versements.get(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="montant décidé"):
        services.constater(
            versement=versement.pk,
            auteur=comptable,
            montant=decision.montant + Decimal(ecart),
            jour=jour_de_paris(maintenant()),
        )


@pytest.mark.parametrize("jours", [-1, 1])
def test_la_date_du_virement_ne_precede_pas_la_mise_en_paiement_ni_ne_suit_aujourd_hui(jours: int) -> None:
    usines.enveloppe()
    decision = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR))
    versement, comptable = decision.versements.get(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    with pytest.raises(GesteImpossible, match="date du virement"):
        services.constater(
            versement=versement.pk,
            auteur=comptable,
            montant=decision.montant,
            jour=jour_de_paris(maintenant()) + timedelta(days=jours),
        )


@pytest.mark.exigence("GST-022", "REQ-060")
def test_un_paiement_rejete_par_la_banque_se_reemet_sans_effacer_le_premier() -> None:
    usines.enveloppe()
    decision = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR))
    versement, comptable = decision.versements.get(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    services.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    assert Demande.objects.get().etat_paiement == "REJETE"
    nouveau = services.reemettre(versement=versement.pk, auteur=comptable)
    assert Demande.objects.get().etat_paiement == "EN_COURS"
    assert list(suivi_financier(decision.demande.dossier)) == [versement, nouveau]
    with pytest.raises(GesteImpossible, match="déjà été réémis"):
        services.reemettre(versement=versement.pk, auteur=comptable)


@pytest.mark.exigence("REQ-059", "REQ-061", "REQ-062", "REQ-063", "RUL-011", "REQ-042")
def test_le_solde_est_l_engagement_moins_l_avance_et_suit_dans_le_meme_dossier() -> None:
    usines.enveloppe()
    avance = _validee(montant="10000.00")
    assert not suivi_financier(avance.dossier).exists()
    _payee(avance)
    avance.refresh_from_db()
    solde = _validee(type_demande=TypeDemande.SOLDE, dossier=avance.dossier, montant="9000.00")
    assert solde.engagement_ht == Decimal("9000.00")
    assert solde.engagement == Decimal("10800.00")
    assert solde.montant_decide == Decimal("10800.00") - Decimal("3600.00")
    _payee(solde)
    assert [(v.objet, v.type) for v in suivi_financier(avance.dossier)] == [
        ("VERSE001", "AVANCE"),
        ("VERSE001", "SOLDE"),
    ]
    payes = sum(v.montant_paye or 0 for v in Versement.objects.all())
    assert payes == sum(d.montant for d in Decision.objects.all()) == Enveloppe.objects.get().decide


@pytest.mark.exigence("RUL-011")
def test_un_solde_ne_se_valide_pas_avant_que_son_avance_soit_decidee() -> None:
    avance = usines.demande(StatutDemande.VALIDEE)
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    with pytest.raises(GesteImpossible, match="avance"):
        demandes.valider(demande=solde.pk, auteur=_qui(Profil.GESTIONNAIRE))


@pytest.mark.exigence("RUL-011")
def test_un_solde_negatif_ne_se_decide_pas_il_se_recouvre() -> None:
    usines.enveloppe()
    avance = usines.demande(StatutDemande.DECIDEE, montant="10000.00")
    argent.payee(avance)
    solde = _validee(type_demande=TypeDemande.SOLDE, dossier=avance.dossier, montant="100.00")
    assert solde.montant_decide == Decimal("-3480.00")
    with pytest.raises(GesteImpossible, match="se clôt sans versement"):
        services.decider(demande=solde.pk, auteur=_qui(Profil.DECIDEUR))


@pytest.mark.exigence("GST-018")
def test_annuler_une_demande_decidee_et_non_payee_rend_l_argent_a_l_enveloppe() -> None:
    enveloppe = usines.enveloppe()
    demande = _validee()
    services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    services.annuler(
        demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="À la demande du fournisseur"
    )
    enveloppe.refresh_from_db()
    assert enveloppe.decide == 0
    assert not Versement.objects.exclude(etat="REJETE").exists()
    assert dict(Demande.objects.values_list("statut", "etat_paiement")) == {
        "HISTORISEE": "AUCUN",
        "ANNULEE": "AUCUN",
    }
    fait = Evenement.objects.get(geste="PAIEMENT_ANNULER")
    assert (fait.avant, fait.apres, fait.motif) == ("EN_COURS", "REJETE", "Demande annulée")


@pytest.mark.exigence("GST-018")
def test_une_demande_annulee_ne_se_paie_plus() -> None:
    usines.enveloppe()
    demande = _validee()
    versement = services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    services.annuler(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Erreur")
    comptable = _qui(Profil.COMPTABLE)
    for geste in (services.reemettre, services.mettre_en_paiement):
        with pytest.raises(GesteImpossible, match="Rien n'est plus à payer"):
            geste(versement=versement.pk, auteur=comptable)
    assert not versements_a(REJETES).exists()
    assert Enveloppe.objects.get().decide == 0


@pytest.mark.exigence("GST-018", "GST-022")
@pytest.mark.django_db(transaction=True)
def test_annuler_et_reemettre_au_meme_instant_ne_laissent_pas_de_versement_vivant_sans_decision() -> None:
    usines.enveloppe()
    versement = services.decider(demande=_validee().pk, auteur=_qui(Profil.DECIDEUR)).versements.get()
    comptable, gestionnaire = _qui(Profil.COMPTABLE), _qui(Profil.GESTIONNAIRE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    services.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    demande = versement.decision.demande_id
    ensemble(
        lambda: services.annuler(demande=demande, auteur=gestionnaire, motif="Erreur"),
        lambda: services.reemettre(versement=versement.pk, auteur=comptable),
    )
    assert Demande.objects.get(pk=demande).statut == "HISTORISEE"
    assert not Versement.objects.exclude(etat="REJETE").exists()
    assert Enveloppe.objects.get().decide == 0


@pytest.mark.exigence("GST-019")
def test_une_demande_payee_ne_s_annule_pas_sans_recouvrement() -> None:
    usines.enveloppe()
    demande = _validee()
    _payee(demande)
    with pytest.raises(GesteImpossible, match="recouvrement"):
        services.annuler(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Erreur")
    demande.refresh_from_db()
    assert demande.statut == "DECIDEE"


@pytest.mark.django_db(transaction=True)
def test_deux_decideurs_au_meme_instant_une_decision_et_le_second_le_sait() -> None:
    enveloppe = usines.enveloppe()
    demande = _validee()
    decideurs = [_qui(Profil.DECIDEUR) for _ in range(2)]
    resultats = ensemble(*[lambda d=d: services.decider(demande=demande.pk, auteur=d) for d in decideurs])
    refus = [r for r in resultats if isinstance(r, TransitionRefusee)]
    assert len(refus) == 1
    assert "Décidée" in str(refus[0])
    enveloppe.refresh_from_db()
    assert enveloppe.decide == Decision.objects.get().montant


@pytest.mark.exigence("GST-016")
@pytest.mark.django_db(transaction=True)
def test_deux_decisions_ensemble_ne_depassent_pas_l_enveloppe() -> None:
    usines.enveloppe(montant="500.00")
    inscrit = usines.enrolement()
    cles = [_validee(montant="1000.00", inscrit=inscrit).pk for _ in range(2)]
    decideurs = [_qui(Profil.DECIDEUR) for _ in cles]
    resultats = ensemble(
        *[
            lambda c=c, d=d: services.decider(demande=c, auteur=d)
            for c, d in zip(cles, decideurs, strict=True)
        ]
    )
    assert sorted(type(r).__name__ for r in resultats) == ["Decision", "GesteImpossible"]
    assert Enveloppe.objects.get().decide == Decimal("360.00")
