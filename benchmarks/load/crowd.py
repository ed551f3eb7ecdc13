"""People who vote on time: their browsers, the lines these hold open, and what came of each vote."""

import asyncio
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urlencode

CALL = "load"
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
BY_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# So many in a hundred change a vote, or send the same one again as a browser does that lost the answer.
CHANGES, REPEATS = 5, 3
# A vote that is changed was cast at least so long before, so that it is clear which of the two came later.
SETTLED_SECONDS = 5
OK, TAKEN = 200, (302, 303)


@dataclass(frozen=True)
class Plan:
    """How many people vote on how many statements, how fast and for how long."""

    rate: int
    seconds: int
    voters: int
    statements: int
    connections: int
    anonymous: bool

    @property
    def votes(self) -> int:
        return self.rate * self.seconds


@dataclass
class Browser:
    """One voter: the cookies and the token their browser holds."""

    cookies: dict[str, str]
    token: str = ""

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(frozen=True)
class Due:
    """A vote that is to leave at a moment, counted in seconds from the start."""

    at: float
    browser: int
    statement: int
    value: str


@dataclass
class Outcome:
    """What came of the votes: seconds each took, those acknowledged in their order, and the other answers."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[Due] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    took: float = 0.0


class Line:
    """One connection that stays open; it asks, waits for the whole answer and asks again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, cookie: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Return status, headers and body of one answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"Cookie: {cookie}"] if cookie else []
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        text = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, text

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            await self.writer.wait_closed()
        self.reader = self.writer = None


async def take_pages(port: int, browsers: Sequence[Browser]) -> None:
    """Open the page of the vote in each browser, and keep the cookies and the token that came with it."""
    line = Line(port)
    for browser in browsers:
        status, head, text = await line.ask("GET", f"/load/consultation/{CALL}/vote", browser.cookie)
        found = BY_CSRF.search(text.decode())
        if status != OK or found is None:
            sys.exit(f"the page of the vote came with status {status} and no form")
        browser.token = found[1]
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;]+)", head.decode()):
            browser.cookies[name] = value
    await line.close()


def timetable(plan: Plan, statements: Sequence[int]) -> list[Due]:
    """Draw who votes on what and when; some change an earlier vote, some send the same request again."""
    chance = Random(20)  # noqa: S311 - a timetable that comes out the same each time, no secret
    pairs = [(browser, number) for browser in range(plan.voters) for number in statements]
    chance.shuffle(pairs)
    due: list[Due] = []
    for place in range(plan.votes):
        at, kind = place / plan.rate, chance.randrange(100)
        settled = place - SETTLED_SECONDS * plan.rate
        if due and kind < REPEATS:
            due.append(replace(due[-1], at=at))
        elif settled > 0 and kind < REPEATS + CHANGES:
            due.append(replace(due[chance.randrange(settled)], at=at, value=chance.choice(list(VALUES))))
        else:
            browser, number = pairs.pop()
            due.append(Due(at, browser, number, chance.choice(list(VALUES))))
    return due


async def cast(plan: Plan, port: int, browsers: Sequence[Browser], statements: Sequence[int]) -> Outcome:
    """Send each vote when it is due, on whichever line is free."""
    outcome, waiting = Outcome(), asyncio.Queue[Due | None]()
    start = time.perf_counter()

    async def keep_sending() -> None:
        line = Line(port)
        while (due := await waiting.get()) is not None:
            browser = browsers[due.browser]
            page = f"/load/t/{due.statement}"
            words = {"csrfmiddlewaretoken": browser.token, "value": due.value, "next": page}
            try:
                status, _, _ = await line.ask(
                    "POST", f"{page}/vote", browser.cookie, urlencode(words).encode()
                )
            except (OSError, asyncio.IncompleteReadError) as fault:
                await line.close()
                status = 0
                outcome.refused[type(fault).__name__] = outcome.refused.get(type(fault).__name__, 0) + 1
            outcome.seconds.append(time.perf_counter() - start - due.at)
            if status in TAKEN:
                outcome.acknowledged.append(due)
            elif status:
                outcome.refused[str(status)] = outcome.refused.get(str(status), 0) + 1
        await line.close()

    senders = [asyncio.create_task(keep_sending()) for _ in range(plan.connections)]
    for due in timetable(plan, statements):
        pause = due.at - (time.perf_counter() - start)
        if pause > 0:
            await asyncio.sleep(pause)
        waiting.put_nowait(due)
    for _ in senders:
        waiting.put_nowait(None)
    await asyncio.gather(*senders)
    outcome.took = time.perf_counter() - start
    return outcome
