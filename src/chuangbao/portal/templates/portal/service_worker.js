{% load static %}// Keeps the offline page at hand; everything else always comes from the network.
const SHELF = "chuangbao-offline-1";
const OFFLINE = "{% url "portal:offline" %}";
const KEPT = [OFFLINE, "{% static "vendor/tabler.min.css" %}", "{% static "portal/tokens.css" %}", "{% static "portal/shell.css" %}", "{% static "portal/components.css" %}"];
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(KEPT)));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (KEPT.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
