/*
 * Files dropped on a field: [data-drop] holds one file input and a list for the names.
 * Without this script the input works as ever.
 */
"use strict";

(() => {
  for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const names = zone.querySelector("[data-drop-names]");
    if (!input) continue;

    const tell = () => {
      const lines = [...input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = file.name;
        return line;
      });
      names?.replaceChildren(...(lines.length > 1 ? lines : []));
    };

    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

    zone.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      zone.classList.add("over");
    });
    for (const name of ["dragleave", "drop"]) {
      zone.addEventListener(name, () => zone.classList.remove("over"));
    }
    zone.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const all = new DataTransfer();
      for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
      input.files = all.files;
      tell();
      input.focus();
    });
    input.addEventListener("change", tell);
  }

  // A file dropped beside the field would otherwise take the place of the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if ([...(event.dataTransfer?.types ?? [])].includes("Files")) event.preventDefault();
    });
  }
})();
