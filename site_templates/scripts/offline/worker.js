// The service worker: the network first, then what is stored. It stores nothing but the core (`files`); a page stores itself
// (scripts/offline.js), and its copy then says of when it is. The build writes the first line: `base`, `core` and `files`
// (rendering/offline.py). Each byte counts here: every visitor's browser asks for this file again and again.
const find = (path) => caches.match(path, { ignoreVary: true });
const bare = (path) => path.replace(/\.\w{10}\./, ".");
const copied = (html, time) => html
  .replace(" data-storable", "").replace("data-offline hidden", "data-offline").replace("{time}", new Date(time).toLocaleString(/lang="(..)/.exec(html)[1]));
oninstall = (event) => {
  skipWaiting();
  event.waitUntil(caches.open(core).then((cache) => cache.addAll(files)));
};
onactivate = (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names
  .filter((name) => name.startsWith(`${base}:`) && name !== core && name !== `${base}:sivut`).map((name) => caches.delete(name)))));
onfetch = (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  const isPage = request.mode === "navigate";
  const file = files.find((one) => bare(one) === bare(path));
  if (!isPage && !file || !request.url.startsWith(origin)) return;
  event.respondWith(fetch(request, isPage ? { cache: "no-cache" } : {}).then((found) => {
    if (found.ok && file === path) {
      const copy = found.clone();
      caches.open(core).then((cache) => cache.put(path, copy));
    }
    return found;
  }, async () => {
    const hit = await find(path) ?? await find(file);
    if (!isPage) return hit;
    if (!hit) return await find(`${base}${path.slice(base.length, base.length + 2)}/ilman-verkkoa/`) ?? find(`${base}ilman-verkkoa/`);
    return new Response(copied(await hit.text(), hit.headers.get("date")), { headers: { "content-type": "text/html" } });
  }));
};
