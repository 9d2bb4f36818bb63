"""A supplier finds a request among thousands: by number, status, beneficiary, name."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.web.fournisseur import recherches
from segurnum.web.tests.depot import Fournisseur, Reponse
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.test_demandes import _creer as creer
from segurnum.web.tests.test_demandes import _numeros as numeros

pytestmark = pytest.mark.django_db


def _suivre(fournisseur: Fournisseur, page: Reponse, libelle: str) -> Reponse:
    return fournisseur.client.get(f"/segurnums/demandes{lien(page, libelle)}")


@pytest.mark.exigence("REQ-009")
def test_un_resultat_plus_long_que_le_seuil_se_lit_jusqu_au_bout_et_se_remonte(
    monkeypatch: pytest.MonkeyPatch,
):
    declares = recherches.demandes_de
    monkeypatch.setattr(recherches, "demandes_de", lambda entreprise: replace(declares(entreprise), seuil=10))
    fournisseur = Fournisseur()
    creer(fournisseur, 25)
    Demande.objects.filter(montant_declare__gte=1010).update(depose_le=maintenant() - timedelta(days=1))
    attendus = list(Demande.objects.order_by("-depose_le", "-pk").values_list("numero", flat=True))
    page = fournisseur.lire("demandes", statut="EN_COURS")
    lus = numeros(page)
    for _ in range(2):
        page = _suivre(fournisseur, page, "10 suivants")
        lus += numeros(page)
    assert lus == attendus
    assert "10 suivants" not in mots(page)
    page = _suivre(fournisseur, page, "10 précédents")
    assert numeros(page) == attendus[10:20]
    assert numeros(_suivre(fournisseur, page, "10 précédents")) == attendus[:10]
    assert numeros(_suivre(fournisseur, page, "Revenir aux 10 premiers")) == attendus[:10]


@pytest.mark.parametrize("borne", ["hier~1", "2024-01-01~2", "1", "2024-01-01T00:00:00+00:00~x", "~", "\x00"])
@pytest.mark.parametrize("sens", ["apres", "avant"])
def test_une_suite_mal_ecrite_commence_au_debut(sens: str, borne: str):
    fournisseur = Fournisseur()
    creer(fournisseur, 2)
    assert len(numeros(fournisseur.lire("demandes", **{sens: borne}))) == 2


def test_ce_qui_est_liste_s_additionne_et_tout_le_resultat_quand_on_le_demande(
    monkeypatch: pytest.MonkeyPatch,
):
    fournisseur = Fournisseur()
    for montant in ("1000.10", "2000.20"):
        usines.demande(inscrit=fournisseur.deposant.enrolement, montant=montant)
    usines.demande(StatutDemande.DECIDEE, inscrit=fournisseur.deposant.enrolement, montant="50.00")
    assert "3 résultats, Montant Ségur Déclaré : 3 050,30 €" in mots(fournisseur.lire("demandes"))
    assert "1 résultat, Montant Ségur Déclaré : 50,00 €" in mots(fournisseur.lire("demandes", f_montant="50"))
    declares = recherches.demandes_de
    monkeypatch.setattr(recherches, "demandes_de", lambda entreprise: replace(declares(entreprise), seuil=1))
    page = fournisseur.lire("demandes", statut="EN_COURS")
    assert "1 résultat ici, Montant Ségur Déclaré : 2 000,20 €" in mots(page)
    assert "3 000,30" not in mots(page)
    entier = _suivre(fournisseur, page, "additionnez tout le résultat")
    assert "Tout le résultat : 2 résultats, Montant Ségur Déclaré : 3 000,30 €" in mots(entier)


@pytest.mark.exigence("REQ-002")
def test_le_numero_de_demande_se_propose_et_se_cherche_sans_script():
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    trouvee, autre = usines.demande(inscrit=inscrit), usines.demande(inscrit=inscrit)
    etrangere = usines.demande()
    page = fournisseur.lire("demandes")
    assert 'data-propositions="/segurnums/demandes/numeros"' in page.content.decode()

    def proposees(texte: str) -> list[str]:
        return [p["valeur"] for p in fournisseur.lire("numeros", q=texte).json()["propositions"]]

    assert proposees("fi") == []
    assert proposees("FIN") == [autre.numero, trouvee.numero]
    assert proposees(trouvee.numero[6:]) == [trouvee.numero]
    assert proposees(etrangere.numero) == proposees("\x00") == []
    assert numeros(fournisseur.lire("demandes", numero=trouvee.numero[6:])) == [trouvee.numero]


@pytest.mark.exigence("REQ-004")
def test_plusieurs_statuts_se_cherchent_ensemble():
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    statuts = (StatutDemande.EN_COURS, StatutDemande.DECIDEE, StatutDemande.REJETEE)
    attendus = {statut: usines.demande(statut, inscrit=inscrit).numero for statut in statuts}
    page = fournisseur.lire("demandes", statut=["EN_COURS", "REJETEE"])
    assert set(numeros(page)) == {attendus[StatutDemande.EN_COURS], attendus[StatutDemande.REJETEE]}
    assert len(numeros(fournisseur.lire("demandes"))) == 3


def test_un_beneficiaire_retrouve_ses_demandes():
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    trouvee, _, etrangere = usines.demande(inscrit=inscrit), usines.demande(inscrit=inscrit), usines.demande()
    for demande in (trouvee, etrangere):
        demande.beneficiaires.update(nom="Clinique de l'Étang")
    assert numeros(fournisseur.lire("demandes", beneficiaire="etang")) == [trouvee.numero]
    assert "au moins trois caractères" in mots(fournisseur.lire("demandes", beneficiaire="ét"))


def test_une_recherche_se_garde_sous_un_nom_que_son_adresse_porte():
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    attendue = usines.demande(StatutDemande.A_MODIFIER, inscrit=inscrit)
    usines.demande(inscrit=inscrit)
    page = fournisseur.lire("demandes")
    assert "Garder cette recherche" not in mots(page)
    filtree = fournisseur.lire("demandes", statut="A_MODIFIER", f_type="avance", tri="numero", page="1")
    adresse = re.search(r'action="([^"]*/demandes/vues[^"]*)"', html.unescape(filtree.content.decode()))
    assert adresse is not None
    reponse = fournisseur.client.post(adresse[1], {"nom": "À corriger"})
    assert reponse["Location"] == "/segurnums/demandes/vues/a-corriger"
    ouverte = fournisseur.client.get(reponse["Location"], follow=True)
    assert ouverte.redirect_chain == [
        ("/segurnums/demandes?vue=a-corriger&statut=A_MODIFIER&f_type=avance&tri=numero", 302)
    ]
    assert numeros(ouverte) == [attendue.numero]
    assert 'aria-current="page">À corriger</a>' in ouverte.content.decode()
    autre = Fournisseur()
    assert autre.lire("vue", "a-corriger").status_code == 404
    fournisseur.faire("supprimer_vue", "a-corriger")
    assert fournisseur.lire("vue", "a-corriger").status_code == 404


def test_une_vue_sans_critere_est_refusee_et_le_dit():
    fournisseur = Fournisseur()
    page = fournisseur.suivre(fournisseur.faire("enregistrer_vue", nom="Tout"))
    assert "une vue garde une recherche" in mots(page)
