/* The programme without a connection. What was read is kept, and the whole programme with it; a page comes from
   the network while there is one. Copies are asked for without cookies: nobody's own page is kept. */
"use strict";
const SET = "programme-{{ forum.slug }}-";
const NAME = `${SET}{{ release.number|default:0 }}-{{ language }}`;
const WHOLE = "{% url "programme:front" forum.slug %}?day=all&lang={{ language }}";
const PAGES = /^\/{{ forum.slug }}\/(programme|s\/\d+)$/;

const copy = async (address) => {
  const answer = await fetch(address, { credentials: "omit" });
  if (answer.ok) await (await caches.open(NAME)).put(address, answer);
};
/* What a page needs to look as it should: its own sheets and scripts. */
const copyWhole = async () => {
  await copy(WHOLE);
  const page = await (await caches.match(WHOLE))?.text();
  const needed = [...(page ?? "").matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  await Promise.allSettled(needed.map(copy));
};
const without = async (request, address) =>
  (await caches.match(address)) ?? (PAGES.test(address.pathname) ? caches.match(WHOLE) : undefined) ?? Response.error();

self.addEventListener("install", (event) => event.waitUntil(copyWhole().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => {
  const drop = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(SET) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(drop());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => without(request, address)));
  } else if (PAGES.test(address.pathname)) {
    const answer = fetch(request);
    event.respondWith(answer.catch(() => without(request, address)));
    event.waitUntil(answer.then(() => copy(address.href)).catch(() => {}));
  }
});
