// Asking for an edit link by mail, and pasting the code of one. The answer is the same whether or not the address is known.
"use strict";
window.edit ??= {};
window.edit.link = (desk) => {
  const { edit, sending } = window;
  const { words, paths, one } = desk;
  const form = one("[data-link-form]");
  const said = words.link_request;

  const ask = async (email) => {
    const key = crypto.randomUUID();
    const proof = await sending.prove(paths, desk.slug, key).catch(() => "");
    const [status] = await sending.post(paths.link, { slug: desk.slug, email, key, proof, website: "" });
    return status === 202 ? said.sent : said.not_sent;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const field = one(".field", form);
    const email = one("input", form).value.trim();
    const isGood = sending.isEmail(email);
    window.faults.show(form, isGood ? [] : [{ field, text: words.problems.email }], words.error_title);
    if (!isGood) return;
    form.dataset.busy = "yes";
    one("[data-outcome]", form).textContent = words.review.sending;
    one("[data-outcome]", form).textContent = await ask(email);
    delete form.dataset.busy;
  });

  // The same right makes the association's key: the code goes along in the fragment, as it came.
  one("[data-key-link]").addEventListener("click", ({ currentTarget }) => { currentTarget.hash = `t=${desk.token}`; });

  edit.token.listen(one("[data-code-form]"), words, (code) => {
    desk.token = code;
    desk.tellRights();
    one("[data-form] h2").focus();
  });
  addEventListener("hashchange", () => {
    desk.token = edit.token.take() || desk.token;
    desk.tellRights();
  });
};
