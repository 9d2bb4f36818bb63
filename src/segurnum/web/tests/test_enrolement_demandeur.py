"""Step 2 of the initial enrolment: the company by its SIRET, then who stands for it."""

from typing import Any

import pytest
from django.urls import reverse

from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.enrolements import entreprises
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.web.tests.candidat import BANQUE, DEPOSITAIRE, REPRESENTANT, SIRET, Candidat, piece
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


@pytest.mark.exigence("ENR-028", "ENR-029", "ENR-031", "ENR-032", "ENR-033", "ENR-034")
def test_le_siret_remplit_l_entreprise():
    candidat = Candidat()
    candidat.rechercher()
    suite = candidat.suivre(candidat.envoyer("referencement", piece_certificat=piece()))
    assert "Numéro SIRET *" in mots(suite)
    assert "Vérification" in mots(suite)
    page = candidat.suivre(candidat.rechercher_siret("999 000 011 00018"))
    html, texte = page.content.decode(), mots(page)
    assert SIRET in texte
    for valeur in ("Logiciels Valombreuse", "des Trois-Lunes", "87000"):
        assert f'value="{valeur}"' in html
    assert '<option value="Rue" selected>' in html
    assert '<option value="Limoges" selected>' in html
    for libelle in (
        "Dénomination sociale *",
        "Nom commercial *",
        "Identité du destinataire / service",
        "Entrée / Bât / Immeuble",
        "N°",
        "Extension",
        "Type de voie *",
        "Sélectionner un type de voie",
        "Nom de voie *",
        "Complément d'adresse",
        "Code postal *",
        "Commune *",
        "Sélectionner une commune",
    ):
        assert libelle in texte


@pytest.mark.exigence("ENR-030")
@pytest.mark.parametrize(
    ("siret", "phrase"),
    [
        ("", "Renseignez « Numéro SIRET »"),
        ("1234", "14 chiffres"),
        ("99900001100019", "14 chiffres"),
        (usines.siret(999_000), "n'est pas connu du répertoire Sirene"),
    ],
)
def test_un_siret_qui_ne_convient_pas_se_dit(siret: str, phrase: str):
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece())
    page = candidat.rechercher_siret(siret)
    assert page.status_code == 422
    assert phrase in mots(page)


@pytest.mark.exigence("ENR-029", "ENR-030", "ENR-055")
def test_sans_epreuve_ni_recherche_ni_envoi(settings: Any):
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece())
    settings.CAPTCHA_ACTIF = True
    page = candidat.rechercher_siret()
    assert page.status_code == 422
    assert "Cochez « Je ne suis pas un robot »" in mots(page)
    assert f'value="{SIRET}"' in page.content.decode()
    settings.CAPTCHA_ACTIF = False
    fini = Candidat()
    fini.jusqu_a_la_confirmation()
    settings.CAPTCHA_ACTIF = True
    assert fini.terminer().status_code == 422
    assert not Enrolement.objects.exists()


def test_l_annuaire_en_panne_laisse_saisir_et_le_signale(monkeypatch: pytest.MonkeyPatch):
    def en_panne(siret: str) -> None:
        raise AnnuaireIndisponible("pas de réponse")

    monkeypatch.setattr(entreprises, "chercher", en_panne)
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece())
    page = candidat.suivre(candidat.rechercher_siret())
    assert "L'annuaire des entreprises ne répond pas" in mots(page)
    assert candidat.demandeur().status_code == 302
    candidat.envoyer("coordonnees-bancaires", piece_rib=piece(), **BANQUE)
    candidat.envoyer("taux-tva", taux_tva="20")
    candidat.terminer()
    assert Enrolement.objects.get().entreprise_a_verifier


@pytest.mark.exigence("ENR-036")
def test_un_nom_change_demande_un_kbis():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    page = candidat.lire("enrolement_etape", "demandeur")
    assert 'data-si-change="Logiciels Valombreuse" hidden' in page.content.decode()
    assert candidat.demandeur().status_code == 302
    refus = candidat.demandeur(denomination="Valombreuse SAS")
    assert refus.status_code == 422
    assert "La dénomination sociale a changé : déposez un kbis" in mots(refus)
    assert 'data-si-change="Logiciels Valombreuse" hidden' not in refus.content.decode()
    assert candidat.demandeur(denomination="Valombreuse SAS", piece_kbis=piece()).status_code == 302


@pytest.mark.exigence("ENR-037")
def test_un_distributeur_depose_le_mandat_de_l_editeur():
    candidat = Candidat(nature="DISTRIBUTEUR")
    candidat.jusqu_au_demandeur()
    refus = candidat.demandeur()
    assert "Mandat de l'éditeur : Choisissez le fichier" in mots(refus)
    assert candidat.demandeur(piece_mandat_editeur=piece()).status_code == 302


@pytest.mark.exigence("ENR-035")
def test_les_communes_suivent_le_code_postal_avec_ou_sans_script():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    options = candidat.client.get(reverse("public:communes"), {"code_postal": "87200"})
    assert '<option value="Saint-Junien"' in options.content.decode()
    page = candidat.suivre(
        candidat.envoyer("demandeur", "communes", code_postal="87200", nom_commercial="Garde")
    )
    assert '<option value="Saint-Junien"' in page.content.decode()
    assert 'value="Garde"' in page.content.decode()
    assert candidat.demandeur(code_postal="87200", commune="Limoges").status_code == 422


