"""« Grand livre » on screen: entries, balances at an instant, statements, proofs."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.essais.horloge import Horloge
from segurnum.grand_livre import controle
from segurnum.grand_livre.models import Ecriture
from segurnum.grand_livre.plan import Compte
from segurnum.grand_livre.tests import vies
from segurnum.regles.calendrier import PARIS, annee_de_paris, jour_de_paris, maintenant
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def comptable() -> Agent:
    return Agent(Profil.COMPTABLE)


def _operations(agent: Agent, **criteres: str) -> list[str]:
    return [
        ecriture.operation for ecriture in agent.lire("grand_livre", **criteres).context["affiche"].lignes
    ]


@pytest.mark.exigence("GST-022")
def test_le_comptable_suit_un_dossier_de_la_decision_au_virement(comptable: Agent) -> None:
    enveloppe, autre = usines.enveloppe(), usines.enveloppe("DSR-HOP-DPI-Va1")
    versement = vies.payee()
    vies.ouverte()
    dossier = versement.decision.demande.dossier.numero
    vie = ["PAIEMENT", "MISE_EN_PAIEMENT", "ENGAGEMENT"]
    assert _operations(comptable, dossier=dossier) == vie
    assert _operations(comptable, dossier=versement.decision.demande.numero.lower()) == vie
    assert _operations(comptable, dossier=dossier, compte=Compte.PAYE.value) == ["PAIEMENT"]
    assert _operations(comptable, enveloppe=str(autre.pk)) == ["CREDIT"]
    assert len(_operations(comptable, enveloppe=str(enveloppe.pk))) == 5
    jour = jour_de_paris(maintenant())
    assert len(_operations(comptable, du=jour.isoformat(), au=jour.isoformat())) == 6
    assert _operations(comptable, au=(jour - timedelta(days=1)).isoformat()) == []
    page = comptable.lire("grand_livre", dossier=dossier).content.decode().replace("\xa0", " ")
    assert "500 Versé aux fournisseurs" in page
    assert "360,00 €" in page
    assert versement.decision.decideur.get_username() in page


def test_les_ecritures_s_exportent_telles_qu_elles_sont_filtrees(comptable: Agent) -> None:
    usines.enveloppe()
    vies.payee()
    adresse = f"{reverse('gestion:exporter_grand_livre')}?compte={Compte.PAYE.value}"
    lues = instruction.octets(comptable.client.post(adresse)).decode("utf-8-sig")
    titres, *lignes = csv.reader(io.StringIO(lues), delimiter=";")
    (ligne,) = (dict(zip(titres, lue, strict=True)) for lue in lignes)
    assert (ligne["Opération"], ligne["Montant"]) == ("Virement constaté", "360,00")


@pytest.mark.exigence("GST-016")
def test_les_soldes_se_lisent_a_tout_instant_passe_a_l_heure_de_paris(
    comptable: Agent, horloge: Horloge
) -> None:
    usines.enveloppe()
    avant = maintenant()
    horloge.avancer(hours=2)
    vies.ouverte()
    horloge.avancer(hours=2)

    def solde(instant: object = "") -> Decimal:
        soldes = comptable.lire("soldes", instant=str(instant)).context["affiche"].lignes
        assert sum(ligne.solde for ligne in soldes) == 0
        return Decimal(next(ligne.solde for ligne in soldes if ligne.compte is Compte.ENGAGE))

    assert solde() == 360
    entre = (avant + timedelta(hours=1)).astimezone(PARIS)
    assert solde(f"{entre:%Y-%m-%dT%H:%M}") == 0
    assert solde(f"{entre + timedelta(hours=2):%Y-%m-%dT%H:%M}") == 360
    assert solde("hier") == 360
    (enveloppe,) = comptable.lire("soldes").context["enveloppes"].lignes
    assert (enveloppe.decide, enveloppe.disponible) == (360, 1_000_000 - 360)


@pytest.mark.exigence("GST-022")
def test_chaque_mois_a_son_etat_en_pdf_et_en_csv(comptable: Agent) -> None:
    usines.enveloppe()
    vies.payee()
    jour = jour_de_paris(maintenant())
    (mois,) = comptable.lire("etats_mensuels").context["affiche"].lignes
    assert (mois.annee, mois.mois) == (jour.year, jour.month)
    adresse = [jour.year, jour.month]
    pdf = comptable.client.post(reverse("gestion:etat_mensuel", args=[*adresse, "pdf"]))
    assert instruction.octets(pdf).startswith(b"%PDF-")
    lu = comptable.client.post(reverse("gestion:etat_mensuel", args=[*adresse, "csv"]))
    lignes = list(csv.reader(io.StringIO(instruction.octets(lu).decode("utf-8-sig")), delimiter=";"))
    assert ["Compte", Compte.PAYE.intitule, "0,00", "360,00", "0,00", "360,00"] in lignes
    total = next(ligne for ligne in lignes if ligne[1] == "Total")
    assert (total[2], total[5]) == ("0,00", "0,00")
    assert ["Opération", "Virement constaté", "1,00", "360,00", "360,00", ""] in lignes
    for inconnu in ([jour.year + 1, 1, "pdf"], [*adresse, "xml"], [jour.year, 13, "csv"]):
        assert comptable.client.post(reverse("gestion:etat_mensuel", args=inconnu)).status_code == 404


def test_ce_que_la_nuit_trouve_est_dit_a_l_accueil_et_a_la_page_des_verifications() -> None:
    admin = Agent(Profil.ADMINISTRATION)
    usines.enveloppe()
    vies.ouverte()
    controle.verifier()
    assert "contredit les comptes" not in admin.lire("accueil").content.decode()
    de_force("UPDATE paiements_enveloppe SET decide = 0")
    controle.verifier()
    assert "contredit les comptes" in admin.lire("accueil").content.decode()
    page = admin.lire("verifications").content.decode().replace("\xa0", " ")
    assert "elle dit 0,00 € décidés, le grand livre 360,00 €" in page
    ligne = next(une for une in admin.lire("securite").context["lignes"] if une.code == "grand-livre")
    assert "1 anomalie" in ligne.constat.texte.replace("\xa0", " ")


@pytest.mark.exigence("XCT-007")
def test_une_page_du_grand_livre_ne_coute_pas_plus_quand_il_est_plus_long(comptable: Agent) -> None:
    usines.enveloppe()
    for route in ("grand_livre", "soldes", "etats_mensuels", "verifications"):
        couts = []
        for _ in range(2):
            vies.ouverte()
            with CaptureQueriesContext(connection) as lues:
                comptable.lire(route)
            couts.append(len(lues))
        assert couts[0] == couts[1], route
    assert Ecriture.objects.count() == 9
    assert annee_de_paris() == jour_de_paris(maintenant()).year
