"""What the settings say: nothing is asked of anybody here but of the machine's own files."""

import platform
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.checks import WARNING, run_checks

from segurnum.installation.jugement import (
    Constat,
    Controle,
    a_corriger,
    conforme,
    non_verifie,
    selon,
)
from segurnum.regles.calendrier import date_longue, jour_de_paris, maintenant

SECRET_MINIMUM, SIGNES_MINIMUM = 50, 12  # letters, and different letters
HSTS_MINIMUM = 180 * 24 * 3600  # seconds
_INCONNU = object()
LOCAUX = ("localhost", "127.0.0.1", "::1")
# Last day on which their makers mend what is found in them.
FINS_PYTHON = {
    "3.11": date(2027, 10, 31),
    "3.12": date(2028, 10, 31),
    "3.13": date(2029, 10, 31),
    "3.14": date(2030, 10, 31),
}
FINS_DJANGO = {"5.2": date(2028, 4, 30), "6.0": date(2027, 4, 30)}


def demonstration() -> Constat:
    if settings.DEMONSTRATION:
        return a_corriger(
            "Cette installation se dit de démonstration : ses comptes ont un mot de passe que tout le monde connaît.",
            "Retirez SEGURNUM_DEMO, et donnez par DATABASE_URL une base qui n'est pas celle d'une démonstration.",
        )
    return conforme("Ce n'est pas une démonstration : le mot de passe publié n'ouvre aucun compte.")


def mise_au_point() -> Constat:
    if settings.DEBUG:
        return a_corriger(
            "Le mode de mise au point est en marche : une erreur montre le programme et ses réglages.",
            "Retirez SEGURNUM_DEBUG.",
        )
    return conforme("Une erreur ne montre rien du programme.")


def secret() -> Constat:
    cle = settings.SECRET_KEY
    if len(cle) < SECRET_MINIMUM or len(set(cle)) < SIGNES_MINIMUM:
        return a_corriger(
            f"La clé de signature a {len(cle)} caractères, dont {len(set(cle))} différents : elle peut se deviner.",
            "Donnez à SEGURNUM_SECRET ce qu'écrit « openssl rand -base64 48 » ; les sessions ouvertes se fermeront.",
        )
    return conforme(f"La clé de signature a {len(cle)} caractères.")


def hotes() -> Constat:
    hote, acceptes = urlsplit(settings.ADRESSE_PORTAIL).hostname or "", settings.ALLOWED_HOSTS
    fautes = ["Tous les noms d'hôte sont acceptés (« * »)."] if "*" in acceptes else []
    if hote in LOCAUX:
        fautes.append(
            f"L'adresse publique est {settings.ADRESSE_PORTAIL}, que personne d'autre ne peut ouvrir."
        )
    elif not any(hote == nom or (nom.startswith(".") and hote.endswith(nom)) for nom in acceptes):
        fautes.append(
            f"L'adresse publique ({hote}) n'est pas parmi les noms acceptés : {', '.join(acceptes)}."
        )
    return selon(
        fautes,
        f"Seuls ces noms sont servis : {', '.join(acceptes)}.",
        "Donnez à SEGURNUM_ADRESSE l'adresse que les courriels citent, et son nom d'hôte à SEGURNUM_HOTES.",
    )


def origines() -> Constat:
    fautives = [origine for origine in settings.CSRF_TRUSTED_ORIGINS if not origine.startswith("https://")]
    return selon(
        [f"Ces origines ne sont pas en https : {', '.join(fautives)}."] if fautives else [],
        "Les formulaires ne viennent que du portail lui-même"
        + (f" ou de {', '.join(settings.CSRF_TRUSTED_ORIGINS)}." if settings.CSRF_TRUSTED_ORIGINS else "."),
        "Corrigez SEGURNUM_ORIGINES (elle peut rester vide).",
    )


