"""A check that does not end: an outage is waited for, a file that fails by itself three times is set aside."""

import io
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import pieces, reprises, suites
from segurnum.depots.models import RETARD, Archive, Depot
from segurnum.depots.queries import controles_a_suivre
from segurnum.depots.tasks import controler_archive, supprimer_les_demandes_sans_pieces
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.isolement.refus import ControleOccupe, EnfantPerdu
from segurnum.journal.queries import evenements_de
from segurnum.pannes import AntivirusIndisponible, StockageIndisponible
from segurnum.regles.calendrier import jours_apres, maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

PANNES = [
    OperationalError("server closed the connection"),
    StockageIndisponible("muet"),
    AntivirusIndisponible("muet"),
    ControleOccupe(),
]


class Envoi:
    """A ZIP that conforms, received; its check meets what the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deposant = Deposant.nouveau()
        self.depot = self.deposant.importer(1)
        self.octets = self.deposant.zip_de(self.depot)
        self.archive = self.envoyer()
        self.monkeypatch = monkeypatch

    def envoyer(self) -> Archive:
        return pieces.recevoir(
            depot=self.depot,
            auteur=self.deposant.auteur,
            nom_fichier="pieces.zip",
            flux=io.BytesIO(self.octets),
        )

    def essayer(self, erreur: Exception | None = None) -> Archive:
        """One try of the worker, which meets this error."""

        def echouer(*_: object, **__: object) -> None:
            assert erreur is not None
            raise erreur

        with self.monkeypatch.context() as patch:
            if erreur is not None:
                patch.setattr(fichiers, "analyser", echouer)
            # What is raised is given back to the queue, which tries again.
            with nullcontext() if erreur is None else suppress(type(erreur)):
                controler_archive(archive=self.archive.pk)
        return self.relire()

    def mourir(self, il_y_a: timedelta = timedelta()) -> Archive:
        """One try whose worker dies, then another worker takes the job, `il_y_a` later."""
        Archive.objects.filter(pk=self.archive.pk).update(etat=Archive.Etat.EN_CONTROLE)
        if self.relire().echec_le is not None:
            Archive.objects.update(echec_le=maintenant() - il_y_a)
        reprises.prendre(archive=self.archive.pk)
        return self.relire()

    def ecarter(self) -> Archive:
        for _ in range(reprises.ECHECS_MAX):
            self.essayer(KeyError("faute"))
        return self.archive

    def relire(self) -> Archive:
        self.archive.refresh_from_db()
        return self.archive

    def recontroler(self) -> bool:
        qui = self.deposant.utilisateur
        return reprises.recontroler(archive=self.archive.pk, auteur=auteur(qui))

    def gestes(self) -> list[str]:
        return [evenement.geste for evenement in evenements_de(f"archive:{self.archive.pk}")]


@pytest.fixture
def envoi(monkeypatch: pytest.MonkeyPatch) -> Envoi:
    return Envoi(monkeypatch)


def _taches(statut: str = "todo") -> int:
    return ProcrastinateJob.objects.filter(task_name=reprises.TACHE, status=statut).count()


@pytest.mark.exigence("JSN-042")
@pytest.mark.parametrize("panne", PANNES, ids=lambda panne: type(panne).__name__)
def test_une_panne_n_est_pas_un_essai_et_le_controle_finit_avec_elle(envoi: Envoi, panne: Exception):
    for _ in range(4 * reprises.ECHECS_MAX):
        archive = envoi.essayer(panne)
        assert (archive.etat, archive.echecs) == (Archive.Etat.RECUE, 0)
    assert archive.en_retard_depuis(maintenant()) == archive.panne_depuis
    assert not Courriel.objects.filter(code="M25").exists()
    archive = envoi.essayer()
    assert (archive.etat, archive.panne, archive.panne_depuis) == (Archive.Etat.CONFORME, "", None)
    assert archive.en_retard_depuis(maintenant()) is None


def test_le_retard_se_compte_depuis_le_premier_essai_manque(envoi: Envoi):
    premier = envoi.essayer(PANNES[1]).panne_depuis
    assert envoi.essayer(PANNES[2]).panne_depuis == premier


@pytest.mark.exigence("JSN-042")
def test_un_fichier_qui_echoue_trois_fois_de_lui_meme_est_ecarte_et_une_personne_le_sait(envoi: Envoi):
    for _ in range(reprises.ECHECS_MAX - 1):
        assert envoi.essayer(KeyError("faute")).etat == Archive.Etat.RECUE
        envoi.essayer(StockageIndisponible("muet"))  # between them, an outage counts for nothing
    archive = envoi.essayer(KeyError("faute"))
    assert (archive.etat, archive.dernier_echec) == (Archive.Etat.ILLISIBLE, "KeyError")
    courriel = Courriel.objects.get(code="M25")
    assert courriel.destinataire == envoi.deposant.utilisateur.email
    assert envoi.gestes() == ["ECARTER"]
    assert [ligne.pk for ligne in controles_a_suivre(maintenant())] == [archive.pk]
    # Its job is over: nothing tries again by itself.
    assert envoi.essayer().etat == Archive.Etat.ILLISIBLE


def test_des_ouvriers_tues_par_un_meme_incident_ne_comptent_qu_une_fois(envoi: Envoi):
    for _ in range(4 * reprises.ECHECS_MAX):
        assert envoi.mourir().echecs == 1
    assert envoi.essayer(EnfantPerdu()).echecs == 1


def test_un_ouvrier_dont_la_base_a_ete_relancee_n_est_pas_mort_de_son_fichier(envoi: Envoi):
    Archive.objects.update(avance_le=maintenant() - timedelta(days=4_000))
    assert envoi.mourir().echecs == 0


def test_une_coupure_qui_empeche_de_la_noter_n_est_pas_une_mort(
    envoi: Envoi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network was cut, the server not restarted: what the check met could not be written down either."""

    def coupee(*_: object) -> None:
        raise OperationalError("server closed the connection")

    for _ in range(reprises.ECHECS_MAX):
        with monkeypatch.context() as panne:
            panne.setattr(pieces, "_conclure", coupee)
            panne.setattr(reprises, "_noter", coupee)
            with pytest.raises(OperationalError):
                controler_archive(archive=envoi.archive.pk)
        Archive.objects.update(echec_le=maintenant() - reprises.INCIDENT)
    assert envoi.essayer().etat == Archive.Etat.CONFORME
    assert envoi.relire().echecs == 0


