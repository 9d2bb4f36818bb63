"""A file handed over to a child is the whole file, or nothing."""

import errno
import io
import os
import tempfile

import pytest

from segurnum.isolement.transmission import a_lire

OCTETS = b"une piece " * 2_000


class SansPlace(io.BytesIO):
    """What came of the store, when the disk is too full for it to be put there: the bytes are lost on the way."""

    def fileno(self) -> int:
        self.truncate(0)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("fabrique", [io.BytesIO, tempfile.SpooledTemporaryFile, tempfile.TemporaryFile])
def test_d_ou_qu_il_vienne_il_arrive_entier(fabrique: type):
    with fabrique() as flux:
        flux.write(OCTETS)
        flux.seek(0)
        with a_lire(flux) as descripteur:
            assert descripteur is not None
            assert os.pread(descripteur, len(OCTETS) + 1, 0) == OCTETS
        assert flux.read() == OCTETS


def test_un_disque_plein_est_une_panne_et_non_un_fichier_vide():
    with pytest.raises(OSError, match="No space") as panne, a_lire(SansPlace(OCTETS)):
        pass
    assert panne.value.errno == errno.ENOSPC  # told and waited for as an outage of the files: see `pannes`
