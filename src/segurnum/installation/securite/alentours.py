"""What stands around the portal: its public address, the antivirus, the mail server, the store, the back-ups."""

import io
import os
import ssl
import stat
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parseaddr
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage

from segurnum.controles.problemes import MO
from segurnum.fichiers import antivirus
from segurnum.fichiers.adresse import options_s3
from segurnum.installation.jugement import (
    Constat,
    Controle,
    a_corriger,
    conforme,
    non_verifie,
    selon,
)
from segurnum.installation.securite.reglages import LOCAUX
from segurnum.pannes import AntivirusIndisponible
from segurnum.regles.calendrier import instant_long, maintenant

DELAI = 5.0  # seconds
ZIP_MAXIMUM = 200 * MO
SIGNATURES_MAXIMUM = timedelta(days=7)


class _SansSuite(urllib.request.HTTPRedirectHandler):
    """Where an address leads is what is looked at."""

    def redirect_request(
        self,
        _req: urllib.request.Request,
        _fp: IO[bytes],
        _code: int,
        _msg: str,
        _headers: HTTPMessage,
        _newurl: str,
    ) -> None:
        return None


def _demander(adresse: str) -> tuple[int, Message]:
    """Status and headers of a page. Raises OSError, of which ssl.SSLError, when nothing answers."""
    ouvreur = urllib.request.build_opener(_SansSuite())
    try:
        with ouvreur.open(adresse, timeout=DELAI) as reponse:
            return reponse.status, reponse.headers
    except urllib.error.HTTPError as erreur:
        with erreur:
            return erreur.code, erreur.headers


def adresse_publique() -> Constat:
    """The portal as the Internet sees it, from this machine: through the proxy, TLS verified."""
    adresse = settings.ADRESSE_PORTAIL
    if not adresse.startswith("https://"):
        return non_verifie(f"L'adresse publique n'est pas en https : {adresse}.")
    remede = (
        "Vérifiez le mandataire : certificat, en-têtes X-Forwarded-Proto et Host (voir docs/operations.md)."
    )
    try:
        statut, entetes = _demander(f"{adresse}/robots.txt")
    except OSError as faute:
        raison = getattr(faute, "reason", faute)
        if isinstance(raison, ssl.SSLError):
            return a_corriger(f"{adresse} ne prouve pas qui il est : {raison}.", remede)
        return non_verifie(
            f"{adresse} ne répond pas à cette machine ({type(raison).__name__}) : ouvrez-la d'ailleurs.",
            remede,
        )
    fautes = []
    if statut != 200:
        fautes.append(f"{adresse} répond {statut}.")
    if "Strict-Transport-Security" not in entetes:
        fautes.append("La réponse ne porte pas Strict-Transport-Security.")
    return selon(fautes, f"{adresse} répond en TLS, avec les en-têtes attendus.", remede)


def courriels() -> Constat:
    if not settings.COURRIELS_PARTENT:
        return a_corriger(
            "Aucun courriel ne part : ni lien de mot de passe, ni accusé, ni décision.",
            "Donnez à EMAIL_URL l'adresse de votre serveur d'envoi, par exemple "
            "smtp+tls://compte:secret@courriel.exemple.fr:587.",
        )
    fautes = []
    expediteur = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if expediteur.endswith(".example"):
        fautes.append(f"L'expéditeur est {expediteur}, qui n'existe pas.")
    chiffre = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if not chiffre and settings.EMAIL_HOST not in LOCAUX:
        fautes.append("Les courriels passent en clair jusqu'au serveur d'envoi.")
    return selon(
        fautes,
        f"Les courriels partent par {settings.EMAIL_HOST}, au nom de {expediteur}.",
        "Donnez SEGURNUM_EXPEDITEUR, et une adresse EMAIL_URL en smtp+tls:// ou smtp+ssl://.",
    )


def analyse() -> Constat:
    if not antivirus.actif():
        return a_corriger(
            "Les fichiers reçus ne sont pas analysés.",
            "Installez ClamAV et donnez ANTIVIRUS_URL=tcp://127.0.0.1:3310.",
        )
    try:
        version = antivirus.demander("VERSION", delai=DELAI)
    except AntivirusIndisponible as faute:
        return a_corriger(
            f"{faute} Aucun fichier n'est plus reçu.", "Relancez clamd, ou corrigez ANTIVIRUS_URL."
        )
    age = _age_des_signatures(version)
    if age is not None and age > SIGNATURES_MAXIMUM:
        return a_corriger(
            f"Les signatures de l'antivirus ont {age.days} jours.", "Relancez freshclam sur sa machine."
        )
    return conforme(f"L'antivirus répond : {version[:80]}.")


