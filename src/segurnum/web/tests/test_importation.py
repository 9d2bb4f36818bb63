"""« Importer mes demandes » and the table of the imports."""

import json
from datetime import timedelta

import pytest

from segurnum.comptes.models import Role
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.depots.models import Depot, Simulation
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.regles.calendrier import date_fr, instant_long, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.fournisseur import importation
from segurnum.web.tests.depot import Fournisseur, fichier
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("JSN-001", "JSN-002", "JSN-003", "JSN-008", "FRM-028", "FRM-029")
def test_l_ecran_d_import_a_ses_trois_zones_son_message_et_ses_boutons():
    fournisseur = Fournisseur()
    page = fournisseur.lire("importer")
    texte = mots(page)
    entreprise = fournisseur.deposant.enrolement.entreprise
    assert "Importer mes demandes" in titres(page, 1)
    assert {"Importer les demandes", "Récapitulatif", "Import des demandes d'avance ou de solde"} <= set(
        titres(page, 2)
    )
    assert "1. Fichier JSON 1.1. Simulation 1.2. Importation 2. Pièces jointes" in texte
    assert 'aria-current="step">1.1. Simulation' in page.content.decode()
    assert f"SIRET : {entreprise.siret} Dénomination sociale : {entreprise.denomination}" in texte
    assert (
        "Cette simulation permet de prévenir 90% des risques d'erreur que le fichier JSON peut contenir. Il se "
        "peut donc que lors de l'import définitif certaines erreurs se produisent entraînant le rejet des "
        "demandes. La réalisation d'une simulation est obligatoire avant d'accéder à l'import de vos demandes."
    ) in texte
    assert "Retour Simuler Importer Étape suivante" in texte


@pytest.mark.exigence("JSN-004", "JSN-005", "JSN-006", "JSN-007")
def test_les_quatre_champs_sont_obligatoires_et_le_taux_est_celui_de_l_enrolement():
    fournisseur = Fournisseur(taux_tva="8.5")
    form = fournisseur.lire("importer").context["form"]
    assert [champ.label for champ in form] == [
        "Type de demande",
        "Numéro ANS",
        "Taux de TVA",
        "Choisissez le fichier",
    ]
    assert all(champ.field.required for champ in form)
    assert form["taux_tva"].initial == "8.5"
    numero = fournisseur.deposant.enrolement.referencement.numero_ans
    assert [libelle for _, libelle in form.fields["enrolement"].choices] == [
        f"{numero} - Médico-social (DUI)"
    ]


@pytest.mark.exigence("JSN-005", "JSN-015")
def test_seuls_les_enrolements_qui_permettent_de_simuler_sont_proposes():
    deposant = Deposant.nouveau()
    societe = deposant.enrolement.entreprise
    usines.enrolement("RAD-RIS", societe=societe, statut=Enrolement.Statut.EN_COURS)
    usines.enrolement("HOP-DPI", societe=societe, statut=Enrolement.Statut.REJETEE, anticipe=True)
    anticipe = usines.enrolement(
        "HOP-PFI", societe=societe, statut=Enrolement.Statut.VALIDATION_PARTIELLE, anticipe=True
    )
    usines.enrolement("MDV-LGC")  # another company's
    form = Fournisseur(deposant).lire("importer").context["form"]
    libelles = dict(form.fields["enrolement"].choices)
    assert set(libelles) == {str(deposant.enrolement.pk), str(anticipe.pk)}
    assert libelles[str(anticipe.pk)].endswith("simulation seulement")


@pytest.mark.exigence("JSN-005", "XCT-002")
def test_un_numero_ans_ne_se_choisit_pas_chez_un_autre_fournisseur():
    fournisseur = Fournisseur()
    page = fournisseur.simuler(fournisseur.avances(), enrolement=usines.enrolement("RAD-RIS").pk)
    assert page.status_code == 422
    assert "enrolement" in page.context["form"].errors
    assert not Simulation.objects.exists()


@pytest.mark.exigence("XCT-008")
def test_un_fichier_oublie_ne_fait_pas_perdre_les_autres_choix():
    fournisseur = Fournisseur()
    page = fournisseur.simuler(b"", type_demande="SOLDE", taux_tva="8.5", fichier="")
    assert page.status_code == 422
    assert "Choisissez le fichier JSON ou le tableur à simuler." in mots(page)
    assert '<option value="SOLDE" selected>' in page.content.decode()
    assert '<option value="8.5" selected>' in page.content.decode()


