"""A part that stops over a closing: who was kept out has an hour after its return, and the screens say so."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import LienMotDePasse, Profil
from segurnum.demandes.models import Demande
from segurnum.demandes.modifiables import delai_passe
from segurnum.depots.models import Depot, Simulation
from segurnum.essais import usines
from segurnum.installation.indisponibilites import noter
from segurnum.installation.models import Indisponibilite
from segurnum.installation.veille import SONDES, Veille
from segurnum.journal.queries import evenements_de
from segurnum.pannes import Partie, annonce
from segurnum.referentiel.models import FenetreDepot, Projet
from segurnum.referentiel.queries import fenetre
from segurnum.regles.calendrier import PARIS, Panne, date_longue, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.seuil import pannes
from segurnum.seuil.tests.test_pannes import base_en_panne
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.horloge_tenue import HorlogeTenue
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

DSR = "DSR-MS1-DUI-Va1"
JOUR = date(maintenant().year + 1, 2, 26)
DIT = f"fermeture reportée au {date_longue(JOUR)} à 15 h 05 : le portail a été en panne de 13 h 55 à 14 h 05"


def a(heure: int, minute: int = 0, seconde: int = 0) -> datetime:
    return datetime.combine(JOUR, time(heure, minute, seconde), PARIS)


@pytest.fixture(autouse=True)
def _ce_processus_veille(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door looks; the thread, which would look while the test holds the clock, does not."""
    veille = Veille(SONDES, pas=None)
    monkeypatch.setattr(annonce, "_veilleurs", [veille.constater])
    monkeypatch.setattr(pannes, "veille", veille)


@contextmanager
def stockage_en_panne(donnees: Path) -> Iterator[None]:
    fichiers, garde = donnees / "fichiers", donnees / "fichiers-gardes"
    fichiers.rename(garde)
    fichiers.write_text("a file where the folder was")
    yield
    fichiers.unlink()
    garde.rename(fichiers)


@pytest.fixture(params=["base", "fichiers"])
def en_panne(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Any
) -> Callable[[], AbstractContextManager[None]]:
    if request.param == "base":
        return base_en_panne
    settings.DONNEES = tmp_path
    settings.STORAGES = {**settings.STORAGES}  # the store is made anew in that folder
    return lambda: stockage_en_panne(tmp_path)


@pytest.fixture
def fournisseur(en_panne: object, horloge_tenue: HorlogeTenue) -> Fournisseur:
    """A window that closes at two o'clock, two files that were simulated in the morning."""
    horloge_tenue.instant = a(9)
    fournisseur = Fournisseur()
    fournisseur.client.raise_request_exception = False
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14))
    for _ in range(2):
        fournisseur.simuler(fournisseur.avances(1))
    return fournisseur


def importer(fournisseur: Fournisseur, simulation: Simulation) -> Any:
    return fournisseur.faire("importer_simulation", simulation.pk)


def panne(*, debut: datetime | None = None, fin: datetime | None = None) -> Panne:
    debut = debut or a(13, 55)
    return Panne(debut=debut, fin=fin or a(14, 5), recu_le=debut)


@pytest.mark.exigence("RUL-006")
def test_qui_n_a_pu_importer_a_13_h_58_a_une_heure_apres_le_retour_du_portail(
    fournisseur: Fournisseur,
    en_panne: Callable[[], AbstractContextManager[None]],
    horloge_tenue: HorlogeTenue,
) -> None:
    premiere, seconde = Simulation.objects.order_by("pk")
    with en_panne():
        for instant in (a(13, 55), a(13, 58)):
            horloge_tenue.instant = instant
            page = importer(fournisseur, premiere)
            assert page.status_code == 503
            assert "vous aurez une heure après le retour du portail" in mots(page)
    horloge_tenue.instant = a(14, 5)
    fournisseur.suivre(importer(fournisseur, premiere))
    assert Depot.objects.get().simulation_id == premiere.pk
    for page in (Client().get(reverse("public:accueil")), fournisseur.lire("importer")):
        assert DIT in mots(page).replace("Fermeture", "fermeture")
    horloge_tenue.instant = a(15, 5)
    assert "fermée depuis le" in mots(fournisseur.lire("importer"))
    refus = fournisseur.suivre(importer(fournisseur, seconde))
    assert f"fermée depuis le {date_longue(JOUR)} à 15 h 05" in mots(refus)
    assert Depot.objects.count() == 1


def test_un_hoquet_de_deux_secondes_ne_reporte_rien(
    fournisseur: Fournisseur,
    en_panne: Callable[[], AbstractContextManager[None]],
    horloge_tenue: HorlogeTenue,
) -> None:
    simulation = Simulation.objects.order_by("pk")[0]
    horloge_tenue.instant = a(13, 59, 58)
    with en_panne():
        assert importer(fournisseur, simulation).status_code == 503
    horloge_tenue.instant = a(14)
    refus = fournisseur.suivre(importer(fournisseur, simulation))
    assert f"fermée depuis le {date_longue(JOUR)} à 14 h 00" in mots(refus)
    assert not Indisponibilite.objects.exists()


