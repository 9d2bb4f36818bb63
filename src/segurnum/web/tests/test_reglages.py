"""Windows, envelopes, scales and ceilings, settled on screen: what an empty base needs before a first deposit."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.couloirs.baremes import Assiette, PlafondCalcule
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.grilles import grille
from segurnum.referentiel.models import Bareme, FenetreDepot, Plafond
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import TypeDemande
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


def _vue(admin: Agent, adresse: str) -> str:
    return str(admin.client.get(adresse).context["vue"])


def _poster(admin: Agent, route: str, saisie: Mapping[str, object], *args: object) -> Reponse:
    """Send a form as its page, read before, holds it."""
    adresse = reverse(f"gestion:{route}", args=args)
    return admin.client.post(adresse, {"vue": _vue(admin, adresse), **saisie})


@pytest.mark.exigence("GST-027")
def test_une_fenetre_s_ouvre_se_deplace_et_le_journal_le_dit(admin: Agent) -> None:
    assert _poster(admin, "fenetre", DATES, DSR, "avance").status_code == 302
    fenetre = FenetreDepot.objects.get()
    assert fenetre.fermeture == datetime(2026, 12, 15, 14, tzinfo=PARIS)
    page = mots(admin.lire("fenetres"))
    assert "15/12/2026 à 14:00" in page
    plus_tard = DATES | {"fermeture": "2026-12-16T14:00"}
    assert _poster(admin, "fenetre", plus_tard, DSR, "avance").status_code == 302
    dernier = evenements_de(f"fenetre:{DSR}:AVANCE").last()
    assert dernier is not None
    assert dernier.details["valeurs"] == {"fermeture": ["15/12/2026 à 14:00", "16/12/2026 à 14:00"]}
    assert dernier.acteur == admin.utilisateur


def test_le_titre_d_une_saisie_refusee_dit_erreur_une_seule_fois(admin: Agent) -> None:
    reponse = _poster(admin, "fenetre", {}, DSR, "avance")
    titre = reponse.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert titre.count("Erreur") == 1


def test_chaque_colonne_du_tableau_des_fenetres_a_sa_cellule_meme_sans_dates(admin: Agent) -> None:
    """On a narrow screen a cell says the title of its column: a missing one would give its neighbour another's."""
    page = admin.lire("fenetres").content.decode()
    lignes = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    assert {ligne.count("<td") for ligne in lignes} == {page.count('<th scope="col"') - 1}


def test_des_dates_en_desordre_sont_refusees_sous_leur_champ(admin: Agent) -> None:
    for champ, valeur, phrase in (
        ("affichee", "2026-05-01T14:00", "doit suivre l'ouverture"),
        ("fermeture", "2026-12-15T13:59", "ne peut pas précéder l'échéance"),
        ("derniere_modification", "2026-12-01T14:00", "ne peut pas précéder la fermeture"),
        ("ouverture", "hier", "n'est pas lisible"),
    ):
        reponse = _poster(admin, "fenetre", DATES | {champ: valeur}, DSR, "avance")
        assert reponse.status_code == 422
        assert phrase in reponse.context["form"].errors[champ][0]
    assert not FenetreDepot.objects.exists()


def test_de_deux_reglages_a_la_fois_le_second_est_prevenu(admin: Agent) -> None:
    adresse = reverse("gestion:fenetre", args=[DSR, "avance"])
    vue = _vue(admin, adresse)
    assert admin.client.post(adresse, DATES | {"vue": vue}).status_code == 302
    reponse = admin.client.post(adresse, DATES | {"vue": vue, "source": "Autre"})
    assert "a changé depuis" in mots(reponse)
    assert FenetreDepot.objects.get().source == DATES["source"]


@pytest.mark.exigence("GST-029")
def test_une_enveloppe_s_ouvre_et_ne_descend_pas_sous_ce_qui_est_decide(admin: Agent) -> None:
    saisie: dict[str, object] = {"libelle": "Médico-social", "montant": "5 000 000,00", "dsr": [DSR]}
    assert _poster(admin, "nouvelle_enveloppe", saisie).status_code == 302
    enveloppe = Enveloppe.objects.get()
    assert (enveloppe.montant, enveloppe.dsr) == (Decimal(5_000_000), [DSR])
    Enveloppe.objects.update(decide=Decimal(1000))
    reponse = _poster(admin, "enveloppe", saisie | {"montant": "999,99"}, enveloppe.pk)
    assert "sont déjà décidés" in reponse.context["form"].errors["montant"][0]
    assert _poster(admin, "enveloppe", saisie | {"montant": "1000"}, enveloppe.pk).status_code == 302
    assert evenements_de(f"enveloppe:{enveloppe.pk}").count() == 2