@pytest.mark.exigence("JSN-010")
def test_une_simulation_reussie_montre_son_recapitulatif_et_ne_cree_rien():
    fournisseur = Fournisseur()
    page = fournisseur.suivre(fournisseur.simuler(fournisseur.avances(2)))
    recap = page.context["recap"]
    demandes = json.loads(fournisseur.avances(2))["lignesImport"]
    assert recap.demandes == 2
    assert float(recap.total_ht) == sum(d["commande"]["montantSegurHT"] for d in demandes)
    assert [(regime.libelle, regime.demandes) for regime in recap.regimes] == [("Toutes taxes comprises", 2)]
    assert recap.beneficiaires == sum(
        len(e["FINESSGeo"]) for d in demandes for b in d["beneficiaires"] for e in b["etablissementsClients"]
    )
    assert "Fichier conforme" in mots(page)
    assert not Demande.objects.exists()


@pytest.mark.exigence("JSN-009", "JSN-012", "JSN-013", "JSN-002")
def test_importer_prend_le_fichier_simule_et_rend_compte():
    fournisseur = Fournisseur()
    simulee = fournisseur.suivre(fournisseur.simuler(fournisseur.avances(2)))
    assert simulee.context["peut_importer"]
    page = fournisseur.suivre(fournisseur.faire("importer_simulation", simulee.context["simulation"].pk))
    depot = Depot.objects.get()
    texte = mots(page)
    assert "Compte rendu de l'import" in titres(page, 3)
    assert (
        f"Identifiant du fichier : {depot.pk} Nom du fichier : MS1 - AVANCE - Ok.json Nombre de lignes : 2 "
        "Nombres de lignes importées : 2 Nombres de lignes rejetées : 0"
    ) in texte
    assert 'aria-current="step">1.2. Importation' in page.content.decode()
    for demande in Demande.objects.all():
        assert f"{demande.numero_editeur} {demande.numero} Importée 0000 Demande importée" in texte
    assert lien(page, "Étape suivante") == f"/segurnums/importations/{depot.pk}/pieces"


@pytest.mark.exigence("XCT-014")
def test_un_double_clic_sur_importer_fait_un_seul_import():
    fournisseur = Fournisseur()
    cle = fournisseur.suivre(fournisseur.simuler(fournisseur.avances())).context["simulation"].pk
    premiere = fournisseur.faire("importer_simulation", cle)
    seconde = fournisseur.faire("importer_simulation", cle)
    assert premiere["Location"] == seconde["Location"]
    assert Demande.objects.count() == 2
    assert "Ce fichier est importé" in mots(fournisseur.lire("simulation", cle))


@pytest.mark.exigence("JSN-009")
def test_un_fichier_qui_a_des_erreurs_les_montre_et_ne_s_importe_pas():
    fournisseur = Fournisseur()
    page = fournisseur.suivre(fournisseur.simuler(b'{"numeroAns": 12'))
    assert "Fichier non conforme" in mots(page)
    assert not page.context["peut_importer"]
    assert '<button type="button" class="fr-btn" disabled>Importer</button>' in page.content.decode()
    refus = fournisseur.suivre(fournisseur.faire("importer_simulation", page.context["simulation"].pk))
    assert "corrigez-le et simulez-le de nouveau" in mots(refus)
    assert not Depot.objects.exists()


@pytest.mark.exigence("JSN-021")
def test_une_fenetre_fermee_se_dit_avant_le_formulaire_et_dans_le_rapport():
    fournisseur = Fournisseur()
    fermeture = maintenant() - timedelta(days=3)
    usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE, fermeture=fermeture, affichee=fermeture)
    phrase = f"fermée depuis le {instant_long(fermeture)}"
    avant_le_formulaire = mots(fournisseur.lire("importer")).partition("Champs obligatoires")[0]
    assert f"Médico-social (DUI) - Avance : {phrase}" in avant_le_formulaire
    page = fournisseur.suivre(fournisseur.simuler(fournisseur.avances()))
    assert phrase in mots(page)
    assert not page.context["peut_importer"]