def test_le_calendrier_a_s_abonner_donne_la_date_reportee() -> None:
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14))
    noter(partie=Partie.BASE, panne=panne())
    ical = Client().get(reverse("public:calendrier")).content.decode().replace("\r\n ", "")
    assert f"DTSTART:{JOUR:%Y%m%d}T140500Z" in ical
    assert "Fermeture reportée au" in ical
    assert f"{JOUR:%Y%m%d}T130000Z" not in ical


def test_une_panne_que_plusieurs_rapportent_n_en_fait_qu_une_et_ne_reporte_qu_une_fois() -> None:
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14))
    noter(partie=Partie.BASE, panne=panne())
    noter(partie=Partie.BASE, panne=panne(debut=a(13, 56), fin=a(14, 4, 59)))
    noter(partie=Partie.BASE, panne=panne())
    vue = Indisponibilite.objects.get()
    assert (vue.debut, vue.fin) == (a(13, 55), a(14, 5))
    (fait,) = evenements_de(f"fenetre:{DSR}:AVANCE")
    assert fait.geste == "REPORTER_FERMETURE"
    assert fait.details["valeurs"]["reportee"][1].endswith("à 15:05")
    assert FenetreDepot.objects.get().reportee == a(15, 5)


def test_la_panne_d_une_partie_dont_rien_ne_se_depose_ne_reporte_rien() -> None:
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14))
    noter(partie=Partie.COURRIEL, panne=panne())
    assert FenetreDepot.objects.get().reportee is None


def test_l_administration_lit_un_report_et_peut_le_retirer() -> None:
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14))
    noter(partie=Partie.BASE, panne=panne())
    admin = Agent(Profil.ADMINISTRATION)
    assert DIT.capitalize()[:40] in mots(admin.lire("fenetres"))
    adresse = reverse("gestion:fenetre", args=(DSR, "avance"))
    page = admin.client.get(adresse)
    assert "n'en tiendra pas compte" in mots(page)
    saisie = {champ.name: champ.value() for champ in page.context["form"]}
    instants = {nom: v.astimezone(PARIS) for nom, v in saisie.items() if isinstance(v, datetime)}
    telle_quelle = {nom: f"{instant:%Y-%m-%dT%H:%M}" for nom, instant in instants.items()} | {
        "source": "Arrêté"
    }
    assert admin.client.post(adresse, telle_quelle).status_code == 302
    assert FenetreDepot.objects.get().report.replace("\u00a0", " ") == DIT
    projet = Projet.objects.get()
    assert (
        admin.client.post(reverse("gestion:geste_projet", args=[projet.pk, "soumettre"])).status_code == 302
    )
    autre = Agent(Profil.ADMINISTRATION)
    assert (
        autre.client.post(reverse("gestion:geste_projet", args=[projet.pk, "approuver"])).status_code == 302
    )
    en_vigueur = fenetre(DSR, TypeDemande.AVANCE)
    assert en_vigueur is not None
    assert (en_vigueur.fin, en_vigueur.report, en_vigueur.panne_du) == (a(14), "", None)


def test_une_correction_et_un_lien_dont_le_delai_finit_pendant_une_panne_ont_une_heure_de_plus() -> None:
    corrigee = usines.demande(StatutDemande.A_MODIFIER)
    Demande.objects.filter(pk=corrigee.pk).update(cloture_le=a(14))
    ailleurs = usines.demande(StatutDemande.A_MODIFIER)
    Demande.objects.filter(pk=ailleurs.pk).update(cloture_le=a(18))
    completee = usines.demande(StatutDemande.NON_COMPLETEE)
    Demande.objects.filter(pk=completee.pk).update(expire_le=a(14))
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    lien = LienMotDePasse.objects.create(utilisateur=personne, empreinte="e", expire_le=a(13, 57))
    for _ in range(2):
        noter(partie=Partie.FICHIERS, panne=panne())
    for ligne in (corrigee, ailleurs, completee, lien):
        ligne.refresh_from_db()
    assert corrigee.cloture_le == completee.expire_le == lien.expire_le == a(15, 5)
    assert not delai_passe(corrigee, a(15, 4))
    assert ailleurs.cloture_le == a(18)


def test_une_fenetre_reportee_laisse_corriger_ce_qui_arrive_a_son_dernier_instant() -> None:
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=a(14), derniere_modification=a(14))
    noter(partie=Partie.BASE, panne=panne())
    assert FenetreDepot.objects.get().en_regle().derniere_modification == a(15, 5)


def test_une_panne_de_moins_d_une_minute_n_est_pas_notee() -> None:
    noter(partie=Partie.BASE, panne=panne(fin=a(13, 55) + timedelta(seconds=59)))
    assert not Indisponibilite.objects.exists()