def _age_des_signatures(version: str) -> timedelta | None:
    """« ClamAV 1.4.2/27563/Sat Mar  1 09:40:02 2025 » : since when; None where the daemon does not say."""
    try:
        instant = datetime.strptime(version.rpartition("/")[2].strip(), "%a %b %d %H:%M:%S %Y")
    except ValueError:
        return None
    return maintenant() - instant.replace(tzinfo=UTC)


class _Zeros(io.RawIOBase):
    """As many zero octets as asked, without holding them."""

    def __init__(self, taille: int) -> None:
        self.reste = taille

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        lus = min(len(buffer), self.reste)
        buffer[:lus] = bytes(lus)
        self.reste -= lus
        return lus


def taille_analysee() -> Constat:
    if not antivirus.actif():
        return non_verifie("Aucun antivirus n'est réglé.")
    try:
        antivirus.analyser(io.BufferedReader(_Zeros(ZIP_MAXIMUM)), delai=60)
    except AntivirusIndisponible:
        return a_corriger(
            f"L'antivirus refuse un fichier de {ZIP_MAXIMUM // MO} Mo, que les fournisseurs ont le droit d'envoyer.",
            "Dans clamd.conf : StreamMaxLength 210M, MaxFileSize 210M et MaxScanSize 400M, puis relancez clamd.",
        )
    return conforme(f"L'antivirus analyse un fichier de {ZIP_MAXIMUM // MO} Mo.")


def stockage() -> Constat:
    if settings.STOCKAGE_URL:
        return _compartiment()
    dossier = Path(settings.DONNEES) / "fichiers"
    fautes = []
    if dossier.exists() and not os.access(dossier, os.R_OK | os.W_OK | os.X_OK):
        fautes.append(f"{dossier} ne peut pas s'écrire.")
    if dossier.exists() and dossier.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        fautes.append(f"D'autres comptes de la machine lisent {dossier}.")
    return selon(
        fautes,
        f"Les fichiers sont dans {dossier}, lu du seul compte du portail.",
        f"Lancez « chown -R » au nom du compte du portail, puis « chmod 700 {dossier} ».",
    )


def _compartiment() -> Constat:
    """The bucket answers with the portal's key, and says nothing to who has none."""
    options = options_s3(settings.STOCKAGE_URL)
    remede = "Corrigez STOCKAGE_URL ; le compartiment doit être privé et joint en TLS."
    try:
        default_storage.exists("sante")
    except Exception as faute:
        return a_corriger(f"Le compartiment ne répond pas ({type(faute).__name__}).", remede)
    serveur = options["endpoint_url"]
    fautes = []
    if serveur.startswith("http:") and urlsplit(serveur).hostname not in LOCAUX:
        fautes.append("Les fichiers passent en clair jusqu'au compartiment.")
    try:
        statut, _ = _demander(f"{serveur}/{options['bucket_name']}/")
    except OSError:
        statut = 0
    if statut == 200:
        fautes.append("Le compartiment se lit sans clé : il est public.")
    return selon(fautes, "Le compartiment répond, et ne dit rien à qui n'a pas de clé.", remede)


def sauvegarde() -> Constat:
    temoin, maximum = settings.TEMOIN_SAUVEGARDE, settings.SAUVEGARDE_HEURES
    remede = "Lancez « segurnum sauvegarder DOSSIER » chaque nuit (voir docs/operations.md, « Back-up and restore »)."
    try:
        faite = datetime.fromtimestamp(temoin.stat().st_mtime, UTC)
    except OSError:
        return a_corriger(f"Aucune sauvegarde n'a laissé son témoin ({temoin}).", remede)
    if maintenant() - faite > timedelta(hours=maximum):
        return a_corriger(f"La dernière sauvegarde est du {instant_long(faite)}.", remede)
    return conforme(f"La dernière sauvegarde est du {instant_long(faite)}.")


CONTROLES = (
    Controle("adresse", "Adresse publique", adresse_publique),
    Controle("courriels", "Courriels", courriels),
    Controle("antivirus", "Antivirus", analyse),
    Controle("stockage", "Stockage des fichiers", stockage),
    Controle("sauvegarde", "Sauvegarde", sauvegarde),
)
LONGS = (Controle("antivirus-taille", "Taille analysée par l'antivirus", taille_analysee),)
