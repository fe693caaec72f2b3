// Shows the cases of a meeting one after the other, without a page in between: those beside the one
// on screen are fetched ahead and kept in memory, so that a broken connection takes nothing away.
// Whatever was fetched before it is shown is asked for again when it is.
"use strict";

const main = document.querySelector("main");
const follows = new URLSearchParams(location.search).has("follow");
const channel = new BroadcastChannel("cartapp-presenter");
const pages = new Map();
const forms = new Map();
const opened = new Set(); /* The cases beside which the decision is open. */
const SAME = { credentials: "same-origin" };
const ANSWERS = [200, 409, 422]; /* The form, or why it was not written; anything else replaces nothing. */
const FRESH = [".presenter-question", ".presenter-slide"];
let other = ""; /* Who else presents: then what is looked at here moves no other screen. */
let asked = null; /* The case that was asked for last; its answer may be later than the next wish. */
let refused = false; /* The last answer was not of the board: the token is not good any more. */
let token = document.querySelector("[name=csrfmiddlewaretoken]").value; /* Of the last page that came. */

const here = () => main.querySelector(".presenter");
const aside = () => main.querySelector(".presenter-form");
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

const say = (kind) => {
  for (const each of main.querySelectorAll("[data-of]")) each.hidden = each.dataset.of !== kind;
};

const stands = (kind) => main.querySelector(`[data-of^=${kind}]:not([hidden])`) !== null;

/* That something was not sent stands until it is, or the case is another; that something was
   recorded, until it is read; that the connection is away, until it is back, although an answer from
   before may come late. */
const calm = (kind = navigator.onLine ? "" : "away") => {
  if (!stands("unsent") && (kind || !stands("newer"))) say(kind);
};

/* An answer of somebody else: a sign-in, a refusal. Without connection there is none. */
class Refused extends Error {}

const unexpected = (answer) => (answer.status < 500 ? new Refused() : new Error(String(answer.status)));

const failed = (error, unsent) => {
  refused ||= error instanceof Refused;
  const kind = error instanceof Refused ? "refused" : "away";
  say(unsent ? { away: "unsent", refused: "unsent-refused" }[kind] : kind);
};

const read = (text) => {
  const page = parsed(text);
  if (!page.querySelector(".presenter")) return null;
  token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  return { title: page.title, markup: page.querySelector("main").innerHTML };
};

