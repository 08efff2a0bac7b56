// The list of entries: filters, cards and the links between them.

const PAGE = 50;
const MOST_REFERENCES = 50; // an erasure can list thousands
const ORDER = ["signed", "revise", "declined", "execution", "judgment"];
const state = { entries: [], found: [], page: 0 };
const styleOf = (verdict) => (ORDER.includes(verdict) ? verdict : "other");
const utc = (at) => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const zone = local.resolvedOptions().timeZone;
const counted = new Intl.NumberFormat("en");
const isDate = (at) => at && !Number.isNaN(at.getTime());

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const element = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const drawn = (name, attributes = {}, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/** An address as a link if it is one of the web, and as text otherwise. */
function linked(address) {
  return /^https?:\/\/[^\s]+$/i.test(address) ? element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, address) : address;
}

function stubCard({ seq, digest, unreadable }, last) {
  const numbers = last > seq ? `${counted.format(seq)} to ${counted.format(last)}` : counted.format(seq);
  const said = unreadable ? "This line cannot be read." : last > seq ? "Withheld from this copy, sealed by their hashes." : "Withheld from this copy, sealed by its hash ";
  const what = element("div", {}, said, !unreadable && digest && last === seq ? element("span", { class: "hash" }, plain(digest)) : null);
  return element("article", { class: "entry stub" }, element("div", { class: "no" }, numbers), what);
}

function entryCard(entry) {
  const { seq, type, verdict, piece, cut, person, roles, at, gone } = entry;
  const title = piece || (gone[1] ? absent(gone[1]) : typeName(type));
  const head = element("div", {}, element("h3", {}, element("bdi", {}, title), cut === undefined ? "" : element("span", { class: "cut" }, `, cut ${plain(cut)}`)));
  const undone = (entry.later || []).some(([name]) => name === "voids" || name === "withdraws");
  if (verdict) head.append(element("span", { class: `chip ${styleOf(verdict)}${undone ? " undone" : ""}` }, verdictName(verdict)));
  if (piece || verdict) head.append(element("span", { class: "kind" }, typeName(type)));
  const by = person ? element("p", { class: "by" }, element("bdi", {}, person), roles ? " · " : "", element("bdi", {}, roles)) : gone[0] ? element("p", { class: "by" }, absent(gone[0])) : null;
  const when = isDate(at) ? element("p", { class: "when" }, element("time", { datetime: at.toISOString() }, utc(at)), zone === "UTC" ? "" : ` · ${local.format(at)} ${zone}`) : null;
  const rows = entry.rows.flatMap(([name, value]) => row(name, value));
  if (entry.reason) rows.unshift(...row("Reason", entry.reason, "reason"));
  else if (gone[2]) rows.unshift(...row("Reason", absent(gone[2])));
  if (entry.link) rows.push(...row("Link", linked(entry.link)));
  for (const [name, targets] of entry.refs) rows.push(...row(hasOwn(REFS, name) ? REFS[name][0] : capital(words(name)), references(targets)));
  for (const [name, number] of entry.later || []) rows.push(...row(REFS[name][1], references([[number, ""]]), "later"));
  rows.push(...row("Hash", entry.hash, "hash"));
  const fault = circleTake.fault();
  const bad = fault && fault.entry === seq ? element("p", { class: "bad" }, `${fault.message}. ${fault.why}`) : null;
  const box = element("div", {}, head, by, when, bad, element("dl", {}, ...rows));
  return element("article", { class: bad ? "entry fault" : "entry", id: `entry-${seq}` }, element("div", { class: "no" }, counted.format(seq)), box);
}

/** The numbers of entries, each leading there; a part of one is named. */
function references(targets) {
  const shown = targets.slice(0, MOST_REFERENCES).flatMap(([number, part]) => {
    const link = element("a", { href: `#entry-${number}`, "data-entry": number }, `entry ${counted.format(number)}`);
    return [", ", link, part ? ` (${PART_NAMES[part] || plain(part)})` : ""];
  }).slice(1);
  if (targets.length > MOST_REFERENCES) shown.push(` and ${counted.format(targets.length - MOST_REFERENCES)} more`);
  return element("span", {}, ...shown);
}

