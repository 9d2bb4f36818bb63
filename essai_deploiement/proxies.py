"""HAProxy and nginx with the documented files, and the antivirus: checked by their own tool, then started."""

import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from essai_deploiement.fichiers import DEPLOIEMENT, RACINE, EssaiImpossible, adapter
from essai_deploiement.unites import Service, Unite
from segurnum.lanceur.reseau import LOCAL, port_libre

# An ordinary account neither becomes another nor has its log: these lines are left out.
_COMPTES = {
    "    chroot /var/lib/haproxy\n": "",
    "    user haproxy\n": "",
    "    group haproxy\n": "",
    "    log /dev/log local0\n": "",
}
# What HAProxy asks a node: the documented address, or the older one of a portal that does not know it yet.
PRET = "/pret" if 'path("pret"' in (RACINE / "src/segurnum/config/urls.py").read_text("utf-8") else "/sante"
PAGES = "/etc/segurnum/pages"


def trouver(nom: str) -> str | None:
    """A program of Debian's package, which may lie outside the PATH of an ordinary account."""
    return shutil.which(nom) or shutil.which(nom, path="/usr/sbin:/sbin")


def certificat(dossier: Path) -> Path:
    """A certificate of a day for this machine; `portail.pem` beside it holds its key too, as HAProxy wants it."""
    crt, cle = dossier / "certificat.pem", dossier / "cle.pem"
    nature = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=portail.exemple.fr"]
    adresse = ["-addext", f"subjectAltName=IP:{LOCAL}", "-keyout", str(cle), "-out", str(crt)]
    _verifier(["openssl", "req", *nature, *adresse])
    (dossier / "portail.pem").write_bytes(crt.read_bytes() + cle.read_bytes())
    return crt


def _verifier(commande: list[str]) -> None:
    resultat = subprocess.run(commande, capture_output=True, text=True, check=False)
    if resultat.returncode:
        raise EssaiImpossible(f"« {' '.join(commande)} » a échoué :\n{resultat.stderr.strip()}")


@dataclass
class Haproxy:
    """In front of the nodes. `public`: the port that ends TLS; `prive`: the one that nginx speaks to."""

    dossier: Path
    noeuds: tuple[int, int]

    def __post_init__(self) -> None:
        self.public, self.prive, self.clair = port_libre(), port_libre(), port_libre()
        self.commandes = self.dossier / "haproxy.sock"
        self.vues: dict[str, int] = {}

    def preparer(self, binaire: str) -> Service:
        configuration = self.dossier / "haproxy.cfg"
        remplacements: dict[str, object] = _COMPTES | {
            "bind :443": f"bind {LOCAL}:{self.public}",
            "bind :80": f"bind {LOCAL}:{self.clair}",
            "127.0.0.1:8080": f"{LOCAL}:{self.prive}",
            "/etc/haproxy/portail.pem": self.dossier / "portail.pem",
            "/run/haproxy/admin.sock": self.commandes,
            PAGES: DEPLOIEMENT / "pages",
            "10.0.0.11:8000": f"{LOCAL}:{self.noeuds[0]}",
            "10.0.0.12:8000": f"{LOCAL}:{self.noeuds[1]}",
            "hdr Host portail.exemple.fr": f"hdr Host {LOCAL}",
            "uri /pret ": f"uri {PRET} ",
        }
        configuration.write_text(adapter("haproxy.cfg", remplacements))
        _verifier([binaire, "-c", "-q", "-f", str(configuration)])
        commande = (binaire, "-W", "-f", str(configuration))
        self.service = Service(
            "HAProxy", Unite(commande, 3.0, 10.0), {}, self.dossier, self.dossier / "haproxy.log"
        )
        return self.service

    def recharger(self) -> None:
        """`systemctl reload haproxy`: another process takes the connections, the former ends with its own."""
        self.compter()
        self.service.signaler(signal.SIGUSR2)

    def compter(self) -> dict[str, int]:
        """How many requests each node was given since the beginning; a reload begins again from nothing."""
        for nom, lignes in self._etats().items():
            self.vues[nom] = self.vues.get(nom, 0) + sum(int(ligne["stot"]) for ligne in lignes)
        return self.vues

    def disponible(self, noeud: str) -> bool:
        return any(ligne["status"].startswith("UP") for ligne in self._etats().get(noeud, []))

    def _etats(self) -> dict[str, list[dict[str, str]]]:
        """What « show stat » says of each node."""
        try:
            with socket.socket(socket.AF_UNIX) as prise:
                prise.connect(str(self.commandes))
                prise.sendall(b"show stat\n")
                lu = b"".join(iter(lambda: prise.recv(65536), b"")).decode()
        except OSError:
            return {}
        entete, *lignes = lu.strip().splitlines()
        noms = entete.lstrip("# ").split(",")
        etats: dict[str, list[dict[str, str]]] = {}
        for ligne in lignes:
            dit = dict(zip(noms, ligne.split(","), strict=False))
            if dit["svname"].startswith("noeud-"):
                etats.setdefault(dit["svname"], []).append(dit)
        return etats


def nginx(binaire: str, dossier: Path, vers: int) -> tuple[Service, int]:
    """The documented site inside the least that Debian's own nginx.conf has around it; its port."""
    port, clair, racine = port_libre(), port_libre(), dossier / "nginx"
    racine.mkdir()
    site = adapter(
        "nginx.conf",
        {
            "127.0.0.1:8080": f"{LOCAL}:{vers}",
            "listen 443": f"listen {LOCAL}:{port}",
            "listen 80": f"listen {LOCAL}:{clair}",
            "/etc/letsencrypt/live/portail.exemple.fr/fullchain.pem": dossier / "certificat.pem",
            "/etc/letsencrypt/live/portail.exemple.fr/privkey.pem": dossier / "cle.pem",
            "portail.exemple.fr": LOCAL,
            "proxy_set_header Host $host": "proxy_set_header Host $http_host",
            PAGES: DEPLOIEMENT / "pages",
        },
    )
    (racine / "portail").write_text(site)
    temporaires = "".join(
        f"  {genre}_temp_path {racine}/{genre};\n"
        for genre in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (racine / "nginx.conf").write_text(
        f"daemon off;\npid {racine}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n  access_log off;\n{temporaires}  include {racine}/portail;\n}}\n"
    )
    commande = [binaire, "-p", str(racine), "-c", str(racine / "nginx.conf"), "-e", "stderr"]
    _verifier([*commande, "-t"])
    return Service("nginx", Unite(tuple(commande), 3.0, 10.0), {}, racine, dossier / "nginx.log"), port


def clamd(binaire: str, dossier: Path) -> tuple[Service, int]:
    """The documented lines, and one signature instead of the base that Debian's package downloads; its port."""
    port, signatures = port_libre(), dossier / "signatures"
    signatures.mkdir()
    (signatures / "essai.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n")
    configuration = dossier / "clamd.conf"
    lignes = adapter("clamd.conf", {"TCPSocket 3310": f"TCPSocket {port}"})
    configuration.write_text(f"{lignes}Foreground yes\nDatabaseDirectory {signatures}\n")
    commande = (binaire, "--config-file", str(configuration))
    return Service("ClamAV", Unite(commande, 3.0, 10.0), {}, dossier, dossier / "clamd.log"), port