def test_ce_qui_ferme_bientot_se_dit_d_abord_et_ce_qui_est_clos_depuis_longtemps_se_replie():
    fournisseur = Fournisseur()
    dsr, instant = "DSR-MS1-DUI-Va1", maintenant()
    ancienne, proche = instant - timedelta(days=365), instant + timedelta(minutes=5)
    usines.fenetre(dsr, TypeDemande.AVANCE, fermeture=ancienne, affichee=ancienne)
    usines.fenetre(dsr, TypeDemande.SOLDE, fermeture=proche, affichee=proche)
    page = fournisseur.lire("importer")
    avant, _, repliees = mots(page).partition("Toutes les fenêtres de dépôt")
    assert f"ouverte jusqu'au {instant_long(proche)}" in avant
    assert "fermée depuis" not in avant
    assert "Les heures sont celles de Paris." in repliees
    assert f"fermée depuis le {instant_long(ancienne)}" in repliees
    assert repliees.index("ouverte jusqu'au") < repliees.index("fermée depuis")


@pytest.mark.exigence("JSN-011", "JSN-021")
def test_une_fenetre_qui_se_ferme_apres_la_simulation_refuse_l_import_sans_rien_perdre():
    fournisseur = Fournisseur()
    page = fournisseur.suivre(fournisseur.simuler(fournisseur.avances()))
    fermeture = maintenant() - timedelta(minutes=1)
    usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE, fermeture=fermeture, affichee=fermeture)
    refus = fournisseur.suivre(fournisseur.faire("importer_simulation", page.context["simulation"].pk))
    assert refus.context["simulation"] == page.context["simulation"]
    assert f"fermée depuis le {instant_long(fermeture)}" in mots(refus)
    assert not Depot.objects.exists()


@pytest.mark.exigence("JSN-011", "JSN-014", "JSN-052")
def test_ce_que_l_import_rejette_apres_une_simulation_reussie_est_explique_demande_par_demande():
    fournisseur = Fournisseur()
    octets = fournisseur.avances(1)
    premiere = fournisseur.suivre(fournisseur.simuler(octets))
    seconde = fournisseur.suivre(fournisseur.simuler(octets))
    fournisseur.faire("importer_simulation", premiere.context["simulation"].pk)
    numero = Demande.objects.get().numero
    relue = fournisseur.lire("simulation", seconde.context["simulation"].pk)
    assert "la situation a changé depuis" in mots(relue)
    assert relue.context["rejets"] == 1
    page = fournisseur.suivre(fournisseur.faire("importer_simulation", seconde.context["simulation"].pk))
    (ligne,) = page.context["page"].object_list
    assert (ligne.retenue, ligne.code, ligne.numero) == (False, "3436", "")
    assert numero in ligne.libelle
    assert "Aucune demande n'a été retenue" in mots(page)
    assert Demande.objects.count() == 1


@pytest.mark.exigence("XCT-004")
def test_un_fichier_trop_gros_est_refuse_par_une_phrase(monkeypatch: pytest.MonkeyPatch):
    fournisseur = Fournisseur()
    monkeypatch.setattr(importation.importer, "taille_max", 1000)
    page = fournisseur.simuler(b"[" + b" " * 3_000 + b"]")
    assert page.status_code == 413
    assert "Le fichier dépasse 5 Mo" in mots(page)
    assert not Simulation.objects.exists()


def test_un_lecteur_regarde_et_ne_depose_pas():
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier(1))
    deposant.utilisateur.role = Role.LECTEUR
    deposant.utilisateur.save()
    fournisseur = Fournisseur(deposant)
    assert "Votre rôle de lecteur" in mots(fournisseur.lire("importer"))
    assert not fournisseur.lire("simulation", simulation.pk).context["peut_importer"]
    assert fournisseur.faire("importer_simulation", simulation.pk).status_code == 403
    assert fournisseur.simuler(fournisseur.avances()).status_code == 403
    assert not Depot.objects.exists()


