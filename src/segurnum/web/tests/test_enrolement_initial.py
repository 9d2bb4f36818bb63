"""The initial enrolment in a browser: what each step asks, refuses, keeps."""

from typing import Any

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.courriels.models import Courriel
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.web.public import enrolement
from segurnum.web.tests.candidat import BANQUE, CASES, DEPOSITAIRE, SIRET, Candidat, piece
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


@pytest.mark.exigence("PUB-005", "PUB-046", "ENR-009", "ENR-010", "ENR-016")
def test_l_accueil_mene_a_la_premiere_etape():
    candidat = Candidat()
    accueil = candidat.lire("accueil")
    page = candidat.suivre(candidat.client.get(lien(accueil, "Effectuer ma demande d'enrôlement")))
    assert reverse("public:enrolement").startswith("/segurnum/enrolement_de")
    assert titres(page, 1) == ["Demande d'enrôlement"]
    assert (
        "Espace de création 1 - Référencement 2 - Demandeur 3 - Coordonnées bancaires 4 - Taux TVA 5 - Confirmation"
        in mots(page)
    )
    assert "N° unique de référencement (ANS) *" in mots(page)
    assert "* Champs obligatoires" in mots(page)
    assert "Rechercher" in mots(page)
    assert lien(page, "Retour") == reverse("public:accueil")


@pytest.mark.exigence("ENR-011", "ENR-017", "ENR-019", "ENR-020", "ENR-022", "ENR-024")
def test_le_numero_connu_se_fige_et_demande_son_certificat():
    candidat = Candidat()
    page = candidat.suivre(candidat.rechercher())
    texte = mots(page)
    for attendu in (
        candidat.reference.numero_ans,
        candidat.reference.logiciel,
        candidat.reference.libelle_dsr,
    ):
        assert attendu in texte
    assert "DSR concerné (couloir / type logiciel / vague) *" in texte
    assert 'name="numero_ans"' not in page.content.decode()
    assert (
        "Certificat de référencement * Fichier de type : .png, .jpg, .jpeg ou .pdf. Taille maximum : 4 Mo"
        in texte
    )
    assert "Réinitialiser" in texte
    refus = candidat.envoyer("referencement")
    assert refus.status_code == 422
    assert "Certificat de référencement : Choisissez le fichier à déposer." in mots(refus)
    candidat.envoyer("referencement", piece_certificat=piece())
    encore = candidat.suivre(candidat.envoyer("referencement", "reinitialiser"))
    assert 'name="numero_ans"' in encore.content.decode()
    assert not Brouillon.objects.get().pieces.exists()


@pytest.mark.exigence("ENR-001", "ENR-018", "ENR-021")
@pytest.mark.parametrize(
    ("numero", "phrase"),
    [
        ("", "Renseignez « N° unique"),
        ("zbu", "10 lettres ou chiffres"),
        ("abcdefghij", "n'est pas connu"),
        (None, "est déjà enrôlé"),
    ],
    ids=["vide", "court", "inconnu", "enrole"],
)
def test_un_numero_qui_ne_convient_pas_se_dit_et_mene_a_l_assistance(numero: str | None, phrase: str):
    candidat = Candidat()
    if numero is None:
        numero = usines.enrolement().referencement.numero_ans
    page = candidat.envoyer("referencement", "rechercher", numero_ans=numero)
    assert page.status_code == 422
    assert phrase in mots(page)
    assert f'value="{numero}"' in page.content.decode() or not numero
    assert lien(page, "Contacter l'assistance") == reverse("public:assistance")
    assert not Brouillon.objects.exists()


@pytest.mark.exigence("ENR-023", "ENR-005")
def test_sans_referencement_valide_aucun_document_n_est_demande():
    candidat = Candidat(valide=False)
    page = candidat.suivre(candidat.rechercher())
    assert "Demande d'enrôlement anticipé" in mots(page)
    assert "piece_certificat" not in page.content.decode()
    assert candidat.envoyer("referencement").status_code == 302


