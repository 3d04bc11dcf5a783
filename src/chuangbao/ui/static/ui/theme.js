// Runs before the first paint: follows the device's light or dark while the visitor has not chosen.
(() => {
  const root = document.documentElement;
  root.classList.add("has-js");
  if (root.dataset.theme !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (dark.matches) root.setAttribute("data-bs-theme", "dark");
    else root.removeAttribute("data-bs-theme");
  };
  dark.addEventListener("change", follow);
  follow();
})();