@pytest.mark.exigence("JSN-053", "JSN-029")
def test_le_json_de_sortie_se_telecharge_avec_le_numero_de_chaque_demande():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    reponse = fournisseur.lire("sortie", depot.pk)
    sortie = json.loads(b"".join(reponse))
    assert sortie["impId"] == depot.pk
    assert [d["numeroASP"] for d in sortie["lignesImport"]] == [
        d.numero for d in Demande.objects.order_by("pk")
    ]
    assert reponse["Content-Disposition"].startswith("attachment")
    assert reponse["X-Content-Type-Options"] == "nosniff"
    entree = b"".join(fournisseur.lire("entree", depot.pk))
    assert len(entree) == depot.entree.taille


@pytest.mark.exigence("JSN-046", "JSN-049", "JSN-050", "JSN-051", "JSN-052", "FRM-027")
def test_le_tableau_des_imports_a_ses_zones_et_ses_neuf_colonnes():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    Deposant.nouveau("RAD-RIS").importer(1)  # another company's
    page = fournisseur.lire("importations")
    assert titres(page, 1) == ["Rechercher l'import de mes JSONs et pièces justificatives"]
    colonnes = [entete.colonne.libelle for entete in page.context["affiche"].entetes]
    assert colonnes == [
        "Identifiant",
        "Date d'importation",
        "Numéro ANS",
        "Type de demande",
        "Nom du fichier",
        "Nbre de demandes",
        "Nbre de demandes retenues",
        "Nbre de demandes rejetées",
        "Fichier JSON",
    ]
    numero_ans = depot.enrolement.referencement.numero_ans
    jour = date_fr(depot.depose_le)
    assert f"{jour} {numero_ans} Avance MS1 - AVANCE - Ok.json 2 2 2 incomplètes 0 Télécharger" in mots(page)
    assert page.context["affiche"].page.paginator.count == 1
    assert lien(page, "Importer des demandes") == "/segurnums/importation"
    assert lien(page, "Accéder à la documentation") == "/segurnum/documentation"


@pytest.mark.exigence("JSN-045", "XCT-003")
def test_un_import_interrompu_se_retrouve_et_se_reprend():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    revenu = Fournisseur(fournisseur.deposant)  # another browser, another day
    adresse = lien(revenu.lire("importations"), f"Pièces attendues : reprendre le dépôt {depot.pk}")
    assert adresse == f"/segurnums/importations/{depot.pk}/pieces"
    assert "1 demande attend ses pièces" in mots(revenu.client.get(adresse))


@pytest.mark.exigence("JSN-047", "JSN-048", "FRM-027")
def test_les_imports_se_filtrent_par_numero_type_et_periode_entiere():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    jour = jour_de_paris(depot.depose_le).isoformat()

    def trouves(**criteres: str) -> list[int]:
        return [ligne.pk for ligne in fournisseur.lire("importations", **criteres).context["affiche"].lignes]

    assert trouves() == [depot.pk]
    assert trouves(numero_ans=depot.enrolement.referencement.numero_ans[2:].upper()) == [depot.pk]
    assert trouves(type_demande="SOLDE") == []
    assert trouves(du=jour, au=jour) == [depot.pk]
    assert trouves(du="2020-01-01", au="2020-12-31") == []
    assert trouves(f_nom="avance - ok") == [depot.pk]
    assert trouves(f_retenues="2") == []
    page = fournisseur.lire("importations", du=jour)
    assert "Renseignez les deux dates" in mots(page)
    assert page.context["affiche"].lignes == []
    assert "Aucune donnée disponible dans le tableau" in mots(page)


def test_en_demonstration_des_exemples_se_telechargent_et_se_deposent(settings):
    fournisseur = Fournisseur()
    assert "exemples" not in mots(fournisseur.lire("importer"))
    settings.DEMONSTRATION = True
    page = fournisseur.lire("importer")
    adresse = lien(page, "ms1-dui-avance.json")
    octets = fournisseur.client.get(adresse).content
    simulee = fournisseur.suivre(fournisseur.simuler(b"", fichier=fichier("ms1-dui-avance.json", octets)))
    assert simulee.context["peut_importer"]
    assert fournisseur.lire("exemple", "inconnu.json").status_code == 404


@pytest.mark.exigence("JSN-018")
def test_le_fichier_doit_etre_du_type_choisi():
    fournisseur = Fournisseur()
    avance = fabrique.en_octets(fournisseur.deposant.fichier(1))
    page = fournisseur.suivre(fournisseur.simuler(avance, type_demande="SOLDE"))
    assert "3002" in mots(page)
