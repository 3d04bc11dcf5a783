// Chooses a point on a map of counties: a click, or the mark dragged, fills the fields of latitude and longitude.
(() => {
  const place = document.getElementById("point-map");
  if (!place) return;
  const form = place.closest("form");
  const said = document.getElementById("point-said");
  const [north, east, region] = ["latitude", "longitude", "region"].map((name) => form.elements[name]);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const read = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  const NEAR = 28;
  const CLOSEST = 0.01;
  const SPAN = 0.12;

  // what is written, as the server will read it: two numbers in either order, also both of them in one field
  const written = () => {
    const numbers = `${north.value} ${east.value}`.match(/-?\d+(\.\d+)?/g) || [];
    if (numbers.length !== 2) return null;
    const [y, x] = numbers.map(Number).sort((one, other) => Math.abs(one) - Math.abs(other));
    return Math.abs(y) <= 90 && Math.abs(x) <= 180 ? [x, y] : null;
  };

  const ringsOf = (shape) => (shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates)
    .map((polygon) => polygon[0]);
  const boundsOf = (shapes) => {
    const corners = shapes.flatMap(ringsOf).flat();
    const [xs, ys] = [corners.map((at) => at[0]), corners.map((at) => at[1])];
    const most = (values, pick) => values.reduce((one, other) => pick(one, other));
    return [most(xs, Math.min), most(ys, Math.max), most(xs, Math.max), most(ys, Math.min)];
  };
  const holds = (ring, [x, y]) => ring.reduce((inside, [x1, y1], i) => {
    const [x2, y2] = ring[(i || ring.length) - 1];
    return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
  }, false);

  const start = ([shapes, others]) => {
    window.echarts.registerMap("counties", shapes);
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const labels = new Map(shapes.features.map((one) => [one.properties.name, one.properties.label]));
    const chosen = () => {
      const code = region ? region.value : "";
      if (!code) return [];
      const own = shapes.features.filter((one) => one.properties.name === code);
      return own.length ? own : shapes.features.filter((one) => one.properties.name.startsWith(code.replace(/(00)+$/, "")));
    };
    let bounds = null;
    let point = written();

    const around = ([x, y], span) => [x - span, y + span, x + span, y - span];
    const fit = () => {
      const shown = chosen();
      bounds = point && !shown.length ? around(point, SPAN) : boundsOf(shown.length ? shown : shapes.features);
    };
    const scale = (factor) => {
      const [west, top, right, south] = bounds;
      const [x, y] = point || [(west + right) / 2, (top + south) / 2];
      const [wide, high] = [right - west, top - south].map((span) => Math.max((span * factor) / 2, CLOSEST / 2));
      bounds = [x - wide, y + high, x + wide, y - high];
      draw();
    };

    const option = () => ({
      animation: false,
      textStyle: { fontFamily: token("--cb-sans") },
      tooltip: { renderMode: "richText", confine: true, formatter: (hit) => hit.name },
      geo: {
        map: "counties",
        roam: false,
        boundingCoords: [
          [bounds[0], bounds[1]],
          [bounds[2], bounds[3]]
        ],
        label: { show: true, color: token("--cb-ink-2"), fontSize: 12, formatter: (hit) => labels.get(hit.name) || "" },
        labelLayout: { hideOverlap: true },
        itemStyle: { areaColor: token("--cb-calm-soft"), borderColor: token("--cb-line-strong") },
        regions: chosen().map((one) => ({ name: one.properties.name, itemStyle: { areaColor: token("--cb-primary-soft") } })),
        emphasis: { disabled: true },
        select: { disabled: true },
        tooltip: { show: false },
      },
      series: [{
        type: "scatter",
        coordinateSystem: "geo",
        symbolSize: 8,
        itemStyle: { color: token("--cb-ink-2") },
        data: others.points.map((one) => ({ name: one.name, value: one.at })),
      }, {
        type: "scatter",
        coordinateSystem: "geo",
        silent: true,
        symbol: "pin",
        symbolSize: 40,
        itemStyle: { color: token("--cb-accent"), borderColor: token("--cb-surface"), borderWidth: 1 },
        data: point ? [point] : [],
      }],
    });
    const tell = () => {
      if (!point) {
        said.textContent = "";
        return;
      }
      const there = shapes.features.find((one) => ringsOf(one).some((ring) => holds(ring, point)));
      const name = there ? there.properties.label : said.dataset.outside;
      const fits = !chosen().length || (there && chosen().includes(there));
      said.textContent = `${name} ${point[1]}, ${point[0]}${fits ? "" : ` – ${said.dataset.other}`}`;
    };
    const draw = () => chart.setOption(option(), true);
    const put = (at) => {
      point = at && at.map((degrees) => Number(degrees.toFixed(5)));
      [east.value, north.value] = point || ["", ""];
      draw();
      tell();
    };

    const pixel = (event) => {
      const box = place.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const degrees = (event) => chart.convertFromPixel({ geoIndex: 0 }, pixel(event));
    let held = false;
    let dragged = false;
    place.addEventListener("pointerdown", (event) => {
      if (!point || event.pointerType === "touch") return;
      const [mark, at] = [chart.convertToPixel({ geoIndex: 0 }, point), pixel(event)];
      held = Math.abs(mark[0] - at[0]) < NEAR && at[1] - mark[1] < NEAR / 2 && mark[1] - at[1] < 2 * NEAR;
      dragged = false;
      if (held) place.setPointerCapture(event.pointerId);
    });
    place.addEventListener("pointermove", (event) => {
      if (!held) return;
      dragged = true;
      put(degrees(event));
    });
    place.addEventListener("pointerup", () => { held = false; });
    place.addEventListener("click", (event) => {
      if (!dragged) put(degrees(event));
      dragged = false;
    });
    for (const [id, act] of Object.entries({
        "point-closer": () => scale(0.5),
        "point-wider": () => scale(2),
        "point-none": () => put(null),
      })) document.getElementById(id).addEventListener("click", act);
    const follow = () => {
      point = written();
      draw();
      tell();
    };
    for (const field of [north, east]) field.addEventListener("input", follow);
    if (region) {
      region.addEventListener("change", () => {
        fit();
        draw();
        tell();
      });
    }

    fit();
    draw();
    tell();
    new ResizeObserver(() => chart.resize()).observe(place);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    place.dataset.ready = "yes";
  };

  const others = form.dataset.points ? read(form.dataset.points) : Promise.resolve({ points: [] });
  window.charts.whenSeen(place)
    .then(() => Promise.all([read(place.dataset.shapes), others]))
    .then(start)
    .catch(() => { place.parentElement.hidden = true; });
})();
