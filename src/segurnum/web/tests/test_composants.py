"""The components of the pages, on the page that shows all of them; and the theme that each person chose."""

import re

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import Client
from django.urls import reverse

from segurnum.cli.communs import RACINE
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db
AFFICHAGE = "/segurnum/affichage"


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(usines.utilisateur(Profil.COMPTABLE))
    return client


def test_la_page_des_composants_montre_chaque_etat(agent: Client) -> None:
    page = agent.get(reverse("gestion:composants"))
    textes = mots(page)
    for attendu in (
        "Aucune donnée disponible dans le tableau",
        "Aucune ligne ne correspond à vos filtres",
        "appliquez au moins un critère",
        "A modifier",
        "Accordéon fermé",
        "Le formulaire n'a pas été accepté",
        "Choisissez le fichier à déposer",
        "Le geste n'a pas été fait",
        "Saisissez le motif : le fournisseur le lira",
        "Page 1 sur 3",
    ):
        assert attendu in textes, attendu


def test_ce_qui_est_ecrit_dans_un_composant_reste_du_html_et_ce_qui_vient_de_la_page_n_en_devient_pas() -> (
    None
):
    gabarit = Engine.get_default().from_string(
        "{% accordeon nom 'un' %}<b>{{ nom }}</b>{% endaccordeon %}"
        "{% alerte 'info' nom %}<i>{{ nom }}</i>{% endalerte %}"
    )
    rendu = gabarit.render(Context({"nom": "<script>"}))
    assert "<b>&lt;script&gt;</b>" in rendu
    assert "<i>&lt;script&gt;</i>" in rendu
    assert "<script>" not in rendu


@pytest.mark.parametrize("balise", ["accordeon 'Titre'", "accordeon 'Titre' 'cle' titres='x'", "carte"])
def test_un_composant_dit_ce_qu_il_attend(balise: str) -> None:
    gabarit = Engine.get_default().from_string(f"{{% {balise} %}}x{{% end{balise.split()[0]} %}}")
    with pytest.raises(TemplateSyntaxError, match="attend"):
        gabarit.render(Context())


def test_le_portail_est_clair_tant_qu_on_n_a_rien_choisi() -> None:
    assert b'data-fr-scheme="light" data-fr-theme="light"' in Client().get(reverse("public:accueil")).content


def test_le_theme_choisi_vient_avec_la_page_sans_script() -> None:
    client = Client()
    reponse = client.post(AFFICHAGE, {"fr-radios-theme": "dark"}, follow=True)
    assert "Votre choix est enregistré" in mots(reponse)
    assert b'data-fr-scheme="dark" data-fr-theme="dark"' in client.get(reverse("public:accueil")).content
    client.post(AFFICHAGE, {"fr-radios-theme": "system"})
    assert b'data-fr-scheme="system" data-fr-theme="light"' in client.get(reverse("public:accueil")).content


def test_le_theme_d_une_personne_la_suit_dans_un_autre_navigateur_et_n_est_qu_a_elle() -> None:
    personne, accueil = usines.utilisateur(Profil.FOURNISSEUR), reverse("fournisseur:accueil")
    ici, ailleurs, autre = Client(), Client(), Client()
    for client in (ici, ailleurs):
        client.force_login(personne)
    autre.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    ailleurs.cookies["theme"] = "light"  # of whoever used it before
    assert "pour votre compte" in mots(ici.post(AFFICHAGE, {"fr-radios-theme": "dark"}, follow=True))
    assert b'data-fr-theme="dark"' in ici.get(accueil).content
    assert b'data-fr-theme="dark"' in ailleurs.get(accueil).content
    assert b'data-fr-theme="light"' in autre.get(accueil).content


@pytest.mark.parametrize("profil", list(Profil))
def test_le_theme_choisi_dans_la_fenetre_va_au_compte_sans_rien_dire(profil: Profil) -> None:
    personne, client = usines.utilisateur(profil), Client()
    client.force_login(personne)
    assert client.post(AFFICHAGE, {"fr-radios-theme": "dark", "fenetre": "oui"}).status_code == 204
    personne.refresh_from_db()
    assert personne.theme == "dark"
    assert "Votre choix est enregistré" not in mots(client.get(reverse("fournisseur:compte")))


@pytest.mark.parametrize("choix", ["", "noir", '"><script>'])
def test_un_theme_inconnu_ne_change_rien(choix: str) -> None:
    client = Client()
    assert client.post(AFFICHAGE, {"fr-radios-theme": choix}).status_code == 422
    client.cookies["theme"] = choix
    assert b'data-fr-scheme="light"' in client.get(reverse("public:accueil")).content


def test_chaque_rubrique_de_la_page_a_ses_images_dans_la_documentation(agent: Client) -> None:
    page = agent.get(reverse("gestion:composants")).content.decode()
    rubriques = re.findall(r"<h2(?: id=\"kits\")?>([^<]+)</h2>", page)
    documentation = RACINE / "docs" / "composants.md"
    assert rubriques
    assert re.findall(r"^## (.+)$", documentation.read_text(), re.MULTILINE) == rubriques
    images = re.findall(r"\((images/[^)]+)\)", documentation.read_text())
    assert len(images) == 2 * len(rubriques)
    assert all((documentation.parent / image).is_file() for image in images)


def test_une_alerte_se_pose_par_sa_balise_et_par_elle_seule() -> None:
    gabarits = (RACINE / "src").rglob("*.html")
    incluses = [gabarit.name for gabarit in gabarits if '"kits/alerte.html"' in gabarit.read_text("utf-8")]
    assert incluses == []
