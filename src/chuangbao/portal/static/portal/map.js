// Draws the province beside its table: colour by the clause that binds a prefecture, figures on demand.
(() => {
  const place = document.getElementById("region-map");
  if (!place) return;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const read = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));

  const option = (figures) => {
    const clauses = [...new Set(figures.places.flatMap((p) => p.orders.map((o) => o.clause)))].sort();
    const fills = [token("--cb-primary"), token("--cb-accent"), token("--cb-wait")];
    const labels = new Map(figures.places.map((p) => [p.code, p.name]));
    const said = new Map(figures.places.flatMap((p) => p.orders.map((o) => [o.clause, `${o.mark} ${o.summary}`])));
    // a name on the map is short (延边 for 延边朝鲜族自治州); the table and the hint have it whole
    const brief = (name) => name.replace(/^(\p{Script=Han}{2,}?)(市|地区|盟|[\p{Script=Han}]{1,4}族自治州)$/u, "$1");
    const wide = /\p{Script=Han}/u.test(figures.words.none) ? 14 : 8;
    const across = Math.max(12, Math.floor((place.clientWidth - 48) / wide));
    const lines = (text) => text.match(new RegExp(`.{1,${across}}(?=\\s|$)|.{1,${across}}`, "gu")).map((line) => line.trim());
    const keys = clauses.map((clause) => lines(said.get(clause)));
    const pieces = clauses.map((clause, i) => ({ value: i + 1, label: keys[i].join("\n"), color: fills[i % fills.length] }));
    pieces.push({ value: 0, label: figures.words.none, color: token("--cb-calm") });
    const legend = 20 * (keys.flat().length + 1) + 10 * pieces.length;
    return {
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: { fontFamily: token("--cb-sans") },
      tooltip: {
        renderMode: "richText",
        confine: true,
        formatter: (hit) => {
          const p = hit.data && hit.data.place;
          if (!p) return "";
          const orders = p.orders.map((o) => `${o.mark} ${o.summary}`).join("\n");
          return `${p.name}\n${figures.words.measures}: ${p.total}${orders ? `\n${orders}` : ""}`;
        },
      },
      visualMap: { type: "piecewise", pieces, left: 0, bottom: 0, itemGap: 10, textStyle: { color: token("--cb-ink"), fontSize: 14, lineHeight: 20 }, selectedMode: false },
      series: [{
        type: "map",
        map: "region",
        roam: false,
        left: 4,
        right: 4,
        top: 4,
        bottom: legend + 8,
        labelLayout: { hideOverlap: true },
        selectedMode: false,
        label: { show: true, color: token("--cb-on-primary"), fontSize: 13, textBorderColor: token("--cb-primary-strong"), textBorderWidth: 2, formatter: (hit) => brief(labels.get(hit.name) || "") },
        itemStyle: { borderColor: token("--cb-surface"), borderWidth: 1.5 },
        emphasis: { itemStyle: { areaColor: token("--cb-primary-strong") }, label: { color: token("--cb-on-primary") } },
        data: figures.places.map((p) => ({
          name: p.code,
          value: p.orders.length ? clauses.indexOf(p.orders[0].clause) + 1 : 0,
          place: p,
        })),
      }],
    };
  };

  Promise.all([read(place.dataset.shapes), read(place.dataset.figures), window.charts.whenSeen(place)])
    .then(([shapes, figures]) => {
      window.echarts.registerMap("region", shapes);
      const chart = window.echarts.init(place, null, { renderer: "canvas" });
      const draw = () => chart.setOption(option(figures), true);
      draw();
      new ResizeObserver(() => {
        chart.resize();
        draw();
      }).observe(place);
      new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
      place.dataset.ready = "yes";
    })
    .catch(() => { place.hidden = true; });
})();
