// From the text in the page to a verdict: read, show, check, in slices that leave the page usable.

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

function say(verdict, title, why) {
  byId("proof").dataset.state = verdict;
  byId("verdict").textContent = title;
  byId("why").textContent = why;
}

function sayBroken(fault) {
  state.fault = fault;
  say("broken", fault.entry ? `Broken at entry ${counted.format(fault.entry)}` : "Broken", `${fault.message}. ${fault.why}`);
}

function sayIntact(pin) {
  const { walk } = state;
  const holds = walk.seq ? `The chain holds from entry 1 to ${counted.format(walk.seq)}` : "The log is empty";
  if (pin) {
    const rest = pin.seq < walk.seq ? ` What came after entry ${counted.format(pin.seq)} is not pinned.` : "";
    say("pinned", "Intact and pinned", `${holds} and runs through the pin that was kept elsewhere.${rest}`);
  } else {
    say("intact", "Intact, but not pinned", `${holds}. Nothing outside this page was compared: whoever runs the bot could have rewritten the whole log, or cut off its end, and it would look like this. Compare it with a receipt, an anchor message or an earlier export.`);
  }
}

function comparePin(event) {
  event.preventDefault();
  if (!state.done || (state.fault && !state.fault.pin)) return;
  state.fault = null;
  const text = byId("pin").value.trim().toLowerCase();
  const match = /^#?([1-9]\d{0,14}):([0-9a-f]{8,64})$/.exec(text);
  if (!text) return sayIntact(null);
  if (!match) return say("intact", "That is no pin", "A pin is the number of an entry and the start of its hash, such as 12:9f86d081884c.");
  const [seq, hex] = [Number(match[1]), match[2]];
  if (seq > state.walk.seq) return sayPinBroken(seq, `Entry ${seq} is pinned, but the chain ends at ${state.walk.seq}`, "This copy is older than the pin, or its end was cut off.");
  const head = state.walk.headOf(seq);
  if (!head.startsWith(hex)) return sayPinBroken(seq, `Entry ${seq}: the pin says ${hex.slice(0, 12)}, the chain ${head.slice(0, 12)}`, "This entry, or one before it, was changed after the pin was kept.");
  sayIntact({ seq });
}

function sayPinBroken(seq, what, why) {
  sayBroken(Object.assign(new Broken(seq, what, why), { pin: true }));
}

/** The lines of the log in slices, as the bot wrote them; blank ones are passed over, if there are no more than an editor leaves. */
function* slices(text) {
  let slice = [];
  let blanks = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
    const line = text.slice(at, end);
    at = end + 1;
    if (/[^ \t\r]/.test(line) || ++blanks > BLANK_LINES_LIMIT + 1) slice.push(line); // the page itself begins with one
    if (slice.length === AT_ONCE) {
      yield slice;
      slice = [];
    }
  }
  if (slice.length) yield slice;
}

async function readAll(text) {
  const items = [];
  for (const slice of slices(text)) {
    for (const line of slice) {
      items.push(readLine(line));
      await breathe();
    }
  }
  return items;
}

async function check(items) {
  const [first, ...rest] = items;
  if (!first) throw new Broken(0, items.length ? "Line 1 cannot be read" : "The page holds no log", "A proof begins with a manifest.");
  const walk = new Walk(rest.length);
  state.walk = walk;
  walk.start(first.record);
  for (let at = 0; at < rest.length; at += AT_ONCE) {
    await walk.step(rest.slice(at, at + AT_ONCE));
    byId("progress").value = walk.seq / rest.length;
    byId("why").textContent = `${counted.format(walk.seq)} of ${counted.format(rest.length)} entries recomputed in this browser.`;
    await breathe();
  }
  walk.finish(first.record);
}

async function listEntries(items) {
  for (let i = 1; i < items.length; i++) {
    state.entries.push(entryOf(items[i], i));
    await breathe();
  }
}

const draw = () => drawChart(state.entries.filter((entry) => !entry.isStub));

function tellCounts(walk) {
  byId("counts").textContent = `${counted.format(walk.shown)} of ${counted.format(walk.seq)} entries are here in full, ${counted.format(walk.stubs)} as sealed stubs. Parts erased, each with an entry that says so: ${counted.format(walk.blank.size)}. Parts withheld: ${counted.format(walk.withheld)}. Head ${walk.seq}:${toHex(walk.head)}`;
  const warnings = walk.warnings.slice(0, 20);
  if (walk.warnings.length > 20) warnings.push(`${walk.warnings.length - 20} more warnings of this kind.`);
  byId("warnings").replaceChildren(...warnings.map((warning) => element("li", {}, warning)));
}

async function start() {
  const items = await readAll(byId("log").textContent);
  state.manifest = items[0] && isObject(items[0].record) ? items[0].record : {};
  describe(state.manifest, Math.max(0, items.length - 1));
  await listEntries(items);
  noteLater(state.entries);
  offerFilters();
  search();
  draw();
  try {
    await check(items);
    sayIntact(null);
    byId("pin-form").hidden = false;
    tellCounts(state.walk);
  } catch (fault) {
    sayBroken(fault instanceof Broken ? fault : new Broken(0, "The check stopped", String(fault)));
    show();
  }
  byId("progress").hidden = true;
  state.done = true;
}

byId("pin-form").addEventListener("submit", comparePin);
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
start();
