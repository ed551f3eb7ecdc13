"""The settings of an installation; what differs is read from the environment."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP

from muntada.foundations import environment
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.foundations.outage import check_connection
from muntada.foundations.whole_files import write_whole

SOURCE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("MUNTADA_VAR", Path.cwd() / "var")).resolve()
# Concurrent requests of a process. Each may hold a connection, so web processes share PostgreSQL's
# limit (docs/operating/processes.md).
THREADS = environment.number("MUNTADA_THREADS", 32)
# Connections beside those of the request threads, for outage tests and health.
SPARE_CONNECTIONS = 4


def _secret_key() -> str:
    """Return the key from the environment, or one generated once and stored with the data."""
    given = os.environ.get("MUNTADA_SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        # Of two processes starting at once, one creates the key.
        with suppress(FileExistsError):
            write_whole(kept, [secrets.token_urlsafe(48).encode()])
    return kept.read_text().strip()


def _database(url: str) -> dict[str, object]:
    """Parse `postgresql://user:password@host:port/name?host=/socket/dir` into Django's form."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "muntada.foundations.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "muntada",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": query.get("port", [str(parts.port or "")])[0],
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": THREADS + SPARE_CONNECTIONS,
                # There are more connections than threads, so waiting means that the database is away.
                "timeout": 1.5,
                "reconnect_timeout": 2,
                "check": check_connection,
            },
            "connect_timeout": 2,
            # Detects a dead network within seconds.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 5_000,
            # Statements are prepared only where the code asks for it (foundations.prepared).
            "prepare_threshold": 1_000_000_000,
            "options": "-c plan_cache_mode=force_generic_plan",
        },
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MUNTADA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# The scheduler of a Dask cluster, such as tcp://10.0.0.1:8786, for opinion maps of very many votes.
DASK = os.environ.get("MUNTADA_DASK", "")
DASK_ABOVE = environment.number("MUNTADA_DASK_ABOVE", 20_000_000)
MAP_FILE = os.environ.get("MUNTADA_MAP", "")
SITE_ADDRESS = environment.address("MUNTADA_ADDRESS", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]
CSRF_FAILURE_VIEW = "muntada.foundations.stale_forms.stale_form_page"
SECURE = SITE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "procrastinate.contrib.django",
    "muntada.foundations",
    "muntada.foundations.charts",
    "muntada.foundations.jobs",
    "muntada.record",
    "muntada.people",
    "muntada.forums",
    "muntada.forums.merging",
    "muntada.evidence",
    "muntada.evidence.areas",
    "muntada.evidence.indicators",
    "muntada.evidence.assessments",
    "muntada.evidence.initiatives",
    "muntada.evidence.stories",
    "muntada.evidence.imports",
    "muntada.evidence.indexes",
    "muntada.evidence.lines",
    "muntada.evidence.partnering",
    "muntada.evidence.prizes",
    "muntada.evidence.front",
    "muntada.consultation",
    "muntada.consultation.calls",
    "muntada.consultation.contributions",
    "muntada.consultation.statements",
    "muntada.consultation.opinion",
    "muntada.consultation.balance",
    "muntada.consultation.themes",
    "muntada.consultation.replies",
    "muntada.consultation.campaigns",
    "muntada.consultation.merging",
    "muntada.consultation.front",
    "muntada.programme",
    "muntada.programme.sessions",
    "muntada.programme.requests",
    "muntada.programme.decisions",
    "muntada.programme.reviews",
    "muntada.programme.constraints",
    "muntada.programme.selection",
    "muntada.programme.timetable",
    "muntada.programme.imports",
    "muntada.programme.releases",
    "muntada.programme.speakers",
    "muntada.programme.venue",
    "muntada.programme.changes",
    "muntada.programme.exports",
    "muntada.programme.merging",
    "muntada.programme.front",
    "muntada.programme.public",
    "muntada.meeting",
    "muntada.meeting.sessions",
    "muntada.meeting.questions",
    "muntada.meeting.reports",
    "muntada.meeting.front",
    "muntada.review",
    "muntada.review.sources",
    "muntada.review.findings",
    "muntada.review.returns",
    "muntada.review.front",
    "muntada.outcome",
    "muntada.outcome.texts",
    "muntada.outcome.proposals",
    "muntada.outcome.adoption",
    "muntada.outcome.commitments",
    "muntada.outcome.front",
    "muntada.home",
    "muntada.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "muntada.foundations.languages.LanguageMiddleware",
    "muntada.foundations.hosts.HostMiddleware",
    "muntada.foundations.private_pages.PrivatePageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "muntada.foundations.long_texts.LongTextMiddleware",
    "muntada.foundations.uploads.UploadMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Exceptions pass in reverse order: django-allauth handles its own, the rest is ours.
    "muntada.foundations.pages.RefusalMiddleware",
    # Its counts are kept even if the transaction of a form is rolled back.
    "muntada.people.limits.SignInLimitMiddleware",
    "muntada.foundations.sent_forms.SentFormMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "muntada.urls"
