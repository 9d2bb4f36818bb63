"""The antivirus: what it finds is never attached, and its silence is not taken for a yes."""

import io
import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from segurnum.comptes.auteurs import auteur as auteur_de
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots.models import Archive
from segurnum.essais import usines
from segurnum.essais.antivirus import MENACE, Demon
from segurnum.essais.antivirus import antivirus as lancer
from segurnum.essais.depots import Deposant
from segurnum.fichiers import antivirus
from segurnum.fichiers.menaces import analyser_en_attente
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.fichiers.services import analyser, deposer, exiger_sains, exiger_sans_menace, recevoir
from segurnum.fichiers.tasks import analyser_les_fichiers_en_attente
from segurnum.journal.queries import evenements_de
from segurnum.pannes import AntivirusIndisponible
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


@pytest.fixture
def demon(settings: Settings) -> Iterator[Demon]:
    with lancer() as demon:
        settings.ANTIVIRUS_URL = demon.adresse
        yield demon


def _fichier(contenu: bytes) -> Fichier:
    return deposer(flux=io.BytesIO(contenu))


@pytest.mark.usefixtures("demon")
@pytest.mark.parametrize(
    ("contenu", "analyse"), [(b"sain " * 500_000, Analyse.SAIN), (MENACE, Analyse.INFECTE)]
)
def test_le_verdict_du_demon_est_garde_avec_le_fichier(contenu: bytes, analyse: Analyse) -> None:
    analyser(_fichier(contenu))
    assert Fichier.objects.get().analyse == analyse


def test_sans_antivirus_un_fichier_reste_dit_non_analyse() -> None:
    assert analyser(_fichier(MENACE)).analyse == Analyse.NON_ANALYSE


@pytest.mark.usefixtures("demon")
def test_une_archive_infectee_n_est_jamais_attachee() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    archive = deposant.envoyer(depot, deposant.zip_de(depot) + MENACE)
    assert archive.etat == Archive.Etat.INFECTEE
    with pytest.raises(GesteImpossible, match="toutes ses pièces"):
        deposant.terminer(depot)


@pytest.mark.usefixtures("demon")
def test_une_reponse_incomprise_n_est_pas_un_oui() -> None:
    with pytest.raises(AntivirusIndisponible, match="size limit"):
        analyser(_fichier(b"bavard"))
    assert Fichier.objects.get().analyse == Analyse.NON_ANALYSE


def _port_ferme() -> str:
    with socket.create_server(("127.0.0.1", 0)) as ferme:
        return f"tcp://127.0.0.1:{ferme.getsockname()[1]}"


def test_un_demon_absent_n_est_pas_un_oui(settings: Settings) -> None:
    settings.ANTIVIRUS_URL = _port_ferme()
    with pytest.raises(AntivirusIndisponible, match="ne répond pas"):
        analyser(_fichier(b"x"))


# --- What comes while it does not answer


def _recu(contenu: bytes = b"%PDF") -> Fichier:
    return recevoir(flux=io.BytesIO(contenu), nom="piece.pdf")


