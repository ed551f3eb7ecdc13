"""The ASGI application of a web process: health, event streams, cached pages, Django. It runs no jobs."""

import os
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any

import django
from django.conf import settings

from muntada.foundations.asgi_types import AsgiReceive, AsgiSend

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muntada.settings")
django.setup(set_prefix=False)

from muntada.foundations import hanging, health, live  # noqa: E402  (Django has to be set up first)
from muntada.foundations.live_streams import LIVE, live_stream  # noqa: E402
from muntada.foundations.page_cache import PageCache  # noqa: E402
from muntada.foundations.security_headers import SecurityHeaders  # noqa: E402
from muntada.foundations.serving import PlainHandler  # noqa: E402

# Imports all views, so that the first reader does not wait.
import_module(settings.ROOT_URLCONF)

pages = PageCache(PlainHandler(), live.hub)
answer_health = health.Health()


async def _serve(scope: dict[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
    """Dispatch lifespan, `/healthz`, `/readyz`, `/live/TOKEN` and everything else."""
    path = str(scope.get("path", ""))
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and path in {health.HEALTH, health.READINESS}:
        await answer_health(path, send)
    elif scope["type"] == "http" and path.startswith(LIVE):
        await live_stream(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: AsgiReceive, send: AsgiSend) -> None:
    async with AsyncExitStack() as stack:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await stack.enter_async_context(live.listening())
                stack.enter_context(hanging.watching())
                await send({"type": "lifespan.startup.complete"})
            else:
                await stack.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = SecurityHeaders(_serve)
