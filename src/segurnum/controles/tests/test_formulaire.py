"""What is typed on screen, judged field by field by the engine of the files."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from segurnum.controles.formulaire import ecrire_champ, lire_champ, lire_saisie, regle_de_piece
from segurnum.couloirs import mss, par_code
from segurnum.couloirs.champs import Booleen, Champ, Choix, DateFr, Montant
from segurnum.couloirs.commun import oui_non
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande

SOLDE = {champ.nom: champ for champ in mss.SOLDE.champs}
AVANCE = {champ.nom: champ for champ in mss.AVANCE.champs}
LIEN, TELEPHONE, COURRIEL = SOLDE["lienDocumentation"], SOLDE["telephoneContact"], SOLDE["courrielContact"]
MISE_EN_SERVICE = Champ("d", DateFr(passee=True), "Date de la mise en service")
BAL = AVANCE["balApplicativesActuelles"]


def test_une_mise_en_service_date_du_premier_jour_du_programme_a_ce_jour_inclus() -> None:
    aujourd_hui = jour_de_paris(maintenant())
    for jour in ("01/01/2021", date_fr(aujourd_hui)):
        assert lire_champ(MISE_EN_SERVICE, jour)[1] == []
    assert lire_champ(MISE_EN_SERVICE, date_fr(aujourd_hui + timedelta(days=1)))[1] != []


@pytest.mark.exigence("MSS-005", "MSS-006", "MOD-012")
def test_trois_champs_du_solde_sont_obligatoires_et_le_nom_ne_l_est_pas() -> None:
    valeurs, fautes = lire_saisie(mss.SOLDE.champs, {})
    assert list(fautes) == ["telephoneContact", "courrielContact", "lienDocumentation"]
    assert valeurs["nomContact"] is None
    assert fautes["telephoneContact"] == ["Ce champ est obligatoire : renseignez-le."]


@pytest.mark.exigence("MOD-009", "MSS-005")
@pytest.mark.parametrize(
    ("champ", "texte", "attendu"),
    [
        (LIEN, "operateur.example", "http:// ou https://"),
        (LIEN, "http://127.0.0.1/", "que tout le monde peut ouvrir"),
        (LIEN, "https://192.168.1.10:8443/doc", "que tout le monde peut ouvrir"),
        (LIEN, "http://[::1]/", "que tout le monde peut ouvrir"),
        (LIEN, "http://127.1/", "que tout le monde peut ouvrir"),
        (LIEN, "http://serveur.intranet/doc", "que tout le monde peut ouvrir"),
        (LIEN, "http://poste.localhost/", "que tout le monde peut ouvrir"),
        (LIEN, "javascript:alert(1)", "http:// ou https://"),
        (LIEN, "ftp://operateur.example/doc", "http:// ou https://"),
        (LIEN, "https://", "http:// ou https://"),
        (LIEN, "https://operateur.example/a b", "http:// ou https://"),
        (LIEN, "https://moi:secret@operateur.example", "http:// ou https://"),
        (TELEPHONE, "0601", "10 chiffres ou au format +33"),
        (COURRIEL, "support@operateur", "nom@domaine.example"),
        (BAL, "12,5", "un nombre entier de 0 à 99\u202f999\u202f999"),
        (BAL, "-3", "un nombre entier de 0 à 99\u202f999\u202f999"),
        (BAL, "mille", "un nombre entier de 0 à 99\u202f999\u202f999"),
        (BAL, "999999999", "de 0 à 99999999"),
        (Champ("m", Montant(), "Montant"), "douze", "un montant en euros et centimes"),
        (Champ("m", Montant(), "Montant"), "10,999", "deux au plus"),
        (Champ("d", DateFr(), "Date"), "31/02/2024", "n'existe pas au calendrier"),
        (Champ("c", Choix(("HT", "TTC")), "Régime"), "TVA", '"HT" ou "TTC"'),
        (oui_non("b", "Oui ou non"), "peut-être", "« oui » ou « non »"),
        (MISE_EN_SERVICE, "01/01/2099", "la date d'un jour passé est attendue"),
        (MISE_EN_SERVICE, "31/12/2020", "depuis le 01/01/2021"),
    ],
)
def test_un_champ_mal_rempli_dit_ce_qui_est_attendu(champ: Champ, texte: str, attendu: str) -> None:
    _, (phrase, *_) = lire_champ(champ, texte)
    assert attendu in phrase
    assert "guillemets" not in phrase


@pytest.mark.parametrize(
    ("champ", "texte", "valeur"),
    [
        (LIEN, " https://lien_site_web.fr ", "https://lien_site_web.fr"),
        (LIEN, "http://operateur.example:8080/doc?v=1#a", "http://operateur.example:8080/doc?v=1#a"),
        (LIEN, "www.operateur.example/doc", "https://www.operateur.example/doc"),
        (LIEN, "https://1.1.1.1/doc", "https://1.1.1.1/doc"),
        (BAL, "1\u202f000", 1000),
        (BAL, "0", 0),
        (Champ("m", Montant(), "Montant"), "1 074,99", Decimal("1074.99")),
        (Champ("c", Choix(("HT", "TTC")), "Régime"), "ttc", "TTC"),
        (oui_non("b", "Oui ou non"), "oui", True),
    ],
)
def test_ce_qui_se_comprend_est_lu(champ: Champ, texte: str, valeur: object) -> None:
    assert lire_champ(champ, texte) == (valeur, [])


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        (LIEN, "https://operateur.example"),
        (BAL, 1000),
        (Champ("m", Montant(), "Montant"), Decimal("1074.90")),
        (Champ("b", Booleen(), "Booléen"), False),
        (SOLDE["nomContact"], None),
    ],
)
def test_une_valeur_ecrite_se_relit_telle_quelle(champ: Champ, valeur: object) -> None:
    assert lire_champ(champ, ecrire_champ(champ, valeur)) == (valeur, [])


@pytest.mark.exigence("MSS-015", "MSS-016")
def test_chaque_zone_a_ses_formats_et_un_couloir_de_fichiers_ceux_des_pieces() -> None:
    operateur, editeur = par_code("MSS-MSS"), par_code("MS1-DUI")
    regle = regle_de_piece(operateur, TypeDemande.SOLDE, "MSS_RESU_TEST_TECH")
    assert regle.formats == ".pdf ou .txt"
    for couloir, type_piece in ((operateur, "MSS_GUIDE_PDF_API"), (operateur, "AUTRE"), (editeur, "FACTURE")):
        formats = regle_de_piece(couloir, TypeDemande.SOLDE, type_piece).formats
        assert formats == ".jpeg, .jpg, .pdf ou .png"