ASGI_APPLICATION = "muntada.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "foundations" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "muntada.foundations.template_loaders.FilesystemLoader",
                        "muntada.foundations.template_loaders.AppDirectoriesLoader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "muntada.foundations.pages.page_context",
                "muntada.forums.queries.forum_context",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///muntada"))}

# The worker loads implementations (foundations.tasks.load_carriers); web processes only order tasks.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "muntada.people.forms.WhoYouAre"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Muntada: "
ACCOUNT_SESSION_REMEMBER = True
# Replaced by muntada.people.limits: counted in the database, and not only by address.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
# Sign-in and sign-up forms from one network address in ten minutes: a conference shares one.
ATTEMPTS_OF_AN_ADDRESS = environment.number("MUNTADA_ATTEMPTS_OF_AN_ADDRESS", 6000)
ACCOUNT_ADAPTER = "muntada.people.sign_in.AccountAdapter"
MFA_ADAPTER = "muntada.people.sign_in.PasskeyAdapter"
MFA_FORMS = {
    "add_webauthn": "muntada.people.forms.AddPasskeyForm",
    "login_webauthn": "muntada.people.forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "muntada.people.forms.AgainPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

URLIZE_ASSUME_HTTPS = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = CONTENT_LANGUAGES
LOCALE_PATHS = [SOURCE / "locale"]
FORMAT_MODULE_PATH = ["muntada.foundations.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "muntada.foundations.storage.WholeFileStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Large enough for the longest text a call asks for. Files go through their own limits in foundations.files,
# and a form that takes more text says so itself (foundations.long_texts).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "muntada.foundations.uploads.DiskUploadHandler",
]
# What is sent in stands here until it is stored or refused: on the disk of the platform itself.
FILE_UPLOAD_TEMP_DIR = VAR / "uploads"

MAIL_FOLDER = VAR / "mail"
MAILERS = {
    "default": (
        {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": os.environ["MUNTADA_SMTP_HOST"],
                "port": environment.number("MUNTADA_SMTP_PORT", 587),
                "username": os.environ.get("MUNTADA_SMTP_USER", ""),
                "password": os.environ.get("MUNTADA_SMTP_PASSWORD", ""),
                "use_tls": True,
            },
        }
        if "MUNTADA_SMTP_HOST" in os.environ
        else {"BACKEND": "muntada.foundations.mail.ConsoleAndFolder", "OPTIONS": {}}
    )
}
DEFAULT_FROM_EMAIL = os.environ.get("MUNTADA_MAIL_FROM", "Muntada <muntada@localhost>")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_ENGINE = "muntada.people.web_sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

SILENCED_SYSTEM_CHECKS = [
    "files.E001",  # whoever writes the first file there makes the folder (foundations.storage)
    "security.W008",  # the proxy in front redirects to https, see docs/operating
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"calm": {"()": "muntada.foundations.outage.CalmLog"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["calm"]}},
    # One line begins an outage and one ends it (foundations.outage); the pool would say it at each attempt.
    "loggers": {"psycopg.pool": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MUNTADA_LOG", "WARNING")},
}
