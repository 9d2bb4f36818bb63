"""Windows, scales and ceilings: written by one person, approved by another, never rewritten (GST-027, GST-029)."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.referentiel.models import FenetreDepot, Projet
from segurnum.referentiel.queries import calendrier, fenetre
from segurnum.regles.calendrier import PARIS, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import StatutProjet
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.projets import DATES, DSR, approuver, geste, importer, proposer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


@pytest.fixture
def autre() -> Agent:
    return Agent(Profil.ADMINISTRATION)


@pytest.mark.exigence("GST-027")
def test_une_fenetre_s_ouvre_une_fois_approuvee_par_une_autre_personne(admin: Agent, autre: Agent) -> None:
    assert proposer(admin, "fenetre", DATES, DSR, "avance").status_code == 302
    assert not FenetreDepot.objects.exists()
    projet = approuver(admin, autre)
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
    proposer(admin, "fenetre", DATES, DSR, "avance")
    projet = Projet.objects.get()
    geste(admin, projet, "soumettre")
    page = admin.lire("projet", projet.pk)
    assert "Une autre personne de l'administration doit l'approuver" in mots(page)
    assert {propose.geste.code for propose in page.context["gestes"]} == {"reprendre"}
    for code in ("approuver", "refuser"):
        reponse = geste(admin, projet, code, motif="Je change d'avis")
        assert (reponse.status_code, "une autre personne" in mots(reponse)) == (409, True), code
    assert not FenetreDepot.objects.exists()


@pytest.mark.exigence("GST-027")
def test_une_fenetre_qui_a_juge_ne_change_plus_une_autre_prend_effet(admin: Agent, autre: Agent) -> None:
    ancienne = usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=maintenant() + timedelta(days=2))
    avant = FenetreDepot.objects.filter(pk=ancienne.pk).values().get()
    proposer(
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
    approuver(admin, autre)
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
    proposer(admin, "fenetre", DATES | {"depuis": f"{effet:%Y-%m-%dT%H:%M}"}, DSR, "avance")
    approuver(admin, autre)
    assert fenetre(DSR, TypeDemande.AVANCE) == ancienne
    suivante = fenetre(DSR, TypeDemande.AVANCE, effet)
    assert suivante is not None
    assert suivante.source == DATES["source"]


@pytest.mark.parametrize("nom", [DSR, "MS1-DUI", "ms1-dui-va1"])
def test_le_projet_montre_la_fenetre_qu_il_suivrait_quelle_que_soit_l_ecriture_du_couloir(
    admin: Agent, nom: str
) -> None:
    for type_demande in TypeDemande:
        usines.fenetre(DSR, type_demande)
    importer(admin, "fenetres", f"{nom};Avance;01/06/2026 09:00;15/12/2026 14:00;15/12/2026 14:00;;;;Arrêté")
    tableaux = dict(admin.lire("projet", Projet.objects.get().pk).context["tableaux"])
    (suivie,) = tableaux["En vigueur aujourd'hui"]
    assert suivie[:2] == (DSR, "Avance")


def test_des_dates_en_desordre_sont_refusees_sous_leur_champ(admin: Agent) -> None:
    for champ, valeur, phrase in (
        ("affichee", "2026-05-01T14:00", "doit suivre l'ouverture"),
        ("fermeture", "2026-12-15T13:59", "ne peut pas précéder l'échéance"),
        ("derniere_modification", "2026-12-01T14:00", "ne peut pas précéder la fermeture"),
        ("ouverture", "hier", "n'est pas lisible"),
        ("source", "", "texte légal"),
    ):
        reponse = proposer(admin, "fenetre", DATES | {champ: valeur}, DSR, "avance")
        assert reponse.status_code == 422
        assert phrase in reponse.context["form"].errors[champ][0]
    assert not Projet.objects.exists()


def test_un_projet_dont_la_fenetre_a_change_entre_temps_n_est_plus_approuve(
    admin: Agent, autre: Agent
) -> None:
    proposer(admin, "fenetre", DATES, DSR, "avance")
    projet = Projet.objects.get()
    geste(admin, projet, "soumettre")
    usines.fenetre(DSR, TypeDemande.AVANCE)
    assert "a changé depuis" in mots(geste(autre, projet, "approuver"))
    projet.refresh_from_db()
    assert projet.statut is StatutProjet.A_APPROUVER


def test_un_brouillon_se_corrige_s_abandonne_et_un_refus_dit_pourquoi(admin: Agent, autre: Agent) -> None:
    proposer(admin, "fenetre", DATES, DSR, "avance")
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
    geste(admin, projet, "soumettre")
    assert geste(autre, projet, "refuser").status_code == 422
    assert geste(autre, projet, "refuser", motif="L'arrêté dit 14 h").status_code == 302
    page = mots(admin.lire("projet", projet.pk))
    assert "L'arrêté dit 14 h" in page
    proposer(admin, "fenetre", DATES, DSR, "avance")
    dernier = Projet.objects.latest("pk")
    assert geste(admin, dernier, "abandonner").status_code == 302
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


def test_la_liste_des_projets_montre_d_abord_ce_qui_attend(admin: Agent, autre: Agent) -> None:
    proposer(admin, "fenetre", DATES, DSR, "avance")
    proposer(admin, "fenetre", DATES, DSR, "solde")
    geste(admin, Projet.objects.latest("pk"), "soumettre")
    assert len(autre.lire("projets").context["affiche"].lignes) == 1
    assert "1 projet de réglage à approuver" in mots(autre.lire("accueil"))
