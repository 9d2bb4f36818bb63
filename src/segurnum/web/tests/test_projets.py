"""Windows, scales and ceilings: written by one person, approved by another, never rewritten (GST-027, GST-029)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.couloirs.baremes import Assiette, PlafondCalcule
from segurnum.demandes.apercus import effets
from segurnum.demandes.models import Demande
from segurnum.demandes.montants import calculer
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import projets as services
from segurnum.referentiel.grilles import grille
from segurnum.referentiel.models import Bareme, FenetreDepot, Plafond, Projet
from segurnum.referentiel.queries import calendrier, fenetre
from segurnum.regles.calendrier import PARIS, date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage, StatutProjet
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

DSR = "DSR-MS1-DUI-Va1"
DATES = {
    "ouverture": "2026-06-01T09:00",
    "affichee": "2026-12-15T14:00",
    "fermeture": "2026-12-15T14:00",
    "source": "Arrêté du 1er mai 2026",
}


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


@pytest.fixture
def autre() -> Agent:
    return Agent(Profil.ADMINISTRATION)


def _proposer(admin: Agent, route: str, saisie: Mapping[str, object], *args: object) -> Reponse:
    return admin.client.post(reverse(f"gestion:{route}", args=args), saisie)


def _importer(admin: Agent, genre: str, *lignes: str, nom: str = "lignes.csv") -> Reponse:
    colonnes = services.REGLAGES[GenreReglage(genre.upper())].table.colonnes
    octets = "\n".join((";".join(colonnes), *lignes)).encode()
    adresse = reverse("gestion:importer_projet", args=[genre])
    return admin.client.post(adresse, {"fichier": SimpleUploadedFile(nom, octets)})


def _geste(agent: Agent, projet: Projet, code: str, **saisie: str) -> Reponse:
    return agent.client.post(reverse("gestion:geste_projet", args=[projet.pk, code]), saisie)


def _approuver(admin: Agent, autre: Agent) -> Projet:
    """The last draft, through the hands of both."""
    projet = Projet.objects.latest("pk")
    assert _geste(admin, projet, "soumettre").status_code == 302
    assert _geste(autre, projet, "approuver").status_code == 302
    projet.refresh_from_db()
    return projet


def _plafond(code: str, identifiants: list[str], jour: date) -> PlafondCalcule:
    assiette = Assiette(TypeDemande.AVANCE, tuple(identifiants))
    return grille(couloirs.par_code(code)).plafond(assiette, jour)


@pytest.mark.exigence("GST-027")
def test_une_fenetre_s_ouvre_une_fois_approuvee_par_une_autre_personne(admin: Agent, autre: Agent) -> None:
    assert _proposer(admin, "fenetre", DATES, DSR, "avance").status_code == 302
    assert not FenetreDepot.objects.exists()
    projet = _approuver(admin, autre)
    ligne = FenetreDepot.objects.get()
    assert (ligne.fermeture, ligne.projet) == (datetime(2026, 12, 15, 14, tzinfo=PARIS), projet)
    assert "15/12/2026 à 14:00" in mots(autre.lire("fenetres"))
    fait = evenements_de(f"fenetre:{DSR}:AVANCE").get()
    assert (fait.acteur, fait.details["valeurs"]["fermeture"]) == (
        autre.utilisateur,
        ["", "15/12/2026 à 14:00"],
    )


@pytest.mark.exigence("GST-027")
@pytest.mark.exigence("GST-029")
def test_personne_n_approuve_ni_ne_refuse_ce_qu_il_a_ecrit(admin: Agent) -> None:
    _proposer(admin, "fenetre", DATES, DSR, "avance")
    projet = Projet.objects.get()
    _geste(admin, projet, "soumettre")
    page = admin.lire("projet", projet.pk)
    assert "Une autre personne de l'administration doit l'approuver" in mots(page)
    assert {propose.geste.code for propose in page.context["gestes"]} == {"reprendre"}
    for code in ("approuver", "refuser"):
        reponse = _geste(admin, projet, code, motif="Je change d'avis")
        assert (reponse.status_code, "une autre personne" in mots(reponse)) == (409, True), code
    assert not FenetreDepot.objects.exists()


@pytest.mark.exigence("GST-027")
def test_une_fenetre_qui_a_juge_ne_change_plus_une_autre_prend_effet(admin: Agent, autre: Agent) -> None:
    ancienne = usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=maintenant() + timedelta(days=2))
    avant = FenetreDepot.objects.filter(pk=ancienne.pk).values().get()
    _proposer(
        admin,
        "fenetre",
        DATES | {"fermeture": "2027-01-15T14:00", "affichee": "2027-01-15T14:00"},
        DSR,
        "avance",
    )
    debut = maintenant()
    page = mots(admin.lire("projet", Projet.objects.get().pk))
    assert "15/01/2027 à 14:00" in page
    assert "En vigueur aujourd'hui" in page
    _approuver(admin, autre)
    assert FenetreDepot.objects.filter(pk=ancienne.pk).values().get() == avant
    nouvelle = fenetre(DSR, TypeDemande.AVANCE)
    assert nouvelle is not None
    assert nouvelle.fermeture == datetime(2027, 1, 15, 14, tzinfo=PARIS)
    assert fenetre(DSR, TypeDemande.AVANCE, debut - timedelta(seconds=1)) == ancienne
    assert calendrier([DSR]) == [nouvelle]
    page = mots(admin.lire("historique_fenetre", DSR, "avance"))
    assert "Le début" in page
    assert "(en vigueur)" in page
    assert admin.utilisateur.username in page


def test_une_fenetre_prend_effet_a_sa_date_et_pas_avant(admin: Agent, autre: Agent) -> None:
    ancienne = usines.fenetre(DSR, TypeDemande.AVANCE)
    effet = maintenant().astimezone(PARIS) + timedelta(days=3)
    _proposer(admin, "fenetre", DATES | {"depuis": f"{effet:%Y-%m-%dT%H:%M}"}, DSR, "avance")
    _approuver(admin, autre)
    assert fenetre(DSR, TypeDemande.AVANCE) == ancienne
    suivante = fenetre(DSR, TypeDemande.AVANCE, effet)
    assert suivante is not None
    assert suivante.source == DATES["source"]


def test_des_dates_en_desordre_sont_refusees_sous_leur_champ(admin: Agent) -> None:
    for champ, valeur, phrase in (
        ("affichee", "2026-05-01T14:00", "doit suivre l'ouverture"),
        ("fermeture", "2026-12-15T13:59", "ne peut pas précéder l'échéance"),
        ("derniere_modification", "2026-12-01T14:00", "ne peut pas précéder la fermeture"),
        ("ouverture", "hier", "n'est pas lisible"),
        ("source", "", "texte légal"),
    ):
        reponse = _proposer(admin, "fenetre", DATES | {champ: valeur}, DSR, "avance")
        assert reponse.status_code == 422
        assert phrase in reponse.context["form"].errors[champ][0]
    assert not Projet.objects.exists()


def test_un_projet_dont_la_fenetre_a_change_entre_temps_n_est_plus_approuve(
    admin: Agent, autre: Agent
) -> None:
    _proposer(admin, "fenetre", DATES, DSR, "avance")
    projet = Projet.objects.get()
    _geste(admin, projet, "soumettre")
    usines.fenetre(DSR, TypeDemande.AVANCE)
    assert "a changé depuis" in mots(_geste(autre, projet, "approuver"))
    projet.refresh_from_db()
    assert projet.statut is StatutProjet.A_APPROUVER


def test_un_brouillon_se_corrige_s_abandonne_et_un_refus_dit_pourquoi(admin: Agent, autre: Agent) -> None:
    _proposer(admin, "fenetre", DATES, DSR, "avance")
    projet = Projet.objects.get()
    adresse = reverse("gestion:corriger_projet", args=[projet.pk])
    lignes = admin.client.get(adresse).context["form"].initial["lignes"]
    assert "MS1" in lignes
    refus = autre.client.post(adresse, {"lignes": lignes})
    assert f"est celui de {admin.utilisateur.username}" in mots(refus)
    refus = admin.client.post(
        adresse, {"lignes": lignes.replace("avance", "avnce").replace("Avance", "avnce")}
    )
    assert "avance ou solde est attendu" in mots(refus)
    assert admin.client.post(adresse, {"lignes": lignes.replace("14:00", "12:00")}).status_code == 302
    _geste(admin, projet, "soumettre")
    assert _geste(autre, projet, "refuser").status_code == 422
    assert _geste(autre, projet, "refuser", motif="L'arrêté dit 14 h").status_code == 302
    page = mots(admin.lire("projet", projet.pk))
    assert "L'arrêté dit 14 h" in page
    _proposer(admin, "fenetre", DATES, DSR, "avance")
    dernier = Projet.objects.latest("pk")
    assert _geste(admin, dernier, "abandonner").status_code == 302
    assert not FenetreDepot.objects.exists()
    gestes = [fait.geste for fait in evenements_de(projet.chaine)]
    assert gestes == ["PROPOSER", "CORRIGER", "SOUMETTRE", "REFUSER"]


def test_les_fermetures_se_disent_a_l_heure_des_outre_mer(admin: Agent) -> None:
    fermeture = datetime(2026, 12, 15, 14, tzinfo=PARIS)
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=fermeture, affichee=fermeture)
    page = mots(admin.lire("historique_fenetre", DSR, "avance"))
    for phrase in (
        "La Réunion 17 h 00",
        "Guadeloupe et Martinique 9 h 00",
        "Nouvelle-Calédonie 0 h 00 le 16/12/2026",
    ):
        assert phrase in page


@pytest.mark.exigence("GST-029")
def test_un_bareme_vaut_a_partir_de_sa_date_et_ne_se_reecrit_pas(admin: Agent, autre: Agent) -> None:
    saisie = {"date_effet": "2026-01-01", "source": "Arrêté", "par_beneficiaire": "358,33"}
    dsr = couloirs.par_code("MDV-LGC").dsr
    assert _proposer(admin, "bareme", saisie, dsr).status_code == 302
    assert not Bareme.objects.exists()
    _approuver(admin, autre)
    assert _plafond("MDV-LGC", ["1", "2"], date(2026, 3, 1)).montant_ht == Decimal("716.66")
    assert _plafond("MDV-LGC", ["1"], date(2025, 3, 1)).montant_ht is None
    reponse = _proposer(admin, "bareme", saisie | {"par_beneficiaire": "1"}, dsr)
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
    assert _proposer(admin, "bareme", saisie, demande.dsr).status_code == 302
    vus = effets(Projet.objects.get())
    _approuver(admin, autre)
    apres = calculer(demande)
    assert apres.engagement == avant.engagement
    assert apres.decide == (avant.engagement * Decimal("0.40")).quantize(Decimal("0.01"))
    assert (vus.nombre, vus.ecart) == (1, apres.decide - avant.decide)
    assert "Taux de l'avance 40 %".lower() in mots(admin.lire("baremes")).replace("\xa0", " ").lower()
    reponse = _proposer(
        admin, "bareme", saisie | {"taux_avance": "140", "date_effet": "2026-01-01"}, demande.dsr
    )
    assert "0 à 100 %" in mots(reponse)


def test_la_page_d_un_bareme_demande_chaque_chiffre_avec_son_unite(admin: Agent) -> None:
    page = admin.lire("bareme", couloirs.par_code("MSS-MSS").dsr)
    libelles = [champ.label for champ in page.context["form"]]
    assert "Par boîte nominative (€ HT)" in libelles
    assert page.context["form"]["nominative"].value() == "5,00"


@pytest.mark.exigence("GST-029")
def test_les_plafonds_se_chargent_en_entier_ou_pas_du_tout(admin: Agent, autre: Agent) -> None:
    bon = "MS1-DUI;980000001;11 000,50;01/01/2026;Arrêté"
    reponse = _importer(
        admin,
        "plafonds",
        bon,
        "MDV-LGC;980000002;1;01/01/2026;Arrêté",
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
    assert _importer(admin, "plafonds", bon).status_code == 302
    assert not Plafond.objects.exists()
    _approuver(admin, autre)
    assert _plafond("MS1-DUI", ["980000001"], date(2026, 3, 1)).montant_ht == Decimal("11000.50")
    assert "donnez une autre date d'effet" in mots(
        _importer(admin, "plafonds", bon.replace("11 000,50", "12000"))
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
    _importer(
        admin,
        "fenetres",
        "MS1-DUI;Avance;01/06/2022 09:00;28/02/2024 14:00;28/02/2024 14:00;;;;Arrêté",
        "HOP-DPI;solde;01/06/2022 09:00;14/12/2023 14:00;14/12/2023 14:00;31/01/2024 14:00;;;Arrêté",
    )
    _approuver(admin, autre)
    assert FenetreDepot.objects.count() == 2
    reponse = _importer(admin, "baremes", "SAS-AGE;01/01/2022;avance;30000,00;FAQ")
    assert "Il manque le chiffre « Forfait total »" in mots(reponse)
    _importer(
        admin,
        "baremes",
        "SAS-AGE;01/01/2022;avance;30000,00;FAQ",
        "SAS-AGE;01/01/2022;total;100000;FAQ",
    )
    _approuver(admin, autre)
    assert Bareme.objects.get().valeurs == {"avance": "30000.00", "total": "100000.00"}


def test_un_classeur_se_lit_comme_un_fichier_csv(admin: Agent, autre: Agent) -> None:
    classeur = _classeur(
        ["dsr", "identifiant", "montant_ht", "date_effet", "source"],
        ["MS1-DUI", "980000001", "11000.5", "01/01/2026", "Arrêté"],
    )
    fichier = SimpleUploadedFile("plafonds.xlsx", classeur)
    assert (
        admin.client.post(
            reverse("gestion:importer_projet", args=["plafonds"]), {"fichier": fichier}
        ).status_code
        == 302
    )
    projet = _approuver(admin, autre)
    assert projet.fichier == "plafonds.xlsx"
    assert Plafond.objects.get().montant_ht == Decimal("11000.50")


def _classeur(*lignes: list[str]) -> bytes:
    """The least workbook: one sheet of texts."""
    import zipfile

    cellules = ('<c t="inlineStr"><is><t>{}</t></is></c>' * len(lignes[0])).join(("<row>", "</row>"))
    rangs = "".join(cellules.format(*ligne) for ligne in lignes)
    ici = "http://schemas.openxmlformats.org"
    relation = f"{ici}/officeDocument/2006/relationships"
    contenus = {
        "[Content_Types].xml": f'<Types xmlns="{ici}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{ici}/package/2006/relationships"><Relationship Id="a" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ici}/spreadsheetml/2006/main" xmlns:r="{relation}"><sheets>'
        '<sheet name="F" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{ici}/package/2006/relationships"><Relationship Id="b" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ici}/spreadsheetml/2006/main"><sheetData>{rangs}'
        "</sheetData></worksheet>",
    }
    sortie = BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, contenu in contenus.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


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
    _importer(admin, "plafonds", ligne)
    projet = Projet.objects.get()
    vus = effets(projet)
    assert (vus.nombre, [effet.numero for effet in vus.montres]) == (1, [demande.numero])
    page = mots(admin.lire("projet", projet.pk))
    assert "1 demande non décidée serait calculée autrement" in page
    assert "400,00 € HT" in page.replace("\xa0", " ")
    _approuver(admin, autre)
    apres = calculer(demande)
    assert apres.engagement_ht == Decimal("400.00")
    assert apres.decide - avant.decide == vus.ecart < 0
    assert "Arrêté, en vigueur depuis le" in apres.lignes[0].detail


def test_un_tarif_d_apres_le_depot_ne_change_rien_de_ce_qui_est_depose(admin: Agent) -> None:
    demande, identifiant = _demande_ms1("1000.00")
    demain = date_fr(jour_de_paris(maintenant()) + timedelta(days=1))
    _importer(admin, "plafonds", f"{demande.couloir.code};{identifiant};400,00;{demain};Arrêté")
    assert effets(Projet.objects.get()).nombre == 0


def test_ce_qui_est_valide_garde_son_montant(admin: Agent, autre: Agent) -> None:
    validee = instruction.validee(montant="1000.00")
    beneficiaire = validee.beneficiaires.first()
    assert beneficiaire is not None
    avant = (validee.engagement_ht, validee.calcul)
    ligne = f"{validee.couloir.code};{beneficiaire.identifiants[0]};400,00;01/01/2021;Arrêté"
    _importer(admin, "plafonds", ligne)
    assert effets(Projet.objects.get()).nombre == 0
    _approuver(admin, autre)
    validee.refresh_from_db()
    assert (validee.engagement_ht, validee.calcul) == avant


def test_la_liste_des_projets_montre_d_abord_ce_qui_attend(admin: Agent, autre: Agent) -> None:
    _proposer(admin, "fenetre", DATES, DSR, "avance")
    _proposer(admin, "fenetre", DATES, DSR, "solde")
    _geste(admin, Projet.objects.latest("pk"), "soumettre")
    assert len(autre.lire("projets").context["affiche"].lignes) == 1
    assert "1 projet de réglage à approuver" in mots(autre.lire("accueil"))
