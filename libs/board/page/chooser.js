// The dialog that chooses the columns of the table.
function columnsButton() {
  return h("button", { type: "button", class: "button", id: "columns", "aria-label": "Columns", onclick: openColumns }, icon("columns"), h("span", { class: "wide-only" }, "Columns"));
}

function openColumns() {
  const shown = new Set(tableParts.columns.filter((column) => column.kind).map((column) => column.key));
  const keys = [
    ...board.parameters.map((_, index) => parameterColumn(board, index)),
    ...board.metrics.flatMap((_, index) => ["last", "min", "max"].map((which) => metricColumn(board, index, which))),
  ];
  const list = h("div", { class: "choices" });
  const search = h("input", { type: "search", class: "search", placeholder: "Find a parameter or metric", "aria-label": "Find a column", oninput: draw });
  function draw() {
    const wanted = search.value.toLowerCase();
    replace(list, keys.filter((column) => column.key.toLowerCase().includes(wanted)).map((column) => {
      const box = h("input", { type: "checkbox", checked: shown.has(column.key), onchange: () => (box.checked ? shown.add(column.key) : shown.delete(column.key)) });
      return h("label", { class: "choice" }, box, h("span", { class: "choice-name" }, column.title),
        h("span", { class: "choice-from" }, column.kind === "metric" ? [{ last: "last value", min: "lowest", max: "highest" }[column.which], column.from].filter(Boolean).join(", ") : column.key.slice(2).split(".")[0].replace(":", " config, ")));
    }));
  }
  const done = (columns) => { dialog.close(); amend({ columns }); refreshTable(); };
  const dialog = h("dialog", { class: "dialog", "aria-label": "Columns", onclose: () => { dialog.remove(); document.getElementById("columns").focus(); } },
    h("h2", {}, "Columns"), search, list,
    h("div", { class: "dialog-foot" },
      h("button", { type: "button", class: "button", onclick: () => done(null) }, "Automatic"), h("span", { class: "gap" }),
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { type: "button", class: "button primary", onclick: () => done(keys.map((column) => column.key).filter((key) => shown.has(key))) }, "Show")));
  draw();
  document.body.append(dialog);
  dialog.showModal();
}