const fetched = async (url) => {
  const answer = await fetch(follows ? `${url}?follow` : url, SAME);
  const page = answer.ok ? read(await answer.text()) : null;
  if (!page) throw unexpected(answer);
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

/* The drawing, with what its last label needs, is shown as wide as there is room. Where its letters
   would be too small, as beside a decision, its end is shown and the rest scrolls. */
const SMALLEST = 0.05; /* Of the size of letters: 0.8 where the screen is 1280 wide. */

const fit = () => {
  const slide = main.querySelector(".presenter-slide");
  const frame = slide.querySelector(".chart-frame");
  const chart = frame.firstElementChild;
  const letters = parseFloat(getComputedStyle(document.documentElement).fontSize);
  chart.style.zoom = Math.max(SMALLEST * letters, slide.clientWidth / chart.scrollWidth);
  frame.scrollLeft = frame.scrollWidth;
  more();
};

const named = (presenter) => {
  other = presenter;
  const name = main.querySelector(".presenter-other");
  if (!name) return;
  name.hidden = !other;
  name.querySelector("strong").textContent = other;
};

/* The second screen is told by who presents: through the server, and in this browser without it. */
const told = async (takes) => {
  const { item, shown, url, recommend } = here().dataset;
  if (!recommend || (other && !takes)) return;
  const body = new FormData();
  body.set("item", item);
  body.set("csrfmiddlewaretoken", token);
  if (takes) body.set("take_over", "1");
  try {
    const answer = await fetch(shown, { method: "POST", body, ...SAME });
    if (answer.status === 409) return named((await answer.json()).presenter);
    if (!answer.ok) throw unexpected(answer);
    named("");
  } catch (error) {
    failed(error);
  }
  return channel.postMessage(url);
};

const settled = () => {
  main.querySelector("[data-do=full]").hidden = !document.fullscreenEnabled;
  main.querySelector(".presenter-slide").addEventListener("scroll", more, { passive: true });
  if (opened.has(here().dataset.url)) beside().catch(failed);
  named(other);
  fit();
  ahead();
};

const put = (url, page) => {
  main.innerHTML = page.markup;
  document.title = page.title;
  history.replaceState(null, "", follows ? `${url}?follow` : url);
  settled();
};

/* The case on screen as it stands now, in its place; what is beside it stays as it is. */
const renewed = async (url) => {
  const fresh = parsed((await fetched(url)).markup).querySelector(".presenter");
  const old = here();
  if (old.dataset.url !== url) return;
  const { head, digest } = old.dataset;
  for (const part of FRESH) {
    const [before, now] = [old, fresh].map((page) => page.querySelector(part));
    if (before.innerHTML !== now.innerHTML) before.innerHTML = now.innerHTML;
  }
  Object.assign(old.dataset, fresh.dataset);
  refused = false;
  named(old.dataset.presenter);
  calm(head === old.dataset.head && digest === old.dataset.digest ? undefined : "newer");
  fit();
};

const go = async (url) => {
  asked = url;
  if (!url || url === here().dataset.url) return;
  const kept = pages.get(url);
  try {
    const page = kept ?? (await fetched(url));
    if (asked !== url) return;
    put(url, page);
    told();
    if (kept) await renewed(url);
  } catch (error) {
    failed(error);
  }
};

const CHOICE = "[type=radio], [type=checkbox]";
const FIELD = "input, textarea, select";

const changed = (field) => {
  if (field.matches(CHOICE)) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((each) => each.selected !== each.defaultSelected);
  return field.type !== "hidden" && field.value !== field.defaultValue;
};

const touched = (part) => "unsent" in part.dataset || [...part.querySelectorAll(FIELD)].some(changed);

/* The decision beside the case: what is typed stays with its case until it is sent, and open or
   closed as it was left. */
function open(part) {
  opened.add(here().dataset.url);
  aside().replaceChildren(part);
  aside().hidden = false;
  fit();
}

const shut = () => {
  opened.delete(here().dataset.url);
  aside().hidden = true;
  main.querySelector(".presenter-slide").focus();
  fit();
};

const decide = async () => {
  if (!aside().hidden) return shut();
  if (!here().dataset.recommend) return undefined;
  try {
    if (!(await beside())) return undefined;
    if (!aside().contains(document.activeElement)) aside().focus(); /* No key chooses anything yet. */
    await renewed(here().dataset.url);
  } catch (error) {
    failed(error);
  }
  return undefined;
};

/* The form of a case; where nothing is typed in it, as whoever wrote last left it. */
const beside = async () => {
  const { url, recommend, head, digest } = here().dataset;
  const kept = forms.get(url);
  const free = () => forms.get(url) === kept && !(kept && touched(kept));
  if (kept) open(kept);
  if (free()) {
    const shown = new URLSearchParams({ part: "", head, digest });
    const fresh = await partOf(await fetch(`${recommend}?${shown}`, SAME));
    if (free()) forms.set(url, fresh);
  }
  if (here().dataset.url !== url) return null;
  const part = forms.get(url);
  if (part !== kept && !(kept && aside().hidden)) open(part);
  return part;
};

const partOf = async (answer) => {
  const part = ANSWERS.includes(answer.status) ? parsed(await answer.text()).querySelector(".recommend-part") : null;
  if (!part) throw unexpected(answer);
  part.toggleAttribute("data-unsent", answer.status !== 200);
  return document.adoptNode(part);
};

/* Signed is what both showed, the form and the slide beside it: the older counts. */
const send = async (form, button) => {
  const { url, recommend, head, digest } = here().dataset;
  const body = new FormData(form, button);
  body.set("slide_head", head);
  body.set("slide_digest", digest);
  button.disabled = true;
  form.dispatchEvent(new Event("sends"));
  let part;
  try {
    if (refused) await renewed(url);
    body.set("csrfmiddlewaretoken", token);
    part = await partOf(await fetch(`${recommend}?part`, { method: "POST", body, ...SAME }));
  } catch (error) {
    button.disabled = false;
    form.dispatchEvent(new Event("input", { bubbles: true })); /* It is kept as typed. */
    return failed(error, "unsent");
  }
  say("");
  if (!("unsent" in part.dataset)) form.dispatchEvent(new Event("recorded"));
  forms.set(url, part);
  pages.delete(url);
  if (here().dataset.url !== url) return undefined;
  if (!aside().hidden) open(part);
  (part.querySelector("[role=alert]") ?? part.querySelector(".ledger") ?? part).scrollIntoView();
  return renewed(url).catch(failed);
};

const reveal = async (form) => {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token);
  try {
    const answer = await fetch(form.action, { method: "POST", body, ...SAME });
    const page = read(await answer.text());
    if (!page) throw unexpected(answer);
    put(here().dataset.url, page);
  } catch (error) {
    failed(error);
  }
};

