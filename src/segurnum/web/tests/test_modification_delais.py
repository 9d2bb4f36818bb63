"""The time that a supplier has to correct a request: J+10, J+20, to the second (MOD-022 to MOD-024)."""

from datetime import timedelta

import pytest

from segurnum.courriels.models import Courriel
from segurnum.demandes import echeances, services
from segurnum.demandes.models import Demande
from segurnum.depots import modifications
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.tests.a_modifier import (
    CORRIGEE,
    MOTIF,
    UNE_SECONDE,
    confirmer,
    fichier_a_modifier,
    saisie_actuelle,
    solde_a_modifier,
)
from segurnum.web.tests.depot import gestionnaire
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("MOD-022", "MOD-024", "RUL-024")
@pytest.mark.parametrize(("ecart", "rappels"), [(-1, 0), (0, 1), (1, 1)])
def test_le_rappel_part_a_dix_jours_a_la_seconde_pres(ecart: int, rappels: int):
    _, solde = solde_a_modifier()
    assert solde.rappel_le is not None
    instant = solde.rappel_le + timedelta(seconds=ecart)
    assert abs(solde.rappel_le - calendrier.jours_apres(solde.statut_depuis, 10)) < UNE_SECONDE
    assert [echeances.relancer(instant=instant), echeances.relancer(instant=instant)] == [rappels, 0]
    assert Courriel.objects.filter(code="M10", corps__contains=MOTIF).count() == rappels


@pytest.mark.exigence("MOD-023", "MOD-024")
@pytest.mark.parametrize(
    ("ecart", "statut"),
    [(-1, StatutDemande.A_MODIFIER), (0, StatutDemande.EN_COURS), (3 * 86_400, StatutDemande.EN_COURS)],
)
def test_a_vingt_jours_la_demande_repart_en_l_etat(ecart: int, statut: StatutDemande):
    ecran, solde = solde_a_modifier()
    ecran.faire("modifier", solde.numero, geste="enregistrer", **CORRIGEE)
    assert solde.cloture_le is not None
    assert abs(solde.cloture_le - calendrier.jours_apres(solde.statut_depuis, 20)) < UNE_SECONDE
    instant = solde.cloture_le + timedelta(seconds=ecart)
    for _ in range(2):
        echeances.relancer(instant=instant)
        echeances.clore(instant=instant)
    relue = Demande.objects.get(pk=solde.pk)
    assert (relue.statut, relue.version_courante) == (statut, 1)


@pytest.mark.exigence("MOD-023")
@pytest.mark.parametrize(("ecart", "recue"), [(-1, True), (0, False), (1, False)])
def test_une_confirmation_trop_tardive_est_refusee_et_la_saisie_reste_lisible(
    ecart: int, recue: bool, monkeypatch: pytest.MonkeyPatch
):
    ecran, solde = solde_a_modifier()
    ecran.faire("modifier", solde.numero, geste="enregistrer", **CORRIGEE)
    assert solde.cloture_le is not None
    instant = solde.cloture_le + timedelta(seconds=ecart)
    monkeypatch.setattr(calendrier, "maintenant", lambda: instant)
    reponse = confirmer(ecran, solde, CORRIGEE)
    assert (reponse.status_code == 302) is recue
    if recue:
        return
    assert reponse.status_code == 409
    assert "La modification n'est plus possible" in mots(reponse)
    assert "https://neuf.operateur.example" in mots(reponse)
    echeances.clore(instant=instant)
    plus_tard = ecran.lire("modifier", solde.numero)
    assert "Ce que vous aviez saisi, sans le confirmer" in mots(plus_tard)
    assert "https://neuf.operateur.example" in mots(plus_tard)
    with pytest.raises(ValueError, match="Aucune modification n'est attendue"):
        modifications.confirmer(demande=solde.pk, saisie=CORRIGEE, auteur=ecran.operateur.auteur)


