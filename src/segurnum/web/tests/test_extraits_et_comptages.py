"""A suspicious extract, and counts that somebody gives: held, read with what they change, confirmed by another."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from segurnum.annuaire_sante import arretes, services
from segurnum.annuaire_sante.models import AdresseArretee, AdresseMSS, ArreteComptes, Extrait
from segurnum.annuaire_sante.queries import domaines_de
from segurnum.annuaire_sante.tests.fichiers import charger, fournir
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.depots import comptages
from segurnum.essais import argent, usines
from segurnum.essais.operateurs import Operateur
from segurnum.fichiers import lectures
from segurnum.journal.queries import evenements_de
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_annuaire import StatutExtrait
from segurnum.web.tests.instruction import Agent, Reponse, octets

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-028", "MSS-009")]

UN = "un.mssante.example"
D = Decimal
SOLDE = TypeDemande.SOLDE


class Monde(SimpleNamespace):
    """An operator whose avance is decided, an extract that counts, and officers at their screens."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.cloture = maintenant() - timedelta(hours=2)
        self.agent, self.autre = Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE)
        self.operateur = self.un_operateur(UN)
        self.extrait = self.charger(("PER", 10), ("ORG", 10))
        self.donner(3_000)

    def un_operateur(self, domaine: str) -> Operateur:
        operateur = Operateur.nouveau()
        argent.payee(self.decider(operateur.deposer()))
        operateur.compter_au(self.cloture)
        services.rattacher_domaine(numero_ans=operateur.numero_ans, domaine=domaine, auteur=self.agent.auteur)
        return operateur

    def charger(self, *boites: tuple[str, int], domaine: str = UN, au: datetime | None = None) -> Extrait:
        lignes = [(genre, f"{genre}{rang}@{domaine}") for genre, nombre in boites for rang in range(nombre)]
        return charger(self.dossier, *lignes, au=au or self.cloture - timedelta(hours=1))

    def suivant(self, *boites: tuple[str, int]) -> Extrait:
        return self.charger(*boites, au=self.cloture - timedelta(minutes=30))

    def donner(self, nombre: int, domaine: str = UN) -> None:
        chemin = self.dossier / "comptages.csv"
        jour = date_fr(jour_de_paris(self.cloture))
        chemin.write_text(f"domaine;nombre;date;source\n{domaine};{nombre};{jour};ANS\n", encoding="utf-8")
        fournir(chemin)

    def decider(self, demande: Demande) -> Demande:
        usines.enveloppe(demande.dsr)
        demandes.valider(demande=demande.pk, auteur=Agent(Profil.GESTIONNAIRE).auteur)
        paiements.decider(demande=demande.pk, auteur=Agent(Profil.DECIDEUR).auteur)
        return Demande.objects.get(pk=demande.pk)

    def juger(self, extrait: Extrait, geste: str, *, agent: Agent | None = None, **saisie: str) -> Reponse:
        qui = agent or self.agent
        marque = qui.lire("annuaire_extrait", extrait.pk).context["marque"]
        return self.envoyer(qui, extrait, geste, marque, **saisie)

    def envoyer(self, qui: Agent, extrait: Extrait, geste: str, marque: str, **saisie: str) -> Reponse:
        adresse = reverse("gestion:geste_extrait", args=[extrait.pk, geste])
        return qui.client.post(adresse, {"vue": marque, "motif": "Vérifié auprès de l'ANS"} | saisie)


@pytest.fixture
def monde(tmp_path: Path) -> Monde:
    return Monde(tmp_path)


def _courriels(demande: Demande) -> list[str]:
    return [c.corps for c in Courriel.objects.filter(sujet=demande.objet, code="M89").order_by("pk")]


def _relu(demande: Demande) -> Demande:
    return Demande.objects.get(pk=demande.pk)


