/* Asks what would follow from what is typed, at each pause. The form is sent as it stands, and
   nothing of it is recorded or kept. */
"use strict";

(() => {
  const form = document.querySelector("form.visit");
  const aside = document.querySelector(".follows");
  if (!form || !aside) return;
  const PAUSE = 250;
  const LONGEST = 1000;
  const BEFORE_TOLD = 1500;
  const said = aside.querySelector(".follows-said");
  const lost = aside.querySelector(".follows-lost");
  const told = aside.querySelector(".follows-told");
  const opened = new Map();
  let heard = new Set();
  let request = null;
  let waiting = 0;
  let telling = 0;
  let since = null;

  /* What is heard: what has changed since it was last heard, once nothing more is typed. */
  const tell = (words) => {
    clearTimeout(telling);
    telling = setTimeout(() => {
      const lines = words.split("\n").filter(Boolean);
      const fresh = lines.filter((line) => !heard.has(line));
      heard = new Set(lines);
      if (fresh.length) told.textContent = `${fresh.join(". ")}.`;
    }, BEFORE_TOLD);
  };

  const show = (markup) => {
    const part = new DOMParser().parseFromString(markup, "text/html").querySelector(".followed");
    if (!part) throw new Error("not what was asked for");
    said.replaceChildren(document.importNode(part, true));
    for (const index of said.querySelectorAll("[data-index]")) {
      index.open = opened.get(index.dataset.index) ?? index.open;
    }
    tell(part.dataset.told);
  };

  /* What was told before is not left standing beside what is typed now. */
  const lose = () => {
    clearTimeout(telling);
    said.replaceChildren();
    told.textContent = "";
  };

  const follow = async () => {
    clearTimeout(waiting);
    since = null;
    request?.abort();
    const own = new AbortController();
    request = own;
    try {
      const answer = await fetch(aside.dataset.address, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        cache: "no-store",
        redirect: "error",
        signal: own.signal,
      });
      const markup = await answer.text();
      if (own !== request) return;
      if (!answer.ok) throw new Error(answer.status);
      show(markup);
      lost.hidden = true;
    } catch {
      if (own !== request) return;
      lose();
      lost.hidden = false;
    }
    aside.ariaBusy = "false";
  };

  const later = () => {
    aside.ariaBusy = "true";
    since ??= performance.now();
    clearTimeout(waiting);
    waiting = setTimeout(follow, Math.max(0, Math.min(PAUSE, since + LONGEST - performance.now())));
  };

  form.addEventListener("input", later);
  said.addEventListener("click", ({ target }) => {
    const index = target.closest("summary")?.parentElement;
    if (index) opened.set(index.dataset.index, !index.open);
  });
  form.addEventListener("submit", () => request?.abort());
  if ("unsaved" in form.dataset || "drafted" in form.dataset) follow();
})();