def https() -> Constat:
    fautes = []
    if not settings.HTTPS:
        fautes.append("Le portail se laisse lire sans TLS.")
    if not settings.ADRESSE_PORTAIL.startswith("https://"):
        fautes.append(f"L'adresse publique n'est pas en https : {settings.ADRESSE_PORTAIL}.")
    return selon(
        fautes,
        "Toute page demandée sans TLS est renvoyée en https.",
        "Retirez SEGURNUM_HTTPS=0, et donnez à SEGURNUM_ADRESSE une adresse https://.",
    )


def hsts() -> Constat:
    duree = settings.SECURE_HSTS_SECONDS
    if duree < HSTS_MINIMUM:
        return a_corriger(
            f"Les navigateurs retiennent {duree // 86400} jour(s) que ce site se lit en https : 180 au moins sont "
            "attendus.",
            "Retirez SEGURNUM_HSTS_SECONDES (un an par défaut), une fois le https éprouvé.",
        )
    portee = [
        phrase
        for vrai, phrase in (
            (settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, "sous-domaines compris"),
            (settings.SECURE_HSTS_PRELOAD, "à inscrire aux listes des navigateurs"),
        )
        if vrai
    ]
    return conforme(", ".join([f"Les navigateurs le retiennent {duree // 86400} jours", *portee]) + ".")


def cookies() -> Constat:
    noms = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    fautes = [
        f"Le cookie « {nom} » n'a pas le préfixe « __Host- »."
        for nom in noms
        if not nom.startswith("__Host-")
    ]
    if not (
        settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
    ):
        fautes.append("Un cookie peut voyager sans TLS, ou se lire par un script.")
    return selon(
        fautes,
        "Les cookies sont pris de ce seul hôte, en https seulement.",
        "Ils le sont d'eux-mêmes hors démonstration : retirez SEGURNUM_HTTPS=0.",
    )


def mandataires() -> Constat:
    """Who may say in whose name a request comes."""
    dits = getattr(settings, "MANDATAIRES", _INCONNU)
    if dits is _INCONNU:
        return non_verifie("Cette version n'a pas de réglage des mandataires.")
    if settings.HTTPS and dits is None:
        return a_corriger(
            "Aucun mandataire n'est dit : derrière TLS, toutes les personnes paraissent venir de la même adresse, "
            "et une seule épuise les essais de toutes.",
            "Donnez à SEGURNUM_MANDATAIRES l'adresse du mandataire qui termine TLS, par exemple 127.0.0.1.",
        )
    return conforme(
        "Le mandataire qui termine TLS est reconnu." if dits else "Le portail n'a pas de mandataire."
    )


# What Django says in English, by its number; what is not here is named, and read by its own command.
AVIS_DE_DJANGO = {
    "security.W001": "SecurityMiddleware n'est pas installé",
    "security.W002": "une page peut être montrée dans un cadre d'un autre site (XFrameOptionsMiddleware absent)",
    "security.W003": "les formulaires ne sont pas protégés des autres sites (CsrfViewMiddleware absent)",
    "security.W004": "HSTS n'est pas annoncé aux navigateurs",
    "security.W005": "HSTS ne couvre pas les sous-domaines",
    "security.W006": "un navigateur peut deviner le type d'un fichier (nosniff absent)",
    "security.W008": "une page demandée sans TLS n'est pas renvoyée en https",
    "security.W009": "la clé de signature est courte, ou celle d'un modèle",
    "security.W010": "le cookie de session peut voyager sans TLS (l'application des sessions est installée)",
    "security.W011": "le cookie de session peut voyager sans TLS (SessionMiddleware est installé)",
    "security.W013": "un script peut lire le cookie de session (l'application des sessions est installée)",
    "security.W014": "un script peut lire le cookie de session (SessionMiddleware est installé)",
    "security.W015": "un script peut lire le cookie de session",
    "security.W012": "le cookie de session peut voyager sans TLS",
    "security.W016": "le cookie des formulaires peut voyager sans TLS",
    "security.W018": "le mode de mise au point est en marche",
    "security.W019": "une page peut être montrée dans un cadre de ce site",
    "security.W020": "aucun nom d'hôte n'est dit",
    "security.W021": "le site n'est pas à inscrire aux listes HSTS des navigateurs",
    "security.W022": "l'adresse de la page d'où l'on vient se dit aux autres sites",
    "security.E023": "la règle de la page d'où l'on vient (Referrer-Policy) n'existe pas",
    "security.E024": "la règle d'ouverture par un autre site (Cross-Origin-Opener-Policy) n'existe pas",
    "security.E101": "la page des formulaires refusés ne peut pas être appelée",
    "security.E102": "la page des formulaires refusés ne se trouve pas",
    "security.W025": "une ancienne clé de signature est courte, ou celle d'un modèle",
}