@pytest.mark.exigence("MSS-010")
def test_un_extrait_suspect_attend_et_montre_chaque_montant_qu_il_changerait(monde: Monde) -> None:
    solde = monde.operateur.deposer(SOLDE)
    assert solde.montant_declare == D("175248.30")
    retenu = monde.suivant(("PER", 5))
    assert retenu.statut is StatutExtrait.RETENU
    assert comptages.arreter() == 0
    page = monde.agent.lire("annuaire_extrait", retenu.pk)
    texte = page.content.decode()
    assert "Pourquoi cet extrait a été retenu" in texte
    assert "1 solde non décidé serait recalculé" in texte
    for attendu in (
        "3\u202f000 / 10 / 10",
        "3\u202f000 / 0 / 5",
        "175\u202f248,30",
        "175\u202f015,00",
        "233,30",
    ):
        assert attendu in texte
    assert "1 extrait retenu" in " ".join(monde.agent.lire("annuaire_sante").content.decode().split())
    assert monde.juger(retenu, "confirmer").status_code == 302
    change = _relu(solde)
    assert (change.montant_declare, change.version_courante) == (D("175015.00"), 2)
    (courriel,) = _courriels(solde)
    assert "organisationnelles déclarées : 0 (avant : 10)" in courriel
    assert "175\u202f015,00\xa0€ (avant : 175\u202f248,30\xa0€)" in courriel
    dernier = list(evenements_de(solde.dossier.chaine))[-1]
    assert (dernier.geste, dernier.details["comptes_avant"][-1]) == ("CHANGER_COMPTES", "175248.30")
    assert list(evenements_de(retenu.chaine))[-1].motif == "Vérifié auprès de l'ANS"


def test_un_extrait_ecarte_avant_d_avoir_servi_ne_change_rien(monde: Monde) -> None:
    solde = monde.operateur.deposer(SOLDE)
    retenu = monde.suivant(("PER", 5))
    assert monde.juger(retenu, "ecarter", motif="").status_code == 422
    assert monde.juger(retenu, "ecarter").status_code == 302
    assert (_relu(solde).version_courante, _courriels(solde)) == (1, [])
    # It is known by its digest: without a way back, an error could not be mended.
    assert monde.juger(retenu, "reprendre").status_code == 302
    retenu.refresh_from_db()
    assert retenu.statut is StatutExtrait.RETENU


def test_un_extrait_ecarte_apres_usage_fait_reprendre_ce_qui_n_est_pas_decide(monde: Monde) -> None:
    monde.charger(("PER", 4), au=monde.cloture - timedelta(hours=3))
    solde = monde.operateur.deposer(SOLDE)
    demandes.valider(demande=solde.pk, auteur=monde.agent.auteur)
    page = " ".join(monde.autre.lire("annuaire_extrait", monde.extrait.pk).content.decode().split())
    assert "Ce que l'écarter changerait" in page
    assert "1 solde non décidé serait recalculé" in page
    assert monde.juger(monde.extrait, "ecarter", agent=monde.autre).status_code == 302
    revue = _relu(solde)
    assert (revue.statut, revue.montant_declare) == (StatutDemande.EN_COURS, D("175010.00"))
    assert (revue.valideur, revue.valide_le) == (None, None)
    (courriel,) = _courriels(solde)
    assert "revient à l'instruction" in courriel


def test_un_solde_decide_est_liste_et_laisse(monde: Monde) -> None:
    monde.charger(("PER", 4), au=monde.cloture - timedelta(hours=3))
    payee = monde.decider(monde.operateur.deposer(SOLDE))
    page = monde.agent.lire("annuaire_extrait", monde.extrait.pk)
    texte = " ".join(page.content.decode().split())
    assert "1 solde décidé ne change pas" in texte
    assert payee.numero in texte
    assert monde.juger(monde.extrait, "ecarter").status_code == 302
    assert (_relu(payee).montant_decide, _relu(payee).version_courante) == (payee.montant_decide, 1)
    assert arretes.arrete_de(payee.pk)