def test_un_fichier_sur_lequel_les_ouvriers_meurent_a_chaque_fois_finit_ecarte(envoi: Envoi):
    for _ in range(reprises.ECHECS_MAX):
        envoi.mourir(il_y_a=reprises.INCIDENT)
    assert envoi.archive.etat == Archive.Etat.ILLISIBLE
    assert envoi.archive.dernier_echec == reprises.OUVRIER_MORT


@pytest.mark.exigence("JSN-042")
def test_le_meme_fichier_renvoye_apres_un_echec_commence_un_nouveau_controle(envoi: Envoi):
    recue_le = envoi.ecarter().recue_le
    assert envoi.envoyer() == envoi.archive
    archive = envoi.relire()
    assert (archive.etat, archive.echecs, archive.recue_le) == (Archive.Etat.RECUE, 0, recue_le)
    assert envoi.gestes() == ["ECARTER", "RECONTROLER"]
    assert envoi.essayer().etat == Archive.Etat.CONFORME
    with pytest.raises(pieces.ArchiveDejaRecue, match="déjà été reçu"):
        envoi.envoyer()


def test_le_meme_fichier_renvoye_pendant_une_panne_est_essaye_sans_attendre(envoi: Envoi):
    envoi.essayer(StockageIndisponible("muet"))
    attente = maintenant() + timedelta(minutes=5)
    _executer("UPDATE procrastinate_jobs SET scheduled_at = %s", [attente])
    assert envoi.envoyer() == envoi.archive
    assert (_taches(), _taches("cancelled")) == (1, 1)
    assert ProcrastinateJob.objects.get(status="todo", task_name=reprises.TACHE).scheduled_at is None


def test_recontroler_deux_fois_n_a_qu_un_effet(envoi: Envoi):
    assert not envoi.recontroler()  # it is neither late nor set aside
    envoi.ecarter()
    _oublier_les_taches()
    assert [envoi.recontroler(), envoi.recontroler()] == [True, False]
    assert envoi.gestes() == ["ECARTER", "RECONTROLER"]
    assert _taches() == 1


@pytest.mark.django_db(transaction=True)
def test_deux_clics_sur_recontroler_au_meme_instant_n_ont_qu_un_effet(envoi: Envoi):
    envoi.ecarter()
    _oublier_les_taches()
    assert sorted(ensemble(*[envoi.recontroler] * 3)) == [False, False, True]
    assert _taches() == 1