@pytest.mark.exigence("ENR-025", "ENR-026", "ENR-027")
def test_un_dpi_dit_s_il_heberge_des_donnees_de_sante():
    assert "heberge_donnees" not in Candidat().rechercher().content.decode()
    candidat = Candidat(dsr="DSR-HOP-DPI-Va2")
    page = candidat.suivre(candidat.rechercher())
    assert lien(page, "Documents utiles") == reverse("public:documents")
    sans = candidat.envoyer("referencement", piece_certificat=piece())
    assert "Répondez par « Oui » ou par « Non »" in mots(sans)
    for reponse, champ, phrase in (
        ("oui", "piece_hds_certificat", "Déposez le certificat d'hébergement"),
        ("non", "piece_hds_attestation", "Déposez l'attestation sur l'honneur"),
    ):
        refus = candidat.envoyer("referencement", heberge_donnees=reponse)
        assert refus.status_code == 422
        assert phrase in mots(refus)
        saisie: dict[str, Any] = {"heberge_donnees": reponse, champ: piece()}
        assert candidat.envoyer("referencement", **saisie).status_code == 302
    anticipe = Candidat(dsr="DSR-HOP-DPI-Va2", valide=False)
    assert "heberge_donnees" not in anticipe.suivre(anticipe.rechercher()).content.decode()


@pytest.mark.exigence("ENR-111")
def test_un_operateur_acheteur_depose_son_bon_de_commande():
    candidat = Candidat(profil_operateur="ACHETEUR")
    candidat.rechercher()
    refus = candidat.envoyer("referencement", piece_certificat=piece())
    assert "Bon de commande ou devis signé : Choisissez le fichier" in mots(refus)
    assert candidat.envoyer("referencement", piece_commande_operateur=piece()).status_code == 302


@pytest.mark.exigence("ENR-049", "ENR-050", "ENR-051")
def test_l_iban_colle_avec_des_blancs_remplit_la_domiciliation():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    champ = candidat.client.post(reverse("public:domiciliation"), {"iban": BANQUE["iban"]})
    assert "LA BANQUE POSTALE" in champ.content.decode().upper()
    inconnue = {"iban": "FR7699999000010000000000137"}
    assert candidat.client.post(reverse("public:domiciliation"), inconnue).status_code == 204
    champ = candidat.client.post(
        reverse("public:domiciliation"), inconnue | {"domiciliation": "LA BANQUE POSTALE"}
    )
    assert "POSTALE" not in champ.content.decode().upper()
    sans = candidat.envoyer("coordonnees-bancaires", **BANQUE)
    assert "RIB : Choisissez le fichier" in mots(sans)
    assert f'value="{BANQUE["iban"]}"' in sans.content.decode()
    for saisie, phrase in (
        ({"iban": "FR14 2004 1010 0505 0001 3M02 607"}, "n'est pas un IBAN valide"),
        ({"bic": "PSST"}, "n'est pas un BIC"),
        ({"bic": "DEUTDEFF"}, "ne sont pas du même pays"),
        ({"titulaire": ""}, "Saisissez le titulaire du compte"),
    ):
        refus = candidat.envoyer("coordonnees-bancaires", **BANQUE | saisie, piece_rib=piece())
        assert refus.status_code == 422
        assert phrase in mots(refus)
    assert candidat.envoyer("coordonnees-bancaires", **BANQUE).status_code == 302
    relue = candidat.lire("enrolement_etape", "coordonnees-bancaires")
    assert "Fichier déposé : piece.pdf" in mots(relue)


@pytest.mark.exigence("ENR-052", "ENR-053")
def test_le_regime_ht_demande_une_attestation():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    page = candidat.lire("enrolement_etape", "taux-tva")
    for taux in ("20 %", "8,5 %", "Non assujetti à la TVA (régime HT)"):
        assert taux in mots(page).replace("\xa0", " ")
    refus = candidat.envoyer("taux-tva", taux_tva="0")
    assert refus.status_code == 422
    assert "Non-assujettissement à la TVA" in mots(refus)
    assert candidat.envoyer("taux-tva", taux_tva="0", piece_non_assujettissement=piece()).status_code == 302


