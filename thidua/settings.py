"""Settings of every installation: one file; machines differ by environment variables alone.

Each variable, with its meaning and default, stands in `.env.example`.
"""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import environs
from django.core.exceptions import ImproperlyConfigured

from thidua.places import BASE_DIR, VAR_DIR

env = environs.Env()


def setting(read: Callable[..., Any], name: str, default: Any, *, must_be: str) -> Any:
    """Read one variable; an empty one counts as absent, a wrong one is refused in one sentence."""
    if not os.environ.get(name, "").strip():
        return default
    try:
        return read(name)
    except environs.EnvError:
        raise ImproperlyConfigured(
            f"Biến {name} phải là {must_be}: hãy sửa hoặc bỏ biến này rồi chạy lại."
        ) from None


# --- What kind of installation -------------------------------------------------------------
# A rehearsal (diễn tập) fixes the business date, shows sample accounts and says so on each page.
PRODUCTION = setting(env.bool, "THIDUA_PRODUCTION", False, must_be="1 hoặc 0")
REHEARSAL = not PRODUCTION
TODAY = setting(env.date, "THIDUA_TODAY", None, must_be="một ngày viết như 2025-11-20")
DEBUG = setting(env.bool, "THIDUA_DEBUG", False, must_be="1 hoặc 0")
REHEARSAL_KEY = "rehearsal-only-key-never-used-in-production-0123456789"
SECRET_KEY = setting(env.str, "THIDUA_SECRET_KEY", REHEARSAL_KEY, must_be="một chuỗi bí mật")
REHEARSAL_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ALLOWED_HOSTS = setting(env.list, "THIDUA_HOSTS", REHEARSAL_HOSTS, must_be="các tên máy")
# The address that the QR code of a certificate leads to.
REHEARSAL_URL = "http://127.0.0.1:8000"
PUBLIC_URL = setting(env.str, "THIDUA_PUBLIC_URL", REHEARSAL_URL, must_be="một địa chỉ trang")

if PRODUCTION:
    # fmt: off
    REFUSALS = [
        (TODAY,                        "không dùng ngày giả định: hãy bỏ biến THIDUA_TODAY"),
        (DEBUG,                        "không bật chế độ gỡ lỗi: hãy bỏ biến THIDUA_DEBUG"),
        (SECRET_KEY == REHEARSAL_KEY,  "cần khóa bí mật riêng: hãy đặt biến THIDUA_SECRET_KEY"),
        (len(SECRET_KEY) < 50,         "cần khóa bí mật dài từ 50 ký tự: hãy sửa biến THIDUA_SECRET_KEY"),  # noqa: PLR2004
        (ALLOWED_HOSTS == REHEARSAL_HOSTS, "cần tên máy chủ của cơ quan: hãy đặt biến THIDUA_HOSTS"),
        (PUBLIC_URL == REHEARSAL_URL,  "cần địa chỉ cho mã QR của giấy khen: hãy đặt biến THIDUA_PUBLIC_URL"),
    ]
    # fmt: on
    for refused, reason in REFUSALS:
        if refused:
            raise ImproperlyConfigured(f"Hệ thống chính thức {reason} rồi chạy lại.")

# Only a proxy that itself adds the address of each client to X-Forwarded-For may be believed.
BEHIND_PROXY = setting(env.bool, "THIDUA_PROXY", False, must_be="1 hoặc 0")

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
    "thidua.core.middleware.no_store",
    "thidua.core.middleware.sliding_session",
    "thidua.core.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "thidua.core.answers.LateAnswers",
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
        **setting(
            env.dj_db_url,
            "DATABASE_URL",
            {"ENGINE": "django.db.backends.postgresql", "NAME": "thidua"},
            must_be="địa chỉ PostgreSQL viết như postgres://tài-khoản:mật-khẩu@máy/tên",
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "Biến DATABASE_URL phải trỏ tới PostgreSQL: hãy sửa hoặc bỏ biến này rồi chạy lại."
    )
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
AXES_CLIENT_IP_CALLABLE = "thidua.core.visitors.client_address"
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
MEDIA_ROOT = setting(env.path, "THIDUA_FILES", VAR_DIR / "files", must_be="một thư mục")
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024


