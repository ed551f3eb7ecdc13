/* What JavaScript adds to the programme: marks that stay in this browser until somebody signs in, times in one's own
   zone, and the programme without a connection. */
"use strict";
const frame = document.querySelector("[data-marking]");
const place = `marked ${frame?.dataset.marking}`;
const stars = () => [...document.querySelectorAll("[data-mark]")];

const kept = () => {
  try {
    return new Set(JSON.parse(localStorage.getItem(place) ?? "[]"));
  } catch {
    return new Set();
  }
};

function show(marked) {
  for (const star of stars()) star.setAttribute("aria-pressed", marked.has(Number(star.dataset.mark)));
  const numbers = [...marked].sort((one, other) => one - other).join(",");
  for (const link of document.querySelectorAll("[data-mine]")) {
    link.search = marked.size && !frame.dataset.signedIn ? `?s=${numbers}` : "";
    const count = link.querySelector("[data-mine-count]");
    count.hidden = !marked.size;
    count.textContent = new Intl.NumberFormat(document.documentElement.lang).format(marked.size);
  }
}

async function send(address, values) {
  const body = new FormData(frame);
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.statusText);
  return new Set((await answer.json()).marked);
}

async function press(star) {
  const number = Number(star.dataset.mark);
  const isWanted = star.getAttribute("aria-pressed") !== "true";
  if (frame.dataset.signedIn) {
    try {
      show(await send(`/${frame.dataset.marking}/s/${number}/mark`, { wanted: isWanted ? 1 : 0, as: "data" }));
    } catch {
      star.title = frame.dataset.failed;
    }
    return;
  }
  const marked = kept();
  if (isWanted) marked.add(number);
  else marked.delete(number);
  localStorage.setItem(place, JSON.stringify([...marked]));
  show(marked);
}

async function begin() {
  for (const star of stars()) {
    star.hidden = false;
    star.addEventListener("click", () => press(star));
  }
  if (!frame.dataset.signedIn) {
    show(kept());
    return;
  }
  show(new Set(stars().filter((star) => star.getAttribute("aria-pressed") === "true").map((star) => Number(star.dataset.mark))));
  if (kept().size) {
    show(await send(frame.dataset.takeOver, { s: [...kept()].join(",") }));
    localStorage.removeItem(place);
  }
}

function chooseMyZone(button) {
  const zones = document.querySelector("[data-zones]");
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  button.hidden = !mine || zones.value === mine;
  button.addEventListener("click", () => {
    if (![...zones.options].some((option) => option.value === mine)) zones.add(new Option(mine, mine));
    zones.value = mine;
    zones.form.requestSubmit();
  });
}

function tellOffline(note) {
  const tell = () => {
    note.hidden = navigator.onLine;
  };
  tell();
  addEventListener("online", tell);
  addEventListener("offline", tell);
}

if (frame) {
  begin();
  document.querySelectorAll("[data-my-zone]").forEach(chooseMyZone);
  document.querySelectorAll("[data-offline-note]").forEach(tellOffline);
  navigator.serviceWorker?.register(frame.dataset.offline, { scope: `/${frame.dataset.marking}/` });
}
