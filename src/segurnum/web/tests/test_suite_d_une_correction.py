"""What becomes of a correction beside its values: its pieces, its draft, what the history tells of them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from segurnum.courriels.models import Courriel
from segurnum.demandes import echeances, services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import modifications
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.journal.models import Evenement
from segurnum.regles.argent import en_euros
from segurnum.web.tests.depot import Fournisseur, en_cours, gestionnaire
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def a_corriger(fournisseur: Fournisseur) -> Demande:
    (demande,) = en_cours(fournisseur.deposant)
    return services.demander_modification(demande=demande.pk, auteur=gestionnaire(), motif="Corrigez.")


def ajouter(demande: Demande, fournisseur: Fournisseur, nom: str) -> PieceJustificative:
    return services.ajouter_piece(
        demande=demande.pk,
        auteur=fournisseur.deposant.auteur,
        nom=nom,
        type_piece="BON_COMMANDE",
        fichier=usines.fichier(nom.encode()),
    )


@pytest.mark.exigence("MOD-021")
def test_ne_pas_modifier_ecarte_les_pieces_ajoutees_et_le_journal_le_dit():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    ajouter(demande, fournisseur, "signe.pdf")
    reponse = fournisseur.faire("modifier", demande.numero, geste="ne_pas_modifier")
    assert "ce que vous aviez saisi ou ajouté pour la corriger est écarté" in mots(
        fournisseur.suivre(reponse)
    )
    assert not demande.pieces.filter(nom="signe.pdf").exists()
    fait = Evenement.objects.get(geste="ECARTER_PIECE")
    assert (fait.objet, fait.details["piece"]["nom"]) == (demande.objet, "signe.pdf")


@pytest.mark.exigence("MOD-023")
def test_la_fin_du_delai_ecarte_les_pieces_non_confirmees_et_le_courriel_les_nomme():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    ajouter(demande, fournisseur, "signe.pdf")
    assert demande.cloture_le is not None
    echeances.clore(instant=demande.cloture_le)
    assert not demande.pieces.filter(nom="signe.pdf").exists()
    assert "- signe.pdf" in Courriel.objects.get(code="M67").corps


def test_une_piece_demandee_et_deposee_reste_quand_le_delai_se_termine():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    demande = services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")
    ajouter(demande, fournisseur, "signe.pdf")
    assert demande.cloture_le is not None
    echeances.clore(instant=demande.cloture_le)
    assert demande.pieces.filter(nom="signe.pdf").exists()


@pytest.mark.exigence("MOD-022")
def test_une_modification_commencee_se_dit_au_rappel_et_a_l_accueil():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    assert "Une modification y est commencée" not in mots(fournisseur.lire("accueil"))
    fournisseur.faire("modifier", demande.numero, geste="enregistrer", versionLogiciel="9.9")
    assert "Une modification y est commencée" in mots(fournisseur.lire("accueil"))
    assert demande.rappel_le is not None
    echeances.relancer(instant=demande.rappel_le)
    assert "Une modification commencée, enregistrée le" in Courriel.objects.get(code="M10").corps


@pytest.mark.exigence("REQ-035")
def test_l_historique_dit_les_pieces_ajoutees_et_par_qui():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    ajouter(demande, fournisseur, "signe.pdf")
    modifications.confirmer(
        demande=demande.pk, saisie={"versionLogiciel": "9.9"}, auteur=fournisseur.deposant.auteur
    )
    lu = mots(fournisseur.lire("historique", demande.numero))
    qui = fournisseur.deposant.utilisateur
    assert f"ajouter une pièce, « signe.pdf » (Bon de commande), par {qui.get_full_name() or qui}" in lu


@pytest.mark.exigence("REQ-035", "REQ-041")
def test_une_version_se_lit_avec_ses_montants_et_ses_pieces():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    assert demande.engagement_ht is not None
    premier, second = (" ".join(en_euros(lu).split()) for lu in (demande.engagement_ht, Decimal("1234.56")))
    ajouter(demande, fournisseur, "signe.pdf")
    modifications.confirmer(
        demande=demande.pk, saisie={"commande.montantSegurHT": "1234,56"}, auteur=fournisseur.deposant.auteur
    )
    actuelle = mots(fournisseur.lire("demande", demande.numero))
    adresse = reverse("fournisseur:demande", args=[demande.numero])
    ancienne = mots(fournisseur.client.get(f"{adresse}?version=1"))
    assert second in actuelle
    assert premier in ancienne
    assert second not in ancienne.partition("Courriels automatiques envoyés")[0]
    assert ("signe.pdf" in actuelle, "signe.pdf" in ancienne) == (True, False)


@pytest.mark.exigence("MOD-005", "MOD-023")
def test_apres_vingt_jours_rien_n_offre_plus_de_modifier_meme_avant_le_balayage(horloge: Horloge):
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    invite = "nécessite des modifications de votre part"
    assert invite in mots(fournisseur.lire("demande", demande.numero))
    horloge.avancer(days=21)
    fournisseur = Fournisseur(fournisseur.deposant)  # three weeks later, who signs in again
    page = mots(fournisseur.lire("demande", demande.numero))
    assert invite not in page
    assert "Le délai de modification s'est terminé le" in page
    ecran = reverse("fournisseur:modifier", args=[demande.numero])
    for nom in ("demandes", "accueil"):
        assert ecran not in fournisseur.lire(nom).content.decode(), nom
