"""« Exports »: what a company takes away of its requests and of their beneficiaries, for a spreadsheet."""

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Beneficiaire, Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.editique.tableur import ecrire
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.exports import services
from segurnum.exports.listes import beneficiaires
from segurnum.exports.models import Export
from segurnum.fichiers import lectures
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.fournisseur import exports
from segurnum.web.tests.depot import Fournisseur, Reponse, decider, en_cours, payer, solde_de
from segurnum.web.tests.lecture import mots, titres

pytestmark = pytest.mark.django_db

MS1 = "DSR-MS1-DUI-Va1"
COLONNES = [
    "N° ASP",
    "Type",
    "Statut",
    "Date de changement de statut",
    "Logiciel",
    "Date de dépôt",
    "Date de commande",
    "N° éditeur",
    "Etat de paiement",
    "Date du paiement",
    "Montant déclaré SEGUR HT",
    "Montant payé (fonction du régime TVA)",
]


def _lignes(reponse: Reponse) -> list[list[str]]:
    """What a French spreadsheet shows of the file."""
    assert reponse.status_code == 200
    octets = b"".join(reponse.streaming_content)
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


def _beneficiaires(fournisseur: Fournisseur, dsr: str = MS1) -> list[list[str]]:
    return _lignes(fournisseur.faire("beneficiaires_csv", couloir=dsr))


@pytest.mark.exigence("EXP-001", "EXP-003")
def test_une_demande_payee_se_lit_en_douze_colonnes():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    versement = payer(decider(demande))
    demande.refresh_from_db()
    reponse = fournisseur.faire("demandes_csv")
    assert reponse["Content-Type"] == "text/csv; charset=utf-8"
    jour = date_fr(maintenant())
    assert _lignes(reponse) == [
        COLONNES,
        [
            demande.numero,
            "Avance",
            "Décidée",
            jour,
            "DUI",
            jour,
            donnees_courantes(demande)["commande"]["dateCommande"],
            demande.numero_editeur,
            "Paiement effectué",
            date_fr(versement.paye_le or date.min),
            str(demande.montant_declare).replace(".", ","),
            str(versement.montant_paye).replace(".", ","),
        ],
    ]


@pytest.mark.exigence("EXP-001")
def test_le_nom_du_fichier_porte_le_jour():
    fournisseur = Fournisseur()
    en_cours(fournisseur.deposant)
    jour = maintenant().strftime("%Y-%m")
    for route, debut in (("demandes_csv", "demandes"), ("beneficiaires_csv", "beneficiaires-MS1-DUI-va1")):
        reponse = fournisseur.faire(route, couloir=MS1)
        nom = reponse["Content-Disposition"]
        assert nom.startswith(f'attachment; filename="{debut}-{jour}')
        assert nom.endswith('.csv"')
        assert reponse["Cache-Control"] == "private, no-store"
        assert len(_lignes(reponse)) == 2


@pytest.mark.exigence("EXP-002", "EXP-007", "FRM-030")
def test_tous_les_couloirs_de_l_entreprise_et_elle_seule():
    fournisseur = Fournisseur()
    societe = fournisseur.deposant.enrolement.entreprise
    demandes = [
        usines.demande(inscrit=fournisseur.deposant.enrolement),
        usines.demande(StatutDemande.NON_COMPLETEE, inscrit=usines.enrolement("RAD-RIS", societe=societe)),
        usines.demande(StatutDemande.HISTORISEE, inscrit=usines.enrolement("HOP-DPI", societe=societe)),
    ]
    usines.demande()  # another company's
    lignes = _lignes(fournisseur.faire("demandes_csv"))[1:]
    assert [ligne[0] for ligne in lignes] == [demande.numero for demande in reversed(demandes)]
    assert {ligne[4] for ligne in lignes} == {"DUI", "RIS", "DPI"}
    assert {ligne[2] for ligne in lignes} == {"En cours", "Non complétée", "Historisée"}
    autre = Fournisseur()
    assert autre.faire("demandes_csv").status_code == 302
    refus = autre.faire("beneficiaires_csv", couloir=MS1)
    assert (refus.status_code, "couloir=" in refus["Location"]) == (302, True)


