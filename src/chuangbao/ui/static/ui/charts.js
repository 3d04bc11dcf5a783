// Loads the library of charts when a chart comes near the screen: who never scrolls there loads nothing.
(() => {
  const address = document.currentScript.dataset.library;
  let loading = null;

  const load = () => {
    loading ??= new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => done(window.echarts);
      script.onerror = fail;
      document.head.append(script);
    });
    return loading;
  };

  const seen = (place) => new Promise((done) => {
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      done();
    }, { rootMargin: "200px" });
    watch.observe(place);
  });

  window.charts = { load, whenSeen: (place) => seen(place).then(load) };
})();
