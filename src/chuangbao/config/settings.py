"""Settings. Everything that differs between machines comes from the environment; the defaults start a demo.

The names are declared in ``environment``, listed in docs/operation.md, and checked at every start by ``checks``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from chuangbao.config.environment import flag, number, text
from chuangbao.config.logs import configure_logs
from chuangbao.config.paths import DATA_DIR, NODE_MODULES, PACK_DIR, PACKAGE, make_data_folder
from chuangbao.config.services import MAIL_DIR, SMS_DIR, mail, sign_on, sms_transport, stores

DEBUG = flag("CHUANGBAO_DEV")
HTTPS = flag("CHUANGBAO_HTTPS")
PROXIES = number("CHUANGBAO_PROXIES") if HTTPS else 0
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]  # always answered to: whoever looks after the server asks from there
PUBLIC_HOSTS = [host.strip() for host in text("CHUANGBAO_HOSTS").split(",") if host.strip()]
ALLOWED_HOSTS = [*LOOPBACK, *PUBLIC_HOSTS]


def secret_key() -> str:
    """The operator's key, or one made on the first start and kept in the data folder."""
    given = text("CHUANGBAO_SECRET_KEY")
    place = DATA_DIR / "secret-key"
    if given or place.is_file():
        return given or place.read_text(encoding="ascii")
    make_data_folder()
    key = secrets.token_urlsafe(48)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(key)
    return key


def database(url: str) -> dict[str, object]:
    """Django's entry for a ``postgresql://`` address; a socket folder is in its ``host`` parameter."""
    parts = urlsplit(url)
    options = {"connect_timeout": "5"} | dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "chuangbao",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": number("CHUANGBAO_CONN_MAX_AGE"),
        "CONN_HEALTH_CHECKS": True,  # a database that came back is found by the next request
    }


__all__ = ["DATA_DIR", "NODE_MODULES", "PACK_DIR"]

SECRET_KEY = secret_key()
DATABASES = {"default": database(text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "chuangbao.ui",  # its templates stand before those of the libraries
    "chuangbao.checkup",
    "chuangbao.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # pages of passkeys and sessions
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "chuangbao.core",
    "chuangbao.accounts",
    "chuangbao.facts",
    "chuangbao.booking",
    "chuangbao.policies",
    "chuangbao.authoring",
    "chuangbao.matching",
    "chuangbao.simulations",
    "chuangbao.spaces",
    "chuangbao.premises",
    "chuangbao.tenants",
    "chuangbao.billing",
    "chuangbao.guidance",
    "chuangbao.inspections",
    "chuangbao.plans",
]
MIDDLEWARE = [
    "chuangbao.core.http.request_log.log_requests",
    "chuangbao.core.http.requests.refuse_loopback_names",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "chuangbao.ui.static_versions.keep_versioned_files",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "chuangbao.core.http.requests.forbid_caching",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "chuangbao.core.http.requests.RefuseNullCharacters",
    "chuangbao.portal.views.errors.refuse_writes_without_room",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "chuangbao.accounts.middleware.attach_actor",
    "chuangbao.accounts.middleware.AskForConsent",
    "chuangbao.portal.views.errors.explain_refused_methods",
    "chuangbao.portal.views.errors.AnswerRefused",
    "chuangbao.core.http.bodies.refuse_bodies",
    "chuangbao.accounts.guards.GuardOffices",
    "chuangbao.core.storage.reading.return_when_full",
    "chuangbao.policies.middleware.follow_the_register",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chuangbao.portal.shell.shell",
            ],
            "builtins": ["chuangbao.ui.templatetags.ui"],
        },
    }
]
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["chuangbao.accounts.backends.Backend"]
PASSWORD_HASHERS = [
    "chuangbao.accounts.hashers.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_SIGNUP_REDIRECT_URL = "/checkup/keep/"  # with the answers that were given before
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_FORM_CLASS = "chuangbao.accounts.forms.NameForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3  # codes sent again in one sign-up; an hour has a bound of its own
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "chuangbao.accounts.adapter.Adapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open session alone changes no address, password or second factor
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the old address hears of the new one
SOCIALACCOUNT_ADAPTER = "chuangbao.accounts.adapter.SignOn"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = sign_on(text("CHUANGBAO_SSO"))
MFA_ADAPTER = "chuangbao.accounts.mfa.Adapter"
MFA_FORMS = {
    "authenticate": "chuangbao.accounts.mfa.CodeForm",
    "reauthenticate": "chuangbao.accounts.mfa.CodeAgainForm",
    "activate_totp": "chuangbao.accounts.mfa.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on this machine alone (localhost)
MFA_TOTP_ISSUER = "创宝网"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
USERSESSIONS_TRACK_ACTIVITY = False
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
SESSION_ENGINE = "chuangbao.core.http.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SECOND_FACTOR = flag("CHUANGBAO_SECOND_FACTOR")
IDLE_MINUTES = number("CHUANGBAO_IDLE_MINUTES")

# what is sealed, kept and sent
FIELD_KEYS = text("CHUANGBAO_KEYS")
FIELD_CIPHER = text("CHUANGBAO_CIPHER")
SCANNER = text("CHUANGBAO_SCANNER")
REGISTERS = Path(text("CHUANGBAO_REGISTERS") or DATA_DIR / "registers")
OPERATOR_NAME, OPERATOR_PHONE = text("CHUANGBAO_OPERATOR"), text("CHUANGBAO_OPERATOR_PHONE")
OPERATOR_ADDRESS, OPERATOR_MAIL = text("CHUANGBAO_OPERATOR_ADDRESS"), text("CHUANGBAO_OPERATOR_MAIL")
SITE_URL = text("CHUANGBAO_URL").rstrip("/")
RATE_LIMITS = True
DEMO = flag("CHUANGBAO_DEMO")
STORAGES = stores(text("CHUANGBAO_FILES"))
EMAIL_BACKEND = "chuangbao.core.messaging.outbox.Outbox"  # the worker hands on to MAIL_TRANSPORT
post = mail(text("CHUANGBAO_MAIL"))
MAIL_TRANSPORT: str = post.pop("MAIL_TRANSPORT")
EMAIL_FILE_PATH = str(MAIL_DIR)
globals().update(post)
SMS_FILE_PATH = str(SMS_DIR)
SMS_GATEWAY = text("CHUANGBAO_SMS")
SMS_TRANSPORT: str = sms_transport(SMS_GATEWAY)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("CHUANGBAO_MAIL_FROM")
METRICS_TOKEN = text("CHUANGBAO_METRICS_TOKEN")
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# rate limits of sign-in and sign-up live in PostgreSQL with everything else
CACHES = {"default": {"BACKEND": "chuangbao.core.http.cache.Cache"}}

ROOT_URLCONF = "chuangbao.config.urls"
WSGI_APPLICATION = "chuangbao.config.wsgi.application"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "chuangbao.ui.vendor.VendorFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "chuangbao.portal.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

if HTTPS:  # only behind a proxy that sets the header itself may a header be believed
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

LOGGING = configure_logs(text("CHUANGBAO_LOG"), debug=DEBUG)
