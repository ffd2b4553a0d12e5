"""Settings of every installation: one file; machines differ by environment variables alone.

Each variable, with its meaning and default, stands in `.env.example`.
"""

from pathlib import Path

import environs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environs.Env()

# --- What kind of installation -------------------------------------------------------------
# A rehearsal (diễn tập) fixes the business date, shows sample accounts and says so on each page.
PRODUCTION = env.bool("THIDUA_PRODUCTION", False)
REHEARSAL = not PRODUCTION
TODAY = env.date("THIDUA_TODAY", None)
DEBUG = env.bool("THIDUA_DEBUG", False)
SECRET_KEY = env.str("THIDUA_SECRET_KEY", "rehearsal-only-key-never-used-in-production-0123456789")
ALLOWED_HOSTS = env.list("THIDUA_HOSTS", ["127.0.0.1", "localhost", "testserver"])

# --- Applications --------------------------------------------------------------------------
INSTALLED_APPS = [
    "thidua.core",
    "units",
    "staff",
    "campaigns",
    "awards",
    "dossiers",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_q",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "thidua.urls"
WSGI_APPLICATION = "thidua.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["thidua.core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thidua.core.context.page_frame",
            ],
        },
    }
]

# --- Database ------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", "postgres:///thidua"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People --------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"

# --- Language and time ---------------------------------------------------------------------
LANGUAGE_CODE = "vi"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["thidua.formats"]

# --- Files ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "thidua.core.assets.PackageFinder",
]
MEDIA_ROOT = env.path("THIDUA_FILES", VAR_DIR / "files")
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Forms ---------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Background work -----------------------------------------------------------------------
Q_CLUSTER = {
    "name": "thidua",
    "orm": "default",
    "workers": 1,
    "timeout": 600,
    "retry": 660,
    "max_attempts": 3,
    "poll": 0.5,
    "catch_up": False,
    "label": "Việc nền",
}

# --- Security ------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "thidua.core.views.csrf_failure"
CSP_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": CSP_SELF,
        "style-src": CSP_SELF,
        "img-src": ["'self'", "data:"],
        "font-src": CSP_SELF,
        "connect-src": CSP_SELF,
        "form-action": CSP_SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
