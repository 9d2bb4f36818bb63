"""What happens to accounts when two people, or two tabs, act at the very same time."""

from datetime import timedelta

import pytest

from segurnum.comptes import mots_de_passe, queries, second_facteur, services
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Entreprise, Profil, Role, SecondFacteur, Utilisateur
from segurnum.comptes.tests.test_second_facteur import activer, code
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.exigence("GST-033")
def test_deux_administrateurs_qui_se_retirent_l_un_l_autre_n_en_laissent_pas_zero():
    entreprise = usines.entreprise()
    premier, second = (_administrateur(entreprise) for _ in range(2))

    def retirer(qui: Utilisateur, par: Utilisateur) -> None:
        services.retirer_acces(entreprise=entreprise, personne=qui, auteur=auteur(par))

    resultats = ensemble(lambda: retirer(premier, second), lambda: retirer(second, premier))
    assert [type(resultat) for resultat in resultats if resultat] == [GesteImpossible]
    assert [m.personne.is_active for m in queries.membres(entreprise)].count(True) == 1


def _administrateur(entreprise: Entreprise) -> Utilisateur:
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=entreprise, role=Role.ADMINISTRATEUR)
    personne.set_password("un-mot-de-passe-d-essai")
    personne.save()
    return personne


@pytest.mark.exigence("XCT-010")
def test_un_lien_suivi_par_deux_onglets_ne_choisit_qu_un_mot_de_passe():
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    jeton = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    mots = ("le-chat-mange-la-pomme", "le-chien-dort-au-soleil")
    resultats = ensemble(
        *(lambda mot=mot: mots_de_passe.choisir(jeton=jeton, mot_de_passe=mot) for mot in mots)
    )
    assert sorted(resultats) == [False, True]
    personne.refresh_from_db()
    assert personne.check_password(mots[resultats.index(True)])


def test_un_code_envoye_deux_fois_a_la_fois_n_est_accepte_qu_une():
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    cle, _ = activer(personne)
    present = code(cle)
    resultats = ensemble(*[lambda: second_facteur.verifier(personne=personne, code=present)] * 2)
    assert sorted(resultats) == [False, True]


def test_des_codes_essayes_tous_a_la_fois_comptent_un_a_un():
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    activer(personne)
    essais = [lambda: second_facteur.verifier(personne=personne, code="ABCDEF")] * (second_facteur.ESSAIS + 2)
    resultats = ensemble(*essais)
    assert resultats.count(False) == second_facteur.ESSAIS
    assert SecondFacteur.objects.count() == 1


@pytest.mark.exigence("ENR-069", "GST-008")
def test_deux_validations_simultanees_n_ouvrent_qu_un_compte_par_adresse():
    entreprises = [usines.entreprise() for _ in range(2)]

    def ouvrir(entreprise: Entreprise) -> Utilisateur:
        return services.ouvrir_acces(
            entreprise=entreprise,
            courriel="zoe@societe.example",
            nom="Durand",
            prenom="Zoé",
            profil=Profil.FOURNISSEUR,
            auteur=PORTAIL,
        )

    premier, second = ensemble(*(lambda e=e: ouvrir(e) for e in entreprises))
    assert premier == second
    assert {m.personne for e in entreprises for m in queries.membres(e)} == {premier}
