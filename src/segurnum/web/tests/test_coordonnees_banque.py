"""« Gérer mes coordonnées bancaires », the link of the legal representative: the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.coordonnees import banque, queries
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.coordonnees.tests.monde import Societe, dernier_jeton, officier
from segurnum.demonstration.identites import BIC, iban
from segurnum.essais import usines
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.web.fournisseur import coordonnees as pages
from segurnum.web.tests.depot import Reponse
from segurnum.web.tests.instruction import octets
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db


class Ecran:
    """A person of a company at the pages of « Mon compte »."""

    def __init__(self, societe: Societe | None = None, role: Role = Role.ADMINISTRATEUR) -> None:
        self.societe = societe or Societe()
        self.societe.utilisateur.role = role
        self.societe.utilisateur.save()
        self.client = Client()
        self.client.force_login(self.societe.utilisateur, backend="django.contrib.auth.backends.ModelBackend")

    def lire(self, route: str, *args: object) -> Reponse:
        return self.client.get(reverse(f"fournisseur:{route}", args=args))

    def faire(self, route: str, *args: object, **saisie: object) -> Reponse:
        page = {"entreprise": self.societe.utilisateur.entreprise_id}
        return self.client.post(reverse(f"fournisseur:{route}", args=args), page | saisie)

    def ajouter(self, **saisie: object) -> Reponse:
        rib = SimpleUploadedFile("rib.pdf", fabrique_pieces.pdf())
        valeurs = {
            "iban": iban(4242),
            "bic": BIC,
            "titulaire": "Logiciels inventés",
            "domiciliation": "Banque des essais",
            "rib": rib,
        } | saisie
        return self.faire("ajouter_compte", **{cle: v for cle, v in valeurs.items() if v is not None})


@pytest.mark.exigence("ACC-001", "ACC-002")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_la_liste_montre_le_compte_de_l_enrolement_actif(profil: Profil):
    societe = Societe(profil=profil)
    page = Ecran(societe).lire("comptes_bancaires")
    texte = mots(page)
    assert f"SIRET : {societe.entreprise.siret}" in texte
    assert "Liste des coordonnées bancaires : IBAN BIC Statut Date de création Action" in texte
    assert "ESSAFRPP Active" in texte
    assert "Précédent" in texte
    assert lien(page, "Retour") == reverse("fournisseur:accueil")
    assert lien(page, "+ Ajouter une coordonnée bancaire") == reverse("fournisseur:ajouter_compte")


@pytest.mark.exigence("ACC-002", "ACC-003", "ACC-004")
def test_un_compte_ajoute_se_lit_en_attente_et_le_precedent_reste_actif():
    ecran = Ecran()
    espaces = " ".join(iban(4242)[i : i + 4] for i in range(0, 27, 4)).lower()
    assert ecran.ajouter(iban=f" {espaces} ", bic=f" {BIC.lower()} ").status_code == 302
    compte = ModificationBancaire.objects.get().compte
    assert (compte.iban, compte.bic, compte.domiciliation) == (iban(4242), BIC, "Banque des essais")
    texte = mots(ecran.lire("comptes_bancaires"))
    assert f"{BIC} En attente" in texte
    assert "ESSAFRPP Active" in texte
    assert "Le représentant légal vient de recevoir un courriel" in texte


@pytest.mark.exigence("ACC-003")
def test_la_domiciliation_se_deduit_de_l_iban():
    connu = "FR1420041010050500013M02606"  # the published example of an IBAN
    ecran = Ecran()
    assert ecran.ajouter(iban=connu, bic="PSSTFRPPXXX", domiciliation="").status_code == 302
    assert "POSTALE" in ModificationBancaire.objects.get().compte.domiciliation.upper()


@pytest.mark.exigence("ACC-003", "XCT-008")
@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"iban": "FR7699999000010000000424243"}, "n'est pas un IBAN valide"),
        ({"iban": None}, "Saisissez l'IBAN"),
        ({"bic": "TROPCOURT"}, "n'est pas un BIC"),
        ({"bic": "ESSADEFF"}, "ne sont pas du même pays"),
        ({"titulaire": None}, "Saisissez le titulaire"),
        ({"domiciliation": None}, "n'est pas connue : indiquez sa domiciliation"),
        ({"rib": None}, "Choisissez le fichier du RIB"),
        ({"rib": SimpleUploadedFile("rib.docx", b"x")}, "porte l'extension .docx"),
        ({"rib": SimpleUploadedFile("rib.pdf", b"")}, "est vide"),
    ],
)
def test_une_saisie_fausse_dit_pourquoi_et_ne_perd_rien(saisie: dict[str, object], phrase: str):
    page = Ecran().ajouter(**saisie)
    assert page.status_code == 422
    assert phrase in mots(page)
    assert "Le formulaire n'a pas été accepté" in mots(page)
    if "titulaire" not in saisie:
        assert 'value="Logiciels inventés"' in page.content.decode()
    assert not ModificationBancaire.objects.exists()


@pytest.mark.exigence("XCT-008")
def test_le_rib_deja_recu_n_est_pas_redemande():
    ecran = Ecran()
    page = ecran.ajouter(bic="FAUX")
    assert "Fichier déjà reçu : rib.pdf" in mots(page)
    assert ecran.ajouter(rib=None, rib_garde=page.context["form"]["rib"].value().marque).status_code == 302
    assert ModificationBancaire.objects.get().nom_rib == "rib.pdf"


@pytest.mark.exigence("XCT-004", "XCT-008")
@pytest.mark.usefixtures("tout_est_infecte")
def test_un_rib_infecte_est_refuse_sans_rien_perdre_de_la_saisie():
    page = Ecran().ajouter()
    assert page.status_code == 422
    assert "a trouvé une menace dans le fichier « rib.pdf »" in mots(page)
    assert "Fichier déjà reçu" not in mots(page)
    assert 'value="Logiciels inventés"' in page.content.decode()
    assert not ModificationBancaire.objects.exists()


@pytest.mark.exigence("XCT-004")
def test_un_rib_ou_l_antivirus_trouve_une_menace_n_est_plus_servi():
    societe = Societe()
    ligne = societe.ajouter_compte()
    Fichier.objects.update(analyse=Analyse.INFECTE)
    assert Ecran(societe).faire("rib", ligne.pk).status_code == 404


def test_la_marque_d_un_fichier_ne_s_invente_pas():
    assert "Choisissez le fichier du RIB" in mots(Ecran().ajouter(rib=None, rib_garde="1:invente"))


@pytest.mark.exigence("XCT-004")
def test_un_rib_trop_gros_est_refuse_par_une_phrase(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages.ajouter, "taille_max", 100)
    page = Ecran().ajouter(rib=SimpleUploadedFile("rib.pdf", b"x" * 3_000))
    assert page.status_code == 413
    assert "Le fichier dépasse 4 Mo" in mots(page)


@pytest.mark.exigence("ACC-004")
def test_un_second_ajout_est_refuse_par_une_phrase():
    ecran = Ecran()
    ecran.ajouter()
    page = ecran.ajouter(iban=iban(4343))
    assert page.status_code == 422
    assert "Une coordonnée bancaire est déjà en attente" in mots(page)


@pytest.mark.exigence("ACC-003")
def test_une_demande_s_annule_et_son_courriel_se_renvoie():
    ecran = Ecran()
    ecran.ajouter()
    ligne = ModificationBancaire.objects.get()
    jeton = dernier_jeton()
    ecran.faire("renvoyer_confirmation", ligne.pk)
    assert dernier_jeton() != jeton
    ecran.faire("annuler_compte", ligne.pk)
    texte = mots(ecran.lire("comptes_bancaires"))
    assert "La demande est annulée" in texte
    assert f"{BIC} Annulée" in texte
    for route in ("annuler_compte", "renvoyer_confirmation"):
        ecran.faire(route, ligne.pk)
    assert "impossible" in mots(ecran.lire("comptes_bancaires"))


@pytest.mark.exigence("ACC-002", "GST-024")
def test_un_compte_refuse_se_lit_rejete_avec_son_motif():
    ecran = Ecran()
    ligne = ecran.societe.ajouter_compte()
    banque.refuser(modification=ligne.pk, auteur=officier(), motif="Le RIB est illisible.")
    texte = mots(ecran.lire("comptes_bancaires"))
    assert f"{BIC} Rejetée Motif : Le RIB est illisible." in texte


@pytest.mark.exigence("XCT-002")
@pytest.mark.parametrize("role", [Role.DEPOSANT, Role.LECTEUR])
def test_seul_un_administrateur_de_l_entreprise_change_le_compte(role: Role):
    societe = Societe()
    ligne = societe.ajouter_compte()
    ecran = Ecran(societe, role)
    page = ecran.lire("comptes_bancaires")
    assert "+ Ajouter" not in mots(page)
    assert societe.iban_actif not in mots(page).replace(" ", "")
    assert ecran.ajouter().status_code == 403
    assert ecran.faire("rib", ligne.pk).status_code == 403
    for route in ("annuler_compte", "renvoyer_confirmation"):
        assert ecran.faire(route, ligne.pk).status_code == 403
    assert "Seul un administrateur" in mots(ecran.lire("ajouter_compte"))


@pytest.mark.exigence("ACC-003")
def test_le_rib_se_relit():
    societe = Societe()
    ligne = societe.ajouter_compte()
    reponse = Ecran(societe).faire("rib", ligne.pk)
    assert octets(reponse) == usines.PDF_MINIMAL
    assert "attachment" in reponse["Content-Disposition"]


@pytest.mark.exigence("FRM-015", "FRM-017")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_mon_compte_mene_aux_deux_pages(profil: Profil):
    page = Ecran(Societe(profil=profil)).lire("accueil")
    assert lien(page, "Gérer mes coordonnées bancaires") == reverse("fournisseur:comptes_bancaires")
    assert lien(page, "Gérer mes coordonnées personnes physiques") == reverse(
        "fournisseur:personnes_physiques"
    )


# --- The link of the mail


def _adresse() -> str:
    return f"{reverse('public:confirmer_compte')}?jeton={dernier_jeton()}"


@pytest.mark.exigence("ACC-004")
@pytest.mark.parametrize(
    ("reponse", "statut", "phrase"),
    [("confirmer", "EN_COURS", "sont confirmées"), ("contester", "ANNULEE", "Le changement est annulé")],
)
def test_le_representant_repond_par_son_lien_sans_compte(reponse: str, statut: str, phrase: str):
    ligne = Societe().ajouter_compte()
    client, jeton = Client(), dernier_jeton()
    page: Reponse = client.get(_adresse())
    assert ligne.compte.iban_masque in mots(page)
    assert ligne.compte.iban not in mots(page)
    ligne.refresh_from_db()
    assert ligne.statut == "A_CONFIRMER"  # looking answers nothing
    faite: Reponse = client.post(reverse("public:confirmer_compte"), {"jeton": jeton, "reponse": reponse})
    assert phrase in mots(faite)
    ligne.refresh_from_db()
    assert ligne.statut == statut
    encore: Reponse = client.post(reverse("public:confirmer_compte"), {"jeton": jeton, "reponse": reponse})
    assert encore.status_code == 410
    assert "a déjà servi" in mots(encore)
    assert client.get(_adresse()).status_code == 410


def test_un_lien_invente_n_apprend_rien():
    Societe().ajouter_compte()
    page: Reponse = Client().get(reverse("public:confirmer_compte"), {"jeton": "invente"})
    assert page.status_code == 410
    assert "IBAN" not in mots(page)
    assert queries.changement_par_jeton("") is None
