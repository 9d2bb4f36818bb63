"""The ZIP of a deposit: checked, then attached by « Terminer »."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes import echeances
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import pieces
from segurnum.depots.attentes import avec_un_zip_en_attente
from segurnum.depots.models import Archive, Depot
from segurnum.essais.antivirus import MENACE, antivirus
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.fichiers import groupes
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _sans(octets: bytes, rang: int) -> bytes:
    """The same archive without one of its entries."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(sortie, "w") as cible:
        for entree in source.infolist()[:rang] + source.infolist()[rang + 1 :]:
            cible.writestr(entree, source.read(entree))
    return sortie.getvalue()


@pytest.mark.exigence("JSN-038", "JSN-043", "JSN-044", "INC-001", "INC-010", "REQ-020", "REQ-050", "REQ-051")
def test_un_zip_conforme_puis_terminer_remet_les_demandes_aux_gestionnaires() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(3)
    archive = deposant.envoyer(depot)
    assert archive.etat == Archive.Etat.CONFORME
    assert set(Demande.objects.values_list("statut", flat=True)) == {"NON_COMPLETEE"}
    deposant.terminer(depot)
    for demande in Demande.objects.all():
        assert (demande.statut, demande.expire_le) == ("EN_COURS", None)
        assert [e.geste for e in evenements_de(demande.dossier.chaine)] == ["DEPOSER", "COMPLETER"]
        for piece in demande.pieces.select_related("fichier"):
            assert piece.fichier is not None
            assert fichiers.lire(piece.fichier)
    archive.refresh_from_db()
    assert archive.etat == Archive.Etat.CONFORME


@pytest.mark.exigence("JSN-038", "JSN-043")
def test_une_piece_annoncee_absente_se_dit_et_ne_retient_que_sa_demande() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    octets = deposant.zip_de(depot)
    archive = deposant.envoyer(depot, _sans(octets, 0))
    assert archive.etat == Archive.Etat.NON_CONFORME
    deposant.terminer(depot)
    retenue, partie = Demande.objects.order_by("pk")
    assert (retenue.statut, partie.statut) == ("NON_COMPLETEE", "EN_COURS")
    depot.refresh_from_db()
    assert depot.termine_le is None
    with pytest.raises(GesteImpossible, match="toutes ses pièces"):
        deposant.terminer(depot)
    # A ZIP with the missing piece only is right.
    assert deposant.envoyer(depot, _seul(octets, 0)).etat == Archive.Etat.CONFORME
    assert deposant.terminer(depot).termine_le is not None
    assert set(Demande.objects.values_list("statut", flat=True)) == {"EN_COURS"}


