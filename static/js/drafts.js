/*
 * Drafts: what is typed into a form with data-draft reaches the server within three seconds.
 *
 * htmx sends the form; this file decides when, and what happens when sending fails: it tries
 * again until the server has it, and keeps a copy in this browser meanwhile. The copy is offered
 * when the page is opened again, to the same person only, and goes with the sign-out.
 * Without a script the form is saved by its button.
 */
"use strict";

(() => {
  const PREFIX = "thidua-draft:";
  const AFTER = 2000; // ms from the first letter that is not yet sent
  const AGAIN = 3000; // ms between two tries
  const KEPT = 7 * 24 * 3600 * 1000; // ms a copy is offered

  const copies = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  // Whoever signs out leaves nothing behind on this computer.
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/logout/")) {
      copies().forEach((key) => localStorage.removeItem(key));
    }
  });

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const place = `${PREFIX}${form.dataset.draft}:${location.pathname}`;
  const status = document.getElementById("saved");

  let typed = 0; // how often something was typed
  let sent = 0; // how much of that the server has
  let timer = null;

  const isDirty = () => typed > sent;
  // What belongs to another act on the same page (a file, a citation) is no part of the draft.
  const isTyped = ([name, value]) =>
    typeof value === "string" &&
    !["csrfmiddlewaretoken", "version", "page", "kept", "caption"].includes(name) &&
    !name.startsWith("claim_");
  const content = () => [...new FormData(form)].filter(isTyped);

  const keepCopy = () => {
    try {
      localStorage.setItem(place, JSON.stringify({ at: Date.now(), content: content() }));
    } catch {
      // A full or forbidden store: the server still gets every word.
    }
  };

  const save = () => {
    timer = null;
    if (isDirty()) window.htmx.trigger(form, "save-draft");
  };
  const saveIn = (delay) => {
    timer ??= setTimeout(save, delay);
  };

  form.addEventListener("input", () => {
    typed += 1;
    keepCopy();
    saveIn(AFTER);
  });

  // The token of the page is too old once somebody has signed in again in another tab.
  const token = () => document.cookie.match(/(?:^|;\s*)(?:__Host-csrf|csrftoken)=([^;]+)/)?.[1];
  document.addEventListener("htmx:configRequest", (event) => {
    const current = token();
    if (!current) return;
    event.detail.headers["X-CSRFToken"] = current;
    if (event.detail.elt === form) event.detail.parameters.csrfmiddlewaretoken = current;
  });

  let travelling = 0;
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === form) travelling = typed;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    if (event.detail.successful) {
      // A refusal is an answer, too: it stands in the page, and the copy stays in the browser.
      if (status.querySelector("[data-saved]")) {
        sent = travelling;
        if (isDirty()) saveIn(AFTER);
        else localStorage.removeItem(place);
      }
      return;
    }
    say(event.detail.xhr.status);
    saveIn(AGAIN);
  });

  const say = (code) => {
    status.replaceChildren();
    if (code === 401) {
      const link = document.createElement("a");
      link.href = `/login/?next=${encodeURIComponent(location.pathname)}`;
      link.target = "_blank";
      link.textContent = "Đăng nhập lại ở thẻ mới";
      status.append("Phiên làm việc đã hết, nội dung còn nguyên trên trang này. ", link, ".");
    } else {
      status.append("Chưa lưu được, nội dung còn nguyên trên trang này. Đang thử lại…");
    }
  };

  // The last words before a tab is closed.
  addEventListener("pagehide", () => {
    if (!isDirty() || form.dataset.sent) return;
    const body = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string"));
    body.set("csrfmiddlewaretoken", token() ?? "");
    fetch(form.getAttribute("hx-post"), {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      keepalive: true,
    }).catch(() => {});
  });

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  const put = (pairs) => {
    for (const field of form.elements) {
      if (!field.name || !isTyped([field.name, ""])) continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.includes(field.value);
      } else if (values.length && field.type !== "file" && field.type !== "submit") {
        [field.value] = values;
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // The server tidies blanks and the places of rows: that is no difference.
  const words = (pairs) =>
    pairs
      .map(([, value]) => value.normalize("NFC").replace(/\s+/g, " ").trim())
      .filter(Boolean)
      .sort()
      .join("\n");

  // Only what really differs is offered; whoever does not want it says so.
  const offerCopy = () => {
    let copy;
    try {
      copy = JSON.parse(localStorage.getItem(place));
    } catch {
      copy = null;
    }
    const isOld = !copy || Date.now() - copy.at > KEPT;
    if (isOld || words(copy.content) === words(content())) {
      localStorage.removeItem(place);
      return;
    }
    const box = document.createElement("div");
    box.className = "notice wait";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    const at = new Date(copy.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    text.textContent = `Trên máy này còn nội dung gõ lúc ${at} mà máy chủ chưa nhận.`;
    const buttons = document.createElement("p");
    buttons.className = "cluster";
    buttons.append(
      button("Lấy lại nội dung đó", () => {
        put(copy.content);
        box.remove();
      }),
      button("Bỏ nội dung đó", () => {
        localStorage.removeItem(place);
        box.remove();
      }),
    );
    box.append(text, buttons);
    form.before(box);
  };
  offerCopy();
})();
