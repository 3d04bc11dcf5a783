// Draws the amount over one fact; the table beside it holds the same figures.
(async () => {
  const place = document.getElementById("curve");
  if (!place) return;
  const echarts = await window.charts.whenSeen(place);
  const data = await (await fetch(place.dataset.src)).json();
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--cb-ink").trim(),
    colour = style.getPropertyValue("--cb-primary").trim();
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 24, top: 24, bottom: 32, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "value", name: data.label, nameLocation: "middle", nameGap: 28, axisLabel: { color: ink }, nameTextStyle: { color: ink } },
    yAxis: { type: "value", axisLabel: { color: ink } },
    series: [{ type: "line", showSymbol: false, data: data.points.map(([x, y]) => [Number(x), y === null ? null : Number(y)]), lineStyle: { color: colour, width: 2 }, areaStyle: { color: colour, opacity: 0.12 } }],
  });
  addEventListener("resize", () => chart.resize());
})();
