"""« Rechercher une demande d'avance ou de solde »: the table, its filters, its bound."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segurnum.demandes.models import Demande, Dossier
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.kits.tableau import SEUIL
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.fournisseur import recherches
from segurnum.web.tests.depot import Fournisseur, Reponse
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db


def _numeros(page: Reponse) -> list[str]:
    return [ligne.numero for ligne in page.context["affiche"].lignes]


def _creer(fournisseur: Fournisseur, nombre: int, statut: StatutDemande = StatutDemande.EN_COURS) -> None:
    """Many rows at once, where only the table matters."""
    inscrit, instant = fournisseur.deposant.enrolement, maintenant()
    premier = Dossier.objects.count() + 1
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            numero=f"FINMS1{rang:06d}",
            entreprise=inscrit.entreprise,
            enrolement=inscrit,
            dsr=inscrit.referencement.dsr,
        )
        for rang in range(premier, premier + nombre)
    )
    Demande.objects.bulk_create(
        Demande(
            dossier=dossier,
            entreprise=inscrit.entreprise,
            numero=f"{dossier.numero}M0",
            type=TypeDemande.AVANCE,
            dsr=dossier.dsr,
            numero_editeur="00001",
            statut=statut,
            statut_depuis=instant,
            depose_le=instant - timedelta(minutes=rang),
            montant_declare=1000 + rang,
            taux_tva=20,
        )
        for rang, dossier in enumerate(dossiers)
    )


@pytest.mark.exigence("REQ-001", "REQ-010", "REQ-011", "REQ-012", "REQ-013", "REQ-014", "REQ-015", "REQ-017")
def test_le_tableau_a_ses_dix_colonnes_et_filtre_chacune_sauf_l_action():
    fournisseur = Fournisseur()
    ligne = usines.demande(inscrit=fournisseur.deposant.enrolement, montant="4444.44")
    usines.demande()  # another company's
    page = fournisseur.lire("demandes")
    assert titres(page, 1) == ["Rechercher une demande d'avance ou de solde"]
    assert "Liste des demandes d'avance et de solde :" in titres(page, 2)
    colonnes = [entete.colonne for entete in page.context["affiche"].entetes]
    assert colonnes.pop(0).cle == "choisir"
    assert [colonne.libelle for colonne in colonnes] == [
        "Numéro de dossier",
        "Type",
        "Numéro Éditeur",
        "Logiciel",
        "Date dépôt",
        "Statut",
        "État de paiement",
        "Dénomination sociale",
        "Montant Ségur Déclaré",
        "Action",
    ]
    assert [colonne.cle for colonne in colonnes if not colonne.filtrable] == ["action"]
    assert page.content.decode().count('placeholder="Filtrer..."') == 9
    assert _numeros(page) == [ligne.numero]
    assert (
        f"{ligne.numero} AVANCE {ligne.numero_editeur} DUI {date_fr(ligne.depose_le)} En cours "
        "Aucun paiement en cours"
    ) in mots(page)
    assert " ".join(en_euros(ligne.montant_declare or Decimal(0)).split()) in mots(page)


def test_les_logiciels_proposes_sont_ceux_de_l_entreprise():
    """Not the agenda of the SAS, nor the secure mail, to a supplier of neither."""
    fournisseur = Fournisseur()
    usines.enrolement("RAD-RIS", societe=fournisseur.deposant.enrolement.entreprise)
    page = fournisseur.lire("demandes")
    assert [nom for nom, _ in page.context["form"].fields["logiciel"].choices] == ["DUI", "RIS"]


@pytest.mark.exigence("REQ-016", "XCT-012")
def test_une_longue_denomination_est_coupee_et_se_lit_en_entier_au_clavier():
    societe = usines.entreprise(denomination="GROUPE ACCUEIL ET CONFORT POUR PERSONNES AGEES")
    fournisseur = Fournisseur(societe=societe)
    usines.demande(inscrit=fournisseur.deposant.enrolement)
    contenu = fournisseur.lire("demandes").content.decode()
    assert ">GROUPE ACCUE…</button>" in contenu
    assert 'role="tooltip" aria-hidden="true">GROUPE ACCUEIL ET CONFORT POUR PERSONNES AGEES<' in contenu


@pytest.mark.exigence("REQ-011", "FRM-027")
@pytest.mark.parametrize(
    ("filtre", "trouvee"),
    [
        ({"f_numero": "900"}, True),
        ({"f_numero": "fin"}, True),
        ({"f_numero": "FINRAD"}, False),
        ({"f_type": "avan"}, True),
        ({"f_type": "solde"}, False),
        ({"f_editeur": "77"}, True),
        ({"f_editeur": "88"}, False),
        ({"f_logiciel": "dui"}, True),
        ({"f_logiciel": "ris"}, False),
        ({"f_depot": "02/01/2024"}, True),
        ({"f_depot": "01/2024"}, True),
        ({"f_depot": "2023"}, False),
        ({"f_statut": "decidee"}, True),
        ({"f_statut": "rejet"}, False),
        ({"f_paiement": "effectué"}, True),
        ({"f_paiement": "aucun"}, False),
        ({"f_denomination": "inventes"}, True),
        ({"f_denomination": "autre société"}, False),
        ({"f_montant": "4 444,44 €"}, True),
        ({"f_montant": "4444.44"}, True),
        ({"f_montant": "5"}, False),
        ({"f_type": "avance", "f_statut": "en cours"}, False),
        ({"f_numero": "%"}, False),
    ],
)
def test_chaque_filtrer_cherche_dans_ce_que_la_colonne_montre(filtre: dict[str, str], trouvee: bool):
    fournisseur = Fournisseur()
    ligne = usines.demande(
        StatutDemande.DECIDEE,
        inscrit=fournisseur.deposant.enrolement,
        montant="4444.44",
        numero_editeur="00077",
        # In Paris it is already the 2nd.
        depose_le=maintenant().replace(year=2024, month=1, day=1, hour=23, minute=30),
    )
    Demande.objects.filter(pk=ligne.pk).update(etat_paiement=EtatPaiement.EFFECTUE, numero="FINMS1900123M0")
    assert bool(_numeros(fournisseur.lire("demandes", **filtre))) is trouvee


@pytest.mark.exigence("FRM-027")
def test_les_fleches_trient_dans_les_deux_sens_et_gardent_les_filtres():
    fournisseur = Fournisseur()
    for montant in ("300.00", "100.00", "200.00"):
        usines.demande(inscrit=fournisseur.deposant.enrolement, montant=montant)

    def montants(page: Reponse) -> list[int]:
        return [int(ligne.montant_declare) for ligne in page.context["affiche"].lignes]

    page = fournisseur.lire("demandes", f_type="avance")
    assert montants(page) == [200, 100, 300]  # the last deposited first
    adresse = lien(page, "Montant Ségur Déclaré")
    assert "f_type=avance" in adresse
    croissante = fournisseur.client.get(f"/segurnums/demandes{adresse}")
    assert montants(croissante) == [100, 200, 300]
    assert 'aria-sort="ascending"' in croissante.content.decode()
    inverse = fournisseur.client.get(f"/segurnums/demandes{lien(croissante, 'Montant Ségur Déclaré')}")
    assert montants(inverse) == [300, 200, 100]


@pytest.mark.exigence("REQ-003", "REQ-004", "REQ-005", "REQ-006", "REQ-007", "REQ-008")
def test_les_criteres_se_cumulent_et_se_vident():
    fournisseur = Fournisseur()
    inscrit = fournisseur.deposant.enrolement
    en_cours = usines.demande(inscrit=inscrit)
    decidee = usines.demande(StatutDemande.DECIDEE, inscrit=inscrit)
    ris = usines.demande(inscrit=usines.enrolement("RAD-RIS", societe=inscrit.entreprise))
    jour = jour_de_paris(maintenant()).isoformat()

    def trouves(**criteres: object) -> set[str]:
        return set(_numeros(fournisseur.lire("demandes", **criteres)))

    tout = {en_cours.numero, decidee.numero, ris.numero}
    assert trouves() == tout
    assert trouves(type_demande="AVANCE") == tout
    assert trouves(type_demande="SOLDE") == set()
    assert trouves(statut="DECIDEE") == {decidee.numero}
    assert trouves(etat_paiement="EN_COURS") == {decidee.numero}
    assert trouves(logiciel="RIS") == {ris.numero}
    assert trouves(logiciel=["RIS", "DUI"]) == tout
    assert trouves(logiciel="DUI", statut="EN_COURS") == {en_cours.numero}
    assert trouves(du=jour, au=jour) == tout
    assert trouves(du="2020-01-01", au="2020-01-02") == set()
    page = fournisseur.lire("demandes", statut="DECIDEE")
    assert lien(page, "Vider les critères") == "/segurnums/demandes"


@pytest.mark.exigence("REQ-007")
@pytest.mark.parametrize(
    ("bornes", "phrase"),
    [
        ({"du": "2024-01-02"}, "Renseignez les deux dates"),
        ({"au": "2024-01-02"}, "Renseignez les deux dates"),
        ({"du": "2024-01-03", "au": "2024-01-02"}, "La seconde date doit être le même jour que la première"),
        ({"du": "hier", "au": "2024-01-02"}, "date valide"),
    ],
)
def test_une_periode_incomplete_ne_cherche_pas_et_dit_pourquoi(bornes: dict[str, str], phrase: str):
    fournisseur = Fournisseur()
    usines.demande(inscrit=fournisseur.deposant.enrolement)
    page = fournisseur.lire("demandes", **bornes)
    assert phrase in mots(page)
    assert _numeros(page) == []


@pytest.mark.exigence("REQ-009", "XCT-007")
def test_au_dela_du_seuil_rien_n_est_liste_sans_filtre_et_jamais_plus_que_le_seuil(
    monkeypatch: pytest.MonkeyPatch,
):
    assert SEUIL == 500
    declares = recherches.demandes_de
    monkeypatch.setattr(recherches, "demandes_de", lambda *de: replace(declares(*de), seuil=30))
    fournisseur = Fournisseur()
    _creer(fournisseur, 30)
    assert len(_numeros(fournisseur.lire("demandes"))) == 20  # a page of the thirty
    _creer(fournisseur, 1)
    page = fournisseur.lire("demandes")
    assert _numeros(page) == []
    assert "Votre compte a plus de 30 demandes : appliquez au moins un critère" in mots(page)
    filtree = fournisseur.lire("demandes", statut="EN_COURS")
    assert filtree.context["affiche"].page.paginator.count == 30
    assert "Plus de 30 résultats" in mots(filtree)
    assert "Affinez votre recherche" in mots(filtree)
    assert _numeros(fournisseur.lire("demandes", f_numero="000031"))


@pytest.mark.exigence("XCT-007")
@pytest.mark.parametrize("parametres", [{}, {"tri": "montant", "f_statut": "cours"}])
def test_le_tableau_coute_autant_de_requetes_a_trois_lignes_qu_a_soixante(parametres: dict[str, str]):
    fournisseur = Fournisseur()
    couts = []
    for nombre in (3, 57):
        _creer(fournisseur, nombre)
        with CaptureQueriesContext(connection) as lues:
            page = fournisseur.lire("demandes", **parametres)
        couts.append(len([requete for requete in lues if requete["sql"].startswith("SELECT")]))
        comptes = [requete["sql"] for requete in lues if "COUNT(" in requete["sql"].upper()]
        # Of what is listed alone; the header counts a hundred notifications at most.
        assert [
            sql
            for sql in comptes
            if '"demandes_demande"."id" IN (' not in sql and not sql.endswith("LIMIT 100) subquery")
        ] == []
        assert len(_numeros(page)) == min(nombre, 20)
    assert couts[0] == couts[1]
    # Session, person, company, what is closed, three entries of the menu, couloirs, keys, sums, rows, views,
    # messages to read.
    assert couts[0] <= 12


@pytest.mark.exigence("FRM-027")
def test_les_pages_se_tournent_sans_perdre_les_filtres():
    fournisseur = Fournisseur()
    _creer(fournisseur, 25)
    page = fournisseur.lire("demandes", statut="EN_COURS")
    suivante = fournisseur.client.get(f"/segurnums/demandes{lien(page, 'Suivant')}")
    assert len(_numeros(suivante)) == 5
    assert not set(_numeros(suivante)) & set(_numeros(page))
    assert suivante.context["form"].cleaned_data["statut"] == ["EN_COURS"]


@pytest.mark.exigence("FRM-027")
def test_un_tableau_sans_ligne_le_dit():
    page = Fournisseur().lire("demandes")
    assert "Aucune donnée disponible dans le tableau" in mots(page)
    assert "0 résultat " in mots(page)


@pytest.mark.exigence("REQ-018", "REQ-019")
@pytest.mark.parametrize("statut", StatutDemande)
def test_l_action_de_completer_n_est_offerte_que_lorsque_quelque_chose_est_attendu(statut: StatutDemande):
    fournisseur = Fournisseur()
    ligne = usines.demande(statut, inscrit=fournisseur.deposant.enrolement)
    page = fournisseur.lire("demandes")
    adresse = lien(page, f"Consulter {ligne.numero}")
    suite = f"?avenant={ligne.pk}" if statut is StatutDemande.HISTORISEE else ""
    assert adresse == f"/segurnums/demandes/{ligne.numero}{suite}"
    offerte = f"/segurnums/demandes/{ligne.numero}/ajout" in page.content.decode()
    assert offerte is (statut is StatutDemande.EN_ATTENTE_PIECE)
    modifiable = f"/segurnums/demandes/{ligne.numero}/modification" in page.content.decode()
    assert modifiable is (statut is StatutDemande.A_MODIFIER)


@pytest.mark.exigence("JSN-055", "JSN-045", "XCT-003")
def test_une_demande_importee_sans_ses_pieces_est_non_completee_et_datee_de_son_import():
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    page = Fournisseur(deposant).lire("demandes")
    assert f"{date_fr(depot.depose_le)} Non complétée" in mots(page)


@pytest.mark.exigence("XCT-002")
def test_un_filtre_ne_fait_pas_voir_les_demandes_d_une_autre_entreprise():
    fournisseur = Fournisseur()
    autre = usines.demande()
    for criteres in ({"f_numero": autre.numero}, {"statut": autre.statut}, {"tri": "numero"}):
        assert _numeros(fournisseur.lire("demandes", **criteres)) == [], urlencode(criteres)


@pytest.mark.parametrize(
    "parametres",
    [
        {"f_numero": "\x00"},
        {"f_montant": "'; --", "tri": "-nimporte"},
        {"tri": "denomination", "page": "99999999999999999999"},
        {"du": "0001-01-01", "au": "9999-12-31"},
        {"statut": "INCONNU", "logiciel": "XXX", "page": "-1"},
    ],
)
@pytest.mark.parametrize("route", ["demandes", "importations"])
def test_une_adresse_mal_ecrite_donne_une_page(route: str, parametres: dict[str, str]):
    fournisseur = Fournisseur()
    usines.demande(inscrit=fournisseur.deposant.enrolement)
    assert fournisseur.lire(route, **parametres).status_code == 200


def test_un_numero_ou_un_avenant_mal_ecrit_n_existe_pas():
    fournisseur = Fournisseur()
    ligne = usines.demande(inscrit=fournisseur.deposant.enrolement)
    for adresse in (f"{ligne.numero}?avenant=99999999999999999999", "inconnue", "%00", "FIN%2F.."):
        assert fournisseur.client.get(f"/segurnums/demandes/{adresse}").status_code == 404, adresse
