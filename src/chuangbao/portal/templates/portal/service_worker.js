{% load static %}// Keeps the offline page at hand; everything else always comes from the network.
const SHELF = "chuangbao-offline-4";
const OFFLINE = "{% url "portal:offline" %}";
const KEPT = [OFFLINE, "{% static "vendor/tabler.min.css" %}", "{% static "ui/tokens.css" %}", "{% static "ui/shell.css" %}", "{% static "ui/components.css" %}"];
self.addEventListener("install", (event) => {
  // asked for as by a stranger: what is kept holds nobody's name and no token of a form
  const asked = KEPT.map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(asked)));
});
self.addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (KEPT.some((path) => event.request.url.endsWith(path))) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
