"""Words follow money: each step is written to the supplier, and a letter says what has become of its decision."""

import re
from decimal import Decimal
from typing import Any

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import echeances, octrois, services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import argent, usines
from segurnum.fichiers.services import lire
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande

pytestmark = pytest.mark.django_db

_POINT = re.compile(r"\d\.\d\d\s?€")


def _qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _decidee(**valeurs: Any) -> Versement:
    motif = valeurs.pop("motif", "")
    retenu = Decimal("400.00") if motif else None
    demande = usines.demande(**{"montant": "1000.00"} | valeurs)
    usines.enveloppe(demande.dsr)
    services.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), retenu_ht=retenu, motif=motif)
    return paiements.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR)).versements.get()


def _lettre(demande: Demande) -> str:
    piece = demande.pieces.get(origine=PieceJustificative.Origine.AGENCE)
    assert piece.fichier is not None
    return " ".join(texte(lire(piece.fichier)).split())


def _dernier(code: str) -> str:
    corps = Courriel.objects.filter(code=code).latest("pk").corps
    assert not _POINT.search(corps)
    return corps


@pytest.mark.exigence("GST-015", "GST-021")
def test_la_lettre_dit_le_dossier_sans_suffixe_le_texte_date_et_qui_signe() -> None:
    decision = _decidee().decision
    lue = _lettre(decision.demande)
    assert f"numéro de dossier {decision.demande.dossier.numero}," in lue
    assert f"{decision.demande.numero}" not in lue
    assert "Arrêté des essais, en vigueur depuis le 12/08/2021" in lue
    assert decision.decideur.get_username() in lue
    assert not _POINT.search(lue)


@pytest.mark.exigence("GST-015", "GST-021", "RUL-011")
def test_le_solde_a_sa_lettre_a_ses_mots() -> None:
    avance = usines.demande(StatutDemande.DECIDEE, montant="1000.00")
    argent.payee(avance)
    versement = _decidee(dossier=avance.dossier, type_demande=TypeDemande.SOLDE, montant="900.00")
    lue = _lettre(versement.decision.demande)
    assert "Décision d’attribution du solde" in lue
    assert "l’avance déjà versée" in lue
    assert "720,00" in lue  # 900 HT, 1 080 with VAT, less the avance of 360
    assert "Vous trouverez la décision d'attribution" in _dernier("M12")


@pytest.mark.exigence("GST-014", "GST-015")
def test_le_motif_d_une_reduction_est_dans_le_courriel_et_dans_la_lettre() -> None:
    versement = _decidee(motif="Module non livré.")
    assert "Module non livré." in _dernier("M12")
    assert "Module non livré." in _lettre(versement.decision.demande)


@pytest.mark.exigence("GST-014", "RUL-009")
def test_le_motif_d_un_octroi_est_dans_le_courriel_et_dans_la_lettre() -> None:
    demande = usines.demande(plafond=None)
    usines.enveloppe(demande.dsr)
    gestionnaire, decideur = _qui(Profil.GESTIONNAIRE), _qui(Profil.DECIDEUR)
    octrois.octroyer(
        demande=demande.pk, auteur=gestionnaire, montant=Decimal("500.00"), motif="Convention du 3 mars."
    )
    octrois.approuver(demande=demande.pk, auteur=decideur)
    services.valider(demande=demande.pk, auteur=gestionnaire)
    paiements.decider(demande=demande.pk, auteur=decideur)
    assert "Convention du 3 mars." in _dernier("M12")
    assert "Convention du 3 mars." in _lettre(demande)


@pytest.mark.exigence("GST-018")
def test_la_lettre_d_une_decision_annulee_le_dit_des_qu_on_l_ouvre() -> None:
    demande = _decidee().decision.demande
    assert "annulée" not in _lettre(demande)
    avenant = paiements.annuler(
        demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Commande résiliée."
    )
    for ligne in (demande, avenant):
        lue = _lettre(ligne)
        assert "Décision annulée le" in lue
        assert "Commande résiliée." in lue
    ecrit = _dernier("M68")
    assert "Commande résiliée." in ecrit
    assert "recours" in ecrit
    assert Courriel.objects.get(code="M68").sujet == avenant.objet


@pytest.mark.exigence("GST-017", "REQ-025")
def test_un_rejet_dit_ses_voies_de_recours_et_n_affiche_plus_de_montant_decide() -> None:
    demande = usines.demande()
    services.demander_piece(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Bon de commande.")
    Demande.objects.filter(pk=demande.pk).update(statut=StatutDemande.EN_COURS)
    rejetee = services.rejeter(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE), motif="Hors délai.")
    assert (rejetee.montant_decide, rejetee.calcul) == (None, None)
    assert "tribunal administratif" in _dernier("M13")


@pytest.mark.exigence("GST-022")
def test_un_virement_et_son_rejet_s_ecrivent_au_fournisseur() -> None:
    versement = _decidee()
    comptable = _qui(Profil.COMPTABLE)
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    paiements.rejeter(versement=versement.pk, auteur=comptable, motif="AC04 : compte clôturé")
    rejet = _dernier("M70")
    assert "AC04 : compte clôturé" in rejet
    assert "/coordonnees-bancaires" in rejet
    nouveau = paiements.reemettre(versement=versement.pk, auteur=comptable)
    paiements.mettre_en_paiement(versement=nouveau.pk, auteur=comptable)
    paiements.constater(
        versement=nouveau.pk,
        auteur=comptable,
        montant=nouveau.montant_decide,
        jour=jour_de_paris(maintenant()),
    )
    assert "360,00" in _dernier("M69")


@pytest.mark.exigence("MOD-023")
def test_la_fin_du_delai_s_ecrit_au_fournisseur() -> None:
    demande = usines.demande(
        StatutDemande.A_MODIFIER, commentaire="Joignez la signature.", cloture_le=maintenant()
    )
    assert echeances.clore(instant=maintenant()) == 1
    assert "Joignez la signature." in _dernier("M67")
    assert Courriel.objects.get(code="M67").sujet == demande.objet
