// Small comforts of the shell; every page works without them.
(() => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.cb-pop[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.cb-pop[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  for (const button of document.querySelectorAll("[data-print-page]")) {
    button.addEventListener("click", () => window.print());
  }
  const worker = document.body.dataset.serviceWorker;
  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {});
})();
