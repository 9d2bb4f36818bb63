"""A ZIP that begins to arrive before its last minute and ends after it, on the web server of an installation."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from processus.test_televersement import FIN, Envoi, debut
from segurnum.demandes.models import Demande
from segurnum.depots.models import Archive
from segurnum.essais.programmes import Web
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.depot import Fournisseur

MOITIE = 256 * 1024  # octets: the server reads by pieces smaller than that
DELAI, VOYAGE = timedelta(minutes=10), timedelta(minutes=20)


@pytest.fixture
def horloge() -> Iterator[Path]:
    """The lead of the clock that the web server of a demonstration reads."""
    fichier = Path(settings.DONNEES) / "horloge"
    yield fichier
    fichier.unlink(missing_ok=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("INC-005")
def test_un_zip_commence_a_temps_est_recu_et_le_suivant_vient_trop_tard(tmp_path: Path, horloge: Path):
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    fin = maintenant() + DELAI
    Demande.objects.update(expire_le=fin)
    with Web(tmp_path, SEGURNUM_DEMO="1") as web:
        lent = Envoi(web.port, fournisseur, depot)
        deja = _en_cours_de_reception()
        with closing(lent.prise):
            lent.annoncer(len(debut("archive")) + 2 * MOITIE + len(FIN))
            lent.prise.sendall(debut("archive") + bytes(MOITIE))
            web.attendre(lambda: _en_cours_de_reception() > deja)
            horloge.write_text(str(VOYAGE.total_seconds()))
            lent.prise.sendall(bytes(MOITIE) + FIN)
            assert b" 302 " in lent.reponse().split(b"\r\n")[0]
        assert Archive.objects.get().recue_le < fin
        tard = Envoi(web.port, fournisseur, depot)
        with closing(tard.prise):
            tard.annoncer(len(debut("archive")) + 4 + len(FIN))
            tard.prise.sendall(debut("archive") + b"tard" + FIN)
            assert b" 302 " in tard.reponse().split(b"\r\n")[0]
        assert Archive.objects.count() == 1


def _en_cours_de_reception() -> int:
    return len(os.listdir(settings.FILE_UPLOAD_TEMP_DIR))