def _seul(octets: bytes, rang: int) -> bytes:
    """An archive of one of its entries."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(sortie, "w") as cible:
        entree = source.infolist()[rang]
        cible.writestr(entree, source.read(entree))
    return sortie.getvalue()


def _autre(octets: bytes) -> tuple[bytes, bytes]:
    """The same archive with its first piece scanned anew, and that piece."""
    neuve = fabrique_pieces.pdf(3)
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(sortie, "w") as cible:
        for rang, entree in enumerate(source.infolist()):
            cible.writestr(entree.filename, source.read(entree) if rang else neuve)
    return sortie.getvalue(), neuve


@pytest.mark.exigence("JSN-043", "JSN-044")
def test_terminer_joint_les_pieces_du_dernier_zip_conforme() -> None:
    """One that replaces another, then a faulty one that takes nothing away."""
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    octets = deposant.zip_de(depot)
    premier = deposant.envoyer(depot, octets)
    remplacant, neuve = _autre(octets)
    second = deposant.envoyer(depot, remplacant)
    fautif = deposant.envoyer(depot, _sans(octets, 0))
    assert [a.etat for a in (premier, second, fautif)] == ["CONFORME", "CONFORME", "NON_CONFORME"]
    deposant.terminer(depot)
    piece = PieceJustificative.objects.order_by("pk")[0]
    assert piece.fichier is not None
    assert fichiers.lire(piece.fichier) == neuve
    assert {p.depose_le for p in PieceJustificative.objects.all()} == {second.recue_le}


@pytest.mark.exigence("JSN-043")
def test_le_zip_d_un_depot_ne_termine_pas_l_autre() -> None:
    deposant = Deposant.nouveau()
    premier, second = deposant.importer(1), deposant.importer(1)
    deposant.envoyer(premier)
    with pytest.raises(GesteImpossible, match="toutes ses pièces"):
        deposant.terminer(second)
    deposant.terminer(premier)
    assert set(Demande.objects.filter(ligne_depot__depot=second).values_list("statut", flat=True)) == {
        "NON_COMPLETEE"
    }


def test_ce_que_l_antivirus_dit_du_zip_vaut_pour_ses_pieces(settings: Settings) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    octets = deposant.zip_de(depot)
    ailleurs = fichiers.deposer(flux=io.BytesIO(b"un fichier d'ailleurs"))
    with antivirus() as demon:
        settings.ANTIVIRUS_URL = demon.adresse
        archive = deposant.envoyer(depot, octets)
        assert demon.vus == 1
    assert archive.etat == Archive.Etat.CONFORME
    stockees = Fichier.objects.filter(pk__in=PieceJustificative.objects.values("fichier"))
    assert {fichier.analyse for fichier in stockees} == {Analyse.SAIN}
    ailleurs.refresh_from_db()
    assert ailleurs.analyse == Analyse.NON_ANALYSE


def test_une_menace_deja_connue_d_une_piece_survit_au_zip_dit_sain(settings: Settings) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    octets = deposant.zip_de(depot)
    with zipfile.ZipFile(io.BytesIO(octets)) as lu:
        connue = fichiers.deposer(flux=io.BytesIO(lu.read(lu.infolist()[0])))
    Fichier.objects.filter(pk=connue.pk).update(analyse=Analyse.INFECTE)
    with antivirus() as demon:
        settings.ANTIVIRUS_URL = demon.adresse
        deposant.envoyer(depot, octets)
    connue.refresh_from_db()
    assert connue.analyse == Analyse.INFECTE
    with pytest.raises(GesteImpossible, match="antivirus"):
        deposant.terminer(depot)


@pytest.mark.django_db(transaction=True)
def test_une_menace_dans_le_zip_l_ecarte_et_ne_touche_pas_aux_autres(settings: Settings) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    sain = deposant.envoyer(depot)
    with antivirus() as demon:
        settings.ANTIVIRUS_URL = demon.adresse
        infecte = deposant.envoyer(depot, _autre(deposant.zip_de(depot))[0] + MENACE)
    sain.refresh_from_db()
    assert (sain.etat, infecte.etat) == (Archive.Etat.CONFORME, Archive.Etat.INFECTEE)
    assert {p.depose_le for p in PieceJustificative.objects.all()} == {sain.recue_le}


def test_l_avancement_d_un_controle_se_lit_pendant_qu_il_dure(monkeypatch: pytest.MonkeyPatch) -> None:
    deposant = Deposant.nouveau()
    premier, second = deposant.importer(1), deposant.importer(1)
    autre = pieces.recevoir(
        depot=premier, auteur=deposant.auteur, nom_fichier="x.zip", flux=io.BytesIO(deposant.zip_de(premier))
    )
    monkeypatch.setattr(pieces, "PAS_DE_PROGRESSION", 1)
    archive = deposant.envoyer(second)
    assert archive.octets_controles > 0
    assert archive.avance_le > archive.recue_le
    autre.refresh_from_db()
    assert (autre.octets_controles, autre.etat) == (0, Archive.Etat.RECUE)


def _passer_le_dernier_jour(depot: Depot) -> datetime:
    """Its last instant was a minute ago; the sweep has not run."""
    fin = maintenant() - timedelta(minutes=1)
    Demande.objects.filter(ligne_depot__depot=depot).update(expire_le=fin)
    return fin


def _recevoir(deposant: Deposant, depot: Depot, **options: Any) -> Archive:
    octets = deposant.zip_de(depot)
    return pieces.recevoir(
        depot=depot, auteur=deposant.auteur, nom_fichier="x.zip", flux=io.BytesIO(octets), **options
    )


@pytest.mark.exigence("INC-005", "INC-006")
def test_un_zip_arrive_trop_tard_est_refuse_meme_si_ses_demandes_sont_encore_la() -> None:
    deposant = Deposant.nouveau()
    depot, autre = deposant.importer(1), deposant.importer(1)
    fin = _passer_le_dernier_jour(depot)
    with pytest.raises(
        GesteImpossible, match=f"jusqu'au {date_fr(fin)} inclus : ses demandes sont supprimées"
    ):
        _recevoir(deposant, depot)
    assert not Archive.objects.exists()
    _recevoir(deposant, autre)
    # What began to arrive at the last instant is in time, however late it is read.
    assert _recevoir(deposant, depot, recu_le=fin).recue_le == fin


@pytest.mark.exigence("INC-005", "INC-006")
def test_un_zip_a_corriger_ne_retient_ni_la_fin_du_delai_ni_sa_phrase() -> None:
    """Only a ZIP that the portal has not checked yet holds back what time does to its requests."""
    deposant = Deposant.nouveau()
    fautif, attendu = deposant.importer(1), deposant.importer(1)
    octets = deposant.zip_de(fautif)
    assert deposant.envoyer(fautif, _sans(octets, 0)).etat == Archive.Etat.NON_CONFORME
    _recevoir(deposant, attendu)
    for depot in (fautif, attendu):
        _passer_le_dernier_jour(depot)
    with pytest.raises(GesteImpossible, match="ses demandes sont supprimées"):
        _recevoir(deposant, fautif)
    assert echeances.expirer(instant=maintenant(), sauf=avec_un_zip_en_attente()) == 1
    assert Demande.objects.get().ligne_depot.depot == attendu


@pytest.mark.exigence("INC-005")
def test_un_zip_de_trop_est_refuse_sans_alarme_quand_le_premier_attend_son_controle() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    _recevoir(deposant, depot)
    _passer_le_dernier_jour(depot)
    with pytest.raises(GesteImpossible, match="vous n'avez rien à renvoyer"):
        deposant.envoyer(depot, _autre(deposant.zip_de(depot))[0])


def test_le_meme_zip_envoye_deux_fois_est_reconnu() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    octets = deposant.zip_de(depot)
    archive = deposant.envoyer(depot, octets)
    with pytest.raises(pieces.ArchiveDejaRecue, match="déjà été reçu") as refus:
        deposant.envoyer(depot, octets)
    assert refus.value.archive == archive
    assert ProcrastinateJob.objects.filter(lock=f"archive:{archive.pk}").count() == 1


def test_terminer_deux_fois_ne_fait_rien_de_plus() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    fini = deposant.terminer(depot)
    encore = deposant.terminer(depot)
    assert encore.termine_le == fini.termine_le
    assert evenements_de(Demande.objects.get().dossier.chaine).filter(geste="COMPLETER").count() == 1


def test_un_depot_termine_n_attend_plus_de_zip() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    depot.refresh_from_db()
    with pytest.raises(GesteImpossible, match="terminé"):
        deposant.envoyer(depot, b"PK autre")


def test_un_ouvrier_tue_au_milieu_du_controle_reprend_et_finit(monkeypatch: pytest.MonkeyPatch) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(4)
    vrai, appels = fichiers.deposer_ensemble, []

    def mourir(*valeurs: Any) -> Any:
        appels.append(1)
        if len(appels) == 3:
            raise KeyboardInterrupt  # nothing catches it: as a kill would, it leaves at once
        return vrai(*valeurs)

    octets = deposant.zip_de(depot)
    monkeypatch.setattr(groupes, "NOMBRE", 2)
    monkeypatch.setattr(fichiers, "deposer_ensemble", mourir)
    with pytest.raises(KeyboardInterrupt):
        deposant.envoyer(depot, octets)
    assert Archive.objects.get().etat == Archive.Etat.EN_CONTROLE
    monkeypatch.undo()
    pieces.controler(archive=Archive.objects.get().pk)
    assert Archive.objects.get().etat == Archive.Etat.CONFORME
    deposant.terminer(depot)
    assert not PieceJustificative.objects.filter(fichier=None).exists()


@pytest.mark.exigence("XCT-014")
@pytest.mark.django_db(transaction=True)
def test_deux_clics_sur_terminer_au_meme_instant_n_ont_qu_un_effet() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    deposant.envoyer(depot)
    finis = ensemble(*[lambda: deposant.terminer(depot)] * 3)
    assert len({fini.termine_le for fini in finis}) == 1
    for demande in Demande.objects.all():
        assert evenements_de(demande.dossier.chaine).filter(geste="COMPLETER").count() == 1


@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_sur_la_meme_archive_donnent_un_seul_resultat() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    archive = pieces.recevoir(
        depot=depot, auteur=deposant.auteur, nom_fichier="x.zip", flux=io.BytesIO(deposant.zip_de(depot))
    )
    assert ensemble(*[lambda: pieces.controler(archive=archive.pk)] * 2) == [None, None]
    archive.refresh_from_db()
    assert archive.etat == Archive.Etat.CONFORME
    assert not PieceJustificative.objects.filter(fichier=None).exists()
