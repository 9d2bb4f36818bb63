"""Signing the PDFs that the portal gives, and checking one away from it (decision record 49).

The signature is the PDF's own (ISO 32000-1, 12.8: CMS, detached, over all but itself), so that any reader checks it:
ECDSA on P-256 with SHA-256. The certificate is the key's own: it is trusted because the portal publishes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

_USAGE = b"segurnum signature des documents 1"
# The order of P-256: a private key is a number below it.
_ORDRE = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DEBUT, _FIN = datetime(2020, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_CREUX = 4096  # octets kept for the signature
_A_VENIR = 9_999_999_999
_SANS_CADRE = [-1, -1, -1, -1]  # nothing of the field is drawn, nor on the page
_IMPRIMABLE_ET_FIGE = 4 | 128
_PLAGE = re.compile(rb"/ByteRange \[ ?(\d+) (\d+) (\d+) (\d+) *\]")


class SignatureRefusee(ValueError):
    """This PDF is not one that the portal signed, or it was changed since; a French sentence says which."""


@dataclass(frozen=True)
class Signataire:
    """A private key with its certificate."""

    cle: ec.EllipticCurvePrivateKey
    certificat: x509.Certificate

    @property
    def pem(self) -> str:
        """What is published."""
        return self.certificat.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def empreinte(self) -> str:
        """How people compare two certificates: SHA-256, hexadecimal."""
        return self.certificat.fingerprint(hashes.SHA256()).hex()


def signataire(secret: str, nom: str) -> Signataire:
    """Who signs under this secret, always the same: nothing else is kept. `nom`: what PDF readers show."""
    graine = HKDF(hashes.SHA256(), 48, salt=None, info=_USAGE).derive(secret.encode())
    cle = ec.derive_private_key(int.from_bytes(graine) % (_ORDRE - 1) + 1, ec.SECP256R1())
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nom[:64])])
    publique = cle.public_key()
    certificat = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(sujet)
        .public_key(publique)
        .serial_number(int.from_bytes(x509.SubjectKeyIdentifier.from_public_key(publique).digest[:16]))
        .not_valid_before(_DEBUT)
        .not_valid_after(_FIN)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usages(), critical=True)
        .sign(cle, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Signataire(cle, certificat)


def _usages() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def signer(pdf: bytes, qui: Signataire, *, instant: datetime, motif: str) -> bytes:
    """The PDF with its signature, which covers every octet of it. `instant`: when it says it was signed."""
    prepare = _avec_un_champ(pdf, qui, instant, motif)
    creux = b"<" + b"0" * (2 * _CREUX) + b">"
    debut = prepare.index(creux)
    fin = debut + len(creux)
    plage = _PLAGE.search(prepare)
    if plage is None:  # the writer of the PDF is ours
        raise AssertionError("la plage signée n'est pas écrite")
    ecrite = f"/ByteRange [0 {debut} {fin} {len(prepare) - fin}]".encode()
    complete = ecrite[:-1] + b" " * (len(plage[0]) - len(ecrite)) + b"]"
    prepare = prepare[: plage.start()] + complete + prepare[plage.end() :]
    cms = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(prepare[:debut] + prepare[fin:])
        .add_signer(qui.certificat, qui.cle, hashes.SHA256())
        .sign(
            serialization.Encoding.DER,
            [
                pkcs7.PKCS7Options.DetachedSignature,
                pkcs7.PKCS7Options.Binary,
                pkcs7.PKCS7Options.NoAttributes,
            ],
        )
    )
    return prepare[: debut + 1] + cms.hex().encode().ljust(2 * _CREUX, b"0") + prepare[fin - 1 :]


def _avec_un_champ(pdf: bytes, qui: Signataire, instant: datetime, motif: str) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        signature = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                Filter=pikepdf.Name("/Adobe.PPKLite"),
                SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
                ByteRange=[0, _A_VENIR, _A_VENIR, _A_VENIR],
                Contents=pikepdf.String(b"\0" * _CREUX),
                M=pikepdf.String(f"D:{instant.astimezone(UTC):%Y%m%d%H%M%S}Z"),
                Name=pikepdf.String(
                    str(qui.certificat.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
                ),
                Reason=pikepdf.String(motif),
            )
        )
        champ = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String("signature"),
                TU=pikepdf.String("Signature électronique du portail"),
                F=_IMPRIMABLE_ET_FIGE,
                Rect=_SANS_CADRE,
                P=page.obj,
                V=signature,
            )
        )
        page.obj.Annots = pikepdf.Array([*page.obj.get("/Annots", []), champ])
        page.obj.Tabs = pikepdf.Name.S
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[champ], SigFlags=3)
        sortie = BytesIO()
        document.save(
            sortie,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return sortie.getvalue()


def verifier(pdf: bytes, certificats: Iterable[x509.Certificate]) -> x509.Certificate:
    """The certificate, among those that are trusted, whose key signed this whole PDF. Raises SignatureRefusee."""
    plages = [tuple(map(int, plage.groups())) for plage in _PLAGE.finditer(pdf)]
    if not plages:
        raise SignatureRefusee("ce document ne porte pas de signature.")
    debut, coupe, reprise, reste = plages[-1]
    creux = pdf[coupe:reprise]
    if debut != 0 or reprise + reste != len(pdf) or not re.fullmatch(rb"<[0-9a-fA-F]*>", creux):
        raise SignatureRefusee("sa signature ne couvre pas tout le document : il a été modifié.")
    try:
        signature = _signature_de(bytes.fromhex(creux[1:-1].decode()))
    except (ValueError, IndexError) as faute:
        raise SignatureRefusee("sa signature est illisible.") from faute
    for certificat in certificats:
        cle = certificat.public_key()
        if isinstance(cle, ec.EllipticCurvePublicKey) and _est_de(
            cle, signature, pdf[:coupe] + pdf[reprise:]
        ):
            return certificat
    raise SignatureRefusee(
        "sa signature n'est celle d'aucun des certificats publiés : il a été modifié, ou ne vient pas du portail."
    )


def _signature_de(cms: bytes) -> bytes:
    """The signature of a CMS made as ours are: its last element, a DER sequence of 72 octets at the most.

    Whatever is read wrong is no signature of the key. Raises ValueError.
    """
    entete = cms[:4]
    if len(entete) < 4 or entete[:2] != b"\x30\x82":
        raise ValueError("CMS illisible")
    entier = cms[: 4 + int.from_bytes(entete[2:])]
    for taille in range(72, 7, -1):
        if entier[-taille - 2 : -taille] == bytes((4, taille)) and entier[-taille] == 0x30:
            return entier[-taille:]
    raise ValueError("CMS sans signature")


def _est_de(cle: ec.EllipticCurvePublicKey, signature: bytes, octets: bytes) -> bool:
    try:
        cle.verify(signature, octets, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def certificats_de(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a published file. Raises ValueError."""
    return x509.load_pem_x509_certificates(pem)