/** Show entry `number`, whatever the filters say. */
function goTo(number) {
  if (!state.found.some(({ seq }) => seq === number)) {
    byId("filters").reset();
    search();
  }
  const place = state.found.findIndex(({ seq }) => seq === number);
  if (place < 0) return;
  state.page = Math.floor(place / PAGE);
  show();
  (byId(`entry-${number}`) || byId("entries-title")).scrollIntoView();
}

const row = (name, value, style = "") => [element("dt", {}, name), element("dd", style ? { class: style } : {}, element("bdi", {}, value))];
const absent = (how) => element("span", { class: "gone" }, how === "erased" ? "erased at a person's request" : "withheld from this copy");

/** The entries from `from` on as cards, neighbouring stubs as one. */
function cards(entries) {
  const found = [];
  for (let i = 0; i < entries.length; i++) {
    const first = entries[i];
    if (!first.isStub || first.unreadable) {
      found.push(first.isStub ? stubCard(first, first.seq) : entryCard(first));
      continue;
    }
    let last = i;
    while (last + 1 < entries.length && entries[last + 1].isStub && !entries[last + 1].unreadable && Math.abs(entries[last + 1].seq - entries[last].seq) === 1) last++;
    const [low, high] = [first.seq, entries[last].seq].sort((a, b) => a - b);
    found.push(stubCard(low === first.seq ? first : entries[last], high));
    i = last;
  }
  return found;
}

const SORTS = {
  new: (a, b) => b.seq - a.seq,
  old: (a, b) => a.seq - b.seq,
  piece: (a, b) => a.piece.localeCompare(b.piece) || a.seq - b.seq,
  person: (a, b) => a.person.localeCompare(b.person) || a.seq - b.seq,
  verdict: (a, b) => a.verdict.localeCompare(b.verdict) || a.seq - b.seq,
};

/** Find what the filters ask for and show its first page. */
function search() {
  const asked = { verdict: byId("f-verdict").value, type: byId("f-type").value, person: byId("f-person").value, piece: byId("f-piece").value };
  const terms = byId("f-text").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const any = terms.length || Object.values(asked).some(Boolean);
  const stubs = byId("f-stubs").checked && !any;
  const matches = (entry) => Object.entries(asked).every(([name, value]) => !value || entry[name] === value) && terms.every((term) => entry.text.includes(term));
  state.found = state.entries.filter((entry) => (entry.isStub ? stubs || entry.unreadable : matches(entry))).sort(SORTS[byId("f-sort").value]);
  state.page = 0;
  show();
}

function show() {
  const { found, page, entries } = state;
  const full = found.filter((entry) => !entry.isStub).length;
  const all = entries.filter((entry) => !entry.isStub).length;
  byId("count").textContent = `Showing ${counted.format(full)} of ${counted.format(all)} entries in full${found.length > full ? `, and ${counted.format(found.length - full)} withheld` : ""}`;
  byId("entries").replaceChildren(...cards(found.slice(page * PAGE, (page + 1) * PAGE)));
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  byId("pages").hidden = pages === 1;
  byId("page-no").textContent = `Page ${page + 1} of ${pages}`;
  byId("previous").disabled = page === 0;
  byId("next").disabled = page + 1 >= pages;
}

function turn(by) {
  state.page += by;
  show();
  byId("entries-title").scrollIntoView();
}

function offer(id, any, values, name = (value) => value) {
  const sorted = [...values].filter(Boolean).sort((a, b) => name(a).localeCompare(name(b)));
  byId(id).replaceChildren(element("option", { value: "" }, any), ...sorted.map((value) => element("option", { value }, name(value))));
}

function offerFilters() {
  const full = state.entries.filter((entry) => !entry.isStub);
  const valuesOf = (name) => new Set(full.map((entry) => entry[name]));
  offer("f-verdict", "Any", valuesOf("verdict"), verdictName);
  offer("f-type", "All", valuesOf("type"), typeName);
  offer("f-person", "Anybody", valuesOf("person"));
  offer("f-piece", "All", valuesOf("piece"));
  byId("f-stubs").parentElement.hidden = full.length === state.entries.length;
}
