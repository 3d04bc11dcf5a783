// Small comforts of the shell; every page works without them.
(() => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
  // on a phone the ways of the site are wider than the screen: the one that one is on is shown
  const here = document.querySelector(".cb-nav [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "nearest" });

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
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.querySelector(button.dataset.copy);
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // where the page is no secure context
      }
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
  // A long list is searched by any word of it; the list itself stays as it is where nothing is typed.
  const searchable = (list) => {
    const whole = [...list.children].map((child) => child.cloneNode(true));
    const box = document.createElement("input");
    box.type = "search";
    box.className = "form-control";
    box.placeholder = list.dataset.search;
    box.setAttribute("aria-label", list.dataset.search);
    box.setAttribute("aria-controls", list.id);
    const fits = (option) => option.textContent.toLowerCase().includes(box.value.trim().toLowerCase());
    box.addEventListener("input", () => {
      const chosen = list.value;
      list.replaceChildren(
        ...whole.flatMap((child) => {
          const copy = child.cloneNode(true);
          if (copy.tagName !== "OPTGROUP") return !copy.value || fits(copy) ? [copy] : [];
          for (const option of [...copy.children]) {
            if (!fits(option) && !fits({ textContent: copy.label }) && option.value !== chosen) option.remove();
          }
          return copy.children.length ? [copy] : [];
        }),
      );
      list.value = chosen;
    });
    list.before(box);
    delete list.dataset.search;
  };
  const prepare = () => document.querySelectorAll("select[data-search]").forEach(searchable);
  prepare();
  document.addEventListener("htmx:afterSettle", prepare);
  const worker = document.body.dataset.serviceWorker;
  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {});
})();
