"""What is falsified, then carried by a gesture that follows; and what was told before a column was added."""

import pytest

from segurnum.comptes import connexions
from segurnum.comptes import services as comptes
from segurnum.comptes.models import Entreprise, Profil, Role, Utilisateur
from segurnum.comptes.services import Titulaire
from segurnum.demandes import services as demandes
from segurnum.enrolements import issues
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.installation.tests.monde import deposee, payee, qui
from segurnum.installation.tests.test_falsifications import anomalies, dites
from segurnum.journal.cycle import noter

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


def test_une_adresse_d_enrolement_corrigee_n_est_pas_une_falsification() -> None:
    """What was declared follows the address: the night's heads must not stop for an officer's gesture."""
    officier = qui(Profil.GESTIONNAIRE)
    enrolement = usines.enrolement_depose()
    noter(enrolement, "DEPOSER", officier)
    assert anomalies() == []
    issues.corriger_courriel(
        enrolement=enrolement.pk, auteur=officier, courriel="juste@societe.example", motif="Par téléphone."
    )
    assert dites() == []
    de_force('UPDATE enrolements_enrolement SET donnees = donnees || \'{"qualite": "AUTRE"}\'')
    issues.corriger_courriel(
        enrolement=enrolement.pk, auteur=officier, courriel="autre@societe.example", motif="Par téléphone."
    )
    assert any(phrase.startswith(f"Enrôlement {enrolement.pk}, ce que rien ne change") for phrase in dites())


def test_le_role_que_donne_le_remplacement_d_un_titulaire_est_dit() -> None:
    """They looked only; they take the place of an administrator, whose account also acts for another company."""
    officier, (une, autre) = qui(Profil.GESTIONNAIRE), (usines.entreprise(), usines.entreprise())

    def ouvrir(societe: Entreprise, courriel: str, role: Role = Role.ADMINISTRATEUR) -> Utilisateur:
        return comptes.ouvrir_acces(
            entreprise=societe,
            courriel=courriel,
            nom="Lormelin",
            prenom="Anne",
            profil=Profil.FOURNISSEUR,
            role=role,
            auteur=officier,
        )

    ancien = ouvrir(une, "ancien@societe.example")
    ouvrir(autre, "ancien@societe.example")
    ouvrir(une, "nouveau@societe.example", Role.LECTEUR)
    assert anomalies() == []
    comptes.remplacer_titulaire(
        entreprise=une,
        personne=ancien,
        titulaire=Titulaire(nom="Brou", prenom="Luc", courriel="nouveau@societe.example"),
        auteur=officier,
    )
    assert dites() == []


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