@pytest.mark.exigence("ENR-054", "ENR-055", "ENR-056", "ENR-057", "ENR-058", "ENR-011")
def test_la_derniere_etape_recapitule_et_demande_trois_cases():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    page = candidat.lire("enrolement_etape", "confirmation")
    texte = mots(page)
    for valeur in (
        SIRET,
        "Delorme",
        "12 Rue des Trois-Lunes",
        "FR1420041010050500013M02606",
        "rib.pdf",
        "cni.pdf",
    ):
        assert valeur in texte
    assert "J'ai lu et j'accepte les CGU *" in texte
    assert (
        "Je suis informé(e) des dispositions de l'article 441-7 du code pénal qui prévoit [...] qu'« est puni d'un an "
        "d'emprisonnement et de 15000 euros d'amende le fait : 1° D'établir une attestation" in texte
    )
    assert "préjudice au Trésor public ou au patrimoine d'autrui »" in texte
    assert (
        "L'ensemble des éléments saisis dans ce formulaire de demande sont sincères et véritables *" in texte
    )
    assert "Terminer" in texte
    for case in CASES:
        refus = candidat.terminer(**{case: ""})
        assert refus.status_code == 422
        assert "Cochez cette case pour terminer" in mots(refus)
    assert not Enrolement.objects.exists()


@pytest.mark.exigence("ENR-014", "ENR-059", "ENR-060", "ENR-061", "ENR-062", "ENR-043", "ENR-112")
def test_terminer_enregistre_la_demande_et_donne_son_numero():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    assert not Enrolement.objects.exists()
    page = candidat.suivre(candidat.terminer())
    ligne = Enrolement.objects.get()
    assert titres(page, 1) == ["Confirmation"]
    assert (
        f"Demande d'enrôlement enregistrée. Le numéro de votre demande est le {ligne.numero}M0. Merci de le conserver "
        "et le communiquer en cas d'échange avec notre plateforme de support." in mots(page)
    )
    assert lien(page, "OK") == reverse("public:accueil")
    assert (ligne.statut, ligne.type, ligne.anticipe) == ("EN_COURS", "INITIAL", False)
    assert set(ligne.pieces.values_list("type", flat=True)) == {"CERTIFICAT", "IDENTITE_REPRESENTANT", "RIB"}
    courriel = Courriel.objects.get()
    assert (courriel.code, courriel.destinataire) == ("M01", "ondine@valombreuse.example")
    assert not Brouillon.objects.exists()


@pytest.mark.exigence("ENR-044", "ENR-005", "ENR-061", "ENR-062")
def test_un_tiers_sur_un_numero_a_valider_fait_un_enrolement_anticipe_a_son_adresse():
    candidat = Candidat(valide=False)
    candidat.jusqu_a_la_confirmation(
        **DEPOSITAIRE,
        qualite="EMPLOYE",
        piece_identite_depositaire=piece(),
        piece_mandat_signature=piece("mandat.pdf"),
    )
    candidat.terminer()
    ligne = Enrolement.objects.get()
    assert ligne.anticipe
    assert ligne.courriel == "basile@valombreuse.example"
    assert "anticipé" in Courriel.objects.get().corps


@pytest.mark.exigence("ENR-061")
def test_terminer_deux_fois_ne_fait_qu_une_demande():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    version = candidat.version("confirmation")
    adresse = reverse("public:enrolement_etape", args=["confirmation"])
    envoi = CASES | {"geste": "terminer", "version": version}
    premiere, seconde = candidat.client.post(adresse, envoi), candidat.client.post(adresse, envoi)
    assert premiere["Location"] == seconde["Location"] == reverse("public:enrolement_enregistre")
    assert Enrolement.objects.count() == 1


@pytest.mark.exigence("ENR-001")
def test_un_numero_enrole_par_un_autre_pendant_la_saisie_se_dit_a_la_fin():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    usines.enrolement().__class__.objects.update(referencement=candidat.reference)
    page = candidat.terminer()
    assert page.status_code == 409
    assert "est déjà enrôlé" in mots(page)
    assert Brouillon.objects.get().pieces.count() == 3


@pytest.mark.exigence("ENR-003", "ENR-005")
@pytest.mark.parametrize("valide", [True, False], ids=["avec certificat", "sans certificat"])
def test_le_prealable_se_dit_d_abord_et_l_on_s_enrole_avec_ou_sans_certificat(valide: bool):
    candidat = Candidat(valide=valide)
    texte = mots(candidat.lire("enrolement_etape", "referencement"))
    assert "votre demande de référencement est déposée auprès de l'Agence du numérique en santé" in texte
    assert "avec le certificat de référencement, ou sans lui si vous l'attendez encore" in texte
    candidat.jusqu_a_la_confirmation()
    candidat.terminer()
    ligne = Enrolement.objects.get()
    assert ligne.anticipe is not valide
    assert ligne.pieces.filter(type="CERTIFICAT").exists() is valide


