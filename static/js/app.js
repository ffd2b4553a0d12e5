/*
 * Makes pages quicker, never possible: everything here has a way without JavaScript.
 * Attributes ask for behaviour: data-focus, data-key, data-check-all, data-mirrors,
 * data-print.
 */
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // An error summary takes the focus, so that it is read first.
  const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();

  // On a narrow screen the navigation folds away behind a button.
  const foldNavigation = () => {
    const nav = document.getElementById("nav");
    const bar = nav?.parentElement;
    if (!nav || !nav.querySelector("a")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn menu-button";
    button.textContent = "Danh mục";
    button.setAttribute("aria-controls", "nav");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(nav.classList.toggle("open")));
    });
    bar.insertBefore(button, nav);
    bar.classList.add("with-menu");
  };

  // A form goes once: a second click while it travels is ignored.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && form.method === "post" && !form.hasAttribute("hx-post")) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    all("button[type=submit]", form).forEach((b) => b.setAttribute("aria-disabled", "true"));
  });

  // Coming back with the browser's button finds the form ready again.
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("button[aria-disabled]", form).forEach((b) => b.removeAttribute("aria-disabled"));
    });
  });

  // What only a script can do is shown only where a script runs.
  all("[data-needs-script]").forEach((piece) => {
    piece.hidden = false;
  });

  // <input type="checkbox" data-check-all="name"> ticks all boxes of that name.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.checkAll;
    if (!name) return;
    all(`input[type=checkbox][name="${CSS.escape(name)}"]`).forEach((box) => {
      box.checked = event.target.checked;
    });
  });

  // <p data-mirrors="id"> shows what is typed in that field.
  document.addEventListener("input", (event) => {
    const { id, value } = event.target;
    if (!id) return;
    all(`[data-mirrors="${CSS.escape(id)}"]`).forEach((piece) => {
      piece.textContent = value;
    });
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Single-letter shortcuts can be switched off (WCAG 2.1.4); the choice stays on this machine.
  const SWITCH = "thidua-shortcuts";
  const shortcutsAreOn = () => localStorage.getItem(SWITCH) !== "off";

  const offerShortcutSwitch = () => {
    const foot = document.querySelector(".foot .in");
    if (!foot || !document.querySelector("[data-key]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    const show = () => {
      button.textContent = shortcutsAreOn() ? "Tắt phím tắt" : "Bật phím tắt";
    };
    button.addEventListener("click", () => {
      localStorage.setItem(SWITCH, shortcutsAreOn() ? "off" : "on");
      show();
    });
    show();
    foot.append(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (!shortcutsAreOn() || event.key.length !== 1) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    wanted.click();
  });

  // A request that fails is said aloud; what was typed stays on the page.
  const report = (sentence) => {
    const box = document.getElementById("messages");
    if (!box) return;
    const notice = document.createElement("div");
    notice.className = "notice stop";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    box.replaceChildren(notice);
  };

  // A draft says so beside its own button; who else is here is no news when nobody can know.
  const speaksForItself = (event) => event.target.closest("[data-draft], .presence");
  document.addEventListener("htmx:sendError", (event) => {
    if (speaksForItself(event)) return;
    report("Chưa lưu được vì mất kết nối. Nội dung vẫn còn trên trang này; hãy thử lại khi có mạng.");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (speaksForItself(event)) return;
    const status = event.detail.xhr.status;
    report(
      [401, 403, 404].includes(status)
        ? "Phiên làm việc đã hết hoặc việc này không còn mở. Hãy chép lại nội dung đang gõ rồi tải lại trang."
        : "Phần mềm gặp lỗi, chưa lưu được. Nội dung vẫn còn trên trang này; hãy thử lại.",
    );
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) all("#messages > [role=alert]").forEach((notice) => notice.remove());
  });

  // The script is deferred, so the page is there.
  foldNavigation();
  offerShortcutSwitch();
  focusSummary(document);
})();
