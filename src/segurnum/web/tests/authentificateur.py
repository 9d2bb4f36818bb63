"""An authenticator of passkeys in software: what a telephone or a security key does when a browser asks it."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, RECONNU, CLE_JOINTE = 0x01, 0x04, 0x40


@dataclass
class Authentificateur:
    """One key, for one site. `reconnait`: whether it checks its owner, by a code or a finger."""

    origine: str
    domaine: str = "localhost"
    reconnait: bool = True
    compteur: int = 0
    identifiant: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    cle: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creer(self, options: str) -> str:
        """The answer to navigator.credentials.create, as the page sends it."""
        point = self.cle.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        jointe = bytes(16) + len(self.identifiant).to_bytes(2, "big") + self.identifiant + cbor2.dumps(cose)
        donnees = self._donnees(CLE_JOINTE) + jointe
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": donnees})
        return self._reponse(
            clientDataJSON=self._client("webauthn.create", options), attestationObject=attestation
        )

    def prouver(self, options: str) -> str:
        """The answer to navigator.credentials.get."""
        self.compteur += 1
        client, donnees = self._client("webauthn.get", options), self._donnees(0)
        signature = self.cle.sign(donnees + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._reponse(clientDataJSON=client, authenticatorData=donnees, signature=signature)

    def _client(self, genre: str, options: str) -> bytes:
        defi = json.loads(options)["challenge"]
        assert base64url_to_bytes(defi)
        return json.dumps({"type": genre, "challenge": defi, "origin": self.origine}).encode()

    def _donnees(self, drapeaux: int) -> bytes:
        drapeaux |= PRESENT | (RECONNU if self.reconnait else 0)
        domaine = hashlib.sha256(self.domaine.encode()).digest()
        return domaine + bytes([drapeaux]) + self.compteur.to_bytes(4, "big")

    def _reponse(self, **champs: bytes) -> str:
        identifiant = bytes_to_base64url(self.identifiant)
        reponse: dict[str, Any] = {nom: bytes_to_base64url(octets) for nom, octets in champs.items()}
        return json.dumps(
            {
                "id": identifiant,
                "rawId": identifiant,
                "type": "public-key",
                "response": reponse,
                "clientExtensionResults": {},
            }
        )
