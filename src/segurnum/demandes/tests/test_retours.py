"""No dead end: what was validated or asked may be taken back, sent back, refused, withdrawn or shortened."""

from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import echeances, retours, services
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demandes.queries import a_repondre
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.journal.queries import evenements_de
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import fin_de_journee, jour_de_paris, jours_apres, maintenant
from segurnum.regles.cycles import StatutDemande, TransitionRefusee, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

MOTIF = "Le montant retenu est à revoir."


def _qui(profil: Profil, **valeurs: object) -> Auteur:
    return auteur(usines.utilisateur(profil, **valeurs))


def _validee() -> Demande:
    demande = usines.demande()
    usines.enveloppe(demande.dsr)
    return services.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))


@pytest.mark.exigence("GST-014")
def test_une_validation_reprise_n_a_plus_de_valideur_et_se_valide_de_nouveau() -> None:
    demande = _validee()
    reprise = retours.reprendre_validation(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif=MOTIF)
    assert (reprise.statut, reprise.valideur_id, reprise.valide_le) == (StatutDemande.EN_COURS, None, None)
    assert evenements_de(demande.dossier.chaine).last().motif == MOTIF  # type: ignore[union-attr]
    assert not Courriel.objects.exists()
    services.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))


@pytest.mark.exigence("GST-015")
def test_le_decideur_renvoie_a_l_instruction_avec_son_motif() -> None:
    demande = _validee()
    renvoyee = retours.renvoyer(demande=demande.pk, auteur=_qui(Profil.DECIDEUR), motif=MOTIF)
    assert (renvoyee.statut, renvoyee.commentaire) == (StatutDemande.EN_COURS, MOTIF)


@pytest.mark.exigence("GST-015", "REQ-025")
def test_le_decideur_refuse_et_le_fournisseur_lit_pourquoi() -> None:
    demande = _validee()
    refusee = retours.refuser(demande=demande.pk, auteur=_qui(Profil.DECIDEUR), motif=MOTIF)
    assert (refusee.statut, refusee.montant_decide, refusee.calcul) == (StatutDemande.REJETEE, None, None)
    assert MOTIF in Courriel.objects.get(code="M13").corps


def test_l_avance_ne_se_refuse_pas_sous_un_solde_vivant() -> None:
    demande = _validee()
    usines.demande(dossier=demande.dossier, type_demande=TypeDemande.SOLDE)
    with pytest.raises(GesteImpossible, match="tant que le solde"):
        retours.refuser(demande=demande.pk, auteur=_qui(Profil.DECIDEUR), motif=MOTIF)


