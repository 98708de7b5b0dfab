// A topic that is not on paper is not in the title.
"use strict";
addEventListener("beforeprint", () => {
  const { title } = document;
  if (!document.querySelector(".topic") || document.querySelector(".hide-topic:not(:checked)")) return;
  document.title = document.querySelector(".logo").textContent;
  addEventListener("afterprint", () => { document.title = title; });
});
