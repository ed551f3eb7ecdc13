"""Add the configured security headers to every answer.

Django's middleware sets them on answers that pass through it. Event streams and unreadable requests
do not, so missing headers are added in the outermost layer.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.csp import build_policy

from muntada.foundations.asgi_types import AsgiApp, AsgiMessage, AsgiReceive, AsgiSend


class SecurityHeaders:
    """An application, with the headers its answers lack."""

    def __init__(self, application: AsgiApp) -> None:
        self._application = application

    @cached_property
    def _headers(self) -> dict[bytes, bytes]:
        named = {
            "content-security-policy": build_policy(settings.SECURE_CSP),
            "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "referrer-policy": settings.SECURE_REFERRER_POLICY,
            "x-content-type-options": "nosniff",
            "x-frame-options": settings.X_FRAME_OPTIONS,
        }
        if settings.SECURE_HSTS_SECONDS:
            named["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return {name.encode(): str(value).encode() for name, value in named.items() if value}

    async def __call__(self, scope: dict[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def complete(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message.get("headers", ())}
                missing = [pair for pair in self._headers.items() if pair[0] not in given]
                if missing:
                    message = {**message, "headers": [*message.get("headers", ()), *missing]}
            await send(message)

        await self._application(scope, receive, complete)
