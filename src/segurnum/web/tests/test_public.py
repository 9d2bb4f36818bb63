"""The public site: what it says, the simulator, the documentation. No account anywhere."""

import re

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from segurnum.controles import catalogue, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.presentation import EXTRAITS_MAX
from segurnum.controles.tests.corpus import cas_du_corpus
from segurnum.couloirs import par_code, par_fichier
from segurnum.couloirs.champs import parcourir
from segurnum.couloirs.vierges import exemple, forme
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.regles.calendrier import heures_outre_mer, instant_long, jours_apres, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.tableur import DEMANDES
from segurnum.web.public import informations
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

SANS_CONTEXTE = [cas for cas in cas_du_corpus() if not cas.contexte_brut]
COULOIRS_ET_TYPES = [
    pytest.param(couloir, type_demande, id=f"{couloir.prefixe}-{type_demande.libelle}")
    for couloir in par_fichier()
    for type_demande in TypeDemande
]


def simuler(contenu: bytes, nom: str = "demandes.json", client: Client | None = None):
    fichier = SimpleUploadedFile(nom, contenu, "application/json")
    return (client or Client()).post(reverse("public:simulateur"), {"fichier": fichier})


def pages() -> list[str]:
    fixes = [
        reverse(f"public:{nom}")
        for nom in (
            *("accueil", "simulateur", "documentation", "anomalies", "assistance", "assistance_recue", "faq"),
            *("documents", "mentions_legales", "accessibilite"),
        )
    ]
    return fixes + [reverse("public:documentation_couloir", args=[couloir]) for couloir in par_fichier()]


@pytest.mark.exigence("PUB-001")
def test_l_adresse_nue_mene_au_site_public():
    reponse = Client().get("/", follow=True)
    assert reponse.redirect_chain[-1][0] == "/segurnum/"
    assert reponse.status_code == 200


@pytest.mark.exigence("PUB-003", "PUB-009", "PUB-011")
def test_l_accueil_presente_le_programme():
    reponse = Client().get(reverse("public:accueil"))
    assert titres(reponse, 1) == ["Portail SEGUR Numérique"]
    assert titres(reponse, 2) == [
        "Demande d'enrôlement",
        "Vous n'êtes pas encore référencé ?",
        "Besoin d'aide ?",
        "Qu'est-ce que le Ségur du numérique en santé ?",
        "Qu'est-ce que le financement à l'équipement numérique des acteurs de l'offre de soins ?",
        "Dans quels délais faut-il faire les demandes de paiement ?",
        "Quels sont les liens utiles ?",
    ]
    assert "système ouvert et non sélectif" in mots(reponse)


@pytest.mark.exigence("PUB-004", "PUB-006", "PUB-007")
@pytest.mark.parametrize(
    ("libelle", "titre"),
    [
        ("Se connecter", "Connexion au Portail SEGUR Numérique"),
        ("Simuler mon fichier json", "Simuler mon fichier json"),
        ("Consulter les questions fréquentes", "Questions fréquentes"),
        ("Contacter l'assistance", "Contact"),
        ("Accéder à la documentation des JSONs", "Documentation des JSONs"),
    ],
)
def test_chaque_acces_de_l_accueil_mene_a_sa_page(libelle, titre):
    accueil_public = Client().get(reverse("public:accueil"))
    assert titres(Client().get(lien(accueil_public, libelle)), 1) == [titre]


@pytest.mark.exigence("PUB-010")
def test_le_calendrier_montre_la_date_annoncee_et_l_etat_que_juge_la_fermeture():
    fermeture = jours_apres(maintenant(), 1)
    usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE, affichee=fermeture, fermeture=fermeture)
    passee = jours_apres(maintenant(), -1)
    usines.fenetre("DSR-RAD-RIS-Va1", TypeDemande.SOLDE, affichee=passee, fermeture=passee)
    texte = mots(Client().get(reverse("public:accueil")))
    outre_mer, _, _ = texte.partition(f"{instant_long(fermeture)} Outre-mer")[2].partition(" Ouverte")
    for lieu, heure in heures_outre_mer(fermeture):
        assert f"{lieu} : {heure}" in outre_mer.replace("\xa0", " ")
    assert f"{instant_long(passee)} Fermée" in texte
    assert "DSR-MS1-DUI-Va1 Avance" in texte
    assert "DSR-RAD-RIS-Va1 Solde" in texte