@pytest.mark.exigence("EXP-003")
def test_un_solde_donne_la_date_de_la_commande_de_son_avance():
    fournisseur = Fournisseur()
    (avance,) = en_cours(fournisseur.deposant)
    payer(decider(avance))
    avance.refresh_from_db()
    solde = solde_de(fournisseur.deposant, avance)
    commande = donnees_courantes(avance)["commande"]["dateCommande"]
    lues = {ligne[0]: ligne for ligne in _lignes(fournisseur.faire("demandes_csv"))[1:]}
    assert lues[solde.numero][1] == "Solde"
    assert lues[solde.numero][6] == commande
    assert lues[avance.numero][11] != ""
    assert lues[solde.numero][9:12:2] == ["", ""], "le solde n'est pas payé"


@pytest.mark.exigence("EXP-005", "EXP-006")
def test_une_ligne_par_beneficiaire_en_dix_huit_colonnes():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    _beneficiaire(demande, 2).save()
    titre, *lignes = _beneficiaires(fournisseur)
    assert titre == [
        "N° de la demande",
        *COLONNES[1:],
        "N°ANS",
        "FINESS géographique",
        "Nom du client",
        "E-mail du client",
        "Téléphone du client",
        "Raison sociale client",
    ]
    declares = list(demande.beneficiaires.order_by("rang"))
    assert [ligne[13] for ligne in lignes] == [", ".join(d.identifiants) for d in declares]
    assert [ligne[14] for ligne in lignes] == [declare.nom for declare in declares]
    assert {ligne[0] for ligne in lignes} == {demande.numero}
    assert {ligne[12] for ligne in lignes} == {fournisseur.deposant.enrolement.referencement.numero_ans}
    assert {len(ligne) for ligne in lignes} == {18}


@pytest.mark.exigence("EXP-004", "EXP-005")
@pytest.mark.parametrize("couloir", couloirs.tous(), ids=repr)
def test_chaque_couloir_identifie_ses_beneficiaires_a_sa_facon(couloir: couloirs.Couloir):
    colonnes = beneficiaires(couloir.dsr).colonnes
    assert len(colonnes) == 18
    assert colonnes[13].libelle == couloir.format(TypeDemande.AVANCE).places.titre_export


def test_l_export_titre_l_identifiant_des_hopitaux_comme_le_guide():
    """The screen says « Numéro PMSI », the guide heads the column of the export « FINESS PMSI »."""
    for code in ("HOP-DPI", "HOP-PFI"):
        couloir = couloirs.par_code(code)
        assert beneficiaires(couloir.dsr).colonnes[13].libelle == "FINESS PMSI"
        assert couloir.format(TypeDemande.AVANCE).places.libelle_identifiant == "Numéro PMSI"


@pytest.mark.exigence("EXP-004")
def test_il_faut_d_abord_choisir_un_couloir():
    fournisseur = Fournisseur()
    en_cours(fournisseur.deposant)
    page = fournisseur.lire("exporter_beneficiaires")
    assert titres(page, 1) == ["Exporter vos bénéficiaires"]
    assert "Médico-social (DUI) - vague 1" in mots(page)
    assert "Radiologie" not in mots(page)
    sans = fournisseur.suivre(fournisseur.faire("beneficiaires_csv"))
    assert "Sélectionnez d'abord un couloir" in mots(sans)
    autre = fournisseur.suivre(fournisseur.faire("beneficiaires_csv", couloir="DSR-RAD-RIS-Va1"))
    assert "Vous n'avez aucune demande dans ce couloir" in mots(autre)


