// A part of another page of this site, as it is now; null when there is no such page or part.
"use strict";
const partOf = async (address, selector) => {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) return null;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
  return found && document.importNode(found, true);
};