def _dit_de(identifiant: str) -> str:
    return AVIS_DE_DJANGO.get(identifiant, "un avertissement que cette page ne connaît pas")


def deploiement() -> Constat:
    """What Django itself says of these settings (`check --deploy`), in French: it knows them in English only."""
    avis = [
        f"{_dit_de(message.id or '')[0].upper()}{_dit_de(message.id or '')[1:]} ({message.id})."
        for message in run_checks(include_deployment_checks=True)
        if message.level >= WARNING and not message.is_silenced()
    ]
    return selon(avis, "Django ne trouve rien à redire.", "Lisez « segurnum django check --deploy ».")


def statiques() -> Constat:
    if settings.STATIQUES_BRUTS or not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return a_corriger(
            "Les fichiers statiques ne sont pas rassemblés : les pages sortiraient sans forme.",
            "Lancez « segurnum django collectstatic --noinput » sur chaque machine qui sert les pages.",
        )
    return conforme("Les fichiers statiques sont rassemblés.")


def versions() -> Constat:
    aujourdhui = jour_de_paris(maintenant())
    presentes = (
        ("Python", ".".join(platform.python_version_tuple()[:2]), FINS_PYTHON),
        ("Django", ".".join(map(str, django.VERSION[:2])), FINS_DJANGO),
    )
    fautes = [
        f"{nom} {version} n'est pas d'une version suivie."
        for nom, version, fins in presentes
        if fins.get(version, date.min) < aujourdhui
    ]
    suivies = " ; ".join(
        f"{nom} {version}, suivi jusqu'au {date_longue(fins[version])}"
        for nom, version, fins in presentes
        if version in fins
    )
    return selon(fautes, f"{suivies}.", "Mettez cette version à jour : ses failles ne sont plus réparées.")


def dossier() -> Constat:
    return selon(
        _droits_de_trop(),
        f"{settings.DONNEES} n'est lisible que du compte qui sert le portail.",
        f"Lancez « chmod -R o-rwx {settings.DONNEES} » et « chmod 700 » sur fichiers et televersements.",
    )


def _droits_de_trop() -> Iterator[str]:
    """What others than the account of the service may do in the folder of the installation."""
    racine = Path(settings.DONNEES)
    if racine.stat().st_mode & (stat.S_IWGRP | stat.S_IRWXO):
        yield f"D'autres comptes de la machine ont accès à {racine}."
    for nom in ("secret", "fichiers", "televersements"):
        if (prive := racine / nom).exists() and prive.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"D'autres comptes de la machine ont accès à {prive}."


CONTROLES = (
    Controle("demonstration", "Démonstration", demonstration),
    Controle("debug", "Mode de mise au point", mise_au_point),
    Controle("secret", "Clé de signature", secret),
    Controle("hotes", "Noms d'hôte", hotes),
    Controle("origines", "Origines des formulaires", origines),
    Controle("https", "HTTPS", https),
    Controle("hsts", "HSTS", hsts),
    Controle("cookies", "Cookies", cookies),
    Controle("mandataires", "Mandataires", mandataires),
    Controle("deploiement", "Réglages de Django", deploiement),
    Controle("statiques", "Fichiers statiques", statiques),
    Controle("versions", "Versions de Python et de Django", versions),
    Controle("dossier", "Dossier des données", dossier),
)