@pytest.mark.exigence("XCT-004")
def test_un_demon_muet_ne_retient_pas_la_page_et_le_fichier_est_garde(
    demon: Demon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(antivirus, "DELAI_A_LA_PORTE", 0.1)
    demon.muet = True
    fichier = _recu()
    assert demon.vus == 1
    fichier.refresh_from_db()
    assert fichier.analyse == Analyse.EN_ATTENTE
    assert fichier.retenu
    demon.parler()
    assert analyser_en_attente() == 1
    fichier.refresh_from_db()
    assert (fichier.analyse, fichier.retenu) == (Analyse.SAIN, "")
    assert analyser_en_attente() == 0


def test_une_menace_trouvee_parce_qu_un_autre_envoie_le_meme_fichier_est_dite_au_premier(
    settings: Settings, demon: Demon
) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    settings.ANTIVIRUS_URL = _port_ferme()
    piece = PieceJustificative.objects.order_by("-pk")[0]
    piece.fichier = _recu(MENACE)
    piece.save()
    settings.ANTIVIRUS_URL = demon.adresse
    with pytest.raises(GesteImpossible, match="menace"):
        _recu(MENACE)
    analyser_les_fichiers_en_attente(timestamp=0)
    piece.fichier.refresh_from_db()
    assert piece.fichier.analyse == Analyse.INFECTE
    assert Courriel.objects.filter(code="M26").count() == 1


@pytest.mark.usefixtures("demon")
def test_une_analyse_se_finit_dans_son_delai_ou_pas_du_tout() -> None:
    with pytest.raises(AntivirusIndisponible, match="ne répond pas"):
        antivirus.analyser(io.BytesIO(b"x"), delai=1e-9)


def test_tant_que_le_demon_est_absent_le_balayage_attend_sans_echouer(settings: Settings) -> None:
    settings.ANTIVIRUS_URL = _port_ferme()
    fichier = _recu()
    analyser_les_fichiers_en_attente(timestamp=0)
    fichier.refresh_from_db()
    assert fichier.analyse == Analyse.EN_ATTENTE
    settings.ANTIVIRUS_URL = ""  # it is taken away for good: nobody would ever answer
    analyser_les_fichiers_en_attente(timestamp=0)
    fichier.refresh_from_db()
    assert (fichier.analyse, fichier.retenu) == (Analyse.NON_ANALYSE, "")


@pytest.mark.exigence("XCT-004")
def test_une_menace_trouvee_apres_coup_est_dite_et_rien_n_est_valide_avec_elle(
    settings: Settings, demon: Demon
) -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    adresse, settings.ANTIVIRUS_URL = settings.ANTIVIRUS_URL, _port_ferme()
    piece = PieceJustificative.objects.order_by("-pk")[0]
    piece.fichier = _recu(MENACE)
    piece.save()
    gestionnaire = usines.utilisateur(Profil.GESTIONNAIRE)
    auteur = auteur_de(gestionnaire)
    with pytest.raises(GesteImpossible, match="dès que l'antivirus répondra"):
        demandes.valider(demande=piece.demande_id, auteur=auteur)
    settings.ANTIVIRUS_URL = adresse
    analyser_en_attente()
    courriel = Courriel.objects.get(code="M26")
    assert courriel.destinataire == deposant.enrolement.courriel
    assert piece.nom in courriel.objet
    assert piece.demande.numero in courriel.corps
    assert [e.geste for e in evenements_de(f"fichier:{piece.fichier.pk}")] == ["MENACE"]
    with pytest.raises(GesteImpossible, match="y a trouvé une menace"):
        demandes.valider(demande=piece.demande_id, auteur=auteur)
    # Another one of this type that came with it, as a PNG beside a PDF, does not take its place.
    voisine = PieceJustificative.objects.create(
        demande=piece.demande,
        nom="voisine.png",
        type=piece.type,
        fichier=usines.fichier(b"PNG sain"),
        depose_le=piece.depose_le,
    )
    with pytest.raises(GesteImpossible, match="y a trouvé une menace"):
        demandes.valider(demande=piece.demande_id, auteur=auteur)
    voisine.delete()
    # The officer asks for another one, which takes its place.
    PieceJustificative.objects.create(
        demande=piece.demande,
        origine=PieceJustificative.Origine.COMPLEMENT,
        nom="autre.pdf",
        type=piece.type,
        fichier=usines.fichier(b"%PDF sain"),
        depose_le=piece.depose_le,
    )
    demandes.valider(demande=piece.demande_id, auteur=auteur)
    assert Demande.objects.get().statut != "EN_COURS"


def test_une_piece_retenue_ne_cede_qu_a_une_plus_recente_du_meme_type() -> None:
    retenu, sain = Fichier(analyse=Analyse.INFECTE), Fichier(analyse=Analyse.SAIN)
    exiger_sains([("RIB", "a", retenu), ("RIB", "b", sain), ("KBIS", "c", None)])
    for pieces in (
        [("RIB", "a", sain), ("RIB", "b", retenu)],
        [("RIB", "a", retenu), ("KBIS", "b", sain)],
        [("RIB", "a", Fichier(analyse=Analyse.EN_ATTENTE))],
    ):
        with pytest.raises(GesteImpossible, match="est bloquée"):
            exiger_sains(pieces)


def test_un_brouillon_ne_se_depose_pas_avec_une_menace_mais_bien_en_attente() -> None:
    exiger_sans_menace([("a.pdf", Fichier(analyse=Analyse.EN_ATTENTE))])
    with pytest.raises(GesteImpossible, match="remplacez-le par un fichier sain"):
        exiger_sans_menace([("a.pdf", Fichier(analyse=Analyse.INFECTE))])
