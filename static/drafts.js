/* Keeps a form on the server as it is typed, at most a second behind, for whoever types it alone.
   Nothing of it is kept in the browser. A form is sent once its draft is kept. */
"use strict";

(() => {
  const PAUSE = 300;
  const LONGEST = 800;
  const AGAIN = 3000;
  const ANSWERED_IN = 10_000;
  const KEPT = ["kept", "nothing"];
  const HELD = ["away", "out"];
  const keepers = new Map();

  const pristine = (field) => {
    if (field.matches("[type=hidden], button")) return true;
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked === field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value === field.defaultValue;
    const shown = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value === shown?.value;
  };

  class Keeper {
    kept = null;
    since = null;
    waiting = 0;
    sending = null;

    constructor(form) {
      this.form = form;
      form.addEventListener("sends", () => clearTimeout(this.waiting)); // all of it goes now
      form.addEventListener("recorded", () => { // nothing is left to be kept
        clearTimeout(this.waiting);
        keepers.delete(form);
      });
    }

    get content() {
      const fields = new URLSearchParams(new FormData(this.form));
      fields.delete("csrfmiddlewaretoken");
      return fields.toString();
    }

    get behind() {
      return this.content !== this.kept;
    }

    /* Whether nothing is typed in a form that came empty: then nothing is to be kept of it. */
    get untouched() {
      const { dataset, elements } = this.form;
      return !("unsaved" in dataset || "drafted" in dataset) && [...elements].every(pristine);
    }

    say(kind, time = "") {
      const state = this.form.querySelector(".draft-state");
      if (!state) return;
      const told = state.querySelector(".draft-told");
      state.ariaLive = kind === "kept" ? "off" : "polite"; // each minute would be heard
      told.textContent = state.dataset[kind].replace("{time}", time);
      state.classList.toggle("draft-behind", !KEPT.includes(kind));
      state.querySelector("a").hidden = kind !== "out";
    }

    later() {
      this.since ??= performance.now();
      clearTimeout(this.waiting);
      const left = Math.min(PAUSE, this.since + LONGEST - performance.now());
      this.waiting = setTimeout(() => this.keep(), Math.max(0, left));
    }

    keep() {
      clearTimeout(this.waiting);
      this.sending ??= this.send().finally(() => { this.sending = null; });
      return this.sending;
    }

    async send() {
      this.since = null;
      const { content } = this;
      const outcome = await this.post(content).catch(() => "away");
      if (KEPT.includes(outcome)) {
        this.kept = content;
        if (this.behind) this.later();
      } else {
        this.say(outcome);
        if (["away", "busy"].includes(outcome)) this.waiting = setTimeout(() => this.keep(), AGAIN);
      }
      return outcome;
    }

    async post(content, { keepalive = false, again = true } = {}) {
      const body = new URLSearchParams(content);
      const nothing = this.untouched;
      if (nothing) body.set("discard", "1");
      const answer = await this.ask({ method: "POST", body, keepalive });
      if (answer.status === 403 && again) {
        const { ok, status } = await this.renew();
        if (ok) return this.post(content, { again: false });
        return status === 403 ? "refused" : "out";
      }
      if (answer.status === 204) {
        const outcome = nothing ? "nothing" : "kept";
        this.say(outcome, answer.headers.get("Kept-At"));
        return outcome;
      }
      if (answer.status >= 500) return "busy";
      return [401, 422].includes(answer.status) ? "out" : "refused"; // 422: somebody else is in
    }

    ask({ body = new URLSearchParams(), ...more }) {
      const { drafts, draftOf } = this.form.dataset;
      const sent = more.method === "POST";
      body.set("draft-of", draftOf);
      return fetch(sent ? drafts : `${drafts}?${body}`, {
        ...more,
        body: sent ? body : undefined,
        headers: {
          Accept: "application/json",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(ANSWERED_IN),
      });
    }

    /* Whoever signed in again, in another window, is given the token of the new session. */
    async renew() {
      const answer = await this.ask({});
      if (answer.ok) this.form.elements.csrfmiddlewaretoken.value = await answer.text();
      return answer;
    }

    /* What is typed up to now is kept, or why not. */
    async upToDate() {
      let outcome = await (this.sending ?? this.keep());
      while (this.behind && KEPT.includes(outcome)) outcome = await this.keep();
      return outcome;
    }
  }

  const keeperOf = (form) => {
    if (!keepers.has(form)) keepers.set(form, new Keeper(form));
    return keepers.get(form);
  };

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form[data-drafts]");
    if (form) keeperOf(form).later();
  });

  /* A form that would not arrive is held back, with what is typed; a presenter does so itself.
     Another form, as to sign out, waits for what is typed, and goes. */
  let waiting = null;
  let passing = null;
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const keeper = keepers.get(form);
    const late = keeper ? [keeper] : [...keepers.values()].filter((each) => each.behind);
    if (passing === form || !late.length || form.closest("[data-holds]")) {
      passing = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting === form) return;
    waiting = form;
    const [outcome] = await Promise.all(late.map((each) => each.upToDate()));
    waiting = null;
    if (keeper && HELD.includes(outcome)) return keeper.say(outcome);
    for (const each of late) clearTimeout(each.waiting);
    passing = form;
    form.requestSubmit(submitter);
  }, true);

  const catchUp = () => {
    for (const keeper of keepers.values()) if (keeper.behind) keeper.keep();
  };
  addEventListener("online", catchUp);
  addEventListener("focus", catchUp);
  addEventListener("pagehide", () => {
    for (const keeper of keepers.values()) {
      if (keeper.behind) keeper.post(keeper.content, { keepalive: true, again: false }).catch(() => {});
    }
  });

  /* A form that came back, or opened with what was left in it. */
  for (const form of document.querySelectorAll("form[data-drafts]")) {
    if ("unsaved" in form.dataset) keeperOf(form).keep();
    else if ("drafted" in form.dataset) keeperOf(form).kept = keeperOf(form).content;
  }
})();