def test_sans_autre_extrait_le_montant_redevient_inconnu_et_cela_se_dit(monde: Monde) -> None:
    solde = monde.operateur.deposer(SOLDE)
    demandes.valider(demande=solde.pk, auteur=monde.agent.auteur)
    assert monde.juger(monde.extrait, "ecarter").status_code == 302
    revue = _relu(solde)
    assert (revue.statut, revue.montant_declare, revue.montant_decide) == (StatutDemande.EN_COURS, None, None)
    (courriel,) = _courriels(solde)
    assert "pas encore connu (avant : 175\u202f248,30\xa0€)" in courriel
    page = monde.agent.lire("demande", solde.numero)
    assert page.context["valider"] is None
    assert "Aucun extrait de l&#x27;Annuaire Santé n&#x27;est pris en compte" in page.content.decode()


def test_la_page_d_avant_ne_sert_plus_quand_ce_qu_elle_montre_a_change(monde: Monde) -> None:
    retenu = monde.suivant(("PER", 5))
    marque = monde.agent.lire("annuaire_extrait", retenu.pk).context["marque"]
    solde = monde.operateur.deposer(SOLDE)
    refus = monde.envoyer(monde.agent, retenu, "confirmer", marque)
    assert refus.status_code == 409
    assert "n&#x27;est plus à jour" in refus.content.decode()
    assert _relu(solde).version_courante == 1
    assert monde.juger(retenu, "confirmer").status_code == 302
    assert monde.envoyer(monde.autre, retenu, "confirmer", marque).status_code == 409
    assert len(_courriels(solde)) == 1


class TestComptages:
    def _charger(self, agent: Agent, *lignes: str) -> str:
        octets_lus = "\n".join(("domaine;nombre;date;source", *lignes, "")).encode()
        fichier = SimpleUploadedFile("comptages.csv", octets_lus, content_type="text/csv")
        reponse = agent.client.post(reverse("gestion:annuaire_comptages"), {"fichier": fichier})
        assert reponse.status_code == 302, reponse.content.decode()
        return str(reponse["Location"])

    def _juger(self, agent: Agent, page: str, geste: str, **saisie: str) -> Reponse:
        marque = agent.client.get(page).context["marque"]
        return agent.client.post(f"{page}/{geste}", {"vue": marque} | saisie)

    def test_ce_qu_une_personne_charge_une_autre_le_confirme(self, monde: Monde) -> None:
        solde = monde.operateur.deposer(SOLDE)
        jour = date_fr(jour_de_paris(monde.cloture))
        page = self._charger(monde.agent, f"{UN};1000;{jour};Relevé")
        lue = monde.agent.client.get(page)
        assert [propose.geste.code for propose in lue.context["gestes"]] == ["retirer"]
        assert self._juger(monde.agent, page, "confirmer").status_code == 409
        assert _relu(solde).version_courante == 1
        texte = monde.autre.client.get(page).content.decode()
        for attendu in ("1 solde non décidé serait recalculé", "175\u202f248,30", "58\u202f588,30"):
            assert attendu in texte
        assert self._juger(monde.autre, page, "confirmer").status_code == 302
        assert _relu(solde).montant_declare == D("58588.30")
        assert len(_courriels(solde)) == 1
        assert self._juger(monde.autre, page, "confirmer").status_code == 409

    def test_un_comptage_saisi_se_refuse_avec_un_motif(self, monde: Monde) -> None:
        adresse = reverse("gestion:annuaire_comptage", args=[monde.operateur.numero_ans])
        saisie = {"domaine": UN, "nombre": "12", "date": "2026-06-30", "source": "Relevé"}
        assert monde.agent.client.post(adresse, saisie | {"nombre": "-1"}).status_code == 422
        assert monde.agent.client.post(adresse, saisie | {"domaine": "autre.example"}).status_code == 422
        demain = (maintenant() + timedelta(days=2)).date().isoformat()
        assert (
            "pas encore passé" in monde.agent.client.post(adresse, saisie | {"date": demain}).content.decode()
        )
        page = monde.agent.client.post(adresse, saisie)["Location"]
        assert self._juger(monde.autre, page, "refuser").status_code == 422
        assert self._juger(monde.autre, page, "refuser", motif="Mauvais mois").status_code == 302
        assert "Mauvais mois" in monde.agent.client.get(page).content.decode()
        liste = monde.agent.lire("liste_comptages", statut="REFUSES").context["affiche"]
        assert len(liste.lignes) == 1

    def test_qui_les_a_donnes_les_retire(self, monde: Monde) -> None:
        page = self._charger(monde.agent, f"{UN};1000;30/06/2026;Relevé")
        assert self._juger(monde.autre, page, "retirer").status_code == 409
        assert self._juger(monde.agent, page, "retirer").status_code == 302

    def test_des_comptages_dont_le_domaine_est_parti_ne_se_confirment_plus(self, monde: Monde) -> None:
        page = self._charger(monde.agent, f"{UN};1000;30/06/2026;Relevé")
        _sans_domaine(monde)
        lue = monde.autre.client.get(page)
        assert [propose.geste.code for propose in lue.context["gestes"]] == ["refuser"]
        assert "ne peuvent plus être pris en compte" in lue.content.decode()
        assert self._juger(monde.autre, page, "refuser", motif="Domaine parti").status_code == 302


