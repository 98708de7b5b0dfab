// Sending the change, and a truthful outcome. A summary has one key: sending it again cannot make a second proposal.
"use strict";
window.edit ??= {};
window.edit.submission = (desk) => {
  const { edit, sending } = window;
  const { words, paths, telling, one } = desk;
  const review = one("[data-view=review]");
  const note = one("#note");
  let request = null;

  const tell = (text) => {
    const outcome = one("[data-outcome]", review);
    outcome.className = text && text !== words.review.sending ? "outcome outcome-bad" : "outcome";
    outcome.textContent = text;
  };
  const prepare = () => {
    request = { key: crypto.randomUUID(), proof: null };
    tell("");
    window.faults.show(review, [], words.error_title);
  };

  const faultsNow = () => {
    const { longest } = note.closest(".field").dataset;
    const commitment = one("#commitment");
    return [
      ...(edit.rules.length(note.value) > longest ? [edit.rules.fault(note.closest(".field"), words, "too_long", { n: longest })] : []),
      ...(desk.isJoining && !commitment.checked ? [{ field: commitment.closest(".field"), text: words.problems.commitment }] : []),
    ];
  };

  const bodyNow = () => {
    const { slug, base, token } = desk;
    const addresses = desk.summary.addresses();
    return {
      key: request.key, slug, base, token, written: desk.form.read(), note: note.value.trim(), proof: request.proof ?? "", website: one("#trap").value,
      ...(Object.keys(addresses).length ? { addresses } : {}),
      ...(desk.isJoining ? { commitment: one("#commitment").checked } : {}),
    };
  };

  const send = async () => {
    request.proof ??= await sending.prove(paths, desk.slug, request.key).catch(() => null);
    const body = bodyNow();
    const [status, answer] = await sending.post(paths.send, body);
    tell("");
    if (status === 202) finish(answer, body.written);
    else if (answer.code === "unchanged") finish(answer, body.written);
    else if (answer.code === "conflict") edit.conflict(desk, answer, body.written);
    else if (answer.code === "invalid") desk.form.refuseProblems(answer.problems);
    else fail(answer.code);
  };

  const fail = (code) => {
    if (code === "proof") request.proof = null;
    if (code === "link") {
      desk.token = "";
      desk.tellRights();
    }
    tell(words.outcome[code] ?? words.outcome.not_saved);
  };

  const textsOf = (answer, written) => {
    if (answer.code === "unchanged") return [words.outcome.unchanged];
    const next = answer.code === "published" ? "published_text" : desk.isJoining ? "waiting_join" : "waiting_text";
    const merged = (answer.merged ?? []).map((field) => telling.place(field, [written, desk.original])).map(({ about, label }) => [about, label].filter(Boolean).join(": "));
    return [
      words.outcome[next], sending.say(words.outcome.reference, answer),
      ...(merged.length ? [sending.say(words.outcome.merged, { fields: [...new Set(merged)].join(", ") })] : []),
    ];
  };

  const finish = (answer, written) => {
    desk.draft.drop();
    desk.form.close();
    if (answer.reference) edit.draft.remember(desk, answer);
    one("[data-view=done] h2").textContent = words.outcome[answer.code === "unchanged" ? "done" : answer.code];
    const link = Object.assign(document.createElement("a"), { href: desk.page.dataset.about, textContent: words.outcome.page });
    const last = document.createElement("p");
    last.append(link);
    one("[data-told]").replaceChildren(...textsOf(answer, written).map(sending.line), ...(desk.isJoining ? [] : [last]));
    desk.goTo("done");
  };

  review.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (review.dataset.busy) return;
    const faults = faultsNow();
    window.faults.show(review, faults, words.error_title);
    if (faults.length) return;
    review.dataset.busy = "yes";
    desk.draft.save();
    tell(words.review.sending);
    await send();
    delete review.dataset.busy;
  });
  one("[data-again]").addEventListener("click", () => location.reload());

  desk.submission = { prepare };
};
