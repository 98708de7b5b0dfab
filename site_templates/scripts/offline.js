// A page that may be kept stores its own copy, which the worker serves when there is no network.
"use strict";
addEventListener("load", async () => {
  const href = document.querySelector("[rel=manifest]")?.href;
  if (!href || !navigator.serviceWorker) return;
  navigator.serviceWorker.register(new URL("sw.js", href));
  const page = location.pathname;
  const copy = "storable" in document.documentElement.dataset && await fetch(page, { cache: "force-cache" });
  if (!copy.ok) return;
  const pages = await caches.open(`${new URL(".", href).pathname}:sivut`);
  await pages.delete(page);
  await pages.put(page, copy);
  for (const old of (await pages.keys()).slice(0, -60)) pages.delete(old);
});