def test_deux_enveloppes_ne_financent_pas_le_meme_couloir_ni_ne_portent_le_meme_nom(admin: Agent) -> None:
    premiere = usines.enveloppe(DSR)
    reponse = _poster(admin, "nouvelle_enveloppe", {"libelle": "B", "montant": "1", "dsr": [DSR]})
    assert f"par l'enveloppe « {premiere.libelle} »" in reponse.context["form"].errors["dsr"][0]
    autre = {"libelle": premiere.libelle, "montant": "1", "dsr": ["DSR-HOP-DPI-Va1"]}
    reponse = _poster(admin, "nouvelle_enveloppe", autre)
    assert "porte déjà ce nom" in reponse.context["form"].errors["libelle"][0]
    assert Enveloppe.objects.count() == 1


@pytest.mark.exigence("GST-029")
def test_un_bareme_vaut_a_partir_de_sa_date_et_ne_se_reecrit_pas(admin: Agent) -> None:
    couloir = couloirs.par_code("MDV-LGC")
    saisie = {"date_effet": "2026-01-01", "source": "Arrêté", "par_beneficiaire": "358,33"}
    assert _poster(admin, "bareme", saisie, couloir.dsr).status_code == 302
    assert _plafond(couloir, ["1", "2"], 2026).montant_ht == Decimal("716.66")
    assert _plafond(couloir, ["1"], 2025).montant_ht is None
    reponse = _poster(admin, "bareme", saisie | {"par_beneficiaire": "1"}, couloir.dsr)
    assert "ne se réécrit pas" in reponse.context["form"].errors["date_effet"][0]
    assert Bareme.objects.count() == 1
    assert admin.lire("bareme", DSR).status_code == 404  # a table of ceilings, not a scale


def _plafond(couloir: couloirs.Couloir, identifiants: list[str], annee: int) -> PlafondCalcule:
    assiette = Assiette(TypeDemande.AVANCE, tuple(identifiants))
    return grille(couloir).plafond(assiette, date(annee, 3, 1))


def _plafonds(admin: Agent, *lignes: str) -> Reponse:
    texte = "\n".join(("dsr;identifiant;montant_ht;date_effet;source", *lignes))
    fichier = SimpleUploadedFile("plafonds.csv", texte.encode(), content_type="text/csv")
    return admin.client.post(reverse("gestion:plafonds"), {"fichier": fichier})


@pytest.mark.exigence("GST-029")
def test_les_plafonds_se_chargent_en_entier_ou_pas_du_tout(admin: Agent) -> None:
    bon = "MS1-DUI;980000001;11 000,50;01/01/2026;Arrêté"
    reponse = _plafonds(
        admin,
        bon,
        "MDV-LGC;980000002;1;01/01/2026;Arrêté",
        "MS1-DUI;980000003;NaN;01/01/2026;Arrêté",
        "MS1-DUI;980000004;1;2026-01-01;Arrêté",
        "MS1-DUI;980000005;1;01/01/2026;",
        bon,
        f"MS1-DUI;980000006;1;{'9' * 5000};Arrêté",
    )
    assert reponse.status_code == 422
    for rang, phrase in (
        (3, "pas de table"),
        (4, "montant"),
        (5, "JJ/MM/AAAA"),
        (6, "source"),
        (7, "ligne 2"),
        (8, "200 caractères"),
    ):
        assert any(f"Ligne {rang} :" in f and phrase in f for f in reponse.context["form"].refus.fautes), rang
    assert not Plafond.objects.exists()
    assert "1 plafond ajouté" in mots(admin.client.get(_plafonds(admin, bon).url))
    assert "0 plafond ajouté, 1 déjà là" in mots(admin.client.get(_plafonds(admin, bon).url))
    assert "donnez une autre date d'effet" in mots(_plafonds(admin, bon.replace("11 000,50", "12000")))
    assert _plafond(couloirs.par_code("MS1-DUI"), ["980000001"], 2026).montant_ht == Decimal("11000.50")
    assert evenements_de("plafonds").count() == 1


def test_un_fichier_de_plafonds_illisible_est_refuse(admin: Agent) -> None:
    for octets, phrase in (
        (b"a;b\n", "La première ligne"),
        (b"\xff\xfe", "UTF-8"),
        (b"dsr;identifiant;montant_ht;date_effet;source\n", "aucune ligne"),
    ):
        fichier = SimpleUploadedFile("plafonds.csv", octets)
        reponse = admin.client.post(reverse("gestion:plafonds"), {"fichier": fichier})
        assert phrase in reponse.context["form"].errors["fichier"][0]
    assert admin.client.post(reverse("gestion:plafonds")).status_code == 422
