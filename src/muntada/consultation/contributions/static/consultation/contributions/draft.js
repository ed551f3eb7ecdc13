/* Keeps what is typed into a contribution or a session request. After each pause it is saved on the server; where
   the server cannot be reached it is kept in this browser, sent when the connection is back, and offered again if
   the browser was closed. Without JavaScript the button "Save draft" does the first of these. */
"use strict";
const PAUSE = 2000, RETRY = 10000, PATIENCE = 15000;
const NOT_WORDS = new Set(["csrfmiddlewaretoken", "revision", "window", "questions", "seen", "step", "attachment"]);
/* Of what was kept, these are words somebody wrote; the rest are choices. */
const WRITTEN = /^(title|text|description|answer-.*)$/;

function keepDraft(form) {
  const line = document.getElementById("saved");
  const offer = document.getElementById("unsaved");
  const place = `draft ${form.dataset.person} ${form.dataset.keep} `;
  const mine = place + form.elements.window.value;
  let timer, sending = null, isChanged = false, isLeaving = false;

  const say = (name) => {
    if (line.textContent !== line.dataset[name]) line.textContent = line.dataset[name];
  };
  const words = () => [...new FormData(form)].filter(([name]) => !NOT_WORDS.has(name));
  /* A browser may be told to keep nothing, or be full; then the person has to know. */
  const keepHere = () => {
    try {
      localStorage.setItem(mine, JSON.stringify({ words: words() }));
    } catch {
      say("unkept");
    }
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  /* Returns whether the server has what is in the form now. One request at a time, the last words win. */
  async function save() {
    clearTimeout(timer);
    if (sending) await sending;
    if (!isChanged) return true;
    isChanged = false;
    sending = send();
    const isSaved = await sending;
    sending = null;
    if (isSaved) {
      if (!isChanged) localStorage.removeItem(mine);
    } else {
      isChanged = true;
      keepHere();
      later(RETRY);
    }
    return isSaved;
  }

  const post = () => {
    const body = new FormData(form);
    body.delete("attachment");
    body.set("step", "save");
    const headers = { "HX-Request": "true" };
    return fetch(form.dataset.keep, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  };

  /* Signing in in another window made the token of this form worthless; the page has a new one for the same person. */
  async function renewToken() {
    const answer = await fetch(form.dataset.keep, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected || !answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const renewed = page.querySelector("form[data-keep]");
    if (renewed?.dataset.person !== form.dataset.person) return false;
    form.elements.csrfmiddlewaretoken.value = renewed.elements.csrfmiddlewaretoken.value;
    return true;
  }

  async function send() {
    try {
      let answer = await post();
      if (answer.status === 403 && await renewToken()) answer = await post();
      if (answer.redirected || answer.status === 403) {
        say("signedOut");
        return false;
      }
      if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
      line.innerHTML = await answer.text();
      const kept = line.querySelector("[data-revision]");
      if (kept) form.elements.revision.value = kept.dataset.revision;
      return answer.ok;
    } catch {
      say("offline");
      return false;
    }
  }

  function fill(kept) {
    for (const field of form.elements) {
      if (!field.name || NOT_WORDS.has(field.name)) continue;
      const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.options && ![...field.options].some((one) => one.value === values[0])) continue;
      else if (values.length) field.value = values[0];
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* What an earlier window kept and could not send; what the server has meanwhile is not offered. */
  function offerKept() {
    const shown = JSON.stringify(words());
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(place))) {
      const kept = JSON.parse(localStorage.getItem(key)).words;
      if (JSON.stringify(kept) === shown) {
        localStorage.removeItem(key);
        continue;
      }
      offer.hidden = false;
      offer.querySelector("blockquote").textContent = kept.filter(([name]) => WRITTEN.test(name))
        .map(([, value]) => value).filter(Boolean).join("\n\n");
      const decide = (isWanted) => {
        localStorage.removeItem(key);
        offer.hidden = true;
        if (isWanted) fill(kept);
        offerKept();
      };
      offer.querySelector("[data-take]").onclick = () => decide(true);
      offer.querySelector("[data-drop]").onclick = () => decide(false);
      return;
    }
  }

  form.addEventListener("input", () => {
    isChanged = true;
    if (!navigator.onLine) {
      say("offline");
      keepHere();
    } else later(PAUSE);
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("offline", () => {
    say("offline");
    if (isChanged) keepHere();
  });
  window.addEventListener("pagehide", () => {
    if (isChanged && !isLeaving) keepHere();
  });
  /* First the words, then the form: if the second is lost on the way, the draft is not. */
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    event.preventDefault();
    const button = event.submitter;
    isChanged = true;
    if (!(await save())) return;
    isLeaving = true;
    form.requestSubmit(button);
  });
  offerKept();
}

/* Two Chinese or Japanese characters count as one word; else a word stands between blanks and has a letter or digit.
   The server counts the same way (`count_words`). */
const CHARACTERS = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;

function countWords(text) {
  const characters = text.match(CHARACTERS)?.length ?? 0;
  const rest = text.replace(CHARACTERS, " ").split(/\s+/u);
  return rest.filter((word) => /[\p{L}\p{N}]/u.test(word)).length + Math.ceil(characters / 2);
}

function showWords(line) {
  const field = document.getElementById(line.dataset.wordsOf);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const write = () => {
    const words = countWords(field.value);
    line.querySelector("bdi").textContent = `${number.format(words)} / ${number.format(line.dataset.most)}`;
    line.classList.toggle("over", words > line.dataset.most);
  };
  field.form.addEventListener("input", write);
  write();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-keep]").forEach(keepDraft);
  document.querySelectorAll("[data-words-of]").forEach(showWords);
});
