"""Whatever is falsified behind the program's back is found, and named."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Profil
from segurnum.coordonnees import banque
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.coordonnees.tests.monde import Societe, officier
from segurnum.demandes import services as demandes
from segurnum.essais import usines
from segurnum.essais.falsifications import (
    TOUTES,
    constater,
    de_force,
    deplacer,
    inserer,
    oter,
    reecrire,
    retoucher,
    supprimer_la_chaine,
    supprimer_la_fin,
)
from segurnum.installation.services import ecrire_les_tetes, veiller_sur_le_journal, verifier_le_journal
from segurnum.installation.tests.monde import deposee, payee, qui
from segurnum.journal.services import Fait, consigner
from segurnum.journal.tetes import empreinte_de, fichiers
from segurnum.paiements import services as paiements
from segurnum.paiements.comptes import confirmer_compte

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]


@pytest.fixture(autouse=True)
def dossier(tmp_path: Path, settings: object) -> Path:
    settings.JOURNAL_TETES = tmp_path / "tetes"  # type: ignore[attr-defined]
    return tmp_path / "tetes"


def anomalies(tetes: Path | None = None) -> list[str]:
    constater()
    return dites(tetes)


def dites(tetes: Path | None = None) -> list[str]:
    lues: list[str] = []
    bilan = verifier_le_journal(tetes=tetes, dire=lues.append)
    assert bilan.anomalies == len(lues)
    return lues


def test_une_vie_honnete_se_verifie_sans_anomalie(dossier: Path) -> None:
    versement = payee()
    annulee = deposee()
    demandes.rejeter(demande=annulee.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Non.")
    societe = Societe()
    banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    ecrire_les_tetes()
    rejetee = deposee()
    demandes.demander_piece(demande=rejetee.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Le bon.")
    assert anomalies(dossier) == []
    effet = ModificationBancaire.objects.get().effet_le
    assert effet is not None
    assert banque.activer(instant=effet) == 1
    assert anomalies(dossier) == []
    assert versement.etat == "EFFECTUE"


@pytest.mark.parametrize(
    ("falsifier", "attendu"),
    [
        (supprimer_la_chaine, "la chaîne entière a été supprimée"),
        (supprimer_la_fin, "la fin de la chaîne a été supprimée depuis les têtes : elle s'arrête au n° 5"),
        (retoucher, "événement n° 2 : le contenu a changé"),
        (reecrire, "l'histoire a été réécrite"),
        (oter, "la fin de la chaîne a été supprimée"),
        (deplacer, "l'histoire a été réécrite"),
        (inserer, "l'histoire a été réécrite"),
    ],
)
def test_une_falsification_du_journal_est_nommee(
    falsifier: Callable[[str, int], None], attendu: str, dossier: Path
) -> None:
    chaine = payee().decision.demande.dossier.chaine
    tetes = ecrire_les_tetes()
    assert anomalies(tetes) == []
    falsifier(chaine, 2)
    trouvees = [phrase for phrase in anomalies(tetes) if chaine in phrase]
    assert any(attendu in phrase for phrase in trouvees), trouvees


@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        (
            "UPDATE demandes_demande SET statut = 'VALIDEE'",
            "statut : le journal dit « DECIDEE », la table dit « VALIDEE »",
        ),
        ("UPDATE demandes_demande SET montant_decide = 9999", "montant décidé : le journal dit « "),
        ("UPDATE demandes_demande SET valideur_id = NULL", "valideur : le journal dit « "),
        (
            "UPDATE demandes_demande SET etat_paiement = 'REJETE'",
            "état du paiement : le journal dit « EFFECTUE »",
        ),
        ("UPDATE paiements_decision SET montant = 1", "Décision de la demande"),
        (
            "UPDATE paiements_decision SET decideur_id = (SELECT valideur_id FROM demandes_demande)",
            "décideur : ",
        ),
        ("UPDATE paiements_versement SET etat = 'REJETE'", "état : le journal dit « EFFECTUE »"),
        ("UPDATE paiements_versement SET montant_paye = 1, montant_decide = 1", "montant payé : "),
        ("UPDATE paiements_versement SET paye_le = paye_le - 1", "date du virement : "),
        (
            "UPDATE fichiers_fichier SET empreinte = repeat('0', 64) "
            "WHERE id IN (SELECT avis_id FROM paiements_versement)",
            "avis de paiement (empreinte) : ",
        ),
        ("UPDATE comptes_coordonneesbancaires SET iban = 'FR7600000000000000000000000'", "Compte bancaire "),
        (
            "UPDATE comptes_coordonneesbancaires SET iban = 'FR7600000000000000000000000'",
            "empreinte du compte payé",
        ),
        ("UPDATE comptes_coordonneesbancaires SET statut = 'INACTIVE'", "statut : le journal dit « ACTIVE »"),
        ("UPDATE enrolements_enrolement SET statut = 'REJETEE'", "Enrôlement ENR"),
        ("DELETE FROM demandes_demande", "existence : le journal dit « présent », la table dit « rien »"),
        (
            "ALTER TABLE journal_evenement DISABLE TRIGGER journal_sans_retouche",
            "journal_sans_retouche du journal est désactivé",
        ),
        (
            "DROP TRIGGER journal_sans_vidage ON journal_evenement",
            "journal_sans_vidage du journal a été supprimé",
        ),
    ],
)
def test_une_table_falsifiee_contredit_le_journal(ordre: str, attendu: str) -> None:
    payee()
    assert anomalies() == []
    de_force(ordre)
    trouvees = anomalies()
    assert any(attendu in phrase for phrase in trouvees), trouvees


def test_un_autre_compte_sous_un_paiement_est_trouve() -> None:
    versement = payee()
    autre = usines.entreprise().compte_actif
    assert autre is not None
    de_force(f"UPDATE paiements_versement SET compte_bancaire_id = {autre.pk}")
    (compte, *_) = [phrase for phrase in anomalies() if "compte payé : " in phrase]
    assert f"le journal dit « {versement.compte_bancaire_id} », la table dit « {autre.pk} »" in compte


def test_ce_que_personne_n_a_ecrit_par_le_portail_est_trouve() -> None:
    demande = usines.demande()
    assert (
        f"Demande {demande.pk}, existence : le journal dit « rien », la table dit « présent »." in anomalies()
    )


def test_ce_qui_est_plus_vieux_que_ses_evenements_est_constate_a_la_mise_a_jour() -> None:
    payee()
    de_force("DELETE FROM journal_evenement WHERE chaine LIKE 'entreprise:%' OR chaine LIKE 'enrolement:%'")
    constatees = [phrase for phrase in dites() if "Enrôlement" in phrase or "Compte bancaire" in phrase]
    assert len(constatees) == 2
    with connection.cursor() as curseur:
        curseur.execute(import_module("segurnum.journal.migrations.0003_constat").CONSTATER)
    assert anomalies() == []
    de_force("UPDATE comptes_coordonneesbancaires SET iban = 'FR7600000000000000000000000'")
    assert anomalies() != []


def test_une_fonction_de_la_base_qui_ment_ne_trompe_pas_la_verification() -> None:
    """Whoever has the database answer that all is well is not asked."""
    chaine = payee().decision.demande.dossier.chaine
    de_force(
        "CREATE OR REPLACE FUNCTION journal_empreinte(e journal_evenement) RETURNS text LANGUAGE sql IMMUTABLE AS "
        "$$ SELECT e.empreinte $$"
    )
    retoucher(chaine, 2)
    assert any("le contenu a changé" in phrase for phrase in anomalies())


def test_un_fichier_de_tetes_change_est_refuse(dossier: Path) -> None:
    payee()
    chemin = ecrire_les_tetes()
    lignes = chemin.read_text().splitlines(keepends=True)
    chemin.write_text("".join(lignes[:5] + lignes[6:]))
    assert any("son sceau n'est pas celui" in phrase for phrase in anomalies(chemin))
    chemin.write_text("".join(lignes[:-2]))
    assert any("est coupé" in phrase for phrase in anomalies(chemin))


def test_les_cles_tournent(dossier: Path, settings: object) -> None:
    settings.JOURNAL_CLES = ["ancienne"]  # type: ignore[attr-defined]
    chemin = ecrire_les_tetes()
    settings.JOURNAL_CLES = ["nouvelle", "ancienne"]  # type: ignore[attr-defined]
    assert anomalies(chemin) == []
    settings.JOURNAL_CLES = ["nouvelle"]  # type: ignore[attr-defined]
    assert any("scellé par une clé inconnue" in phrase for phrase in anomalies(chemin))


def test_chaque_nuit_ecrit_ses_tetes_qui_nomment_celles_de_la_veille(dossier: Path, horloge: object) -> None:
    inscrit = usines.enrolement()
    for _ in range(3):
        deposee(inscrit=inscrit, finess="980000001")
        constater()
        assert veiller_sur_le_journal(dire=pytest.fail).anomalies == 0
        horloge.avancer(days=1)  # type: ignore[attr-defined]
    premier, deuxieme, dernier = fichiers(dossier)
    assert f"precedent {empreinte_de(deuxieme)}\n" in dernier.read_text()
    assert "precedent -\n" in premier.read_text()
    deuxieme.unlink()
    assert any("ne suit pas" in phrase for phrase in anomalies(dossier))


def test_un_journal_qui_contredit_la_veille_n_a_pas_de_nouvelles_tetes(dossier: Path) -> None:
    chaine = payee().decision.demande.dossier.chaine
    constater()
    veiller_sur_le_journal(dire=pytest.fail)
    supprimer_la_chaine(chaine)
    for _ in range(2):
        assert veiller_sur_le_journal(dire=lambda _: None).anomalies
    assert len(fichiers(dossier)) == 1


def _annuler_ensuite(essai: Callable[[], None]) -> None:
    with transaction.atomic():
        essai()
        transaction.set_rollback(True)


@reglages(max_examples=30)
@given(
    vie=st.lists(st.sampled_from("ABC"), min_size=2, max_size=12),
    apres=st.lists(st.sampled_from("ABC"), max_size=4),
    falsifier=st.sampled_from(TOUTES),
    ou=st.integers(0, 11),
)
def test_toute_falsification_de_toute_vie_est_trouvee(
    vie: list[str], apres: list[str], falsifier: Callable[[str, int], None], ou: int
) -> None:
    """A random life, its heads, what comes after; then any event of before is falsified, in any way."""

    def ecrire(lettres: list[str]) -> None:
        for rang, lettre in enumerate(lettres):
            consigner([Fait(chaine=f"essai:{lettre}", objet="essai", geste=f"G{rang}", auteur=PORTAIL)])

    def essayer() -> None:
        ecrire(vie)
        tetes = ecrire_les_tetes(sortie=settings.DONNEES / "essai.tetes.txt")
        ecrire(apres)
        assert anomalies(tetes) == []
        lettre = vie[ou % len(vie)]
        rang = vie[: ou % len(vie) + 1].count(lettre)
        avant = _chaine(f"essai:{lettre}")
        falsifier(f"essai:{lettre}", rang)
        changee = avant[: vie.count(lettre)] != _chaine(f"essai:{lettre}")[: vie.count(lettre)]
        assert bool(anomalies(tetes)) == changee

    _annuler_ensuite(essayer)


def _chaine(nom: str) -> list[tuple[object, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT rang, geste, motif, empreinte FROM journal_evenement WHERE chaine = %s ORDER BY rang",
            [nom],
        )
        return list(curseur.fetchall())


def test_un_compte_contresigne_puis_confirme_se_verifie_et_une_main_dans_la_table_se_trouve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demande = deposee()
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE))
    versement = paiements.decider(demande=demande.pk, auteur=qui(Profil.DECIDEUR)).versements.get()
    decide = versement.compte_bancaire_id
    societe = Societe(entreprise=demande.entreprise)
    monkeypatch.setattr(settings, "SEUIL_BANCAIRE", 0)
    ligne = banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    effet = banque.contresigner(modification=ligne.pk, auteur=officier()).effet_le
    assert effet is not None
    banque.activer(instant=effet)
    assert anomalies() == []
    neuf = societe.entreprise.comptes_bancaires.get(statut="ACTIVE")
    # By force, what the accountant has not confirmed yet.
    with connection.cursor() as curseur:
        curseur.execute("UPDATE paiements_versement SET compte_bancaire_id = %s", [neuf.pk])
    assert any("compte à payer" in phrase for phrase in anomalies())
    with connection.cursor() as curseur:
        curseur.execute("UPDATE paiements_versement SET compte_bancaire_id = %s", [decide])
    confirmer_compte(versement=versement.pk, auteur=qui(Profil.COMPTABLE), compte=neuf.pk)
    assert anomalies() == []