@pytest.mark.exigence("PUB-010")
def test_sans_date_connue_le_calendrier_le_dit():
    assert "Aucune date de dépôt n'est publiée" in mots(Client().get(reverse("public:accueil")))


@pytest.mark.exigence("PUB-006")
@pytest.mark.parametrize("cas", SANS_CONTEXTE, ids=lambda cas: cas.nom)
def test_le_simulateur_dit_du_corpus_ce_que_dit_le_controle(cas):
    octets = cas.fichier.read_bytes()
    rapport = verifier(octets)
    page = simuler(octets).content.decode()
    assert ("Fichier conforme" in page) == rapport.conforme
    assert page.count('<li class="portail-anomalie ') == len(rapport.anomalies)
    for anomalie in rapport.anomalies:
        assert anomalie.code in page
        assert escape(anomalie.message) in page
        assert escape(anomalie.chemin) in page
        if anomalie.ligne is not None:
            assert f"Ligne {anomalie.ligne}, colonne {anomalie.colonne}" in page


@pytest.mark.exigence("PUB-006")
def test_une_anomalie_est_montree_dans_les_lignes_du_fichier():
    fichier = ecrire_json(exemple(par_code("MS1-DUI"), TypeDemande.AVANCE)).replace(
        "18/10/2021", "2021-10-18"
    )
    ligne = 1 + fichier[: fichier.index("2021-10-18")].count("\n")
    reponse = simuler(fichier.encode())
    assert f'{ligne} "dateCommande": ici : "2021-10-18" ,' in mots(reponse)
    assert '"2021-10-18"</mark>' in reponse.content.decode().replace("&quot;", '"')
    assert "Demande de ligne n° 1 – n° éditeur 00001 1 erreur" in mots(reponse)


@pytest.mark.exigence("PUB-006")
def test_ce_qui_n_a_pas_pu_etre_controle_est_dit_en_mots():
    fichier = ecrire_json(exemple(par_code("MS1-DUI"), TypeDemande.AVANCE)).encode()
    texte = mots(simuler(fichier))
    non_evaluees = verifier(fichier).regles_non_evaluees
    assert non_evaluees
    assert all(catalogue()[code].titre in texte for code in non_evaluees)


def test_cinq_mille_anomalies_restent_une_page_qui_les_dit_toutes():
    fichier = exemple(par_code("MS1-DUI"), TypeDemande.AVANCE)
    demande = fichier["lignesImport"][0] | {f"inconnu{rang}": 1 for rang in range(25)}
    fichier["lignesImport"] = [demande | {"numLigne": rang + 1} for rang in range(200)]
    octets = ecrire_json(fichier).encode()
    page = simuler(octets).content.decode()
    assert len(verifier(octets).anomalies) > 5000
    assert page.count('<li class="portail-anomalie ') == len(verifier(octets).anomalies)
    assert page.count('<div class="portail-extrait"') == EXTRAITS_MAX
    assert len(re.findall(r"<details[^>]* open>", page)) <= 2
    assert len(page) < 5_000_000


@pytest.mark.exigence("PUB-006")
def test_rien_du_fichier_n_est_garde(settings, tmp_path, django_assert_num_queries):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    # What is closed, how many simulations of this network, which rules are settled.
    with django_assert_num_queries(3):
        simuler(ecrire_json(exemple(par_code("RAD-RIS"), TypeDemande.AVANCE)).encode())
    assert not Fichier.objects.exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [(b"", "vide"), (b"%PDF-1.4", "JSON"), (b"\xff\xfe{\x00}", "UTF-8")],
    ids=["vide", "pdf", "utf-16"],
)
def test_un_fichier_qui_n_est_pas_le_bon_recoit_une_phrase(octets, phrase):
    reponse = simuler(octets)
    assert reponse.status_code == 200
    assert "Fichier non conforme" in mots(reponse)
    assert phrase in mots(reponse)


@pytest.mark.parametrize("taille", [DEMANDES.taille_max + 1, 4 * DEMANDES.taille_max])
def test_un_fichier_trop_gros_est_refuse_par_une_phrase(taille):
    reponse = simuler(b" " * taille)
    assert reponse.status_code == 413
    assert "Le fichier dépasse 5 Mo" in mots(reponse)


