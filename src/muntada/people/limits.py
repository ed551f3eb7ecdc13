"""Rate limits for signing in and up, by account, browser and network address.

A whole conference may share one address, so its limit is high. Codes are guessed for an account and
e-mails go to an address, so these have limits wherever the requests come from. The limits of
django-allauth, which are per address and process, are disabled.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from muntada.foundations.pages import View
from muntada.foundations.rate_limits import RateLimit, count_attempt

MINUTES = timedelta(minutes=1)
LETTERS_TO_AN_EMAIL = RateLimit("letters to an e-mail", 5, 10 * MINUTES)
CODES_OF_AN_ACCOUNT = RateLimit("codes of an account", 20, 60 * MINUTES)
ATTEMPTS_OF_A_PERSON = RateLimit("attempts of a person", 30, 10 * MINUTES)
ATTEMPTS_OF_A_BROWSER = RateLimit("attempts of a browser", 30, 10 * MINUTES)
RETRY_AFTER_SECONDS = 120

# Addresses of django-allauth that send e-mail, and those that accept its code.
SENDS_A_LETTER = frozenset({"account_login", "account_request_login_code", "account_signup"})
TAKES_A_CODE = frozenset({"account_confirm_login_code", "account_email_verification_sent"})
OTHERS = frozenset(
    {
        "account_email",
        "account_reauthenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
LIMITED = SENDS_A_LETTER | TAKES_A_CODE | OTHERS


class SignInLimitMiddleware:
    """Refuses requests above the limits, before django-allauth."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: tuple[Any, ...], _named: Mapping[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if request.method != "POST" or name not in LIMITED:
            return None
        if is_within_limits(request, name, now=timezone.now()):
            return None
        answer = render(request, "429.html", status=429)
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer


def is_within_limits(request: HttpRequest, name: str, *, now: datetime) -> bool:
    """Count an attempt against all limits; refuse at the first one reached."""
    return all(count_attempt(limit, who, now=now) for limit, who in _concerned(request, name) if who)


def _concerned(request: HttpRequest, name: str) -> Iterator[tuple[RateLimit, str]]:
    attempts = settings.ATTEMPTS_OF_AN_ADDRESS
    yield RateLimit("attempts of an address", attempts, 10 * MINUTES), request.META.get("REMOTE_ADDR", "")
    # Browsers that submit a form have this cookie.
    yield ATTEMPTS_OF_A_BROWSER, request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    yield ATTEMPTS_OF_A_PERSON, str(request.user.pk or "")
    if name in TAKES_A_CODE:
        yield CODES_OF_AN_ACCOUNT, _account_of_the_code(request)
    if name in SENDS_A_LETTER:
        yield LETTERS_TO_AN_EMAIL, _email(request.POST.get("email") or request.POST.get("login"))


def _account_of_the_code(request: HttpRequest) -> str:
    """Return the e-mail address that a code was requested for, from the session."""
    pending: list[Mapping[str, Any]] = [
        request.session.get("account_email_verification_code") or {},
        request.session.get("account_login") or {},
    ]
    return next((_email(one["email"]) for one in pending if one.get("email")), "")


def _email(given: str | None) -> str:
    return (given or "").strip().casefold()
