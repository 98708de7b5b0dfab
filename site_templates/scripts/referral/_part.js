// A part of another page of this site, as it is now; null when there is no such page or part. Throws when that cannot be known.
"use strict";
const partOf = async (address, selector) => {
  const answer = await fetch(address, { cache: "no-cache" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
  return found && document.importNode(found, true);
};
