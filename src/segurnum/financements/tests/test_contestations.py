"""The procedure of a contested beneficiary: who is written to, what is said, when, and what it leaves."""

import io
from datetime import UTC, datetime

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.fichiers.services import deposer
from segurnum.financements import contestations
from segurnum.financements.models import Contestation, Financement, Partie
from segurnum.financements.queries import a_repondre, de_l_entreprise
from segurnum.financements.tests.monde import Dispute, demande, deposant, gestionnaire
from segurnum.financements.verification import incoherences
from segurnum.installation.services import verifier_le_journal
from segurnum.journal.models import Evenement
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import StatutDemande, TransitionRefusee
from segurnum.regles.cycles_contestation import StatutContestation
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db
MOTIF = "Le client a confirmé par écrit la commande qu'il retient."


def figer(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr("segurnum.regles.calendrier.maintenant", lambda: instant)


def _courriels(code: str) -> dict[str, str]:
    """Body of each mail of this code, by its recipient."""
    return {c.destinataire: c.corps for c in Courriel.objects.filter(code=code)}


def _adresse(ligne: Demande) -> str:
    return ligne.dossier.enrolement.courriel


def _noms(ligne: Demande) -> tuple[str, ...]:
    return ligne.entreprise.denomination, ligne.entreprise.siret, ligne.numero, ligne.dossier.numero


def test_deux_demandes_du_meme_beneficiaire_proposent_une_contestation_sans_rien_suspendre() -> None:
    dispute = Dispute.nouvelle()
    assert dispute.etat() is StatutContestation.PROPOSEE
    assert Evenement.objects.get(objet=dispute.contestation.objet).geste == "PROPOSER"
    assert demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire()).statut is StatutDemande.VALIDEE


def test_ouverte_elle_suspend_les_deux_demandes_et_ecrit_a_chacun_de_la_sienne_seulement() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    for sienne, autre in ((dispute.bleue, dispute.rouge), (dispute.rouge, dispute.bleue)):
        corps = _courriels("M61")[_adresse(sienne)]
        assert sienne.numero in corps
        assert not [nom for nom in _noms(autre) if nom in corps]
        with pytest.raises(GesteImpossible, match="contesté"):
            demandes.valider(demande=sienne.pk, auteur=gestionnaire())


def test_une_demande_validee_et_contestee_n_est_pas_decidee() -> None:
    dispute = Dispute.nouvelle()
    demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire())
    usines.enveloppe(dispute.bleue.dsr)
    dispute.ouvrir()
    decideur = auteur(usines.utilisateur(Profil.DECIDEUR))
    with pytest.raises(RefusMetier, match="contesté"):
        paiements.decider(demande=dispute.bleue.pk, auteur=decideur)


@pytest.mark.parametrize(
    ("ouverture", "rappel", "echeance"),
    [
        # Labour Day and Victory Day, Ascension Thursday of 2024, are not worked.
        (datetime(2024, 4, 29, 8, tzinfo=UTC), "2024-05-07", "2024-05-16"),
        # From the evening before Christmas: Christmas and New Year's Day are not worked.
        (datetime(2024, 12, 24, 20, tzinfo=UTC), "2025-01-02", "2025-01-09"),
    ],
)
def test_le_delai_compte_dix_jours_ouvres_et_le_rappel_cinq(
    monkeypatch: pytest.MonkeyPatch, ouverture: datetime, rappel: str, echeance: str
) -> None:
    dispute = Dispute.nouvelle()
    figer(monkeypatch, ouverture)
    ouverte = dispute.ouvrir()
    assert ouverte.rappel_le is not None
    assert ouverte.echeance is not None
    assert (f"{ouverte.rappel_le:%Y-%m-%d}", f"{ouverte.echeance:%Y-%m-%d}") == (rappel, echeance)


