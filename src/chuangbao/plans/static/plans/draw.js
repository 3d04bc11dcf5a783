// Moving shapes by mouse, finger and keys: what moves writes into the fields of the form below, which does the rest.
(() => {
  const plan = document.getElementById("plan");
  const form = document.getElementById("plan-form");
  if (!plan || !form) return;
  const said = document.getElementById("plan-said");
  const unsaved = form.querySelector(".cb-plan-unsaved");
  const AREAS = ["room", "open", "stairs", "lift", "toilet", "corridor"];
  const PIECES = ["desk", "machine"];
  const GRID = 50;
  const STEPS = { plain: 100, shift: 1000, alt: 10 };
  const past = [];
  let leaving = false;

  const shapes = [...plan.querySelectorAll("a[data-shape]")].map((link) => ({
    link,
    name: link.getAttribute("aria-label"),
    layer: [AREAS, PIECES].findIndex((kinds) => kinds.includes(link.dataset.kind)),
    drawn: { x: Number(link.dataset.x), y: Number(link.dataset.y) },
    wide: Number(link.dataset.wide),
    deep: Number(link.dataset.deep),
    fields: { x: form.elements[`x_${link.dataset.shape}`], y: form.elements[`y_${link.dataset.shape}`] },
  }));
  const of = (link) => shapes.find((one) => one.link === link);
  const at = (one) => ({ x: Number(one.fields.x.value) || 0, y: Number(one.fields.y.value) || 0 });
  const meet = (one, other) => {
    const [a, b] = [at(one), at(other)];
    return a.x < b.x + other.wide && b.x < a.x + one.wide && a.y < b.y + other.deep && b.y < a.y + one.deep;
  };

  const show = () => {
    for (const one of shapes) {
      const now = at(one);
      const moved = one.fields.x.value !== one.fields.x.defaultValue || one.fields.y.value !== one.fields.y.defaultValue;
      one.link.setAttribute("transform", `translate(${now.x - one.drawn.x} ${now.y - one.drawn.y})`);
      one.link.classList.toggle("has-moved", moved);
      one.link.classList.toggle(
        "clashes",
        moved && one.layer >= 0 && shapes.some((other) => other !== one && other.layer === one.layer && meet(one, other)),
      );
    }
    unsaved.hidden = !shapes.some((one) => one.link.classList.contains("has-moved"));
  };
  const put = (one, x, y) => {
    one.fields.x.value = Math.min(Math.max(x, 0), Math.max(plan.dataset.wide - one.wide, 0));
    one.fields.y.value = Math.min(Math.max(y, 0), Math.max(plan.dataset.deep - one.deep, 0));
    show();
  };
  const tell = (one) => {
    const now = at(one);
    const metres = (length) => (length / 1000).toFixed(2);
    const words = said.dataset.words.replace("{what}", one.name);
    const clash = one.link.classList.contains("clashes") ? ` – ${said.dataset.clash}` : "";
    said.textContent = words.replace("{x}", metres(now.x)).replace("{y}", metres(now.y)) + clash;
  };

  // by mouse and finger
  let held = null;
  const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("a[data-shape]");
    if (!link || event.button !== 0) return;
    held = { one: of(link), from: at(of(link)), point: point(event), moved: false, id: event.pointerId };
    link.setPointerCapture(event.pointerId);
  });
  plan.addEventListener("pointermove", (event) => {
    if (!held || held.id !== event.pointerId) return;
    const now = point(event);
    const [dx, dy] = [now.x - held.point.x, now.y - held.point.y];
    if (!held.moved && Math.hypot(dx, dy) < GRID) return;
    held.moved = true;
    held.one.link.classList.add("is-moving");
    const snap = (length) => Math.round(length / GRID) * GRID;
    put(held.one, snap(held.from.x + dx), snap(held.from.y + dy));
  });
  const drop = (event) => {
    if (!held || held.id !== event.pointerId) return;
    held.one.link.classList.remove("is-moving");
    if (held.moved && event.type === "pointerup") {
      past.push({ one: held.one, from: held.from });
      tell(held.one);
      held.one.link.addEventListener("click", (click) => click.preventDefault(), { once: true });
      const link = held.one.link;
      setTimeout(() => link.focus({ preventScroll: true }), 0);
    } else if (held.moved) {
      put(held.one, held.from.x, held.from.y);
    }
    held = null;
  };
  plan.addEventListener("pointerup", drop);
  plan.addEventListener("pointercancel", drop);

  // by keys
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  plan.addEventListener("keydown", (event) => {
    const one = of(event.target.closest("a[data-shape]"));
    if (event.key === "Escape" && held) {
      put(held.one, held.from.x, held.from.y);
      held = null;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && past.length) {
      const last = past.pop();
      put(last.one, last.from.x, last.from.y);
      tell(last.one);
      event.preventDefault();
    } else if (one && WAYS[event.key]) {
      const step = event.shiftKey ? STEPS.shift : event.altKey ? STEPS.alt : STEPS.plain;
      const from = at(one);
      past.push({ one, from });
      put(one, from.x + WAYS[event.key][0] * step, from.y + WAYS[event.key][1] * step);
      tell(one);
      event.preventDefault();
    }
  });

  form.addEventListener("input", show);
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && !unsaved.hidden) event.preventDefault();
  });
  show();
  plan.dataset.ready = "yes";
})();
