// Tells the page that frames this one how tall it is, and nobody else: every message names the one address that may read it.
"use strict";
(() => {
  const { parents } = document.documentElement.dataset;
  if (window.parent === window.self) return;
  const allowed = parents.split(" ");
  const parent = location.ancestorOrigins?.[0];  // not every browser knows
  const told = parent ? allowed.filter((origin) => origin === parent) : allowed;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    for (const origin of told) window.parent.postMessage({ tarjotin: height }, origin);
  };
  new ResizeObserver(tell).observe(document.body);
})();
