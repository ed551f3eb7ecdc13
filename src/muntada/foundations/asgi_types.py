"""The types of ASGI, the protocol between the server and the platform."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

type AsgiMessage = Mapping[str, Any]
type AsgiReceive = Callable[[], Awaitable[AsgiMessage]]
type AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
type AsgiApp = Callable[[dict[str, Any], AsgiReceive, AsgiSend], Awaitable[None]]
