// Shows the cases of a meeting one after the other, without a page in between: those beside the one
// on screen are fetched ahead and kept in memory, so that a broken connection takes nothing away.
"use strict";

const main = document.querySelector("main");
const follows = new URLSearchParams(location.search).has("follow");
const channel = new BroadcastChannel("cartapp-presenter");
const pages = new Map();
const forms = new Map();
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const here = () => main.querySelector(".presenter");

const say = (kind) => {
  const state = main.querySelector(".presenter-state");
  state.textContent = kind ? state.dataset[kind] : "";
};

const read = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector(".presenter") ? { title: page.title, markup: page.querySelector("main").innerHTML } : null;
};

const fetched = async (url) => {
  const answer = await fetch(url, { credentials: "same-origin" });
  const page = answer.ok ? read(await answer.text()) : null;
  if (!page) throw new Error(String(answer.status));
  pages.set(url, page);
  return page;
};

const ahead = () => {
  for (const url of [here().dataset.next, here().dataset.before]) {
    if (url && !pages.has(url)) fetched(url).catch(() => {});
  }
};

const more = () => {
  const slide = main.querySelector(".presenter-slide");
  const rest = slide.scrollHeight - slide.clientHeight - slide.scrollTop > 4;
  main.querySelector(".presenter-more").hidden = !rest;
};

/* The second screen is told: through the server, and in this browser without it. */
const told = async () => {
  if (follows) return;
  const { item, shown, url } = here().dataset;
  const body = new FormData();
  body.set("item", item);
  body.set("csrfmiddlewaretoken", token());
  try {
    await fetch(shown, { method: "POST", body, credentials: "same-origin" });
    say("");
  } catch {
    say("away");
  }
  channel.postMessage(url);
};

const settled = () => {
  const full = main.querySelector("[data-do=full]");
  full.hidden = !document.fullscreenEnabled;
  main.querySelector(".presenter-slide").addEventListener("scroll", more, { passive: true });
  if (forms.has(here().dataset.url)) open(forms.get(here().dataset.url));
  more();
  ahead();
};

const put = (url, page) => {
  main.innerHTML = page.markup;
  document.title = page.title;
  history.replaceState(null, "", follows ? `${url}?follow` : url);
  settled();
};

const go = async (url) => {
  if (!url || url === here().dataset.url) return;
  try {
    put(url, pages.get(url) ?? (await fetched(url)));
    told();
  } catch {
    say("away");
  }
};

/* The decision beside the case: what is typed stays with its case until it is sent. */
function open(part) {
  const aside = main.querySelector(".presenter-form");
  aside.replaceChildren(part);
  aside.hidden = false;
  more();
}

const decide = async () => {
  const aside = main.querySelector(".presenter-form");
  if (!aside.hidden) {
    aside.hidden = true;
    return more();
  }
  const { url, recommend } = here().dataset;
  if (!recommend) return undefined;
  try {
    if (!forms.has(url)) forms.set(url, await partOf(await fetch(`${recommend}?part`, { credentials: "same-origin" })));
    open(forms.get(url));
    forms.get(url).querySelector("input:not([type=hidden]), textarea")?.focus();
  } catch {
    say("away");
  }
  return undefined;
};

const partOf = async (answer) => {
  const part = document.createElement("div");
  part.innerHTML = new DOMParser().parseFromString(await answer.text(), "text/html").body.innerHTML;
  return part;
};

const send = async (form, button) => {
  const { url, recommend } = here().dataset;
  const body = new FormData(form, button);
  button.disabled = true;
  try {
    const answer = await fetch(`${recommend}?part`, { method: "POST", body, credentials: "same-origin" });
    if (answer.status >= 500) throw new Error(String(answer.status));
    const part = answer.redirected ? await partOf(await fetch(`${recommend}?part`, { credentials: "same-origin" })) : await partOf(answer);
    forms.set(url, part);
    pages.delete(url);
    open(part);
    (part.querySelector("[role=alert]") ?? part.querySelector(".ledger") ?? part).scrollIntoView();
    say("");
  } catch {
    button.disabled = false;
    say("unsent");
  }
};

const reveal = async (form) => {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const page = read(await answer.text());
    if (page) put(here().dataset.url, page);
  } catch {
    say("away");
  }
};

document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.matches("[data-recommend]") || target.matches("[data-reveal]")) event.preventDefault();
  if (target.matches("[data-recommend]")) send(target, submitter);
  if (target.matches("[data-reveal]")) reveal(target);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[rel=next], a[rel=prev], [data-do]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.do === "full") document.documentElement.requestFullscreen();
  else if (link.dataset.do === "recommend") decide();
  else go(link.getAttribute("href"));
});

const KEYS = {
  ArrowRight: () => go(here().dataset.next),
  PageDown: () => go(here().dataset.next),
  ArrowLeft: () => go(here().dataset.before),
  PageUp: () => go(here().dataset.before),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  d: decide,
  " ": () => main.querySelector(".presenter-slide").scrollBy({ top: innerHeight / 2 }),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, button, a, summary")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

addEventListener("online", () => { say(""); ahead(); });
addEventListener("offline", () => say("away"));
addEventListener("resize", more);
addEventListener("beforeunload", (event) => {
  const typed = [...forms.values()].some((part) => [...part.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue && field.type !== "hidden"));
  if (typed) event.preventDefault();
});

if (follows) {
  channel.addEventListener("message", ({ data }) => go(data));
  setInterval(async () => {
    try {
      const { url } = await (await fetch(here().dataset.shown, { credentials: "same-origin" })).json();
      say("");
      go(url);
    } catch {
      say("away");
    }
  }, 1000);
}

pages.set(here().dataset.url, { title: document.title, markup: main.innerHTML });
settled();
if (!("onScreen" in here().dataset)) told();
