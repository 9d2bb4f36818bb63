"""A small OpenID Connect provider on this machine, which answers what the test tells it to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "portail", "secret-invente"
CLE = RSAKey.generate_key(2048, {"kid": "publiee", "use": "sig"})


@dataclass
class Fournisseur:
    """What the provider knows of who signs in, and how it may misbehave."""

    identite: dict[str, Any] = field(default_factory=lambda: {"sub": "personne-1"})
    renseignements: dict[str, Any] = field(default_factory=dict)
    renseignements_signes: bool = False
    # Claims of the identity token that a dishonest or broken provider changes, and the key that it signs with.
    falsifications: dict[str, Any] = field(default_factory=dict)
    cle: RSAKey = field(default_factory=lambda: CLE)
    demandes: dict[str, dict[str, str]] = field(default_factory=dict)
    adresse: str = ""

    def autoriser(self, adresse: str) -> dict[str, str]:
        """What the person's browser does at the provider: the query that it comes back to the portal with."""
        demande = {cle: valeurs[0] for cle, valeurs in parse_qs(urlsplit(adresse).query).items()}
        code = secrets.token_hex(8)
        self.demandes[code] = demande
        return {"code": code, "state": demande["state"]}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.adresse,
            "authorization_endpoint": f"{self.adresse}/autoriser",
            "token_endpoint": f"{self.adresse}/jeton",
            "userinfo_endpoint": f"{self.adresse}/renseignements",
            "jwks_uri": f"{self.adresse}/cles",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def jeton(self, envoi: dict[str, str]) -> dict[str, Any] | None:
        """The tokens of a code, once, for who proves by PKCE that they asked for it."""
        demande = self.demandes.pop(envoi.get("code", ""), None)
        if demande is None or demande["code_challenge"] != _defi(envoi.get("code_verifier", "")):
            return None
        maintenant = int(time.time())
        revendications = {
            "iss": self.adresse,
            "aud": CLIENT,
            "iat": maintenant,
            "exp": maintenant + 60,
            "nonce": demande["nonce"],
        }
        revendications |= self.identite | self.falsifications
        return {
            "access_token": "acces",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.signer(revendications),
        }

    def signer(self, revendications: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "publiee"}, revendications, self.cle)


def _defi(verificateur: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verificateur.encode()).digest()).rstrip(b"=").decode()


class _Reponses(BaseHTTPRequestHandler):
    fournisseur: ClassVar[Fournisseur]

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self._json(self.fournisseur.configuration())
        elif self.path == "/cles":
            self._json({"keys": [CLE.as_dict(private=False)]})
        elif self.path == "/renseignements" and self.headers["Authorization"] == "Bearer acces":
            if self.fournisseur.renseignements_signes:
                self._repondre(
                    200, "application/jwt", self.fournisseur.signer(self.fournisseur.renseignements).encode()
                )
            else:
                self._json(self.fournisseur.renseignements)
        else:
            self._repondre(404, "text/plain", b"")

    def do_POST(self) -> None:
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        jetons = self.fournisseur.jeton({cle: valeurs[0] for cle, valeurs in parse_qs(corps).items()})
        if jetons is None:
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json(jetons)

    def _json(self, contenu: dict[str, Any], statut: int = 200) -> None:
        self._repondre(statut, "application/json", json.dumps(contenu).encode())

    def _repondre(self, statut: int, type_mime: str, octets: bytes) -> None:
        self.send_response(statut)
        self.send_header("Content-Type", type_mime)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests say what matters."""


class Serveur:
    """The provider, answering on a free port of this machine while the block lasts."""

    def __enter__(self) -> Fournisseur:
        fournisseur = Fournisseur()
        reponses = type("Reponses", (_Reponses,), {"fournisseur": fournisseur})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), reponses)
        fournisseur.adresse = f"http://127.0.0.1:{self.http.server_port}"
        self.fil = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05})
        self.fil.start()
        return fournisseur

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.fil.join()
        self.http.server_close()
