/* A form that is sent with what a security key says: a new key (create), or a sign-in (get). */
"use strict";

(() => {
  const form = document.querySelector("[data-security-key]");
  const failed = document.querySelector("[data-security-key-failed]");
  const asked = JSON.parse(document.getElementById("security-key").textContent);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const said = await window.webauthnJSON[form.dataset.securityKey](asked);
      form.elements.credential.value = JSON.stringify(said);
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
})();
