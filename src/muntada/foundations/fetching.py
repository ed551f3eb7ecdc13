"""Fetch a document from an untrusted address, with limits and never from our own network.

The name is resolved once, each of its addresses is checked, and the connection goes to the checked
address; the same holds for every redirection. So no name can lead to this machine or its network,
even if its addresses change between check and connection.
"""

import http.client
import logging
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext

from muntada.foundations.errors import Refused

log = logging.getLogger("muntada.foundations")

MEGABYTE = 1_000_000
MOST_BYTES = 50 * MEGABYTE
SECONDS = 20.0
SECONDS_IN_ALL = 120.0
TRIES = 3
FIRST_WAIT_SECONDS = 1.0
MOST_REDIRECTIONS = 5
PORTS = {"http": 80, "https": 443}
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
IN_A_PATH = "/%:;,=&+$@!*'()~"
PIECE = 64 * 1024
NAT64 = IPv6Network("64:ff9b::/96")
# The only part of IPv6 allocated to the internet; special-purpose registries start from it.
GLOBAL_UNICAST = IPv6Network("2000::/3")
SPECIAL_PURPOSES = (IPv6Network("2001::/23"), IPv4Network("192.88.99.0/24"))

type Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Fetched:
    """The answer, and the final address."""

    address: str
    content: bytes
    media_type: str


class _Transient(Exception):
    """A fault that may disappear on a retry."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches over HTTP and HTTPS. `allowed` lists local addresses that may be requested."""

    allowed: frozenset[str] = frozenset()
    most_bytes: int = MOST_BYTES
    seconds: float = SECONDS
    seconds_in_all: float = SECONDS_IN_ALL
    wait: Callable[[float], None] = time.sleep

    def fetch(self, address: str) -> Fetched:
        """Return the document at an address, or refuse with the reason."""
        ends = time.monotonic() + self.seconds_in_all
        pause = FIRST_WAIT_SECONDS
        for last in (*(False,) * (TRIES - 1), True):
            try:
                return self._follow(address, ends)
            except _Transient as trouble:
                if last or time.monotonic() + pause > ends:
                    sentence = gettext(
                        "%(host)s did not answer as expected: %(said)s. Please try again later."
                    )
                    host = urlsplit(address).hostname or address
                    raise Refused(sentence % {"host": host, "said": trouble}, "fetch", "address") from trouble
                self.wait(pause)
                pause *= 4
        raise AssertionError  # the last try has returned or raised

    def _follow(self, address: str, ends: float) -> Fetched:
        for _ in range(MOST_REDIRECTIONS + 1):
            parts = _checked(address)
            answer, connection = self._ask(parts, ends)
            try:
                if answer.status in REDIRECTIONS:
                    address = urljoin(address, answer.getheader("Location") or "")
                    continue
                return self._read(address, answer, ends)
            except (OSError, http.client.HTTPException) as error:
                raise _Transient(_said(error)) from error
            finally:
                connection.close()
        raise Refused(gettext("This address leads on and on, and to no document."), "fetch", "address")

    def _ask(
        self, parts: SplitResult, ends: float
    ) -> tuple[http.client.HTTPResponse, http.client.HTTPConnection]:
        host = parts.hostname or ""
        port = parts.port or PORTS[parts.scheme]
        to = self._resolved(host, port)
        connection = _Pinned(host, port, str(to), self._left(ends), is_secure=parts.scheme == "https")
        try:
            path = quote(parts.path or "/", safe=IN_A_PATH)
            path += f"?{quote(parts.query, safe=IN_A_PATH + '?')}" if parts.query else ""
            connection.request(
                "GET", path, headers={"User-Agent": "Muntada", "Accept-Encoding": "identity", "Accept": "*/*"}
            )
            return connection.getresponse(), connection
        except ssl.SSLCertVerificationError as error:
            connection.close()
            log.warning("the certificate of %s was not trusted: %s", host, error.verify_message)
            sentence = gettext("The certificate of %(host)s cannot be trusted. Please check the address.")
            raise Refused(sentence % {"host": host}, "fetch", "address") from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise _Transient(_said(error)) from error

    def _resolved(self, host: str, port: int) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            sentence = gettext("No machine was found with the name %(host)s. Please check the address.")
            raise Refused(sentence % {"host": host[:80]}, "fetch", "address") from error
        addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        for one in addresses:
            if not _is_public(one) and str(one) not in self.allowed:
                sentence = gettext(
                    "%(host)s is not in the public network, and addresses of this network are not fetched."
                )
                raise Refused(sentence % {"host": host}, "fetch-private", "address")
        return addresses[0]

    def _read(self, address: str, answer: http.client.HTTPResponse, ends: float) -> Fetched:
        if answer.status in TRY_AGAIN:
            raise _Transient(f"{answer.status} {answer.reason}")
        if answer.status != http.client.OK:
            sentence = gettext("%(host)s answered with %(status)s %(reason)s. Please check the address.")
            said = {"host": urlsplit(address).hostname, "status": answer.status, "reason": answer.reason}
            raise Refused(sentence % said, "fetch", "address")
        if answer.getheader("Content-Encoding", "identity").lower() != "identity":
            # Compressed content can expand to any size.
            raise Refused(
                gettext("The answer is packed although it was asked for unpacked."), "fetch", "address"
            )
        content = bytearray()
        while piece := answer.read(PIECE):
            content += piece
            if len(content) > self.most_bytes:
                sentence = gettext(
                    "The document is larger than %(limit)s MB, and so large ones are not read."
                )
                raise Refused(sentence % {"limit": self.most_bytes // MEGABYTE}, "fetch-too-large", "address")
            self._left(ends)
        if answer.length:
            # The library returns an incomplete answer as if it were complete.
            raise _Transient(gettext("the answer broke off"))
        return Fetched(address, bytes(content), answer.getheader("Content-Type", ""))

    def _left(self, ends: float) -> float:
        """Return the time left for the next step."""
        left = ends - time.monotonic()
        if left <= 0:
            raise Refused(
                gettext("The answer took more than %(seconds)s seconds.")
                % {"seconds": round(self.seconds_in_all)},
                "fetch-too-slow",
                "address",
            )
        return min(self.seconds, left)


class _Pinned(http.client.HTTPConnection):
    """A connection to the checked address, with the requested host name."""

    def __init__(self, host: str, port: int, to: str, seconds: float, *, is_secure: bool) -> None:
        self.default_port = PORTS["https" if is_secure else "http"]
        super().__init__(host, port, timeout=seconds)
        self._to, self._is_secure = to, is_secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._to, self.port), self.timeout)
        if self._is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good or any(sign.isspace() or not sign.isprintable() for sign in address):
        sentence = gettext("This is no address of the web. It begins with https:// or http://.")
        raise Refused(sentence, "fetch-address", "address")
    if parts.username or parts.password:
        sentence = gettext("Please leave names and passwords out of the address: it is kept and shown.")
        raise Refused(sentence, "fetch-address", "address")
    return parts


def _is_public(address: Address) -> bool:
    inside = _embedded(address) if isinstance(address, IPv6Address) else None
    if inside is None and isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    one = inside or address
    is_special = one.is_multicast or any(one in network for network in SPECIAL_PURPOSES)
    return one.is_global and not is_special


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address embedded in an IPv6 one, if any."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _said(error: Exception) -> str:
    """Return our sentence for a library's error; the library's words go to the log."""
    log.warning("an address could not be fetched: %r", error)
    if isinstance(error, TimeoutError):
        return gettext("it took too long")
    if isinstance(error, ConnectionRefusedError):
        return gettext("it took no connection")
    return gettext("the answer broke off or could not be understood")
