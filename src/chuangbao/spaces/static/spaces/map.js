// Draws a point for each space above the list; the list is the page, the map leads to the same pages.
(() => {
  const place = document.getElementById("spaces-map");
  if (!place) return;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const read = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));

  // Around the points and the line, with some room; nothing where the whole province is to be seen.
  const around = (places) => {
    if (place.dataset.near !== "yes" || !places.length) return {};
    const [east, north] = [places.map((at) => at[0]), places.map((at) => at[1])];
    const room = 0.08;
    return {
      boundingCoords: [
        [Math.min(...east) - room, Math.max(...north) + room],
        [Math.max(...east) + room, Math.min(...north) - room]
      ]
    };
  };

  const option = (labels, points, boundary) => ({
    animation: false,
    textStyle: { fontFamily: token("--cb-sans") },
    tooltip: { renderMode: "richText", confine: true, formatter: (hit) => hit.name },
    geo: {
      map: "spaces",
      roam: false,
      ...around([...points.map((point) => point.at), ...boundary]),
      label: { show: true, color: token("--cb-ink-2"), fontSize: 12, formatter: (hit) => labels.get(hit.name) || "" },
      itemStyle: { areaColor: token("--cb-calm-soft"), borderColor: token("--cb-line-strong") },
      emphasis: { disabled: true },
      select: { disabled: true },
      tooltip: { show: false },
    },
    series: [{
      type: "lines",
      coordinateSystem: "geo",
      polyline: true,
      silent: true,
      lineStyle: { color: token("--cb-accent"), width: 2, opacity: 1 },
      data: boundary.length ? [{ coords: [...boundary, boundary[0]] }] : [],
    }, {
      type: "scatter",
      coordinateSystem: "geo",
      symbolSize: 10,
      itemStyle: { color: token("--cb-accent"), borderColor: token("--cb-surface"), borderWidth: 1 },
      data: points.map((point) => ({ name: point.name, value: point.at, url: point.url })),
    }],
  });

  Promise.all([read(place.dataset.shapes), read(place.dataset.points), window.charts.whenSeen(place)])
    .then(([shapes, found]) => {
      const labels = new Map(shapes.features.map((one) => [one.properties.name, one.properties.label]));
      window.echarts.registerMap("spaces", shapes);
      const chart = window.echarts.init(place, null, { renderer: "canvas" });
      const draw = () => chart.setOption(option(labels, found.points, found.boundary || []), true);
      draw();
      chart.on("click", (hit) => { if (hit.data && hit.data.url) window.location.assign(hit.data.url); });
      new ResizeObserver(() => chart.resize()).observe(place);
      new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
      place.dataset.ready = "yes";
    })
    .catch(() => { place.hidden = true; });
})();
