"""What a PDF's filters make: as any other decoder makes it, block by block, and never past what may be made."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segurnum.controles.filtres import BLOC, Compteur, FluxAbime, TropDeTravail, decoder

from .fabrique_pdf import lzw_qui_enfle


def lire(brut: bytes, *filtres: str, restants: int = 1 << 20, precoce: bool = True) -> bytes:
    return b"".join(decoder(brut, list(filtres), Compteur(restants), precoce=precoce))


def lzw(octets: bytes, precoce: bool) -> bytes:
    """An encoder by the book, for the decoder to be compared with."""
    table = {bytes([i]): i for i in range(256)}
    codes, courant = [(256, 9)], b""
    largeur, prochain = 9, 258
    for octet in octets:
        plus = courant + bytes([octet])
        if plus in table:
            courant = plus
            continue
        codes.append((table[courant], largeur))
        table[plus], prochain = prochain, prochain + 1
        courant = bytes([octet])
        if prochain - 1 + precoce >= 1 << largeur and largeur < 12:
            largeur += 1
        if prochain == 4_094:
            codes.append((256, largeur))
            table, largeur, prochain = {bytes([i]): i for i in range(256)}, 9, 258
    if courant:
        codes.append((table[courant], largeur))
        prochain += 1
        if prochain - 1 + precoce >= 1 << largeur and largeur < 12:
            largeur += 1
    codes.append((257, largeur))
    bits = "".join(f"{code:0{taille}b}" for code, taille in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


@given(st.binary(max_size=600) | st.binary(max_size=3).map(lambda b: b * 4_000))
@settings(max_examples=60)
def test_chaque_filtre_rend_ce_qui_a_ete_code(octets: bytes) -> None:
    assert lire(zlib.compress(octets), "FlateDecode") == octets
    assert lire(base64.a85encode(octets, wrapcol=72) + b"~>", "ASCII85Decode") == octets
    assert lire(octets.hex(" ").encode() + b">", "ASCIIHexDecode") == octets
    assert lire(lzw(octets, True), "LZXDecode") == octets
    assert lire(lzw(octets, False), "LZX", precoce=False) == octets
    assert lire(zlib.compress(octets.hex().encode()), "Fl", "AHx") == octets


def test_les_longueurs_rendent_ce_qui_a_ete_code() -> None:
    assert lire(b"\x02abc\xfed\x80reste", "RunLengthDecode") == b"abcddd"


def test_beaucoup_d_octets_passent_le_tour_de_la_table_lzw() -> None:
    octets = bytes((i * i) % 251 for i in range(60_000))
    assert lire(lzw(octets, True), "LZX") == octets


@pytest.mark.parametrize(
    ("brut", "filtre"),
    [
        (zlib.compress(bytes(100 * BLOC), 9), "FlateDecode"),
        (lzw_qui_enfle(20_000), "LZXDecode"),
        (b"\x81 " * 50_000, "RunLengthDecode"),
    ],
)
def test_rien_n_est_fait_au_dela_de_la_limite(brut: bytes, filtre: str) -> None:
    faits: list[bytes] = []
    with pytest.raises(TropDeTravail):
        faits.extend(decoder(brut, [filtre], Compteur(3 * BLOC)))
    assert sum(map(len, faits)) <= 3 * BLOC


def test_ce_que_fait_chaque_filtre_d_une_suite_est_compte() -> None:
    """The last one makes little: what the first one made has cost all the same."""
    brut = zlib.compress(b"0" * 999 + b">" + bytes(2 * BLOC), 9)
    assert lire(brut, "FlateDecode", "ASCIIHexDecode", restants=4 * BLOC) == bytes(500)
    with pytest.raises(TropDeTravail):
        lire(brut, "FlateDecode", "ASCIIHexDecode", restants=BLOC)
    with pytest.raises(TropDeTravail):
        lire(b"", *["ASCIIHexDecode"] * 5)


@pytest.mark.parametrize("filtre", ["DCTDecode", "LZWDecode", "Inconnu"])
def test_un_filtre_qui_n_est_pas_d_ici_est_refuse(filtre: str) -> None:
    with pytest.raises(FluxAbime):
        lire(b"x", filtre)
