/* A page is emptied when its session is over: half an hour after the last request of this browser,
   a working day after the sign-in, when somebody signs out in another tab, and when it is fetched
   back by the browser's own memory. A minute before the time is over the page says so. */
"use strict";

(() => {
  const MINUTE = 60 * 1000;
  const { seconds, day, signIn } = document.currentScript.dataset;
  const tabs = new BroadcastChannel("cartapp-signed-in");
  if (!seconds) { // the page to sign in: nobody is
    // A page that keeps what was typed until somebody is back leads here with ?again.
    if (!new URLSearchParams(location.search).has("again")) tabs.postMessage("over");
    return;
  }
  const soon = document.querySelector(".idle");
  const stay = soon.querySelector("button");
  const dayOver = Date.now() + day * 1000;
  let last = Date.now();
  let timer;
  let over = false;

  const end = () => {
    over = true;
    document.title = "cartapp";
    document.body.replaceChildren();
    const here = encodeURIComponent(location.pathname + location.search);
    location.replace(`${signIn}?next=${here}`);
  };
  const look = () => {
    clearTimeout(timer);
    const idle = last + seconds * 1000;
    const left = Math.min(idle, dayOver) - Date.now();
    if (left <= 0) {
      end();
      return;
    }
    stay.hidden = dayOver < idle;
    soon.hidden = left > MINUTE;
    timer = setTimeout(look, left > MINUTE ? left - MINUTE : left);
  };
  const seen = () => {
    last = Date.now();
    look();
  };

  tabs.addEventListener("message", ({ data }) => { if (data === "over") end(); else seen(); });
  new PerformanceObserver((list) => {
    const asked = list.getEntries().some(({ initiatorType }) => /fetch|xmlhttprequest/.test(initiatorType));
    if (!asked) return;
    seen();
    tabs.postMessage("seen");
  }).observe({ type: "resource" });
  tabs.postMessage("seen");
  look();
  stay.addEventListener("click", async () => {
    const answer = await fetch(stay.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (answer.status === 401) end();
    else await answer.text(); // then the browser has seen that something was asked
  });

  /* A machine that slept does not run timers. */
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    document.body.replaceChildren();
    location.reload();
  });
  /* What is typed there is not recorded any more: nothing asks whether to stay. */
  addEventListener("beforeunload", (event) => { if (over) event.stopImmediatePropagation(); });
})();