@pytest.mark.exigence("ENR-038", "ENR-039", "ENR-041", "ENR-042")
@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"est_representant": ""}, "Répondez par « Oui » ou par « Non »"),
        ({"representant_nom": ""}, "Renseignez « Nom du représentant »"),
        ({"representant_prenom": " "}, "Renseignez « Prénom du représentant »"),
        ({"representant_courriel": "ondine"}, "n'est pas une adresse électronique"),
        ({"representant_confirmation": "autre@valombreuse.example"}, "saisissez deux fois la même"),
        ({"representant_telephone": "12"}, "n'est pas un numéro de téléphone"),
        ({"piece_identite_representant": ""}, "Choisissez le fichier à déposer"),
        ({"piece_identite_representant": piece("cni.docx")}, "porte l'extension .docx"),
    ],
    ids=lambda v: next(iter(v)) if isinstance(v, dict) else "",
)
def test_ce_qui_manque_au_representant_se_dit_a_cote_du_champ(saisie: dict[str, Any], phrase: str):
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    page = candidat.demandeur(**saisie)
    assert page.status_code == 422
    assert phrase in mots(page)
    assert "Le formulaire n'a pas été accepté" in mots(page)
    assert "data-recoit-focus" in page.content.decode()
    assert f'href="#id_{next(iter(saisie))}' in page.content.decode()
    assert 'value="Valombreuse"' in page.content.decode()


@pytest.mark.exigence("ENR-040", "ENR-044", "ENR-045", "ENR-046", "ENR-047", "ENR-048", "ENR-077")
@pytest.mark.parametrize(
    ("qualite", "champ", "phrase"),
    [
        ("PRESTATAIRE", "piece_contrat_prestation", "Déposez le contrat de prestation"),
        ("EMPLOYE", "piece_mandat_signature", "Déposez le mandat de délégation de signature"),
    ],
)
def test_un_tiers_declarant_dit_qui_il_est_et_le_justifie(qualite: str, champ: str, phrase: str):
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    page = candidat.lire("enrolement_etape", "demandeur")
    assert "La boîte mail saisie sera celle sur laquelle arriveront l'ensemble des mails." in mots(page)
    for modele in ("Modèle contrat de prestation", "Modèle de mandat"):
        assert candidat.client.get(lien(page, modele)).content.startswith(b"%PDF")
    for libelle in ("Nom du dépositaire *", "Email du dépositaire *", "Téléphone du dépositaire *"):
        assert libelle in mots(page)
    vide = candidat.demandeur(est_representant="non")
    for manque in (
        "Renseignez « Nom du dépositaire »",
        "Renseignez « Téléphone du dépositaire »",
        "CNI, passeport ou titre de séjour du demandeur : Choisissez",
        "Précisez votre qualité en tant que tiers déclarant",
    ):
        assert manque in mots(vide)
    saisie = DEPOSITAIRE | {"qualite": qualite, "piece_identite_depositaire": piece("cni2.pdf")}
    refus = candidat.demandeur(**saisie)
    assert phrase in mots(refus)
    assert candidat.demandeur(**saisie | {champ: piece()}).status_code == 302


@pytest.mark.exigence("ENR-038", "ENR-039", "ENR-040")
def test_ce_qui_n_est_plus_demande_n_empeche_pas_d_avancer_et_se_retrouve():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    faux: dict[str, Any] = DEPOSITAIRE | {
        "depositaire_courriel": "basile",
        "depositaire_confirmation": "autre@valombreuse.example",
        "depositaire_telephone": "12",
        "qualite": "EMPLOYE",
        "piece_identite_depositaire": piece("cni.docx"),
        "piece_mandat_signature": piece("mandat.pdf"),
    }
    assert candidat.demandeur(**faux).status_code == 422
    assert candidat.demandeur(**faux | {"est_representant": "oui"}).status_code == 302
    page = candidat.lire("enrolement_etape", "demandeur")
    assert 'value="basile"' in page.content.decode()
    assert "Fichier déposé : mandat.pdf" in mots(page)
    candidat.envoyer("coordonnees-bancaires", piece_rib=piece("rib.pdf"), **BANQUE)
    candidat.envoyer("taux-tva", taux_tva="20")
    assert candidat.terminer().status_code == 302
    depose = Enrolement.objects.get()
    assert depose.donnees["depositaire"] is None
    assert not depose.pieces.filter(type="MANDAT_SIGNATURE").exists()


def test_sans_reponse_seule_la_question_est_reprochee():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    vides = dict.fromkeys(REPRESENTANT, "") | {"piece_identite_representant": ""}
    page = candidat.demandeur(**vides)
    assert set(page.context["form"].errors) == {"est_representant"}


@pytest.mark.exigence("ENR-036")
def test_le_kbis_d_un_nom_repris_tel_quel_ne_se_juge_pas():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    assert candidat.demandeur(denomination="Autre", piece_kbis=piece("k.docx")).status_code == 422
    assert candidat.demandeur(piece_kbis=piece("k.docx")).status_code == 302


@pytest.mark.exigence("ENR-025", "ENR-026", "ENR-027", "ENR-053")
def test_un_fichier_de_l_autre_reponse_ne_se_juge_pas():
    candidat = Candidat(dsr="DSR-HOP-DPI-Va2")
    candidat.rechercher()
    saisie: dict[str, Any] = {"piece_certificat": piece(), "piece_hds_attestation": piece("a.docx")}
    bon = saisie | {"heberge_donnees": "oui", "piece_hds_certificat": piece()}
    assert candidat.envoyer("referencement", **bon).status_code == 302
    candidat.rechercher_siret()
    candidat.demandeur()
    candidat.envoyer("coordonnees-bancaires", piece_rib=piece("rib.pdf"), **BANQUE)
    faux = piece("attestation.docx")
    assert candidat.envoyer("taux-tva", taux_tva="0", piece_non_assujettissement=faux).status_code == 422
    assert candidat.envoyer("taux-tva", taux_tva="20", piece_non_assujettissement=faux).status_code == 302