@pytest.mark.exigence("MOD-023")
@pytest.mark.parametrize(("ecart", "recue"), [(-1, True), (0, False), (1, False)])
def test_le_service_juge_le_delai_a_la_seconde_meme_si_le_balayage_n_est_pas_passe(
    ecart: int, recue: bool, monkeypatch: pytest.MonkeyPatch
):
    ecran, solde = solde_a_modifier()
    assert solde.cloture_le is not None
    instant = solde.cloture_le + timedelta(seconds=ecart)
    monkeypatch.setattr(calendrier, "maintenant", lambda: instant)
    if recue:
        modifications.confirmer(demande=solde.pk, saisie=CORRIGEE, auteur=ecran.operateur.auteur)
    else:
        with pytest.raises(GesteImpossible, match="Le délai de modification s'est terminé"):
            modifications.confirmer(demande=solde.pk, saisie=CORRIGEE, auteur=ecran.operateur.auteur)
    assert (Demande.objects.get(pk=solde.pk).statut == StatutDemande.EN_COURS) is recue


@pytest.mark.exigence("MOD-029", "RUL-004", "RUL-005")
def test_une_demande_deposee_a_temps_se_modifie_apres_la_fermeture():
    for ecran, demande in (solde_a_modifier(), fichier_a_modifier()):
        FenetreDepot.objects.update(
            ouverture=calendrier.maintenant() - timedelta(days=90),
            affichee=calendrier.maintenant() - timedelta(days=1),
            fermeture=calendrier.maintenant() - timedelta(days=1),
        )
        nom = "nomContact" if demande.couloir.par_formulaire else "versionLogiciel"
        saisie = saisie_actuelle(demande) | {nom: "Camille"}
        assert confirmer(ecran, demande, saisie).status_code == 302
        assert Demande.objects.get(pk=demande.pk).statut == StatutDemande.EN_COURS


@pytest.mark.exigence("MOD-023")
def test_les_pieces_aussi_s_arretent_a_la_fin_du_delai(monkeypatch: pytest.MonkeyPatch):
    ecran, solde = solde_a_modifier()
    assert solde.cloture_le is not None
    instant = solde.cloture_le
    monkeypatch.setattr(calendrier, "maintenant", lambda: instant)
    piece = solde.pieces.earliest("pk")
    assert piece.fichier is not None
    with pytest.raises(GesteImpossible, match="Le délai de modification"):
        services.ajouter_piece(
            demande=solde.pk,
            auteur=ecran.operateur.auteur,
            nom="a.pdf",
            type_piece="AUTRE",
            fichier=piece.fichier,
        )
    with pytest.raises(GesteImpossible, match="Le délai de modification"):
        services.retirer_piece(demande=solde.pk, auteur=ecran.operateur.auteur, piece=piece.pk)


@pytest.mark.exigence("MOD-029")
def test_une_fenetre_peut_dire_la_fin_des_corrections(monkeypatch: pytest.MonkeyPatch):
    fin = calendrier.maintenant() + timedelta(days=5)
    ecran, solde = solde_a_modifier()
    FenetreDepot.objects.update(derniere_modification=fin)
    assert solde.cloture_le is not None
    assert solde.cloture_le > fin  # what was promised stays
    _redemander(ecran, solde)
    solde.refresh_from_db()
    assert (solde.rappel_le, solde.cloture_le) == (None, fin)
    assert calendrier.instant_long(fin) in mots(ecran.lire("modifier", solde.numero))
    assert calendrier.instant_long(fin) in Courriel.objects.filter(code="M09").latest("pk").corps
    monkeypatch.setattr(calendrier, "maintenant", lambda: fin)
    assert confirmer(ecran, solde, CORRIGEE).status_code == 409
    monkeypatch.setattr(calendrier, "maintenant", lambda: fin - UNE_SECONDE)
    assert confirmer(ecran, solde, CORRIGEE).status_code == 302


@pytest.mark.exigence("MOD-029")
def test_une_correction_ne_se_demande_plus_apres_la_fin_des_corrections():
    ecran, solde = solde_a_modifier()
    FenetreDepot.objects.update(derniere_modification=calendrier.maintenant())
    with pytest.raises(GesteImpossible, match="Les corrections de ce couloir sont closes depuis le"):
        _redemander(ecran, solde)
    solde.refresh_from_db()
    assert solde.statut == StatutDemande.EN_COURS


def _redemander(ecran: Ecran, solde: Demande) -> None:
    services.ne_pas_modifier(demande=solde.pk, auteur=ecran.operateur.auteur)
    services.demander_modification(demande=solde.pk, auteur=gestionnaire(), motif=MOTIF)