def test_qui_n_a_pas_repondu_est_relance_une_fois_puis_le_delai_rend_la_main(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dispute = Dispute.nouvelle()
    ouverte = dispute.ouvrir()
    assert ouverte.rappel_le is not None
    assert ouverte.echeance is not None
    dispute.repondre(dispute.bleue)
    assert contestations.relancer(instant=ouverte.rappel_le) == 1
    assert contestations.relancer(instant=ouverte.rappel_le) == 0
    assert list(_courriels("M62")) == [_adresse(dispute.rouge)]
    assert contestations.echoir(instant=ouverte.echeance) == 0
    figer(monkeypatch, datetime.fromtimestamp(ouverte.echeance.timestamp() + 1, UTC))
    with pytest.raises(GesteImpossible, match="délai"):
        dispute.repondre(dispute.rouge)
    assert contestations.echoir(instant=datetime.fromtimestamp(ouverte.echeance.timestamp() + 1, UTC)) == 1
    assert dispute.etat() is StatutContestation.A_TRANCHER


@pytest.mark.parametrize("nom", ["beneficiaire_conteste_issue_{}.pdf", "BENEFICIAIRE_CONTESTE_issue_{}.PDF"])
def test_une_piece_ne_prend_pas_le_nom_de_la_lettre_qui_viendra(nom: str) -> None:
    """Kept, it would leave no room for the letter of the outcome, and the contest could never be settled."""
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    fichier = deposer(flux=io.BytesIO(b"%PDF-1.4"))
    with pytest.raises(GesteImpossible, match="renommez le fichier"):
        contestations.repondre(
            partie=dispute.partie(dispute.bleue).pk,
            auteur=deposant(dispute.bleue),
            position="MAINTIEN",
            texte="Le bon de commande est signé.",
            piece=(nom.format(dispute.bleue.numero), fichier),
        )


def test_toutes_les_reponses_recues_le_gestionnaire_peut_trancher() -> None:
    dispute = Dispute.nouvelle()
    ouverte = dispute.ouvrir()
    with pytest.raises(TransitionRefusee):
        contestations.n_attribuer(contestation=ouverte.pk, auteur=gestionnaire(), motif=MOTIF)
    dispute.repondre(dispute.bleue)
    assert dispute.etat() is StatutContestation.EN_REPONSE
    dispute.repondre(dispute.bleue, "ERREUR")  # one's answer may be changed until everybody has answered
    dispute.repondre(dispute.rouge)
    assert dispute.etat() is StatutContestation.A_TRANCHER
    with pytest.raises(TransitionRefusee):
        dispute.repondre(dispute.bleue)


def test_une_reponse_porte_des_pieces_et_le_journal_les_reconnait() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    contestations.repondre(
        partie=dispute.partie(dispute.bleue).pk,
        auteur=deposant(dispute.bleue),
        position="MAINTIEN",
        texte="Voici le bon de commande.",
        piece=("bon.pdf", usines.fichier()),
    )
    siennes = dispute.partie(dispute.bleue).pieces.filter(lettre=False)
    assert [p.nom for p in siennes] == ["bon.pdf"]
    evenement = Evenement.objects.filter(geste="REPONDRE").get()
    assert evenement.details["piece"]["nom"] == "bon.pdf"
    assert "Voici" not in str(evenement.details)


def test_un_fournisseur_ne_repond_pas_pour_un_autre() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    with pytest.raises(RefusMetier, match="réservé"):
        contestations.repondre(
            partie=dispute.partie(dispute.bleue).pk,
            auteur=deposant(dispute.rouge),
            position="MAINTIEN",
            texte="À nous.",
        )
    assert [p.demande for p in de_l_entreprise(dispute.bleue.entreprise)] == [dispute.bleue]
    assert a_repondre(dispute.bleue.entreprise).count() == 1
    dispute.repondre(dispute.bleue)
    assert a_repondre(dispute.bleue.entreprise).count() == 0


def test_attribue_a_l_une_le_beneficiaire_ne_se_valide_plus_avec_l_autre() -> None:
    dispute = Dispute.nouvelle()
    contestations.attribuer(
        contestation=dispute.a_trancher().pk, auteur=gestionnaire(), motif=MOTIF, demande=dispute.rouge.pk
    )
    assert dispute.contestation.attribuee_a == dispute.rouge.dossier
    with pytest.raises(GesteImpossible, match="pas attribué"):
        demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire())
    assert demandes.valider(demande=dispute.rouge.pk, auteur=gestionnaire()).statut is StatutDemande.VALIDEE
    courriels = _courriels("M63")
    assert "est attribué à votre demande" in courriels[_adresse(dispute.rouge)]
    assert "n'est pas attribué" in courriels[_adresse(dispute.bleue)]
    assert MOTIF in courriels[_adresse(dispute.bleue)]


def test_attribue_a_aucune_il_ne_se_valide_avec_aucune() -> None:
    dispute = Dispute.nouvelle()
    contestations.n_attribuer(contestation=dispute.a_trancher().pk, auteur=gestionnaire(), motif=MOTIF)
    for ligne in (dispute.bleue, dispute.rouge):
        with pytest.raises(GesteImpossible, match="pas attribué"):
            demandes.valider(demande=ligne.pk, auteur=gestionnaire())


def test_rejetees_toutes_deux_chacune_recoit_le_motif() -> None:
    dispute = Dispute.nouvelle()
    contestations.rejeter(contestation=dispute.a_trancher().pk, auteur=gestionnaire(), motif=MOTIF)
    assert set(Demande.objects.values_list("statut", flat=True)) == {StatutDemande.REJETEE}
    assert dispute.etat() is StatutContestation.REJETEE
    assert len(_courriels("M13")) == len(_courriels("M63")) == 2
    assert not Financement.objects.get().revendications.exists()


