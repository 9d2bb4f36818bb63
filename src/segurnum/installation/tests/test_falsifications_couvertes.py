"""What is falsified, then carried by a gesture that follows; and what was told before a column was added."""

import pytest

from segurnum.comptes import connexions
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes import services as demandes
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.installation.tests.monde import deposee, payee, qui
from segurnum.installation.tests.test_falsifications import anomalies, dites

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE demandes_demande SET depose_le = depose_le - interval '1 year'",
        "UPDATE demandes_dossier SET entreprise_id = entreprise_id + 1000003",
    ],
)
def test_ce_que_rien_ne_change_reste_faux_apres_un_geste(ordre: str) -> None:
    demande = deposee()
    de_force(ordre)
    demandes.rejeter(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Non.")
    assert any(phrase.startswith(f"Demande {demande.pk}, ce que rien ne change") for phrase in anomalies())


def test_se_connecter_ne_couvre_pas_un_profil_falsifie() -> None:
    agent = usines.utilisateur(Profil.GESTIONNAIRE)
    assert anomalies() == []
    de_force(f"UPDATE comptes_utilisateur SET profil = 'DECIDEUR' WHERE id = {agent.pk}")
    connexions.quitter(personne=Utilisateur.objects.get(pk=agent.pk))
    assert any(phrase.startswith(f"Compte {agent.pk}, ") for phrase in anomalies())


def test_un_compte_d_agent_fait_par_la_base_est_trouve() -> None:
    agent = usines.utilisateur(Profil.GESTIONNAIRE)
    assert anomalies() == []
    colonnes = ", ".join(
        str(champ.column)
        for champ in Utilisateur._meta.concrete_fields
        if champ.name not in ("id", "username", "email")
    )
    de_force(
        f"INSERT INTO comptes_utilisateur (username, email, {colonnes}) "
        f"SELECT 'intrus', 'intrus@segurnum.example', {colonnes} FROM comptes_utilisateur WHERE id = {agent.pk}"
    )
    intrus = Utilisateur.objects.get(username="intrus")

    assert f"Compte {intrus.pk}, existence : le journal dit « rien », la table dit « présent »." in dites()


def test_ce_qui_fut_dit_d_autres_colonnes_n_est_pas_juge() -> None:
    payee()
    assert anomalies() == []
    de_force(
        "UPDATE journal_evenement SET details = replace(details::text, "
        "split_part(details->('preuve:' || objet)->>1, ':', 1) || ':', 'abcdef:')::jsonb "
        "WHERE details ? ('preuve:' || objet)",
        "UPDATE demandes_demande SET commentaire = 'Autre'",
    )
    assert not [phrase for phrase in anomalies() if phrase.startswith("Demande ")]
