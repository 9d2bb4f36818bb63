"""Money that is asked back, and credits: what is falsified of them behind the program's back is found, and named."""

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.grand_livre import mouvements
from segurnum.installation.services import verifier_le_journal
from segurnum.recouvrements.tests.monde import D, emis, payee, qui, rembourser
from segurnum.regles.cycles_enveloppes import GenreMouvement

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]


def _anomalies(quoi: str) -> list[str]:
    """Factories write some rows without a gesture: only what is told of this kind is read."""
    dites: list[str] = []
    verifier_le_journal(dire=dites.append)
    return [phrase for phrase in dites if phrase.startswith(quoi)]


@pytest.mark.exigence("GST-019")
@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        ("UPDATE recouvrements_recouvrement SET echeance = echeance + 3650", "échéance : "),
        ("UPDATE recouvrements_recouvrement SET total = NOT total", "total : "),
        ("UPDATE recouvrements_recouvrement SET numero = 'TR1999-00001'", "numéro : le journal dit « TR"),
        (
            "UPDATE recouvrements_recouvrement SET lettre_id = (SELECT avis_id FROM paiements_versement)",
            "titre de recette (empreinte) : ",
        ),
        ("UPDATE recouvrements_recouvrement SET recu = 99", "recouvré : le journal dit « 100.00 »"),
    ],
)
def test_un_titre_falsifie_contredit_le_journal(ordre: str, attendu: str) -> None:
    rembourser(emis(payee()), "100.00")
    assert _anomalies("Recouvrement") == []
    de_force(ordre)
    assert any(attendu in phrase for phrase in _anomalies("Recouvrement"))


@pytest.mark.exigence("GST-029")
@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        ("UPDATE grand_livre_mouvement SET montant = montant + 1", "montant : le journal dit « 5.00 »"),
        (
            "UPDATE grand_livre_mouvement SET auteur_id = (SELECT min(id) FROM comptes_utilisateur)",
            "auteur : ",
        ),
        (
            "UPDATE grand_livre_mouvement SET approbateur_id = (SELECT min(id) FROM comptes_utilisateur)",
            "approbateur : ",
        ),
        (
            "INSERT INTO grand_livre_mouvement (genre, enveloppe_id, montant, motif, statut, statut_depuis, auteur_id, "
            "cree_le, approbateur_id, commentaire) SELECT genre, enveloppe_id, montant, motif, statut, statut_depuis, "
            "auteur_id, cree_le, approbateur_id, commentaire FROM grand_livre_mouvement",
            "existence : le journal dit « rien »",
        ),
    ],
)
def test_des_credits_que_personne_n_a_approuves_contredisent_le_journal(ordre: str, attendu: str) -> None:
    usines.utilisateur(Profil.ADMINISTRATION)  # who did nothing
    propose = mouvements.proposer(
        genre=GenreMouvement.CREDIT,
        enveloppe=usines.enveloppe().pk,
        montant=D("5"),
        motif="Arrêté du jour.",
        auteur=qui(Profil.ADMINISTRATION),
    )
    mouvements.approuver(mouvement=propose.pk, auteur=qui(Profil.ADMINISTRATION))
    assert _anomalies("Mouvement") == []
    de_force(
        "ALTER TABLE grand_livre_mouvement DROP CONSTRAINT mouvement_approuve_par_une_autre_personne", ordre
    )
    assert any(attendu in phrase for phrase in _anomalies("Mouvement"))


def test_un_mouvement_refuse_ou_retire_se_relit_au_journal() -> None:
    propositions = []
    for motif in ("Refusé.", "Retiré."):
        propositions.append(
            mouvements.proposer(
                genre=GenreMouvement.CREDIT,
                enveloppe=usines.enveloppe().pk,
                montant=D("5"),
                motif=motif,
                auteur=qui(Profil.ADMINISTRATION),
            )
        )
    refuse, retire = propositions
    mouvements.refuser(mouvement=refuse.pk, motif="Sans texte.", auteur=qui(Profil.ADMINISTRATION))
    mouvements.retirer(mouvement=retire.pk, auteur=auteur(retire.auteur))
    assert _anomalies("Mouvement") == []
    de_force("UPDATE grand_livre_mouvement SET montant = montant + 1")
    # Its amount, and the digest of what nothing changes.
    assert len(_anomalies("Mouvement")) == 4