def test_sans_fichier_la_page_dit_quoi_choisir():
    reponse = Client().post(reverse("public:simulateur"))
    assert "Choisissez le fichier JSON ou le tableur à contrôler." in mots(reponse)
    assert 'aria-invalid="true"' in reponse.content.decode()


def test_le_nom_du_fichier_n_est_jamais_du_balisage():
    page = simuler(b"{}", nom="<b>gras<b>.json").content.decode()
    assert "<b>gras" not in page
    assert "&lt;b&gt;gras" in page


def test_un_envoi_venu_d_ailleurs_est_refuse_en_francais():
    reponse = simuler(b"{}", client=Client(enforce_csrf_checks=True))
    assert reponse.status_code == 403
    assert titres(reponse, 1) == ["Envoi refusé"]


@pytest.mark.exigence("PUB-048")
@pytest.mark.parametrize(("couloir", "type_demande"), COULOIRS_ET_TYPES)
def test_la_documentation_d_un_couloir_decrit_chaque_champ(couloir, type_demande):
    texte = mots(Client().get(reverse("public:documentation_couloir", args=[couloir])))
    for chemin, champ in parcourir(forme(couloir, type_demande)):
        assert f"{chemin.replace('.', '. ')} {champ.libelle}" in texte


@pytest.mark.exigence("PUB-048")
@pytest.mark.parametrize(("couloir", "type_demande"), COULOIRS_ET_TYPES)
def test_modele_exemple_et_schema_se_telechargent(couloir, type_demande):
    def telecharger(nom):
        route, args = ("schema", []) if nom == "schema" else ("modele", [nom])
        reponse = Client().get(reverse(f"public:{route}", args=[couloir, type_demande, *args]))
        fichier = f"{couloir.prefixe}-{type_demande.libelle.lower()}-{nom}.json"
        assert reponse["Content-Disposition"] == f'attachment; filename="{fichier}"'
        return reponse

    rapport = verifier(telecharger("exemple").content)
    assert (rapport.conforme, rapport.dsr, rapport.type) == (True, couloir.dsr, type_demande)
    assert list(telecharger("vierge").json()) == list(telecharger("exemple").json())
    jsonschema.validate(telecharger("exemple").json(), telecharger("schema").json())


@pytest.mark.exigence("PUB-048")
def test_le_sommaire_mene_a_chaque_couloir():
    sommaire = Client().get(reverse("public:documentation"))
    for couloir in par_fichier():
        assert titres(Client().get(lien(sommaire, couloir.libelle_vague)), 1) == [couloir.libelle_vague]


@pytest.mark.exigence("PUB-048")
def test_le_catalogue_publie_chaque_code_avec_son_remede():
    texte = mots(Client().get(reverse("public:anomalies")))
    for code in catalogue().values():
        gravite = "Erreur" if code.severite == "erreur" else "Avertissement"
        morceaux = (code.code, code.titre, gravite, code.explication, code.remede)
        assert " ".join(" ".join(morceaux).split()) in texte


@pytest.mark.parametrize(
    "adresse",
    ["/nulle-part", "/segurnum/documentation/XX9-NUL", "/segurnum/documentation/MS1-DUI/avance/faux.json"],
)
def test_une_adresse_inconnue_dit_ou_aller(adresse):
    reponse = Client().get(adresse)
    assert reponse.status_code == 404
    assert titres(reponse, 1) == ["Page introuvable"]
    assert lien(reponse, "Revenir à l'accueil") == reverse("public:accueil")


def test_une_panne_a_sa_page_sans_detail(monkeypatch, caplog):
    def tomber():
        raise RuntimeError("détail interne")

    monkeypatch.setattr(informations, "calendrier", tomber)
    reponse = Client(raise_request_exception=False).get(reverse("public:accueil"))
    assert reponse.status_code == 500
    assert titres(reponse, 1) == ["Le portail est en panne"]
    assert "détail interne" not in mots(reponse)


def test_aucune_page_ne_porte_de_script_ni_de_style_en_ligne():
    for page in pages():
        reponse = Client().get(page)
        assert "script-src 'self'" in reponse["Content-Security-Policy"]
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", reponse.content.decode()
        ), page
