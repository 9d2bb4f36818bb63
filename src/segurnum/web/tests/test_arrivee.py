"""What decides is the instant when the portal began to receive a gesture, whatever waits and reads come after."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from segurnum.comptes import mots_de_passe
from segurnum.comptes.models import LienMotDePasse, Profil
from segurnum.coordonnees.tests.monde import Societe, dernier_jeton
from segurnum.couloirs import mss
from segurnum.demandes import services, tasks
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demonstration.fabrique_formulaires import saisie_de
from segurnum.depots import modifications, pieces
from segurnum.depots import tasks as depots_tasks
from segurnum.depots.models import Archive, Depot, Simulation
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.journal.models import Evenement
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.tests.a_modifier import CORRIGEE, confirmer, solde_a_modifier
from segurnum.web.tests.candidat import piece
from segurnum.web.tests.depot import Fournisseur, Reponse, fichier
from segurnum.web.tests.horloge_tenue import HorlogeTenue
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran
from segurnum.web.tests.test_enrolement_lien_pieces import Demandeur

pytestmark = pytest.mark.django_db

UN_RIEN = timedelta(milliseconds=1)


def _fermeture() -> datetime:
    return FenetreDepot.objects.values_list("fermeture", flat=True).get(type=TypeDemande.AVANCE)


# --- Waits


@pytest.mark.exigence("RUL-006")
@pytest.mark.django_db(transaction=True)
def test_un_import_qui_attend_un_verrou_au_dela_de_la_fermeture_est_recu_a_temps(
    horloge_tenue: HorlogeTenue,
) -> None:
    fournisseur = Fournisseur()
    simulation = fournisseur.deposant.simuler(fournisseur.deposant.fichier(1))
    fermeture = _fermeture()
    horloge_tenue.instant = fermeture - UN_RIEN

    def importer() -> Reponse:
        try:
            return fournisseur.faire("importer_simulation", simulation.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as fil:
        with transaction.atomic():
            Enrolement.objects.select_for_update().get(pk=fournisseur.deposant.enrolement.pk)
            reponse = fil.submit(importer)
            while not _quelqu_un_attend():
                assert not wait([reponse], timeout=0.02).done, reponse.result().content
            horloge_tenue.instant = fermeture + timedelta(minutes=2)
        assert reponse.result(timeout=30).status_code == 302
    depot = Depot.objects.get()
    assert depot.depose_le == Demande.objects.get().depose_le == fermeture - UN_RIEN
    page = mots(fournisseur.lire("depot", depot.pk))
    assert f"Reçu le : {calendrier.instant_exact(fermeture - UN_RIEN)}" in page
    fait = Evenement.objects.get(geste="DEPOSER", objet=Demande.objects.get().objet)
    assert datetime.fromisoformat(fait.details["recu_le"]) == fermeture - UN_RIEN
    assert fait.instant != depot.depose_le  # when it was written


def _quelqu_un_attend() -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return curseur.fetchone() is not None


@pytest.mark.exigence("RUL-006")
@pytest.mark.parametrize(("ecart", "recu"), [(-UN_RIEN, True), (timedelta(), False), (UN_RIEN, False)])
def test_l_arrivee_de_l_import_compte_et_non_celle_de_sa_simulation(
    ecart: timedelta, recu: bool, horloge_tenue: HorlogeTenue
) -> None:
    fournisseur = Fournisseur()
    horloge_tenue.instant = _fermeture() - timedelta(minutes=5)
    fournisseur.simuler(fournisseur.avances(1))
    assert Simulation.objects.get().recue_le == horloge_tenue.instant
    horloge_tenue.instant = _fermeture() + ecart
    page = fournisseur.suivre(fournisseur.faire("importer_simulation", Simulation.objects.get().pk))
    assert Depot.objects.exists() is recu
    assert ("est fermée depuis le" in mots(page)) is not recu


# --- Slow uploads: one rule for files, forms, pieces, corrections and links


@dataclass(frozen=True)
class Envoi:
    """Something that is sent before its deadline and is all there after it."""

    client: Any
    limite: datetime
    envoyer: Callable[[], Reponse]
    recu: Callable[[], bool]


def _simulation() -> Envoi:
    fournisseur = Fournisseur()
    octets = fournisseur.avances(1)
    return Envoi(
        fournisseur.client,
        _fermeture(),
        lambda: fournisseur.simuler(octets),
        lambda: Simulation.objects.get().conforme,
    )


def _formulaire() -> Envoi:
    ecran, saisie = Ecran(), saisie_de(mss.AVANCE)
    return Envoi(
        ecran.client,
        _fermeture(),
        lambda: ecran.envoyer(TypeDemande.AVANCE, **saisie),
        Demande.objects.exists,
    )


def _zip() -> Envoi:
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    octets = fournisseur.deposant.zip_de(depot)
    limite = Demande.objects.get().expire_le
    assert limite is not None
    return Envoi(
        fournisseur.client,
        limite + UN_RIEN,
        lambda: fournisseur.faire("pieces", depot.pk, archive=fichier("pieces.zip", octets)),
        Archive.objects.exists,
    )


def _correction() -> Envoi:
    ecran, solde = solde_a_modifier()
    assert solde.cloture_le is not None
    return Envoi(
        ecran.client,
        solde.cloture_le,
        lambda: confirmer(ecran, solde, CORRIGEE),
        lambda: Demande.objects.get(pk=solde.pk).statut is StatutDemande.EN_COURS,
    )


def _piece_d_une_correction() -> Envoi:
    ecran, solde = solde_a_modifier()
    assert solde.cloture_le is not None
    ajoutees = PieceJustificative.objects.filter(origine=PieceJustificative.Origine.COMPLEMENT)
    saisie = {"geste": "importer_piece", "type_piece": mss.SOLDE.zones[0].type}
    return Envoi(
        ecran.client,
        solde.cloture_le,
        lambda: ecran.faire("modifier", solde.numero, **CORRIGEE | saisie, fichier=piece("preuve.pdf")),
        ajoutees.exists,
    )


def _piece_par_un_lien() -> Envoi:
    demandeur = Demandeur()
    demandeur.ouvrir()
    demandeur.enrolement.refresh_from_db()
    assert demandeur.enrolement.lien_expire_le is not None
    return Envoi(
        demandeur.client,
        demandeur.enrolement.lien_expire_le,
        demandeur.importer,
        lambda: bool(demandeur.nouvelles),
    )


def _reponse_du_representant() -> Envoi:
    """A mailed link answers for a new bank account."""
    ligne, client = Societe().ajouter_compte(), Client()
    adresse, saisie = reverse("public:confirmer_compte"), {"jeton": dernier_jeton()}
    assert ligne.jeton_expire_le is not None
    return Envoi(
        client,
        ligne.jeton_expire_le,
        lambda: client.post(adresse, saisie),
        lambda: type(ligne).objects.get(pk=ligne.pk).confirme_le is not None,
    )


def _mot_de_passe() -> Envoi:
    """A mailed link lets choose a password."""
    client, choisi = Client(), "Un-mot-de-passe-neuf-4271"
    saisie = {
        "jeton": mots_de_passe.creer_lien(usines.utilisateur(Profil.FOURNISSEUR), timedelta(hours=1)),
        "new_password1": choisi,
        "new_password2": choisi,
    }
    return Envoi(
        client,
        LienMotDePasse.objects.get().expire_le,
        lambda: client.post(reverse("fournisseur:nouveau_mot_de_passe"), saisie),
        lambda: not LienMotDePasse.objects.exists(),
    )


ENVOIS = [
    _simulation,
    _formulaire,
    _zip,
    _correction,
    _piece_d_une_correction,
    _piece_par_un_lien,
    _reponse_du_representant,
    _mot_de_passe,
]


@pytest.mark.exigence("RUL-006")
@pytest.mark.parametrize("preparer", ENVOIS)
@pytest.mark.parametrize(
    ("debut", "fin", "recu"),
    [
        (-UN_RIEN, timedelta(minutes=59), True),
        (timedelta(), timedelta(minutes=1), False),
        (timedelta(minutes=-5), timedelta(minutes=56), False),
    ],
    ids=["commencé à temps", "commencé trop tard", "plus d'une heure pour arriver"],
)
def test_un_envoi_commence_a_temps_se_finit_dans_l_heure(
    preparer: Callable[[], Envoi], debut: timedelta, fin: timedelta, recu: bool, horloge_tenue: HorlogeTenue
) -> None:
    envoi = preparer()
    horloge_tenue.instant = envoi.limite + debut
    horloge_tenue.avancer_pendant_la_lecture(envoi.client, envoi.limite + fin)
    envoi.envoyer()
    assert envoi.recu() is recu


@pytest.mark.exigence("MOD-023", "INC-006")
@pytest.mark.parametrize(("minutes", "passe"), [(0, False), (64, False), (66, True)])
def test_ce_qui_est_en_train_d_arriver_n_est_pas_balaye(
    minutes: int, passe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, solde = solde_a_modifier()
    Fournisseur().deposant.importer(1)
    incomplete = Demande.objects.get(statut=StatutDemande.NON_COMPLETEE)
    assert solde.cloture_le is not None
    Demande.objects.filter(pk=incomplete.pk).update(expire_le=solde.cloture_le)
    instant = solde.cloture_le + timedelta(minutes=minutes)
    for module in (tasks, depots_tasks):
        monkeypatch.setattr(module, "maintenant", lambda: instant)
    tasks.passer_les_echeances(0)
    depots_tasks.supprimer_les_demandes_sans_pieces(0)
    assert (Demande.objects.get(pk=solde.pk).statut == StatutDemande.EN_COURS) is passe
    assert Demande.objects.filter(pk=incomplete.pk).exists() is not passe


@pytest.mark.exigence("INC-005", "INC-006")
def test_un_zip_venu_a_temps_est_controle_avant_que_ses_demandes_expirent() -> None:
    deposant, sans_pieces = Deposant.nouveau(), Deposant.nouveau("RAD-RIS")
    sans_pieces.importer(1)
    depot = deposant.importer(1)
    archive = pieces.recevoir(
        depot=depot, auteur=deposant.auteur, nom_fichier="p.zip", flux=io.BytesIO(deposant.zip_de(depot))
    )
    Demande.objects.update(expire_le=calendrier.maintenant() - timedelta(days=1))
    depots_tasks.supprimer_les_demandes_sans_pieces(0)
    assert Demande.objects.get().ligne_depot.depot == depot
    pieces.controler(archive=archive.pk)
    assert deposant.terminer(depot).termine_le is not None
    assert Demande.objects.get().statut == StatutDemande.EN_COURS


def test_une_piece_demandee_pendant_qu_elle_arrivait_repond_a_la_demande(horloge_tenue: HorlogeTenue) -> None:
    ecran, solde = solde_a_modifier()
    joint = solde.pieces.earliest("pk").fichier
    assert joint is not None
    horloge_tenue.instant = solde.statut_depuis + timedelta(minutes=1)
    services.ajouter_piece(
        demande=solde.pk,
        auteur=ecran.operateur.auteur,
        nom="preuve.pdf",
        type_piece="AUTRE",
        fichier=joint,
        recu_le=solde.statut_depuis - timedelta(minutes=1),
    )
    assert [p.nom for p in modifications.pieces_ajoutees(solde)] == ["preuve.pdf"]
