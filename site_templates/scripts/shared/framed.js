// A form in another site's frame could be pressed unseen. There it is not offered: a link opens it in a window of its own, and the
// error ends the file, so that no script of a form runs after this.
"use strict";
if (window.top !== window.self) {
  const notice = document.querySelector("[data-framed]");
  if (notice) {
    notice.hidden = false;
    document.querySelector("main").replaceChildren(notice);
  }
  throw new Error("A form is not shown in a frame");
}
