"""The stand-ins answer as the parts that they stand for."""

import io
import smtplib
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from segurnum.essais.parties import MENACE, Recu, par, serveur_antivirus, serveur_smtp
from segurnum.essais.robinet import Robinet
from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.lanceur.reseau import LOCAL
from segurnum.pannes import AntivirusIndisponible


def test_le_serveur_d_envoi_garde_ce_qu_il_prend_et_refuse_quand_on_le_dit():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Été"
    message["Message-ID"] = "<1@b.example>"
    message.set_content("Bonjour")
    with serveur_smtp() as boite, smtplib.SMTP(LOCAL, boite.port, timeout=10) as lien:
        lien.send_message(message)
        assert boite.recus == [Recu("<1@b.example>", "c@d.example", "Été")]
        boite.refus = "451 4.3.0 plus tard"
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            lien.send_message(message)
    assert len(boite.recus) == 1


def test_l_antivirus_trouve_la_menace_par_le_robinet_et_se_tait_quand_on_le_dit(settings: Settings):
    with serveur_antivirus() as demon, Robinet(demon.port) as robinet:
        settings.ANTIVIRUS_URL = par(demon.adresse, robinet)
        assert antivirus.analyser(io.BytesIO(b"sain")) is Analyse.SAIN
        a_cheval = bytes(antivirus.TRANCHE - 3) + MENACE + b"fin"
        assert antivirus.analyser(io.BytesIO(a_cheval)) is Analyse.INFECTE
        assert antivirus.demander("PING", delai=10) == "PONG"
        assert antivirus.demander("VERSION", delai=10).startswith("ClamAV ")
        demon.muet = True
        with pytest.raises(AntivirusIndisponible):
            antivirus.demander("PING", delai=0.1)
        demon.muet = False
        robinet.fermer()
        with pytest.raises(AntivirusIndisponible):
            antivirus.demander("PING", delai=10)


def test_une_adresse_garde_tout_sauf_le_port():
    with Robinet(9) as robinet:
        assert (
            par("postgres://a:b%40@127.0.0.1:1/c?d=e", robinet)
            == f"postgres://a:b%40@127.0.0.1:{robinet.port}/c?d=e"
        )
        assert (
            par("s3://cle:secret@ici:2/seau?ssl=0", robinet)
            == f"s3://cle:secret@127.0.0.1:{robinet.port}/seau?ssl=0"
        )