@pytest.mark.exigence("EXP-002", "EXP-004")
def test_sans_demande_la_page_le_dit_et_ne_propose_rien():
    fournisseur = Fournisseur()
    for route in ("exporter_demandes", "exporter_beneficiaires"):
        page = fournisseur.lire(route)
        assert "à exporter : importez d'abord un fichier JSON de demandes." in mots(page)
        assert ".csv" not in page.content.decode()


@pytest.mark.exigence("FRM-017", "EXP-007")
@pytest.mark.parametrize("route", ["exporter_demandes", "demandes_csv", "exporter_beneficiaires"])
def test_un_operateur_n_exporte_rien(route: str):
    fournisseur = Fournisseur()
    fournisseur.client.force_login(usines.utilisateur(Profil.OPERATEUR))
    assert fournisseur.lire(route).status_code == 403


@pytest.mark.exigence("EXP-001")
@pytest.mark.parametrize(
    ("cellule", "ecrite"),
    [
        ("=1+1", "'=1+1"),
        ("+33155000000", "'+33155000000"),
        ("-2", "'-2"),
        ("@SOMME(A1)", "'@SOMME(A1)"),
        ("\t=1", "'\t=1"),
        ("\rDURAND", "'\rDURAND"),
        (" =1", "' =1"),
        ("DURAND-MARTIN", "DURAND-MARTIN"),
        ("", ""),
        (None, ""),
        (Decimal("1074.90"), "1074,90"),
        (Decimal("-12"), "-12,00"),
        (date(2021, 10, 18), "18/10/2021"),
    ],
)
def test_une_cellule_ne_fait_jamais_calculer_le_tableur(cellule: Any, ecrite: str):
    assert ecrire(cellule) == ecrite


@pytest.mark.exigence("EXP-001")
def test_les_separateurs_et_les_retours_a_la_ligne_restent_dans_leur_cellule():
    fournisseur = Fournisseur()
    demande = usines.demande(inscrit=fournisseur.deposant.enrolement)
    nom = 'LE "GRAND"; ET\nFILS'
    demande.beneficiaires.update(nom=nom, raison_sociale="=HYPERLINK(1)", courriel="été@société.example")
    (ligne,) = _beneficiaires(fournisseur)[1:]
    assert ligne[14:] == [nom, "été@société.example", "", "'=HYPERLINK(1)"]


@pytest.mark.exigence("EXP-006")
def test_dix_mille_beneficiaires_s_exportent_en_une_lecture_sans_remplir_la_memoire():
    fournisseur = Fournisseur()
    instructions = []
    for rangs in (range(2, 12), range(12, 10_001)):
        demande = Demande.objects.first() or usines.demande(inscrit=fournisseur.deposant.enrolement)
        Beneficiaire.objects.bulk_create(_beneficiaire(demande, rang) for rang in rangs)
        with CaptureQueriesContext(connection) as lues:
            assert len(_beneficiaires(fournisseur)) == rangs[-1] + 1
        instructions.append(len(lues))
    assert instructions[0] == instructions[1]
    reponse = fournisseur.faire("beneficiaires_csv", couloir=MS1)
    tracemalloc.start()
    try:
        taille = sum(len(lot) for lot in reponse.streaming_content)
        pic = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taille > 1_500_000
    assert pic < taille, "la mémoire suit un lot de lignes, pas le fichier"


def _beneficiaire(demande: Demande, rang: int) -> Beneficiaire:
    return Beneficiaire(
        demande=demande,
        rang=rang,
        dsr=demande.dsr,
        type_identifiant="FINESS",
        identifiants=[f"98{rang:07d}"],
        nom=f"CLIENT {rang}",
        courriel=f"client{rang}@etablissement.example",
    )


@pytest.mark.exigence("FRM-014", "FRM-029")
def test_les_deux_pages_disent_ce_que_le_fichier_contient():
    fournisseur = Fournisseur(Deposant.nouveau())
    en_cours(fournisseur.deposant)
    page = fournisseur.lire("exporter_demandes")
    assert titres(page, 1) == ["Exporter vos demandes de financement"]
    assert all(colonne in mots(page) for colonne in COLONNES)
    assert fournisseur.deposant.enrolement.entreprise.siret in mots(page)
    assert 'action="/segurnums/exports/demandes.csv"' in page.content.decode()


