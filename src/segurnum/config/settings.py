"""Django settings. Everything that differs between two installations comes from the environment."""

import json
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from segurnum.base.adresse import PROGRAMME as PROGRAMME_VARIABLE
from segurnum.base.adresse import Delais, Programme, reglages
from segurnum.config.enrolements import *  # noqa: F403
from segurnum.config.journaux import LOGGING  # noqa: F401
from segurnum.limites.reglages import Quota, lire_mandataires

env = environ.Env()

PAQUET = Path(__file__).resolve().parent.parent
# Where the files, the embedded database and the logs of one installation live.
DONNEES = Path(env.str("SEGURNUM_DONNEES", default="var")).resolve()

DEBUG = env.bool("SEGURNUM_DEBUG", default=False)
# The demonstration accounts share a published password: they exist only where this is said.
DEMONSTRATION = env.bool("SEGURNUM_DEMO", default=False)
# A real installation is reached through TLS; a demonstration, on the machine that runs it.
HTTPS = env.bool("SEGURNUM_HTTPS", default=not DEMONSTRATION)
SECRET_KEY = env.str("SEGURNUM_SECRET")
# What secrets kept in the database are sealed with: the newest first, the former ones as long as they open something.
CLES_SECRETS = env.list("SEGURNUM_CLES_SECRETS", default=[]) or [SECRET_KEY]
# What the keys that sign documents are drawn from: the newest first, the former ones stay published.
SIGNATURE_CLES = env.list("SEGURNUM_SIGNATURE_CLES", default=[]) or [SECRET_KEY]
ALLOWED_HOSTS = env.list("SEGURNUM_HOTES", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("SEGURNUM_ORIGINES", default=[])
# Public address, used in mails and letters.
ADRESSE_PORTAIL = env.str("SEGURNUM_ADRESSE", default="http://localhost:8000").rstrip("/")

# --- Brand: the State's design may only be worn by State sites, so it is an option (see the README).
MARQUE_ETAT = env.bool("SEGURNUM_MARQUE_ETAT", default=False)
NOM_PORTAIL = "Portail SEGUR Numérique"
NOM_AGENCE = env.str("SEGURNUM_AGENCE", default="L'Agence de services et de paiement")
DSFR_USE_INTEGRITY_CHECKSUMS = False  # the hashed file names change the bytes that the checksums cover

INSTALLED_APPS = [
    "segurnum.comptes",  # before Django's own accounts, whose « createsuperuser » it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "widget_tweaks",
    "dsfr",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "segurnum.entretien",
    "segurnum.antirobot",
    "segurnum.limites",
    "segurnum.journal",
    "segurnum.fichiers",
    "segurnum.referentiel",
    "segurnum.annuaire",
    "segurnum.annuaire_sante",
    "segurnum.repertoires",
    "segurnum.courriels",
    "segurnum.recepisses",
    "segurnum.enrolements",
    "segurnum.demandes",
    "segurnum.financements",
    "segurnum.notifications",
    "segurnum.depots",
    "segurnum.paiements",
    "segurnum.recouvrements",
    "segurnum.exports",
    "segurnum.grand_livre",
    "segurnum.coordonnees",
    "segurnum.modeles",
    "segurnum.editorial",
    "segurnum.installation",
    "segurnum.kits",
    "segurnum.web",
    "segurnum.demonstration",
]

MIDDLEWARE = [
    "segurnum.seuil.arrivee.Arrivee",  # first: it reads the clock that deadlines are judged on
    "django.middleware.security.SecurityMiddleware",
    "segurnum.seuil.entetes.Entetes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "segurnum.seuil.sante.Sondes",  # before anything that asks the database who comes
    "segurnum.seuil.pannes.Pannes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the CSRF check, which reads the body: nobody uploads anything without having signed in.
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "segurnum.seuil.session_perdue.Connexion",
    "segurnum.seuil.presence.Presence",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "segurnum.seuil.garde.Garde",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "segurnum.seuil.entrees.EntreesSaines",
    "segurnum.seuil.erreurs.AdresseDEnvoi",
    "segurnum.seuil.lecture_seule.GetEnLectureSeule",
]

ROOT_URLCONF = "segurnum.config.urls"
WSGI_APPLICATION = "segurnum.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "segurnum.web.commun.contexte.cadre",
            ],
            "builtins": [
                "segurnum.kits.templatetags.portail",
                "segurnum.kits.templatetags.kits",
                "segurnum.kits.templatetags.gestes",
                "segurnum.kits.templatetags.composants",
                "segurnum.kits.templatetags.cadre",
                "segurnum.web.templatetags.faces",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "segurnum.kits.champs.Rendu"

# --- Database: PostgreSQL only. What a process may ask of it depends on what the process does.
PROGRAMME = Programme(env.str(PROGRAMME_VARIABLE, default=Programme.COMMANDE))
# Database connections of a process that serves pages; jobs that a worker runs at once.
CONNEXIONS = env.int("SEGURNUM_CONNEXIONS", default=18)
TACHES = env.int("SEGURNUM_TACHES", default=2)
# How many processes, and threads in each, the installation runs in all: what the sum of connections is made of.
PROCESSUS_WEB = env.int("SEGURNUM_PROCESSUS_WEB", default=2)
FILS_WEB = env.int("SEGURNUM_FILS_WEB", default=32)
OUVRIERS = env.int("SEGURNUM_OUVRIERS", default=2)
# Pages alone may go through a pooler by transactions (PgBouncer); all else needs PostgreSQL itself.
BASE_PAR_REPARTITEUR = bool(env.str("SEGURNUM_BASE_PAGES", default=""))
try:
    DELAIS_BASE = {
        Programme.PAGES: Delais.lire(env.str("SEGURNUM_BASE_DELAIS", default="60/30/120")),
        Programme.OUVRIER: Delais.lire(env.str("SEGURNUM_BASE_DELAIS_OUVRIER", default="900/120/900")),
    }.get(PROGRAMME)
except ValueError as erreur:
    raise ImproperlyConfigured(f"SEGURNUM_BASE_DELAIS : {erreur}") from erreur
# A server that should have ended a query, and says nothing, is given up. Seconds; None: migrations take their time.
BASE_MUETTE = DELAIS_BASE.requete + 15 if DELAIS_BASE else None
_par_repartiteur = BASE_PAR_REPARTITEUR and PROGRAMME is Programme.PAGES
DATABASES = {
    "default": reglages(
        env.db_url("SEGURNUM_BASE_PAGES" if _par_repartiteur else "DATABASE_URL"),
        programme=PROGRAMME,
        connexions=TACHES + 1 if PROGRAMME is Programme.OUVRIER else CONNEXIONS,
        delais=DELAIS_BASE,
        repartiteur=_par_repartiteur,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "segurnum.comptes.mot_de_passe_publie.Refus",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "segurnum.comptes.exigences.Exigences"}]
LOGIN_URL = "fournisseur:connexion"
LOGIN_REDIRECT_URL = "fournisseur:accueil"
# A second factor is a company's people's choice, and required of the administration's.
SECOND_FACTEUR_AGENTS = env.bool("SEGURNUM_SECOND_FACTEUR_AGENTS", default=not DEMONSTRATION)
# Signing in through an OpenID Connect provider such as ProConnect. Empty: only the portal's own passwords.
OIDC_EMETTEUR = env.str("SEGURNUM_OIDC_EMETTEUR", default="")
OIDC_CLIENT = env.str("SEGURNUM_OIDC_CLIENT", default="")
OIDC_SECRET = env.str("SEGURNUM_OIDC_SECRET", default="")
OIDC_LIBELLE = env.str("SEGURNUM_OIDC_LIBELLE", default="ProConnect")
OIDC_PORTEE = env.str("SEGURNUM_OIDC_PORTEE", default="openid email")
# For providers that vouch for every address they give and do not say so address by address.
OIDC_COURRIEL_GARANTI = env.bool("SEGURNUM_OIDC_COURRIEL_GARANTI", default=False)
SESSION_ENGINE = "segurnum.comptes.sessions"
SESSION_COOKIE_AGE = 8 * 3600  # seconds without any page seen
SESSION_FIN = env.int("SEGURNUM_SESSION_HEURES", default=12) * 3600  # seconds, whatever is done meanwhile
# Days that a sign-in stays on the page of its person.
GARDE_CONNEXIONS = env.int("SEGURNUM_GARDE_CONNEXIONS", default=180)
SESSION_COOKIE_HTTPONLY = True

# --- TLS: the proxy ends it and says so; all else is sent to the same address in https.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# « __Host- »: the browser takes the cookie from this very host only, over TLS, for the whole site.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "sessionid"
# What a browser keeps so that its account knows it again.
NAVIGATEUR_COOKIE_NAME = "__Host-navigateur" if HTTPS else "navigateur"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = HTTPS
# Load balancers and supervisors ask from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(vivant|pret|sante)$"]
SECURE_HSTS_SECONDS = env.int("SEGURNUM_HSTS_SECONDES", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SEGURNUM_HSTS_SOUS_DOMAINES", default=False)
SECURE_HSTS_PRELOAD = env.bool("SEGURNUM_HSTS_PRECHARGE", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # nothing is shown in a frame: the pieces are pictures beside the data
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the sub-domains are the owner's of the domain: SEGURNUM_HSTS_SOUS_DOMAINES
    "security.W021",  # a browser's list is joined on purpose, never by default: SEGURNUM_HSTS_PRECHARGE
]

# --- Limits: who the visitors are behind the proxies, and how much they may send in a day (files/Mo).
try:
    MANDATAIRES = lire_mandataires(env.list("SEGURNUM_MANDATAIRES", default=[]))
except ValueError as erreur:
    raise ImproperlyConfigured(f"SEGURNUM_MANDATAIRES : {erreur}") from erreur
# Whether they set X-Request-Start on every request: one that they only let through is anybody's word.
MANDATAIRE_DIT_L_ARRIVEE = env.bool("SEGURNUM_MANDATAIRE_DIT_L_ARRIVEE", default=False)
QUOTA_BROUILLON = Quota.lire(env.str("SEGURNUM_QUOTA_BROUILLON", default="60/120"))
QUOTA_RESEAU = Quota.lire(env.str("SEGURNUM_QUOTA_RESEAU", default="200/300"))
QUOTA_ENTREPRISE = Quota.lire(env.str("SEGURNUM_QUOTA_ENTREPRISE", default="2000/8000"))
QUOTA_INCONNUS = Quota.lire(env.str("SEGURNUM_QUOTA_INCONNUS", default="4000/4000"))

# --- Whom to tell about a weakness (security.txt, RFC 9116). Empty: the contact form.
CONTACT_SECURITE = env.list("SEGURNUM_CONTACT_SECURITE", default=[])
SECURITE_JOURS = min(364, max(1, env.int("SEGURNUM_CONTACT_SECURITE_JOURS", default=180)))
SECURITE_LANGUES = env.str("SEGURNUM_CONTACT_SECURITE_LANGUES", default="fr, en")

# --- What « segurnum securite » and the administration's pages look at.
JETON_SANTE = env.str("SEGURNUM_JETON_SANTE", default="")  # opens /sante/details; empty: nobody
# Percentage of a disk that must be free, and minutes that a job which is due may wait, before the state says so.
DISQUE_LIBRE = env.int("SEGURNUM_DISQUE_LIBRE", default=5)
RETARD_MINUTES = env.int("SEGURNUM_RETARD_MINUTES", default=10)
SONDES_DUREE = 1.0  # seconds that the answer of a probe serves

# --- Legal mentions: who publishes and hosts this installation, and whom to ask about personal data.
MENTIONS_LEGALES = {
    "editeur": env.str("SEGURNUM_EDITEUR", default=NOM_AGENCE),
    "directeur": env.str("SEGURNUM_DIRECTEUR_PUBLICATION", default=""),
    "hebergeur": env.str("SEGURNUM_HEBERGEUR", default=""),
    "donnees": env.str("SEGURNUM_DELEGUE_DONNEES", default=""),
}

# --- Public forms: how long a browser computes before sending one. Off only where a test is about something else.
CAPTCHA_ACTIF = True
CAPTCHA_COUT = 5_000  # PBKDF2 iterations, done about 256 times

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Language and time: stored in UTC, shown and judged in Paris.
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# --- Static files
STATIC_URL = "/statique/"
STATIC_ROOT = DONNEES / "statique"
STATIC_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
# Hashed and compressed by collectstatic; as they lie in the packages for the tests and for who works on them.
STATIQUES_BRUTS = env.bool("SEGURNUM_STATIQUES_BRUTS", default=DEBUG)
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = STATIQUES_BRUTS

# --- Files deposited by users: a folder by default, a store by STOCKAGE_URL. Never served from their path.
STOCKAGE_URL = env.str("STOCKAGE_URL", default="")
FILE_UPLOAD_TEMP_DIR = DONNEES / "televersements"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["segurnum.seuil.televersement.ReceptionBornee"]
# The correction of a request with hundreds of sites has a field for each thing that it says of each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "segurnum.fichiers.stockage.StockageLocal"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIQUES_BRUTS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if STOCKAGE_URL:
    from segurnum.fichiers.adresse import options_s3

    STORAGES["default"] = {"BACKEND": "segurnum.fichiers.stockage_s3.StockageS3"}
    STORAGES["default"]["OPTIONS"] = options_s3(STOCKAGE_URL)
# Address of a ClamAV daemon (tcp://hote:3310). Empty: files are not scanned, and the screens say so.
ANTIVIRUS_URL = env.str("ANTIVIRUS_URL", default="")

# --- Company directory: « api » (Recherche d'entreprises), « sirene » (an imported stock file), « demonstration ».
ANNUAIRE = env.str("SEGURNUM_ANNUAIRE", default="demonstration" if DEMONSTRATION else "api")
ANNUAIRE_API = env.str("SEGURNUM_ANNUAIRE_API", default="https://recherche-entreprises.api.gouv.fr").rstrip(
    "/"
)

# --- Annuaire Santé: % of boxes gone that hold an extract, years that addresses are kept, days that a count is fresh.
ANNUAIRE_SANTE_BAISSE = env.int("SEGURNUM_ANNUAIRE_BAISSE_POURCENT", default=10)
ANNUAIRE_SANTE_ADRESSES = env.int("SEGURNUM_ANNUAIRE_ADRESSES_ANNEES", default=10)
ANNUAIRE_SANTE_FRAICHEUR = env.int("SEGURNUM_ANNUAIRE_FRAICHEUR_JOURS", default=7)

# --- FINESS and RPPS: whether the checks ask the directories that were loaded.
REPERTOIRES = env.bool("SEGURNUM_REPERTOIRES", default=True)

# --- Mail: each mail is kept in the database; it leaves by SMTP where EMAIL_URL is given.
COURRIELS_PARTENT = bool(env.str("EMAIL_URL", default=""))
_courrier = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = _courrier.pop("EMAIL_BACKEND")
vars().update(_courrier)
# Seconds that an answer is waited for; a whole dialogue must fit in the time that a worker keeps a mail for itself.
EMAIL_TIMEOUT = min(60, env.int("SEGURNUM_COURRIELS_DELAI", default=30))
DEFAULT_FROM_EMAIL = env.str("SEGURNUM_EXPEDITEUR", default="ne-pas-repondre@segurnum.example")
COURRIELS_REPONDRE_A = env.list("SEGURNUM_REPONDRE_A", default=[])
# How fast the mail server is spoken to, and after how many days a mail that did not arrive is told on the home page.
COURRIELS_PAR_MINUTE = max(1, env.int("SEGURNUM_COURRIELS_PAR_MINUTE", default=300))
COURRIELS_PAR_CONNEXION = max(1, env.int("SEGURNUM_COURRIELS_PAR_CONNEXION", default=100))
COURRIELS_ALERTE_JOURS = env.int("SEGURNUM_COURRIELS_ALERTE_JOURS", default=7)
# What comes back: the address that receives it (« * » is the mail's mark), its mailbox, the token of the webhook.
RETOURS_ADRESSE = env.str("SEGURNUM_RETOURS_ADRESSE", default="")
RETOURS_URL = env.str("SEGURNUM_RETOURS_URL", default="")
JETON_RETOURS = env.str("SEGURNUM_JETON_RETOURS", default="")

# --- Instruction: days and euros that gestures wait for, and days after which what is of no use is erased.
DELAIS_MODIFICATION = env.list("SEGURNUM_DELAIS_MODIFICATION", cast=int, default=[10, 20])
DELAIS_PIECE = env.list("SEGURNUM_DELAIS_PIECE", cast=int, default=[10, 20])
DELAI_BANCAIRE = env.int("SEGURNUM_DELAI_BANCAIRE", default=2)
SEUIL_BANCAIRE = env.int("SEGURNUM_SEUIL_BANCAIRE", default=50_000)
GARDE_FICHIERS = max(2, env.int("SEGURNUM_GARDE_FICHIERS", default=7))
GARDE_SIMULATIONS = max(1, env.int("SEGURNUM_GARDE_SIMULATIONS", default=90))

# --- Back-ups: the public keys that open them (age or GPG), and the witness that the last success leaves.
SAUVEGARDE_DESTINATAIRES = env.list("SEGURNUM_SAUVEGARDE_DESTINATAIRE", default=[])
TEMOIN_SAUVEGARDE = Path(env.str("SEGURNUM_TEMOIN_SAUVEGARDE", default=str(DONNEES / "sauvegarde.json")))
SAUVEGARDE_HEURES = env.int("SEGURNUM_SAUVEGARDE_HEURES", default=26)  # how old it may be before it is told

# --- The heads of the journal: the folder that each night adds one to, and the keys that seal them, newest first.
JOURNAL_TETES = Path(env.str("SEGURNUM_JOURNAL_TETES", default=str(DONNEES / "tetes")))
JOURNAL_CLES = env.list("SEGURNUM_JOURNAL_CLES", default=[]) or [SECRET_KEY]

# --- Queue: a worker says every 5 seconds that it lives; silent for longer than this, its jobs are given back.
SILENCE_D_UN_OUVRIER = 30.0  # seconds
# How long a worker waits for a database that is down before it stops, for what revives processes to begin it anew.
PATIENCE_D_UN_OUVRIER = env.float("SEGURNUM_OUVRIER_PATIENCE", default=300.0)  # seconds
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": TACHES,
    "fetch_job_polling_interval": 2.0,
    "update_heartbeat_interval": 5.0,
    # When one starts, it forgets those that died long ago: not those that an outage made silent, and that live.
    "stalled_worker_timeout": 3600.0,
}

# --- Letters: who signs them and the texts that they rest on. A file read at start, so that no code changes.
LETTRES_DONNEES = bool(env.str("SEGURNUM_LETTRES", default=""))
LETTRES = {
    "emetteur": "Agence de services et de paiement",
    "service": "Service de gestion du Ségur numérique",
    "adresse": [],
    "lieu": "Limoges",
    "signataire": "",
    "qualite": "Pour le directeur général et par délégation",
    "visas": [
        "le code de la santé publique, notamment son article L. 1111-24",
    ],
    "recours": [
        "La présente décision peut être contestée devant le tribunal administratif compétent dans un délai de "
        "deux mois à compter de sa notification."
    ],
    "reglement": [
        "Le règlement se fait par virement au comptable de l'agence, en rappelant la référence de ce titre dans le "
        "libellé du virement."
    ],
    "recours_titre": [
        "Le présent titre peut être contesté devant le tribunal administratif compétent dans un délai de deux mois "
        "à compter de sa notification. Un recours suspend le recouvrement forcé de la créance."
    ],
} | json.loads(
    Path(lettres).read_text("utf-8") if (lettres := env.str("SEGURNUM_LETTRES", default="")) else "{}"
)

# --- Recovery orders: days given to pay (from the issue), then between two reminders.
RECOUVREMENT_ECHEANCE_JOURS = env.int("SEGURNUM_RECOUVREMENT_ECHEANCE_JOURS", default=30)
RECOUVREMENT_RELANCE_JOURS = env.int("SEGURNUM_RECOUVREMENT_RELANCE_JOURS", default=30)