def test_rien_n_est_rejete_quand_une_demande_ne_peut_pas_l_etre() -> None:
    dispute = Dispute.nouvelle()
    demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire())
    contestation = dispute.a_trancher()
    with pytest.raises(GesteImpossible, match=dispute.bleue.numero):
        contestations.rejeter(contestation=contestation.pk, auteur=gestionnaire(), motif=MOTIF)
    dispute.rouge.refresh_from_db()
    assert dispute.rouge.statut is StatutDemande.EN_COURS
    assert dispute.etat() is StatutContestation.A_TRANCHER


def test_le_motif_envoye_a_tous_ne_nomme_personne() -> None:
    dispute = Dispute.nouvelle()
    contestation = dispute.a_trancher()
    for nom in ("éditeur rouge", dispute.bleue.entreprise.siret, dispute.rouge.numero):
        with pytest.raises(GesteImpossible, match="ne doit nommer personne"):
            contestations.n_attribuer(
                contestation=contestation.pk, auteur=gestionnaire(), motif=f"Le client a choisi {nom}."
            )


def test_une_demande_rejetee_pendant_la_procedure_la_clot_et_l_autre_l_apprend() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    demandes.rejeter(demande=dispute.rouge.pk, auteur=gestionnaire(), motif="Bon non signé.")
    assert dispute.etat() is StatutContestation.SANS_OBJET
    assert list(_courriels("M64")) == [_adresse(dispute.bleue)]
    assert demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire()).statut is StatutDemande.VALIDEE


def test_une_contestation_ecartee_laisse_le_premier_valide_tenir_le_beneficiaire() -> None:
    dispute = Dispute.nouvelle()
    with pytest.raises(GesteImpossible):
        contestations.ecarter(contestation=dispute.contestation.pk, auteur=gestionnaire(), motif="")
    contestations.ecarter(
        contestation=dispute.contestation.pk, auteur=gestionnaire(), motif="Doublon de saisie."
    )
    assert dispute.etat() is StatutContestation.SANS_OBJET
    contestations.contester(demande=dispute.rouge.pk, auteur=gestionnaire(), motif="À revoir.")
    assert dispute.etat() is StatutContestation.EN_REPONSE


def test_sans_autre_demande_rien_n_est_a_contester() -> None:
    seule = demande(0)
    with pytest.raises(GesteImpossible, match="Aucun autre dossier"):
        contestations.contester(demande=seule.pk, auteur=gestionnaire(), motif="Pour voir.")


def test_ce_que_personne_n_a_vu_est_propose_la_nuit() -> None:
    Dispute.nouvelle()
    Contestation.objects.all().delete()
    assert contestations.proposer_les_oubliees() == 1
    assert contestations.proposer_les_oubliees() == 0
    assert Contestation.objects.get().statut is StatutContestation.PROPOSEE
    assert not Partie.objects.exists()


@pytest.mark.parametrize(
    "ordre", ["statut = 'SANS_OBJET', attribuee_a_id = NULL", "attribuee_a_id = {autre}"]
)
def test_une_issue_alteree_de_force_contredit_le_journal(ordre: str) -> None:
    dispute = Dispute.nouvelle()
    contestations.attribuer(
        contestation=dispute.a_trancher().pk, auteur=gestionnaire(), motif=MOTIF, demande=dispute.rouge.pk
    )

    def dites() -> list[str]:
        phrases: list[str] = []
        verifier_le_journal(dire=phrases.append)
        return [phrase for phrase in phrases if phrase.startswith("Contestation")]

    assert dites() == []
    de_force(f"UPDATE financements_contestation SET {ordre.format(autre=dispute.bleue.dossier_id)}")
    assert dites() != []


@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        ("UPDATE financements_financement SET dossier_id = {autre}", "un autre dossier tient"),
        ("UPDATE financements_financement SET dossier_id = NULL", "un autre dossier tient"),
        ("UPDATE demandes_demande SET statut = 'VALIDEE', montant_decide = 1", "un autre dossier tient"),
        ("DELETE FROM financements_revendication", "ne revendique plus"),
        ("UPDATE financements_financement SET genre = 'RPPS'", "ne déclare pas"),
        ("UPDATE demandes_demande SET statut = 'EN_COURS'", "sans demande validée"),
        ("UPDATE financements_financement SET contestee = true", "suspendu"),
        ("DROP TRIGGER financements_exiger ON demandes_demande", "supprimé ou désactivé"),
        ("ALTER TABLE demandes_demande DISABLE TRIGGER financements_exiger", "supprimé ou désactivé"),
    ],
)
def test_un_second_financement_ecrit_de_force_est_trouve(ordre: str, attendu: str) -> None:
    dispute = Dispute.nouvelle()
    demandes.valider(demande=dispute.bleue.pk, auteur=gestionnaire())
    assert list(incoherences()) == []
    de_force(ordre.format(autre=dispute.rouge.dossier_id))
    assert any(attendu in phrase for phrase in incoherences())