def _feuille(reponse: Reponse) -> list[list[Any]]:
    """What a spreadsheet opens."""
    assert reponse.status_code == 200
    classeur = load_workbook(io.BytesIO(b"".join(reponse.streaming_content)))
    return [[cellule.value for cellule in ligne] for ligne in classeur.active.iter_rows()]


def _filtre(route: str, parametres: str) -> str:
    return f"{reverse(f'fournisseur:{route}')}?{parametres}"


@pytest.mark.exigence("EXP-002", "EXP-003")
@pytest.mark.parametrize("forme", ["CSV", "XLSX"])
def test_la_liste_s_exporte_comme_elle_est_filtree_et_triee(forme: str):
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    for montant, editeur in (("300.00", "00007"), ("100.00", "00008"), ("200.00", "00009")):
        usines.demande(inscrit=inscrit, montant=montant, numero_editeur=editeur)
    usines.demande(StatutDemande.REJETEE, inscrit=inscrit)
    usines.demande()  # another company's
    adresse = _filtre("demandes_csv", "statut=EN_COURS&f_montant=00&tri=montant")
    page = {"entreprise": inscrit.entreprise.pk, "forme": forme}
    reponse = fournisseur.client.post(adresse, page)
    lues = _lignes(reponse) if forme == "CSV" else _feuille(reponse)
    assert reponse["Content-Disposition"].endswith(f'.{forme.lower()}"')
    assert lues[0] == COLONNES
    assert [ligne[7] for ligne in lues[1:]] == ["00008", "00009", "00007"]
    assert lues[1][10] == ("100,00" if forme == "CSV" else 100)


def test_la_page_des_demandes_offre_d_emporter_ce_qu_elle_montre():
    fournisseur = Fournisseur()
    usines.demande(inscrit=fournisseur.deposant.enrolement)
    page = fournisseur.lire("demandes", statut="EN_COURS")
    contenu = page.content.decode()
    assert 'action="/segurnums/exports/demandes.csv?statut=EN_COURS"' in contenu
    assert 'action="/segurnums/exports/pieces.zip?statut=EN_COURS"' in contenu
    assert "Emporter" not in mots(fournisseur.lire("demandes", statut="REJETEE"))


@pytest.mark.parametrize("route", ["demandes_csv", "beneficiaires_csv"])
def test_au_dela_de_dix_mille_lignes_l_export_se_prepare_et_s_ouvre_sur_sa_page(
    route: str, monkeypatch: pytest.MonkeyPatch
):
    assert services.IMMEDIATES == 10_000
    monkeypatch.setattr(exports, "IMMEDIATES", 2)
    fournisseur = Fournisseur()
    for _ in range(3):
        usines.demande(inscrit=fournisseur.deposant.enrolement)
    reponse = fournisseur.faire(route, forme="XLSX", couloir=MS1)
    assert reponse["Location"] == reverse("fournisseur:exports_prepares")
    page = fournisseur.suivre(reponse)
    assert "En préparation : 0 %" in mots(page)
    assert 'hx-trigger="every 3s"' in page.content.decode()
    export = Export.objects.get()
    assert fournisseur.faire("export_prepare", export.pk).status_code == 404
    services.preparer(export=export.pk)
    pret = fournisseur.lire("exports_prepares")
    assert "Prêt offert jusqu'au" in mots(pret)
    assert "every 3s" not in pret.content.decode()
    assert len(_feuille(fournisseur.faire("export_prepare", export.pk))) == 4
    assert lectures.toutes().filter(objet=f"export:{export.pk}").exists()
    autre = Fournisseur()
    assert autre.faire("export_prepare", export.pk).status_code == 404
    assert "aucun long export" in mots(autre.lire("exports_prepares"))
