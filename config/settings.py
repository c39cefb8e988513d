"""One settings file. Without any environment variable it is the embedded default.

Embedded: SQLite and one process. Production: DATABASE_URL, CELERY_BROKER_URL and SECRET_KEY are
set; every secret may also come from a file named by <NAME>_FILE.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import environ

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
# pytest sets PYTEST_VERSION, also for the processes that a test starts.
TESTING = env.bool("SHENLING_TESTING", default="PYTEST_VERSION" in os.environ)
FAULT_INJECTION = env.bool("FAULT_INJECTION", default=False)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# A key that is printed in a repository protects nothing: config.checks refuses it with DEBUG and
# DEMO off. The demo and the tests run on loopback.
INSECURE_SECRET_KEY = "insecure-key-for-the-demo-and-tests-only-never-for-production"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE_SECRET_KEY)
# Field encryption: "id:base64 of 32 bytes", newest first; separate keys for blind indexes.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
INDEX_KEYS = env.list("INDEX_KEYS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Keeps migrations in one line; it serves developers and is not installed in production.
    *(["django_linear_migrations"] if find_spec("django_linear_migrations") else []),
    "axes",
    "django_htmx",
    "engine",
    "workflows.accounts",
    "workflows",
    "review_ui",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "review_ui.errors.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "review_ui" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                ),
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "review_ui.pages.preferences.context",
                *(["review_ui.demo.views.context"] if DEMO else []),
            ],
        },
    },
]

# SQLite: IMMEDIATE, because two DEFERRED readers that both want to write cannot both win, and
# FULL, because an acknowledged commit must survive a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
# PostgreSQL: nobody keeps a transaction open and walks away; short statements are not compiled.
# Pages alone limit how long a statement takes (config.wsgi): a job, a migration may need longer.
POSTGRES_SETTINGS = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "2s",
    "statement_timeout": env.str("STATEMENT_TIMEOUT", default="0"),
    "jit": "off",
}
POSTGRES_OPTIONS = {"options": " ".join(f"-c {key}={to}" for key, to in POSTGRES_SETTINGS.items())}
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'shenling.sqlite3'}")
}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, also in tests: an in-memory database hides locking.
    DATABASES["default"]["TEST"] = {
        "NAME": env.str("TEST_SQLITE_NAME", default=str(DATA_DIR / "test.sqlite3"))
    }
else:
    # Options of the address go first: `?sslmode=require` stays.
    DATABASES["default"]["OPTIONS"] = POSTGRES_OPTIONS | DATABASES["default"].get("OPTIONS", {})
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Scrypt takes a fifth of a second by design; tests and the demo have known passwords to keep.
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING or DEMO
    else ["django.contrib.auth.hashers.ScryptPasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my-start"
LOGOUT_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "review_ui.errors.csrf_failure"
AXES_FAILURE_LIMIT = env.int("AXES_FAILURE_LIMIT", default=10)
AXES_COOLOFF_TIME = 0.05
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "errors/locked_out.html"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=False)
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "review_ui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "review_ui" / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "staticfiles"))
# WhiteNoise warns about a missing folder, and a warning is an error in the tests.
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
# The demo and the tests serve files where they lie; production collects and fingerprints them.
COLLECTED = not (DEMO or DEBUG or TESTING)
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"

# The outside world: port -> (implementation, options). The demo's registers read what the demo
# invented; unnamed ports are simulators.
DEMO_SCENARIO = str(DATA_DIR / "registers.toml")
PORTS = {"register": ("simulator", {"scenario": DEMO_SCENARIO})} if DEMO else {}

# The bell: it carries ids of rows and nothing else. Rows are the truth, a sweeper finds what no
# bell reached, so there is no ETA, no countdown and no result.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://")
EMBEDDED_WORKER = CELERY_BROKER_URL == "memory://"
# Nobody waits for a second try: it would come after two seconds, within the act that rings.
ANY_BROKER = {"max_retries": 0}
# The default of one second makes every bell late.
MEMORY_BROKER = ANY_BROKER | {"polling_interval": 0.1}
# Without limits of time a frozen Redis would freeze every act that rings.
REDIS_BROKER = ANY_BROKER | {
    "visibility_timeout": 3600,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
}
BROKERS = {"memory": MEMORY_BROKER, "redis": REDIS_BROKER, "rediss": REDIS_BROKER}
CELERY_BROKER_TRANSPORT_OPTIONS = BROKERS.get(CELERY_BROKER_URL.partition(":")[0], ANY_BROKER)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 300
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=10.0)
# A bell that has not been answered for so long has not been heard.
RING_AGAIN_SECONDS = env.float("RING_AGAIN_SECONDS", default=30.0)
# Beat keeps one connection for good: without a retry it would ring a dead one after a restart.
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "engine.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"retry": True},
    }
}

JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
JOB_BACKOFF_SECONDS = [10, 60, 600]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"axes": {"level": "ERROR"}, "kombu": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