def _domaine(numero: str) -> int:
    return domaines_de([numero])[numero][0].pk


def _sans_domaine(monde: Monde) -> None:
    numero = monde.operateur.numero_ans
    services.retirer_domaine(numero_ans=numero, domaine=_domaine(numero), auteur=monde.agent.auteur)


def _extraits(statut: StatutExtrait) -> Callable[[Monde], object]:
    return lambda _: Extrait.objects.update(statut=statut)


def _vieillir(monde: Monde) -> None:
    Extrait.objects.update(instant=monde.cloture - timedelta(days=30))


def _attendre(monde: Monde) -> None:
    monde.operateur.compter_au(maintenant() + timedelta(days=1))


CAUSES = [
    (_sans_domaine, "Aucun domaine de messagerie n'est rattaché"),
    (_extraits(StatutExtrait.ECARTE), "Aucun extrait de l'Annuaire Santé"),
    (_extraits(StatutExtrait.RETENU), "est retenu : confirmez-le ou écartez-le"),
    (_vieillir, "plus de 7 jours avant la date de comptage"),
    (_attendre, "rien n'est à faire d'ici là"),
]


class TestLaVraieCause:
    """« Valider » is not offered when it cannot succeed, and the page says why (MSS-009)."""

    def _cause(self, monde: Monde, solde: Demande) -> str:
        page = monde.agent.lire("demande", solde.numero)
        assert page.context["valider"] is None
        assert monde.agent.faire(solde, "valider").status_code == 409
        return str(page.context["empechement"])

    @pytest.mark.parametrize(("preparer", "phrase"), CAUSES)
    def test_la_cause_est_dite(self, monde: Monde, preparer: Callable[[Monde], object], phrase: str) -> None:
        preparer(monde)
        assert phrase in self._cause(monde, monde.operateur.deposer(SOLDE))

    def test_le_domaine_qui_manque_dans_l_extrait_est_nomme(self, monde: Monde) -> None:
        autre = monde.un_operateur("absent.mssante.example")
        solde = autre.deposer(SOLDE)
        cause = self._cause(monde, solde)
        assert "Le domaine « absent.mssante.example » manque dans l'extrait du" in cause
        assert "donnez le comptage de ses boîtes applicatives" in cause
        page = monde.agent.lire("annuaire_operateur", autre.numero_ans).content.decode()
        assert "« absent.mssante.example » manque dans l&#x27;extrait" in page

    def test_le_solde_mur_se_valide(self, monde: Monde) -> None:
        solde = monde.operateur.deposer(SOLDE)
        page = monde.agent.lire("demande", solde.numero)
        assert page.context["valider"] is not None
        assert page.context["empechement"] == ""
        assert monde.agent.faire(solde, "valider", retenu="").status_code == 302