# What comes from outside waits for this scanner; without one, for the checks of structure alone.
def scanner_address(name: str) -> tuple[str, str, int]:
    """Read where clamd listens: («unix», path, 0) or («tcp», host, port)."""
    kind, _, place = env.str(name).strip().partition(":")
    host, _, port = place.rpartition(":")
    if kind == "unix" and place.startswith("/"):
        return kind, place, 0
    if kind == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) <= 65535:  # noqa: PLR2004
        return kind, host, int(port)
    raise environs.EnvError(name)


CLAMD = setting(
    scanner_address,
    "THIDUA_CLAMD",
    None,
    must_be="nơi clamd nghe, viết như unix:/run/clamav/clamd.ctl hoặc tcp:127.0.0.1:3310",
)
STORAGES = {
    "default": {"BACKEND": "thidua.core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- Navigation ----------------------------------------------------------------------------
# Who counts what waits behind a link: core knows no app, so the counters are named here.
NAVIGATION_COUNTERS = {
    "home": "awards.queries.work.waiting_count",
    "reminder_list": "awards.queries.reminders.unread_count",
}
# The page of a campaign shows where the own unit stands: campaigns know no proposals.
CAMPAIGN_PROGRESS = "awards.queries.units.progress_seen_by"

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
REMIND_AT = setting(env.time, "THIDUA_REMIND_AT", dt.time(7, 30), must_be="một giờ viết như 07:30")
DAILY_JOBS = {"Nhắc việc hằng ngày": ("awards.jobs.remind", REMIND_AT)}
# Function, and every how many minutes.
FREQUENT_JOBS = {"Kiểm tra tệp tải lên": ("awards.jobs.look_after_uploads", 3)}


# --- Mail ----------------------------------------------------------------------------------
# A rehearsal writes its mails into files; an installation without a server sends none.
def mail_server(name: str) -> dict[str, Any]:
    """Read the address of a mail server; one of no known kind is wrong."""
    found: dict[str, Any] = env.dj_email_url(name)
    if "EMAIL_BACKEND" not in found:
        raise environs.EnvError(name)
    return found


_MAIL = setting(
    mail_server,
    "EMAIL_URL",
    {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(VAR_DIR / "mail"),
    },
    must_be="địa chỉ máy chủ thư viết như submission://tài-khoản:mật-khẩu@máy:587",
)
SENDS_MAIL = REHEARSAL or bool(os.environ.get("EMAIL_URL", "").strip())
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _MAIL.get("EMAIL_FILE_PATH") or str(VAR_DIR / "mail")
EMAIL_HOST = _MAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_MAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_MAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20  # a silent server must not hold the worker
DEFAULT_FROM_EMAIL = setting(
    env.str,
    "THIDUA_MAIL_FROM",
    "Thi đua – Khen thưởng <thidua@localhost>",
    must_be="địa chỉ gửi thư",
)
if PRODUCTION and SENDS_MAIL and not os.environ.get("THIDUA_MAIL_FROM", "").strip():
    raise ImproperlyConfigured(
        "Hệ thống chính thức gửi thư cần địa chỉ gửi: hãy đặt biến THIDUA_MAIL_FROM rồi chạy lại."
    )

# --- The public ----------------------------------------------------------------------------
PUBLIC_VISITS_PER_MINUTE = 60  # from one address, which may be that of a whole agency

# --- Security ------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = (30 if PRODUCTION else 12 * 60) * 60  # from the last page: sliding_session
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # nginx sets it, see its guide
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Preloading binds the whole parent domain: its owner decides that, not this application.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
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


def static_headers(headers: Any, path: str, url: str) -> None:
    """A static file is answered before most middleware: nothing in it may run or be framed."""
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["X-Content-Type-Options"] = "nosniff"


WHITENOISE_ADD_HEADERS_FUNCTION = static_headers
