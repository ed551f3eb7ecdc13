/* Dragging a session on the board of a draft. Without this file each session has its link "Move"; with it the same
   can be done by mouse, finger or pen. The server decides: while a session is held, each place is marked as it says,
   and what is dropped is sent as the form behind "Move" would send it. */
"use strict";
const EDGE = 48, STEP = 14, PATIENCE = 15000;

function changeBoard(live) {
  let held = null, waits = false, marking = 0;
  const board = () => document.getElementById("board");
  const say = (words) => {
    const line = board().querySelector(".drag-said");
    if (line && line.textContent !== words) line.textContent = words;
  };

  function prepare() {
    board().querySelector(".drag-hint")?.removeAttribute("hidden");
    for (const card of board().querySelectorAll("[data-card]")) {
      const grip = document.createElement("span");
      grip.className = "grip";
      grip.setAttribute("aria-hidden", "true");
      card.prepend(grip);
    }
  }

  /* Puts a new board in the place of the old one; whoever was on a link by keyboard stays on it. */
  function renew(html) {
    const focused = document.activeElement?.id;
    const scroll = board().querySelector(".table-scroll")?.scrollLeft ?? 0;
    const page = new DOMParser().parseFromString(html, "text/html").getElementById("board");
    if (!page) return;
    board().replaceWith(page);
    prepare();
    const table = board().querySelector(".table-scroll");
    if (table) table.scrollLeft = scroll;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  async function refresh() {
    if (held) {
      waits = true;
      return;
    }
    waits = false;
    try {
      const answer = await fetch(live.dataset.board, { signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok && !answer.redirected && !held) renew(await answer.text());
    } catch { /* the next change asks again */ }
  }

  /* What the place under the session would mean, for the ear and beside what is held. */
  function tell() {
    const words = held.over ? held.places[held.over.dataset.place]?.words ?? "" : "";
    say(words);
    held.note.textContent = words;
  }

  async function mark(number) {
    const turn = ++marking;
    try {
      const address = `${live.dataset.home}/places/${number}`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) return;
      const { places } = await answer.json();
      if (!held || turn !== marking) return;
      held.places = places;
      for (const cell of board().querySelectorAll("[data-place]")) {
        const place = places[cell.dataset.place];
        if (!place) continue;
        cell.classList.add(place.allowed ? "can" : "cannot");
        cell.classList.toggle("costs", place.allowed && place.cost > 0);
        cell.dataset.cost = place.cost;
      }
      tell();
    } catch { /* the server judges what is dropped all the same */ }
  }

  function lift(event) {
    const grip = event.target.closest?.(".grip");
    const card = grip?.closest("[data-card]");
    if (!card || event.button > 0 || held) return;
    event.preventDefault();
    const ghost = card.cloneNode(true);
    ghost.classList.add("ghost");
    ghost.setAttribute("aria-hidden", "true");
    const note = document.createElement("p");
    note.className = "hint";
    ghost.append(note);
    document.body.append(ghost);
    card.classList.add("is-lifted");
    document.documentElement.classList.add("is-dragging");
    held = { card, ghost, note, number: card.dataset.card, over: null, places: {}, version: board().dataset.version };
    follow(event);
    say(live.dataset.picked);
    mark(held.number);
  }

  function follow(event) {
    if (!held) return;
    event.preventDefault();
    held.ghost.style.setProperty("transform", `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`);
    const table = board().querySelector(".table-scroll");
    const edge = table?.getBoundingClientRect();
    if (edge && event.clientX > edge.right - EDGE) table.scrollLeft += STEP;
    else if (edge && event.clientX < edge.left + EDGE) table.scrollLeft -= STEP;
    if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
    else if (event.clientY < EDGE) scrollBy(0, -STEP);
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-place]") ?? null;
    if (cell === held.over) return;
    held.over?.classList.remove("over");
    held.over = cell;
    cell?.classList.add("over");
    if (cell) tell();
  }

  function letGo() {
    held.ghost.remove();
    held.card.classList.remove("is-lifted");
    document.documentElement.classList.remove("is-dragging");
    for (const cell of board().querySelectorAll("[data-place]")) cell.classList.remove("can", "cannot", "costs", "over");
    const was = held;
    held = null;
    return was;
  }

  async function drop(event) {
    if (!held) return;
    event.preventDefault();
    const { number, over, version, card } = letGo();
    if (!over || over.contains(card)) {
      say(live.dataset.back);
      if (waits) refresh();
      return;
    }
    const body = new FormData();
    body.set("csrfmiddlewaretoken", live.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("place", over.dataset.place);
    body.set("version", version);
    body.set("from", "board");
    body.set("day", live.dataset.day);
    try {
      const address = `${live.dataset.home}/move/${number}`;
      const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.redirected || !(answer.ok || answer.status === 422)) throw new Error(answer.status);
      renew(await answer.text());
    } catch {
      say(live.dataset.lost);
    }
  }

  function cancel() {
    if (!held) return;
    letGo();
    say(live.dataset.back);
    if (waits) refresh();
  }

  prepare();
  document.addEventListener("pointerdown", lift);
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });
  live.addEventListener("changed", refresh);
}

document.addEventListener("DOMContentLoaded", () => {
  const live = document.getElementById("live");
  if (live && document.getElementById("board")) changeBoard(live);
});