@pytest.mark.exigence("PUB-013", "ENR-002")
def test_la_premiere_etape_mene_l_entreprise_deja_enrolee_a_son_compte():
    page = Candidat().lire("enrolement_etape", "referencement")
    assert "Votre entreprise est déjà enrôlée ?" in mots(page)
    adresse = lien(page, "Se connecter pour faire une demande complémentaire")
    assert (
        adresse
        == f"{reverse('fournisseur:connexion')}?next={reverse('fournisseur:enrolement_complementaire')}"
    )


@pytest.mark.exigence("PUB-013", "ENR-002")
@pytest.mark.parametrize("habilitee", [False, True], ids=["compte", "habilitation"])
def test_le_siret_d_une_entreprise_qui_a_un_compte_mene_a_la_connexion(habilitee: bool):
    societe = usines.entreprise(siret=SIRET)
    personne = usines.utilisateur(Profil.FOURNISSEUR, **({} if habilitee else {"entreprise": societe}))
    if habilitee:
        personne.autres_habilitations.create(
            entreprise=societe, profil=Profil.FOURNISSEUR, role=Role.DEPOSANT
        )
    candidat = Candidat(valide=False)
    candidat.rechercher()
    candidat.envoyer("referencement")
    page = candidat.rechercher_siret()
    assert page.status_code == 422
    assert "a déjà un compte sur le portail : connectez-vous" in mots(page)
    assert lien(page, "Se connecter pour faire une demande complémentaire")
    assert 'name="denomination"' not in page.content.decode()
    personne.is_active = False
    personne.save()
    assert candidat.rechercher_siret().status_code == 302


@pytest.mark.exigence("PUB-013", "XCT-014")
def test_un_compte_ouvert_pendant_la_saisie_se_dit_a_la_fin():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=usines.entreprise(siret=SIRET))
    page = candidat.terminer()
    assert page.status_code == 409
    assert "« Faire une demande complémentaire »" in mots(page)
    assert not Enrolement.objects.exists()


@pytest.mark.exigence("ENR-002")
def test_une_entreprise_qui_a_un_compte_va_a_la_demande_complementaire():
    candidat = Candidat()
    candidat.client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    reponse = candidat.lire("enrolement")
    assert reponse["Location"] == reverse("fournisseur:enrolement_complementaire")


@pytest.mark.exigence("ENR-024")
@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        (piece("certificat.docx"), "porte l'extension .docx"),
        (piece("vide.pdf", b""), "est vide"),
        (piece("gros.pdf", b"%PDF-1.4" + b"x" * (4 * 1024 * 1024 - 7)), "ne doit pas dépasser 4 Mo"),
    ],
    ids=["format", "vide", "un octet de trop"],
)
def test_un_fichier_refuse_dit_pourquoi_et_n_efface_pas_l_ancien(fichier: Any, phrase: str):
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece("bon.pdf"))
    fichier.seek(0)
    page = candidat.envoyer("referencement", piece_certificat=fichier)
    assert page.status_code == 422
    assert phrase in mots(page)
    assert "Fichier déposé : bon.pdf" in mots(page)
    assert Fichier.objects.count() == 1


@pytest.mark.exigence("ENR-024", "XCT-004", "XCT-008")
def test_un_envoi_trop_gros_se_dit_et_garde_ce_qui_est_arrive(monkeypatch: pytest.MonkeyPatch):
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    monkeypatch.setattr(enrolement.etape, "taille_max", 100)
    page = candidat.envoyer("coordonnees-bancaires", **BANQUE, piece_rib=piece("gros.pdf", b"x" * 3_000))
    assert page.status_code == 413
    assert "chaque fichier doit peser 4 Mo (4 194 304 octets) au plus" in mots(page)
    assert f'value="{BANQUE["iban"]}"' in page.content.decode()
    assert (
        f'value="{BANQUE["iban"]}"'
        in candidat.lire("enrolement_etape", "coordonnees-bancaires").content.decode()
    )