class TestPreuve:
    """The addresses behind a settled solde, for the audit."""

    def test_les_adresses_d_un_solde_decide_survivent_a_l_extrait(self, monde: Monde) -> None:
        solde = monde.decider(monde.operateur.deposer(SOLDE))
        AdresseMSS.objects.all().delete()
        monde.juger(monde.extrait, "ecarter")
        page = monde.agent.lire("boites_arretees", solde.numero)
        assert "3\u202f000" in page.content.decode()
        assert len(page.context["affiche"].lignes) == 20
        assert "boites" in monde.agent.lire("demande", solde.numero).content.decode()
        adresse = reverse("gestion:exporter_boites_arretees", args=[solde.numero])
        lues = list(
            csv.reader(
                io.StringIO(octets(monde.agent.client.post(f"{adresse}?type=ORG")).decode("utf-8-sig")),
                delimiter=";",
            )
        )
        assert (lues[0][0], len(lues)) == ("Adresse", 11)
        assert lectures.toutes().filter(objet=solde.objet).exists()
        for profil in (Profil.DECIDEUR, Profil.COMPTABLE):
            agent = Agent(profil)
            assert (
                agent.client.get(reverse("gestion:boites_arretees", args=[solde.numero])).status_code == 403
            )
            assert agent.client.post(adresse).status_code == 403

    def test_une_reprise_remplace_la_preuve(self, monde: Monde) -> None:
        monde.charger(("PER", 4), au=monde.cloture - timedelta(hours=3))
        solde = monde.operateur.deposer(SOLDE)
        assert ArreteComptes.objects.get().nombre_adresses == 20
        monde.juger(monde.extrait, "ecarter")
        arrete = ArreteComptes.objects.get()
        assert (arrete.demande_id, arrete.nominatives, arrete.nombre_adresses) == (solde.pk, 4, 4)
        assert AdresseArretee.objects.count() == 4

    def test_une_demande_qui_n_est_pas_arretee_n_a_pas_de_page(self, monde: Monde) -> None:
        avance = Demande.objects.get(type=TypeDemande.AVANCE)
        assert monde.agent.lire("boites_arretees", avance.numero).status_code == 404

    def test_les_adresses_s_effacent_des_annees_apres_et_les_nombres_restent(
        self, monde: Monde, settings: pytest.FixtureRequest
    ) -> None:
        solde = monde.operateur.deposer(SOLDE)
        monde.decider(solde)
        assert arretes.effacer_les_adresses_anciennes() == 0
        Demande.objects.update(statut_depuis=maintenant() - timedelta(days=3_653))
        assert arretes.effacer_les_adresses_anciennes() == 20
        assert arretes.effacer_les_adresses_anciennes() == 0
        assert ArreteComptes.objects.get().nominatives == 10
        assert "sont effacées" in monde.agent.lire("boites_arretees", solde.numero).content.decode()


def test_l_apercu_lit_autant_de_fois_la_base_quel_que_soit_le_nombre_de_soldes(
    monde: Monde, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    retenu = monde.suivant(("PER", 5))
    monde.operateur.deposer(SOLDE)
    monde.agent.lire("annuaire_extrait", retenu.pk)
    with django_assert_max_num_queries(60) as lues:
        monde.agent.lire("annuaire_extrait", retenu.pk)
    for rang in range(4):
        operateur = monde.un_operateur(f"autre{rang}.mssante.example")
        monde.donner(10, f"autre{rang}.mssante.example")
        operateur.deposer(SOLDE)
    with django_assert_max_num_queries(len(lues)):
        page = monde.agent.lire("annuaire_extrait", retenu.pk)
    assert len(page.context["effets"].repris) == 5