def _oublier_les_taches() -> None:
    _executer("DELETE FROM procrastinate_jobs")


def _executer(ordre: str, valeurs: Sequence[Any] = ()) -> None:
    with connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)


@pytest.mark.parametrize("sort", ["perdue", "failed", "cancelled"])
def test_un_controle_dont_la_tache_n_est_plus_est_remis_en_file_une_fois(envoi: Envoi, sort: str):
    assert reprises.relancer_les_oubliees() == 0
    if sort == "perdue":
        _oublier_les_taches()
    else:
        _executer("UPDATE procrastinate_jobs SET status = %s", [sort])
    assert [reprises.relancer_les_oubliees(), reprises.relancer_les_oubliees()] == [1, 0]
    assert _taches() == 1
    assert envoi.essayer().etat == Archive.Etat.CONFORME
    _oublier_les_taches()
    assert reprises.relancer_les_oubliees() == 0


def test_sans_ouvrier_le_retard_se_lit_sur_la_ligne_meme(envoi: Envoi):
    instant = maintenant()
    assert envoi.archive.en_retard_depuis(instant + RETARD / 2) is None
    assert envoi.archive.en_retard_depuis(instant + 2 * RETARD) == envoi.archive.avance_le
    assert list(controles_a_suivre(instant + 2 * RETARD)) == [envoi.archive]


@pytest.mark.exigence("INC-005", "INC-006")
def test_un_zip_arrive_a_temps_ne_perd_rien_au_retard_de_son_controle(envoi: Envoi):
    envoi.essayer(StockageIndisponible("muet"))
    _les_jours_passent(9)
    supprimer_les_demandes_sans_pieces(timestamp=0)
    with pytest.raises(GesteImpossible, match="vous n'avez rien à renvoyer"):
        pieces.recevoir(
            depot=envoi.depot, auteur=envoi.deposant.auteur, nom_fichier="x.zip", flux=io.BytesIO(b"autre")
        )
    assert envoi.essayer().etat == Archive.Etat.CONFORME
    supprimer_les_demandes_sans_pieces(timestamp=0)
    assert _expire_le() >= jours_apres(maintenant(), 7)
    envoi.deposant.terminer(envoi.depot)
    assert Demande.objects.get().statut == "EN_COURS"


@pytest.mark.exigence("INC-005", "INC-006")
def test_un_zip_ecarte_laisse_sept_jours_pour_en_envoyer_un_autre(envoi: Envoi):
    _les_jours_passent(9)
    envoi.ecarter()
    assert _expire_le() >= jours_apres(maintenant(), 7)
    assert suites.expirer(instant=maintenant()) == 0
    assert envoi.deposant.envoyer(envoi.depot, envoi.octets).etat == Archive.Etat.CONFORME


def test_un_controle_qui_est_en_file_n_y_est_pas_remis(envoi: Envoi) -> None:
    (tache,) = ProcrastinateJob.objects.filter(task_name=reprises.TACHE)
    assert not reprises.mettre_en_file(envoi.archive.pk)
    assert [(une.pk, une.status) for une in ProcrastinateJob.objects.filter(task_name=reprises.TACHE)] == [
        (tache.pk, "todo")
    ]


def _archive(depot: Depot, rang: int, **valeurs: Any) -> Archive:
    fichier = usines.fichier(f"zip {depot.pk} {rang}".encode())
    qui = {"auteur_id": depot.auteur_id, "nom_fichier": "x.zip", "recue_le": maintenant()}
    return Archive.objects.create(entreprise=depot.entreprise, depot=depot, fichier=fichier, **qui | valeurs)


@pytest.mark.parametrize(("ecartees", "prolonge"), [(2, True), (3, False)])
def test_trois_fichiers_ecartes_d_un_meme_depot_au_plus_prolongent_ses_demandes(
    envoi: Envoi, ecartees: int, prolonge: bool
) -> None:
    """Neither those of another deposit count, nor those that were not set aside."""
    autre = envoi.deposant.importer(1)
    for rang in range(ecartees):
        _archive(envoi.depot, rang, mises_a_l_ecart=1)
    for rang in range(10, 13):
        _archive(autre, rang, mises_a_l_ecart=1)
        _archive(envoi.depot, rang, etat=Archive.Etat.NON_CONFORME)
    fin = maintenant() + timedelta(hours=1)
    Demande.objects.update(expire_le=fin)
    envoi.ecarter()
    sienne = Demande.objects.get(ligne_depot__depot=envoi.depot).expire_le
    assert sienne is not None
    assert (sienne >= jours_apres(maintenant(), 7)) is prolonge
    assert Demande.objects.get(ligne_depot__depot=autre).expire_le == fin


