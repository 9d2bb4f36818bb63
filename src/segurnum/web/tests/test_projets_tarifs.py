"""Scales and ceilings: a file whole or not at all, what would change told before, nothing past rewritten (GST-029)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.demandes.apercus import effets
from segurnum.demandes.models import Demande
from segurnum.demandes.montants import calculer
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import projets as services
from segurnum.referentiel.models import Bareme, FenetreDepot, Plafond, Projet
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.cycles_reglages import GenreReglage
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.projets import approuver, classeur, importer, plafond, proposer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


@pytest.fixture
def autre() -> Agent:
    return Agent(Profil.ADMINISTRATION)


@pytest.mark.exigence("GST-029")
def test_un_bareme_vaut_a_partir_de_sa_date_et_ne_se_reecrit_pas(admin: Agent, autre: Agent) -> None:
    saisie = {"date_effet": "2026-01-01", "source": "Arrêté", "par_beneficiaire": "358,33"}
    dsr = couloirs.par_code("MDV-LGC").dsr
    assert proposer(admin, "bareme", saisie, dsr).status_code == 302
    assert not Bareme.objects.exists()
    approuver(admin, autre)
    assert plafond("MDV-LGC", ["1", "2"], date(2026, 3, 1)).montant_ht == Decimal("716.66")
    assert plafond("MDV-LGC", ["1"], date(2025, 3, 1)).montant_ht == 0
    reponse = proposer(admin, "bareme", saisie | {"par_beneficiaire": "1"}, dsr)
    assert "ne se réécrit pas" in reponse.context["form"].errors["date_effet"][0]
    assert Bareme.objects.count() == 1
    page = mots(admin.lire("baremes"))
    assert "par bénéficiaire 358,33 € HT" in page.replace("\xa0", " ")


@pytest.mark.exigence("GST-029")
def test_le_taux_de_l_avance_d_un_couloir_change_a_sa_date_meme_d_un_couloir_a_table(
    admin: Agent, autre: Agent
) -> None:
    demande, _ = _demande_ms1("1000.00")
    avant = calculer(demande)
    assert "30\xa0% ×" in avant.lignes[-1].detail
    saisie = {
        "date_effet": jour_de_paris(demande.depose_le).isoformat(),
        "source": "Arrêté",
        "taux_avance": "40",
    }
    assert proposer(admin, "bareme", saisie, demande.dsr).status_code == 302
    vus = effets(Projet.objects.get())
    approuver(admin, autre)
    apres = calculer(demande)
    assert apres.engagement == avant.engagement
    assert apres.decide == (avant.engagement * Decimal("0.40")).quantize(Decimal("0.01"))
    assert (vus.nombre, vus.ecart) == (1, apres.decide - avant.decide)
    assert "Taux de l'avance 40 %".lower() in mots(admin.lire("baremes")).replace("\xa0", " ").lower()
    reponse = proposer(
        admin, "bareme", saisie | {"taux_avance": "140", "date_effet": "2026-01-01"}, demande.dsr
    )
    assert "0 à 100 %" in mots(reponse)


def test_les_tranches_d_un_bareme_se_saisissent_une_par_ligne(admin: Agent) -> None:
    saisie = {"date_effet": "2027-01-01", "source": "Arrêté", "tranches": "1 ; 625,00\n\n2;875,00"}
    assert proposer(admin, "bareme", saisie, couloirs.par_code("PHA-LGO").dsr).status_code == 302
    lues = [ligne[2:4] for ligne in Projet.objects.get().lignes]
    assert lues == [["1", "625,00"], ["2", "875,00"]]


def test_la_page_d_un_bareme_demande_chaque_chiffre_avec_son_unite(admin: Agent) -> None:
    page = admin.lire("bareme", couloirs.par_code("MSS-MSS").dsr)
    libelles = [champ.label for champ in page.context["form"]]
    assert "Par boîte nominative (€ HT)" in libelles
    assert page.context["form"]["nominative"].value() == "5,00"


@pytest.mark.exigence("GST-029")
def test_les_plafonds_se_chargent_en_entier_ou_pas_du_tout(admin: Agent, autre: Agent) -> None:
    bon = "MS1-DUI;980000001;11 000,50;01/01/2026;Arrêté"
    reponse = importer(
        admin,
        "plafonds",
        bon,
        "MDV-LGC-Va1;980000002;1;01/01/2026;Arrêté",
        "MS1-DUI;980000003;NaN;01/01/2026;Arrêté",
        "MS1-DUI;980000004;1;2026-01-01;Arrêté",
        "MS1-DUI;980000005;1;01/01/2026;",
        bon,
        f"MS1-DUI;980000006;1;{'9' * 5000};Arrêté",
        "MS1-DUI;980000007;1",
    )
    assert reponse.status_code == 422
    for rang, phrase in (
        (3, "pas de table"),
        (4, "montant"),
        (5, "JJ/MM/AAAA"),
        (6, "source"),
        (7, "ligne 2"),
        (8, "200 caractères"),
        (9, "3 colonnes"),
    ):
        assert any(f"Ligne {rang} :" in f and phrase in f for f in reponse.context["form"].refus.fautes), rang
    assert not Projet.objects.exists()
    assert importer(admin, "plafonds", bon).status_code == 302
    assert not Plafond.objects.exists()
    approuver(admin, autre)
    assert plafond("MS1-DUI", ["980000001"], date(2026, 3, 1)).montant_ht == Decimal("11000.50")
    assert "donnez une autre date d'effet" in mots(
        importer(admin, "plafonds", bon.replace("11 000,50", "12000"))
    )
    assert evenements_de("plafonds").count() == 1


@pytest.mark.parametrize("genre", ["fenetres", "baremes", "plafonds"])
def test_un_fichier_illisible_est_refuse_et_rien_n_est_a_moitie_charge(admin: Agent, genre: str) -> None:
    titres = ";".join(services.REGLAGES[GenreReglage(genre.upper())].table.colonnes).encode()
    for octets, nom, phrase in (
        (b"a;b\n", "a.csv", "La première ligne"),
        (titres + "\nMS1-DUI;é".encode("latin-1"), "a.csv", "UTF-8"),
        (titres + b"\n", "a.csv", "aucune ligne"),
        (titres + b"\n", "a.xlsx", "ne se lit pas"),
    ):
        reponse = admin.client.post(
            reverse("gestion:importer_projet", args=[genre]), {"fichier": SimpleUploadedFile(nom, octets)}
        )
        assert phrase in mots(reponse), (nom, phrase)
    assert not Projet.objects.exists()


def test_des_fenetres_et_des_baremes_s_importent_d_un_fichier(admin: Agent, autre: Agent) -> None:
    importer(
        admin,
        "fenetres",
        "MS1-DUI;Avance;01/06/2022 09:00;28/02/2024 14:00;28/02/2024 14:00;;;;Arrêté",
        "HOP-DPI-Va1;solde;01/06/2022 09:00;14/12/2023 14:00;14/12/2023 14:00;31/01/2024 14:00;;;Arrêté",
    )
    approuver(admin, autre)
    assert FenetreDepot.objects.count() == 2
    reponse = importer(admin, "baremes", "SAS-AGE;01/01/2022;avance;30000,00;FAQ")
    assert "Il manque le chiffre « Forfait total »" in mots(reponse)
    importer(
        admin,
        "baremes",
        "SAS-AGE;01/01/2022;avance;30000,00;FAQ",
        "SAS-AGE;01/01/2022;total;100000;FAQ",
    )
    approuver(admin, autre)
    assert Bareme.objects.get().valeurs == {"avance": "30000.00", "total": "100000.00"}


def test_un_classeur_se_lit_comme_un_fichier_csv(admin: Agent, autre: Agent) -> None:
    octets = classeur(
        ["dsr", "identifiant", "montant_ht", "date_effet", "source"],
        ["MS1-DUI", "980000001", "11000.5", "01/01/2026", "Arrêté"],
    )
    fichier = SimpleUploadedFile("plafonds.xlsx", octets)
    assert (
        admin.client.post(
            reverse("gestion:importer_projet", args=["plafonds"]), {"fichier": fichier}
        ).status_code
        == 302
    )
    projet = approuver(admin, autre)
    assert projet.fichier == "plafonds.xlsx"
    assert Plafond.objects.get().montant_ht == Decimal("11000.50")


def _demande_ms1(montant: str, statut: StatutDemande = StatutDemande.EN_COURS) -> tuple[Demande, str]:
    demande = instruction.demande(statut, montant=montant)
    beneficiaire = demande.beneficiaires.first()
    assert beneficiaire is not None
    return demande, beneficiaire.identifiants[0]


@pytest.mark.exigence("GST-029")
def test_le_projet_dit_les_demandes_non_decidees_qui_changeraient_et_de_combien(
    admin: Agent, autre: Agent
) -> None:
    demande, identifiant = _demande_ms1("1000.00")
    usines.demande()  # another beneficiary: nothing changes for it
    avant = calculer(demande)
    hier = date_fr(jour_de_paris(maintenant()) - timedelta(days=1))
    ligne = f"{demande.couloir.code};{identifiant};400,00;{hier};Arrêté"
    importer(admin, "plafonds", ligne)
    projet = Projet.objects.get()
    vus = effets(projet)
    assert (vus.nombre, [effet.numero for effet in vus.montres]) == (1, [demande.numero])
    page = mots(admin.lire("projet", projet.pk))
    assert "1 demande non décidée serait calculée autrement" in page
    assert "400,00 € HT" in page.replace("\xa0", " ")
    approuver(admin, autre)
    apres = calculer(demande)
    assert apres.engagement_ht == Decimal("400.00")
    assert apres.decide - avant.decide == vus.ecart < 0
    assert "Arrêté, en vigueur depuis le" in apres.lignes[0].detail


def test_un_tarif_d_apres_le_depot_ne_change_rien_de_ce_qui_est_depose(admin: Agent) -> None:
    demande, identifiant = _demande_ms1("1000.00")
    demain = date_fr(jour_de_paris(maintenant()) + timedelta(days=1))
    importer(admin, "plafonds", f"{demande.couloir.code};{identifiant};400,00;{demain};Arrêté")
    assert effets(Projet.objects.get()).nombre == 0


def test_ce_qui_est_valide_garde_son_montant(admin: Agent, autre: Agent) -> None:
    validee = instruction.validee(montant="1000.00")
    beneficiaire = validee.beneficiaires.first()
    assert beneficiaire is not None
    avant = (validee.engagement_ht, validee.calcul)
    ligne = f"{validee.couloir.code};{beneficiaire.identifiants[0]};400,00;01/01/2021;Arrêté"
    importer(admin, "plafonds", ligne)
    assert effets(Projet.objects.get()).nombre == 0
    approuver(admin, autre)
    validee.refresh_from_db()
    assert (validee.engagement_ht, validee.calcul) == avant
