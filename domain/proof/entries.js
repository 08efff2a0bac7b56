// What the page shows of an entry. Whatever an entry holds, it is text here and never markup.

const TYPES = {
  question: "The question", request: "Names asked for", decision: "Answer", withdraw: "Taken back", export: "Export",
  correct: "Correction", void: "Void", erased: "Erasure", policy: "Rule", outcome: "Poll outcome", anchor: "Anchor",
};
const VERDICTS = { ...LABELS.verdict, execution: "AI may execute", judgment: "A human judges" };
const SHOWN_APART = {
  work: ["piece", "cut", "uses", "tools", "client_told", "flags", "link"], who: ["id", "name", "roles"], text: ["reason"],
};

const typeName = (type) => TYPES[type] || type.charAt(0).toUpperCase() + type.slice(1);
const verdictName = (verdict) => VERDICTS[verdict] || verdict;
const listed = (value) => (Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value]);
const labelled = (name, value) => listed(value).map((item) => (Object.hasOwn(LABELS[name], item) ? LABELS[name][item] : plain(item))).join(", ");

/** Any JSON value as words. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (isObject(value)) return Object.entries(value).map(([name, item]) => `${words(name)} ${plain(item)}`).join("; ");
  return value === null ? "–" : String(value);
}

const words = (name) => name.replaceAll("_", " ");

/** A line of the log as `{record, body, isStub}`; null if it cannot be read. */
function readLine(line) {
  let record;
  try {
    record = readJson(line.replace(/^\ufeff/, ""));
  } catch {
    return null;
  }
  if (!isObject(record)) return null;
  const isStub = !Object.hasOwn(record, "body");
  let body = null;
  try {
    if (!isStub) body = readJson(record.body);
  } catch { /* the walk says that it cannot be read */ }
  return { record, body, isStub };
}

/** What stands in a part: an object, empty if there is nothing, with `gone` telling why if it is not here. */
function partOf(record, name) {
  const shown = record[name];
  if (shown === "withheld" || shown === "erased") return { gone: shown };
  try {
    const value = isObject(shown) ? JSON.parse(shown.value) : {};
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** An entry as the page lists it. */
function entryOf(item, seq) {
  if (!item) return { seq, isStub: true, unreadable: true, type: "", verdict: "", piece: "", person: "", text: "" };
  const { record, body, isStub } = item;
  if (isStub || !isObject(body)) return { seq, isStub: true, unreadable: !isStub, digest: record.digest, type: "", verdict: "", piece: "", person: "", text: "" };
  const [who, work, text] = PARTS.map((name) => partOf(record, name));
  const entry = {
    seq, who, work, isStub: false,
    type: String(body.type), verdict: body.verdict ? String(body.verdict) : "", at: new Date(body.at),
    piece: plain(work.piece ?? work.task ?? ""), cut: work.cut, person: plain(who.name ?? ""), roles: plain(who.roles ?? []),
    reason: plain(text.reason ?? ""), link: plain(work.link ?? ""), hash: plain(record.hash), gone: [who, work, text].map((part) => part.gone),
    rows: [],
  };
  entry.rows = rowsOf(entry, body, text).filter(([, value]) => value !== "");
  const said = [seq, entry.piece, entry.person, entry.roles, entry.reason, entry.link, entry.hash, typeName(entry.type), verdictName(entry.verdict)];
  entry.text = [...said, ...entry.rows.map(([, value]) => value)].join("\n").toLocaleLowerCase();
  return entry;
}

function rowsOf({ who, work }, body, text) {
  return [
    ["What AI did", labelled("uses", work.uses)],
    ["Tools", plain(work.tools ?? "")],
    ["Client told", labelled("client_told", work.client_told)],
    ["Flags", labelled("flags", work.flags)],
    ["Asked to sign", listed(who.signers).map((signer) => plain(signer.name ?? signer)).join(", ")],
    ...others("work", work, work.piece ? [] : ["task"]), ...others("who", who, ["signers"]), ...others("text", text),
    ["About entry", isObject(body.refs) ? about(body.refs) : ""],
    ["Details", isObject(body.facts) ? plain(body.facts) : ""],
    ["Question", isObject(body.question) ? plain(body.question.id) : ""],
  ];
}

/** The entries that an entry is about; an erasure lists pairs of number and part. */
function about(refs) {
  return Object.entries(refs).map(([name, value]) => {
    const pairs = Array.isArray(value) && value.length && value.every(Array.isArray);
    return `${words(name)} ${pairs ? value.map(([number, part]) => `${plain(number)} (${plain(part)})`).join(", ") : plain(value)}`;
  }).join("; ");
}

/** What a part holds beside what is shown apart, so that entries of any kind are shown whole. */
function others(part, held, besides = []) {
  const known = [...SHOWN_APART[part], ...besides, "gone"];
  return Object.entries(held).filter(([name]) => !known.includes(name)).map(([name, value]) => {
    const label = words(name);
    return [label.charAt(0).toUpperCase() + label.slice(1), plain(value)];
  });
}
