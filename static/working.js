/* A button that was pressed says that the site is at work, if the answer takes more than a moment. */
"use strict";

(() => {
  const MOMENT = 400;
  const FILE = 3000;
  const told = document.querySelector(".working");
  let end = () => {};

  const begin = (button) => {
    const { textContent } = button;
    const words = button.dataset.working ?? told.dataset.working;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.textContent = words;
    button.setAttribute("aria-busy", "true");
    told.textContent = words;
    return () => {
      button.textContent = textContent;
      button.removeAttribute("aria-busy");
      told.textContent = "";
    };
  };

  document.addEventListener("submit", (event) => {
    const { target, submitter, defaultPrevented } = event;
    if (defaultPrevented || target.method !== "post" || !submitter) return;
    end();
    const moment = setTimeout(() => { end = begin(submitter); }, MOMENT);
    end = () => clearTimeout(moment);
    // A file comes without another page: nothing says when it is there.
    if ("file" in target.dataset) setTimeout(() => end(), FILE);
  });

  /* Back on the page as it was left. */
  window.addEventListener("pageshow", () => end());
})();