/* Before the page says of a button that the site is at work: here no other page comes. */
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.matches("[data-recommend], [data-reveal]")) event.preventDefault();
  if (target.matches("[data-recommend]")) send(target, submitter);
  if (target.matches("[data-reveal]")) reveal(target);
}, { capture: true });

const seen = () => {
  say("");
  main.querySelector(".presenter-slide").focus();
  fit();
};

const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
const next = () => go(here().dataset.next);
const before = () => go(here().dataset.before);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[rel=next], a[rel=prev], [data-do]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.do === "full") full();
  else if (link.dataset.do === "recommend") decide();
  else if (link.dataset.do === "take") told(true);
  else if (link.dataset.do === "seen") seen();
  else if (link.rel === "next") next();
  else before();
});

const LINE = 60;
const further = (top) => main.querySelector(".presenter-slide").scrollBy({ top });
const KEYS = {
  ArrowRight: next,
  PageDown: next,
  ArrowLeft: before,
  PageUp: before,
  f: full,
  d: decide,
  Escape: () => aside().hidden || shut(),
  " ": () => further(innerHeight / 2),
  ArrowDown: () => further(LINE),
  ArrowUp: () => further(-LINE),
};

/* A field keeps the keys that it knows: text all but Escape, a choice arrows and space. */
const kept = (key, target) => {
  if (key === "Escape") return false;
  if (target.matches(CHOICE)) return key.startsWith("Arrow") || key === " ";
  return target.matches(FIELD) || (key === " " && target.closest("button, a, summary") !== null);
};

const FOLLOWING = ["f", " ", "ArrowDown", "ArrowUp"];

document.addEventListener("keydown", (event) => {
  if (follows && !FOLLOWING.includes(event.key)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || kept(event.key, event.target)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

addEventListener("online", () => { calm(); ahead(); });
addEventListener("offline", () => say("away"));
addEventListener("resize", fit);
addEventListener("beforeunload", (event) => {
  if ([...forms.values()].some(touched)) event.preventDefault();
});

if (follows) {
  let known = ""; /* The version up to which the case on screen was asked for. */
  channel.addEventListener("message", ({ data }) => go(data));
  setInterval(async () => {
    try {
      const answer = await fetch(here().dataset.shown, SAME);
      if (!answer.ok || answer.redirected) throw unexpected(answer);
      const { url, version } = await answer.json();
      calm();
      if (url !== here().dataset.url) return go(url);
      if (version === known) return undefined;
      await renewed(url);
      known = version;
    } catch (error) {
      failed(error);
    }
    return undefined;
  }, 1000);
}

other = here().dataset.presenter;
pages.set(here().dataset.url, { title: document.title, markup: main.innerHTML });
settled();
if (!("onScreen" in here().dataset)) told();