@pytest.mark.django_db(transaction=True)
def test_reprise_et_decision_au_meme_instant_une_seule_se_fait_et_l_autre_l_apprend() -> None:
    demande = _validee()
    officier, decideur = _qui(Profil.GESTIONNAIRE), _qui(Profil.DECIDEUR)
    resultats = ensemble(
        lambda: retours.reprendre_validation(demande=demande.pk, auteur=officier, motif=MOTIF),
        lambda: paiements.decider(demande=demande.pk, auteur=decideur),
    )
    assert sum(isinstance(resultat, TransitionRefusee) for resultat in resultats) == 1, resultats
    demande.refresh_from_db()
    decisions = evenements_de(demande.dossier.chaine).filter(geste="DECIDER").count()
    assert (demande.statut, decisions) in ((StatutDemande.EN_COURS, 0), (StatutDemande.DECIDEE, 1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("GST-016")
def test_deux_decideurs_au_meme_instant_une_seule_decision() -> None:
    demande = _validee()
    decideurs = [_qui(Profil.DECIDEUR) for _ in range(2)]
    resultats = ensemble(
        *[lambda qui=qui: paiements.decider(demande=demande.pk, auteur=qui) for qui in decideurs]
    )
    assert sum(isinstance(resultat, TransitionRefusee) for resultat in resultats) == 1, resultats
    assert demande.decision.versements.count() == 1


# --- What is asked of the supplier


def _attendue(statut: StatutDemande = StatutDemande.EN_ATTENTE_PIECE) -> Demande:
    demande, officier = usines.demande(), _qui(Profil.GESTIONNAIRE)
    geste = (
        services.demander_piece
        if statut is StatutDemande.EN_ATTENTE_PIECE
        else services.demander_modification
    )
    return geste(demande=demande.pk, auteur=officier, motif="Le bon de commande signé.")


attendus = pytest.mark.parametrize("statut", [StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER])


@attendus
@pytest.mark.exigence("GST-012", "GST-013")
def test_ce_qui_est_demande_se_retire_et_le_fournisseur_l_apprend(statut: StatutDemande) -> None:
    demande = _attendue(statut)
    rendue = retours.ne_plus_attendre(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Reçue.")
    assert (rendue.statut, rendue.rappel_le, rendue.cloture_le) == (StatutDemande.EN_COURS, None, None)
    assert "Reçue." in Courriel.objects.get(code="M77").corps
    assert not BrouillonDemande.objects.filter(demande=demande).exists()


@attendus
@pytest.mark.exigence("GST-012", "GST-013")
def test_l_echeance_s_avance_et_ce_qui_est_demande_reste(statut: StatutDemande) -> None:
    demande = _attendue(statut)
    jour = jour_de_paris(maintenant()) + timedelta(days=3)
    lue = retours.avancer_echeance(
        demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Clôture proche.", jour=jour
    )
    assert (lue.statut, lue.cloture_le) == (statut, fin_de_journee(jour))
    assert (lue.commentaire, lue.rappel_le) == ("Le bon de commande signé.", None)
    corps = Courriel.objects.get(code="M78").corps
    assert "Clôture proche." in corps
    assert "Le bon de commande signé." in corps


@attendus
@pytest.mark.parametrize("dans", [-1, 0, 20, 40])
def test_l_echeance_ne_s_avance_ni_au_jour_meme_ni_plus_tard_qu_elle_n_est(
    statut: StatutDemande, dans: int
) -> None:
    demande = _attendue(statut)
    with pytest.raises(GesteImpossible, match="échéance") as refus:
        retours.avancer_echeance(
            demande=demande.pk,
            auteur=_qui(Profil.GESTIONNAIRE),
            motif="Vite.",
            jour=jour_de_paris(maintenant()) + timedelta(days=dans),
        )
    assert refus.value.champ == "jour"


@pytest.mark.exigence("REQ-021", "MOD-022", "MOD-023")
def test_une_piece_attendue_a_le_rappel_et_la_fin_d_une_modification(settings: Settings) -> None:
    settings.DELAIS_PIECE = [3, 5]
    demande = _attendue()
    assert demande.rappel_le is not None
    assert demande.cloture_le is not None
    assert demande.cloture_le == jours_apres(demande.statut_depuis, 5) or (
        abs(demande.cloture_le - jours_apres(demande.statut_depuis, 5)) < timedelta(minutes=1)
    )
    assert echeances.relancer(instant=demande.rappel_le) == 1
    assert "Le bon de commande signé." in Courriel.objects.get(code="M75").corps
    assert echeances.clore(instant=demande.cloture_le) == 1
    demande.refresh_from_db()
    assert demande.statut is StatutDemande.EN_COURS
    assert Courriel.objects.filter(code="M76").count() == 1


@pytest.mark.exigence("REQ-021", "MOD-023")
def test_passe_l_echeance_une_piece_ne_s_ajoute_plus_meme_avant_le_balayage() -> None:
    demande = _attendue()
    fournisseur = _qui(Profil.FOURNISSEUR, entreprise=demande.entreprise)
    assert list(a_repondre(demande.entreprise)) == [demande]
    joindre = partial(services.ajouter_piece, demande=demande.pk, auteur=fournisseur, type_piece="AUTRE")
    piece = joindre(nom="a.pdf", fichier=usines.fichier())
    Demande.objects.filter(pk=demande.pk).update(cloture_le=maintenant())
    for geste in (
        lambda: joindre(nom="b.pdf", fichier=usines.fichier()),
        lambda: services.retirer_piece(demande=demande.pk, auteur=fournisseur, piece=piece.pk),
        lambda: services.valider_ajout(demande=demande.pk, auteur=fournisseur),
    ):
        with pytest.raises(GesteImpossible, match="s'est terminé le"):
            geste()
    demande.refresh_from_db()
    assert not demande.attend_le_fournisseur
    assert list(a_repondre(demande.entreprise)) == []
