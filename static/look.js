/* Puts the colours of the page into figures, which name them as tokens of tokens.css, and brings
   the styles of what opens on a page. */
"use strict";

const look = (() => {
  const screen = window.matchMedia("(prefers-color-scheme: dark)");

  /* A figure, written as data, in the colours of the page. */
  const coloured = (text) => {
    const probe = document.body.appendChild(document.createElement("span"));
    const colour = (_token, name) => {
      probe.style.color = `var(${name})`;
      return JSON.stringify(getComputedStyle(probe).color);
    };
    const written = text.replace(/"(--[a-z-]+)"/g, colour);
    probe.remove();
    return JSON.parse(written);
  };

  /* A figure that stands in the page. */
  const figure = (id) => coloured(document.getElementById(id).textContent);

  /* Draws again when the system turns from light to dark. */
  const onChange = (draw) => screen.addEventListener("change", draw);

  /* These styles are asked for with the first that opens, not with the page. */
  let brought = null;
  const bring = (sheet) =>
    new Promise((done) => {
      sheet.onload = sheet.onerror = done;
      sheet.disabled = false;
    });
  const styled = () => {
    brought ??= Promise.all([...document.querySelectorAll("link[data-opened]")].map(bring));
    return brought;
  };

  return { coloured, figure, onChange, styled };
})();
