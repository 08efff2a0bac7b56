// The list as it starts, once the check has ended: the facts of the log, its entries, the filters, the chart.

/** Wait until the page has shown what it has to show, if it has had no chance for a while. */
let shownAt = Date.now();
async function breathe() {
  if (Date.now() - shownAt < 12) return;
  await new Promise((go) => { setTimeout(go); });
  shownAt = Date.now();
}

function describe(manifest, total) {
  const asked = isObject(manifest.filter) ? Object.entries(manifest.filter).filter(([, value]) => value !== "all") : [];
  const shown = Number.isInteger(manifest.shown) ? counted.format(manifest.shown) : "?";
  const accounts = Number.isInteger(manifest.accounts) && manifest.accounts > 0 ? `, and ${counted.format(manifest.accounts)} more that account for erasures` : "";
  byId("summary").textContent = `${shown} of ${counted.format(total)} entries are here in full${accounts}.`;
  const made = new Date(manifest.made_at);
  const facts = [
    ["Filter", asked.length ? asked.map(([name, value]) => `${name} ${plain(value)}`).join(", ") : "none: the whole log"],
    ["Made", isDate(made) ? utc(made) + (zone === "UTC" ? "" : ` (${local.format(made)} ${zone})`) : ""],
    ["By", plain(manifest.made_by ?? "")],
    ["Log", element("code", {}, plain(manifest.log ?? ""))],
  ];
  byId("facts").replaceChildren(...facts.filter(([, value]) => value).map(([name, value]) => element("div", {}, ...row(name, value))));
  byId("made").textContent = `Made by ${plain(manifest.bot ?? "the bot")}. This page is complete in itself: it loads nothing and sends nothing.`;
  document.title = `Decision log, ${shown} of ${counted.format(total)} entries`;
}

async function listEntries(items) {
  for (let i = 1; i < items.length; i++) {
    state.entries.push(entryOf(items[i], i));
    await breathe();
  }
}

/** Draw the chart, or leave it out: nothing else depends on it. */
function draw() {
  try {
    drawChart(state.entries.filter((entry) => !entry.isStub));
  } catch {
    byId("chart-box").hidden = true;
  }
}

async function start(items) {
  describe(items[0] && isObject(items[0].record) ? items[0].record : {}, Math.max(0, items.length - 1));
  await listEntries(items);
  noteLater(state.entries);
  offerFilters();
  search();
  byId("filters").hidden = false;
  draw();
}

byId("filters").addEventListener("input", search);
byId("filters").addEventListener("reset", () => setTimeout(search));
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("previous").addEventListener("click", () => turn(-1));
byId("entries").addEventListener("click", (event) => {
  const link = event.target.closest("[data-entry]");
  if (!link) return;
  event.preventDefault();
  goTo(Number(link.dataset.entry));
});
byId("next").addEventListener("click", () => turn(1));
addEventListener("beforeprint", () => {
  byId("limits").open = true; // on paper nobody can unfold it
  byId("entries").replaceChildren(...cards(state.found));
});
addEventListener("afterprint", show);
addEventListener("resize", draw);
circleTake.whenChecked((items, failed) => { start(items).catch(failed); });
