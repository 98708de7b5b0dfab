// The card of the results page, filled with what the form holds now. The markup is the page's own component.
"use strict";
window.edit ??= {};
window.edit.preview = (root, telling, words) => {
  const template = root.querySelector("[data-card]");
  const { card: said } = words;
  const { local } = telling;

  // On a results page an association has the activities that were asked for; here it has one of them.
  const show = (list, written, at = 0) => {
    const card = template.content.querySelector(".card").cloneNode(true);
    for (const part of card.querySelectorAll(".actions, .freshness, .notice")) part.remove();
    card.querySelector(".card-pitch").textContent = local(written.pitch);
    card.querySelector(".card-name").textContent = written.name ?? "";
    showContact(card.querySelector(".contact"), written.contacts?.[0] ?? {});
    const pattern = card.querySelector(".activity");
    const shown = written.activities?.[at] ?? written.activities?.[0];
    if (shown) activity(pattern, shown, written);
    else pattern.remove();
    list.replaceChildren(card);
  };

  const showContact = (place, contact) => {
    const reach = telling.element("span", contact.phone ?? contact.email ?? "", contact.phone ? "contact-phone" : "contact-email");
    const name = contact.name && contact.name_public ? `, ${contact.name}` : "";
    place.replaceChildren(reach, telling.element("span", `${local(contact.role)}${name}`, "contact-role"));
  };

  const activity = (element, it, written) => {
    element.querySelector("h4").textContent = local(it.name);
    const { status = "ask", until } = it.capacity ?? {};
    const told = [telling.text("activities.capacity.status", status), until && window.sending.say(said.until, { day: telling.day(until) })];
    Object.assign(element.querySelector(".capacity"), { className: `capacity capacity-${status}`, textContent: told.filter(Boolean).join(" "), hidden: false });
    element.querySelector(".activity-type").textContent = [
      telling.text("activities.type", it.type), it.remote && said.remote, reachOf(it, written)].filter(Boolean).join(" · ");
    const season = it.season?.from && it.season?.to ? `${telling.day(it.season.from)}–${telling.day(it.season.to)}` : "";
    const price = it.price === "paid" ? [said.paid, local(it.price_note)].filter(Boolean).join(". ") : "";
    showFacts(element, [local(it.for_whom), [local(it.when), season].filter(Boolean).join(" "), local(it.where), price, languages(it)]);
  };
  const reachOf = (it, { scope }) => scope === "national" ? said.national : [it.municipalities].flat().includes("koko-alue") ? said.region_wide : "";
  const languages = ({ languages: spoken = ["fi"] }) => spoken.join() === "fi" ? "" : telling.text("activities.languages", spoken);

  // The rows of the component, in its order; one without a value is left out.
  const showFacts = (element, facts) => {
    [...element.querySelectorAll(".facts > div")].forEach((row, at) => {
      if (facts[at]) row.querySelector("dd").textContent = facts[at];
      else row.remove();
    });
  };

  return { show };
};