def _les_jours_passent(jours: int) -> None:
    """The rows as they would be these days later."""
    recul = timedelta(days=jours)
    demande, archive = Demande.objects.get(), Archive.objects.get()
    assert demande.expire_le is not None
    Demande.objects.update(expire_le=demande.expire_le - recul)
    Archive.objects.update(recue_le=archive.recue_le - recul)


def _expire_le() -> datetime:
    expire_le = Demande.objects.get().expire_le
    assert expire_le is not None
    return expire_le


def test_ce_qui_est_remplace_ou_termine_n_est_plus_a_suivre(envoi: Envoi):
    envoi.ecarter()
    envoi.deposant.envoyer(envoi.depot, envoi.octets)
    assert not controles_a_suivre(maintenant()).exists()


def test_l_agent_qui_recontrole_est_au_journal(envoi: Envoi):
    envoi.ecarter()
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    _oublier_les_taches()
    assert reprises.recontroler(archive=envoi.archive.pk, auteur=auteur(agent))
    (evenement,) = evenements_de(f"archive:{envoi.archive.pk}").filter(geste="RECONTROLER")
    assert (evenement.acteur, evenement.avant, evenement.apres) == (agent, "ILLISIBLE", "RECUE")


def test_un_controle_qui_echoue_a_le_dire_finit_par_s_arreter(envoi: Envoi):
    """A fault of our own in the very noting of a failure: its count is lost each time, the queue's is not."""
    tache = Job(id=1, queue="archives", lock=None, queueing_lock=None, task_name=reprises.TACHE, attempts=10)
    assert controler_archive.get_retry_exception(exception=KeyError("faute"), job=tache) is None
    for encore in (1, 1, 0):
        _executer("UPDATE procrastinate_jobs SET status = 'failed'")
        assert reprises.relancer_les_oubliees() == encore
    assert controles_a_suivre(maintenant() + 2 * RETARD).get() == envoi.archive


@pytest.mark.exigence("INC-006")
def test_un_fichier_qui_echoue_toujours_ne_garde_pas_ses_demandes_pour_toujours(envoi: Envoi):
    envoi.ecarter()
    _les_jours_passent(6)
    fin = _expire_le()
    for _ in range(2):
        assert envoi.recontroler()
        envoi.ecarter()
    assert _expire_le() == fin
    with pytest.raises(GesteImpossible, match="un gestionnaire, qui le voit, peut seul"):
        envoi.recontroler()
    with pytest.raises(GesteImpossible, match="un gestionnaire, qui le voit, peut seul"):
        envoi.envoyer()
    agent = usines.utilisateur(Profil.GESTIONNAIRE)
    assert reprises.recontroler(archive=envoi.archive.pk, auteur=auteur(agent))
    envoi.ecarter()
    assert _expire_le() > fin


def test_une_menace_trouvee_avant_terminer_l_arrete(envoi: Envoi):
    envoi.essayer()
    piece = PieceJustificative.objects.select_related("fichier").order_by("pk")[0]
    assert piece.fichier is not None
    Fichier.objects.filter(pk=piece.fichier.pk).update(analyse=Analyse.INFECTE)
    with pytest.raises(GesteImpossible, match=f"menace dans le fichier « {piece.nom} »"):
        envoi.deposant.terminer(envoi.depot)


def test_un_echec_qui_arrive_apres_la_conclusion_ne_change_rien(envoi: Envoi):
    """Another worker, that took this one for dead, has concluded."""
    envoi.essayer()
    assert envoi.relire().etat == Archive.Etat.CONFORME
    assert reprises.noter_echec(archive=envoi.archive.pk, erreur=KeyError("faute")) is True
    relue = envoi.relire()
    assert (relue.etat, relue.echecs) == (Archive.Etat.CONFORME, 0)


def test_une_archive_effacee_ne_se_recontrole_ni_ne_s_ecarte(envoi: Envoi):
    cle = envoi.archive.pk
    envoi.archive.delete()
    assert reprises.recontroler(archive=cle, auteur=auteur(envoi.deposant.utilisateur)) is False
    assert reprises.noter_echec(archive=cle, erreur=KeyError("faute")) is True
    assert reprises.prendre(archive=cle) is None
