// Shows on the plan beside a form what the form would draw; a press on the plan says where.
(() => {
  const beside = document.getElementById("plan-beside");
  const plan = beside && beside.querySelector("svg.cb-plan");
  const form = document.getElementById("shape-form");
  if (!plan || !form) return;
  const GRID = 50;
  const frames = document.createElementNS("http://www.w3.org/2000/svg", "path");
  frames.setAttribute("class", "cb-plan-preview");
  plan.append(frames);
  const number = (name) => (form.elements[name] ? Number(form.elements[name].value) || 0 : 0);
  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");

  const outline = (x, y, wide, deep) => {
    const corners = (chosen("points").match(/\d+\s*[,，]\s*\d+/g) || []).map((pair) => pair.split(/[,，]/).map(Number));
    if (corners.length > 2) return `M${corners.map(([east, south]) => `${x + east},${y + south}`).join(" L")} Z`;
    return wide && deep ? `M${x},${y} h${wide} v${deep} h${-wide} Z` : `M${x - 300},${y} h600 M${x},${y - 300} v600`;
  };
  const show = () => {
    const isTurned = number("turn") % 180 !== 0;
    const sides = [number("width_mm"), number("depth_mm")];
    const [wide, deep] = isTurned ? sides.reverse() : sides;
    const [count, gap, isDown] = [Math.min(number("count") || 1, 200), number("gap_mm"), chosen("way") === "down"];
    const paths = Array.from({ length: count }, (_, n) => outline(
      number("x_mm") + (isDown ? 0 : n * (wide + gap)), number("y_mm") + (isDown ? n * (deep + gap) : 0), wide, deep,
    ));
    frames.setAttribute("d", paths.join(" "));
  };
  plan.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
    const round = (length) => Math.max(0, Math.round(length / GRID) * GRID);
    [form.elements.x_mm.value, form.elements.y_mm.value] = [round(at.x), round(at.y)];
    show();
  });
  form.addEventListener("input", show);
  show();
})();
