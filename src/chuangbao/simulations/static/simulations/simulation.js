// Draws the figures of a simulation; the table beside each chart holds the same ones, exact to the cent.
(async () => {
  const places = [...document.querySelectorAll(".cb-chart[data-src]")];
  if (!places.length) return;
  await window.charts.load();
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const fills = () => ["--cb-primary", "--cb-accent-bright", "--cb-wait", "--cb-good", "--cb-calm"].map(token);
  const marks = ["none", { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: Math.PI / 4, color: "rgba(255,255,255,.45)" }];

  const short = (unit, hundred) => (value) => {
    if (Math.abs(value) >= 1e8) return `${+(value / 1e8).toFixed(2)} ${hundred}`;
    return Math.abs(value) >= 1e4 ? `${+(value / 1e4).toFixed(1)} ${unit}` : String(value);
  };
  const wrapped = (name) => name.split(/(?<=：)/u).map((part) => part.replace(/(.{7})(?=.)/gu, "$1\n")).join("\n");

  const common = (names) => ({
    animation: !still,
    textStyle: { fontFamily: token("--cb-sans"), color: token("--cb-ink") },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
    legend: { type: "scroll", top: 0, textStyle: { color: token("--cb-ink"), fontSize: 13 }, pageTextStyle: { color: token("--cb-ink") } },
    grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: names, axisLabel: { color: token("--cb-ink"), interval: 0, formatter: wrapped } },
  });
  const values = (name, format) => ({
    type: "value",
    name,
    nameTextStyle: { color: token("--cb-ink-2"), align: "left" },
    splitLine: { lineStyle: { color: token("--cb-line") } },
    splitNumber: 4,
    axisLabel: { color: token("--cb-ink"), formatter: format, hideOverlap: true },
  });
  const lying = (option) => ({ ...option, xAxis: option.yAxis, yAxis: { ...option.xAxis, inverse: true } });

  const drawn = {
    cost(chart, money, narrow) {
      const [bar, line] = fills();
      const option = common(chart.names);
      if (narrow) option.xAxis.axisLabel = { ...option.xAxis.axisLabel, formatter: undefined, rotate: 45 };
      return {
        ...option,
        yAxis: [values("", money), { ...values("", (n) => n.toLocaleString()), splitLine: { show: false } }],
        series: [
          { name: chart.words.bars, type: "bar", data: chart.bars, itemStyle: { color: bar }, barMaxWidth: 64, tooltip: { valueFormatter: money } },
          { name: chart.words.line, type: "line", yAxisIndex: 1, data: chart.line, symbolSize: 10, lineStyle: { color: line, width: 3 }, itemStyle: { color: line } },
        ],
      };
    },
    stack(chart) {
      const colours = { winners: token("--cb-good"), losers: token("--cb-bad"), unchanged: token("--cb-line-strong") };
      return lying({
        ...common(chart.names),
        yAxis: values("", (n) => n.toLocaleString()),
        series: chart.series.map((s) => ({
          name: s.name,
          type: "bar",
          stack: "all",
          data: s.values,
          barMaxWidth: 40,
          itemStyle: { color: colours[s.colour], decal: s.colour === "losers" ? marks[1] : undefined },
        })),
      });
    },
    groups(chart, money, narrow) {
      const colours = fills();
      const option = {
        ...common(chart.names),
        yAxis: values(chart.words.bars, money),
        series: chart.series.map((s, i) => ({
          name: s.name,
          type: "bar",
          data: s.values,
          itemStyle: { color: colours[i % colours.length] },
          tooltip: { valueFormatter: money },
        })),
      };
      return narrow || chart.names.length > 8 ? lying({ ...option, yAxis: values("", money) }) : option;
    },
  };

  const draw = (place, figures) => {
    const told = figures.charts[place.id.replace("chart-", "")];
    if (!told) return;
    const narrow = place.clientWidth < 560;
    if (told.kind === "groups" && (narrow || told.names.length > 8)) {
      place.classList.add("is-tall");
      place.style.height = `${Math.max(24, told.names.length * (1 + told.series.length * 0.55) + 6)}rem`;
    }
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const paint = () => chart.setOption(drawn[told.kind](told, short(figures.unit, figures.hundred), narrow), true);
    paint();
    new ResizeObserver(() => chart.resize()).observe(place);
    new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-bs-theme", "data-theme"] });
    place.dataset.ready = "yes";
  };

  fetch(places[0].dataset.src)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((figures) => { for (const place of places) draw(place, figures); })
    .catch(() => { for (const place of places) place.hidden = true; });
})();
