/* What JavaScript adds; without it everything works. Times can be read in one's own zone, the page can be made
   light or dark, an address can be copied, a long text is counted, menus close. Buttons that need JavaScript
   are hidden until it is here. */
"use strict";
const all = (what, within = document) => within.querySelectorAll(what);

function readTimes(button) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const write = (mine) => {
    for (const time of all("time[datetime*='T']")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.dataset.here ??= time.textContent;
      time.textContent = mine ? `${form.format(at)} (${zone.split("/").pop().replaceAll("_", " ")})` : time.dataset.here;
    }
    button.setAttribute("aria-pressed", mine);
  };
  button.hidden = !document.querySelector("time[datetime*='T']");
  if (localStorage.getItem("own-zone")) write(true);
  button.addEventListener("click", () => {
    const mine = button.getAttribute("aria-pressed") === "false";
    if (mine) localStorage.setItem("own-zone", "1");
    else localStorage.removeItem("own-zone");
    write(mine);
  });
}

/* The choice is a cookie, so that the server writes it into the next page and nothing flashes. */
function chooseTheme(button) {
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  button.hidden = false;
  button.setAttribute("aria-pressed", isDark());
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
    button.setAttribute("aria-pressed", isDark());
  });
}

function copyAddress(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copy, copyText } = button.dataset;
    await navigator.clipboard.writeText(copyText ?? new URL(copy, location.href).href);
    button.textContent = button.dataset.copied;
  });
}

function count(line) {
  const field = document.getElementById(line.dataset.for);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const write = () => {
    line.querySelector("bdi").textContent = `${number.format(field.value.length)} / ${number.format(line.dataset.most)}`;
    line.classList.toggle("over", field.value.length > line.dataset.most);
  };
  field?.addEventListener("input", write);
  if (field) write();
}

/* The keys 1 to 5 press what stands there, unless somebody types or has switched them off. Digits are found by
   their place on the keyboard, so they work in every script. */
function voteByKeys(section) {
  const off = () => Boolean(localStorage.getItem("no-vote-keys"));
  const hint = section.querySelector("[data-keys-hint]");
  const knob = section.querySelector("[data-keys-switch]");
  if (hint) hint.hidden = false;
  knob?.setAttribute("aria-pressed", !off());
  knob?.addEventListener("click", () => {
    if (off()) localStorage.removeItem("no-vote-keys");
    else localStorage.setItem("no-vote-keys", "1");
    knob.setAttribute("aria-pressed", !off());
  });
  let pressed = false;
  document.addEventListener("keydown", (event) => {
    const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code)?.[1];
    const types = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!digit || types || off() || pressed || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const meant = section.querySelector(`[data-key="${digit}"]`);
    if (!meant) return;
    event.preventDefault();
    pressed = meant.type !== "checkbox";
    meant.click();
  });
}

function closeMenus(except) {
  for (const menu of all("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

document.addEventListener("DOMContentLoaded", () => {
  all("[data-zone]").forEach(readTimes);
  all("[data-theme-choice]").forEach(chooseTheme);
  if (navigator.clipboard) {
    all("[data-copy], [data-copy-text]").forEach(copyAddress);
    document.addEventListener("htmx:after:swap", () => all("[data-copy-text][hidden]").forEach(copyAddress));
  }
  all(".counter[data-for]").forEach(count);
  all("[data-vote-keys]").forEach(voteByKeys);
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
});
