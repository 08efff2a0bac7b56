// The words of the log: what stands in an entry, as a producer would say it. What is new to this page is shown as it is.

const { PARTS, PART_NAMES, byId, hasOwn, isObject } = circleTake;

const TYPES = {
  question: "The question", request: "Sign-off opened", decision: "Answer", withdraw: "Taken back", export: "Export",
  correct: "Correction", void: "Marked void", erased: "Erasure", policy: "Sign-off policy", outcome: "Poll outcome", anchor: "Anchor",
};
const VERDICTS = { ...LABELS.verdict, execution: "AI may execute", judgment: "A human judges" };
const CHOICES = { execution: "for execution", judgment: "for judgment", abstain: "abstained" };
const GROUNDS = {
  "no-quorum": "fewer voted than the quorum asks for", hold: "a hold was never lifted", "no-majority": "no more than half were for execution",
  owner: "the owning department was mostly for judgment", majority: "quorum met, more than half for execution, no hold",
};
const BALLOTS = { open: "open", "after-close": "counts shown after the close", secret: "secret" };
const MAKERS = {
  hand: "somebody, by hand", clock: "the bot, at the deadline", host: "whoever hosts the bot", person: "the person themselves",
  moderator: "a moderator", erasure: "the bot, to keep what an erasure left",
};
const SHOWN_APART = {
  work: ["piece", "cut", "uses", "tools", "client_told", "flags", "link", "kept"], who: ["id", "name", "roles", "signers"], text: ["reason", "dissent"],
};
const PARTS_SAY = Object.assign(Object.create(null), { decider: "Who decides", opener: "Asked by", holds: "Held because", filter: "Asked for", task: "Task" });
/** What is about other entries: how the entry says it, and how the other one shows that it was said. */
const REFS = {
  request: ["Belongs to", null], supersedes: ["Takes the place of", "Followed by"], withdraws: ["Takes back", "Taken back by"],
  voids: ["Marks as void", "Marked void by"], corrects: ["Corrects", "Corrected by"], erases: ["Erases", "Erased by"],
};

const words = (name) => name.replace(/_/g, " ");
/** A text on one line: in a list, no part of it can pass for the next line. */
const oneLine = (text) => text.split(/[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/).map((line) => line.trim()).filter(Boolean).join(" / ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const typeName = (type) => TYPES[type] || capital(words(type));
const verdictName = (verdict) => VERDICTS[verdict] || verdict;
const listed = (value) => (Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value]);
const labelled = (name, value) => listed(value).map((item) => (hasOwn(LABELS[name], item) ? LABELS[name][item] : plain(item))).join(", ");
const oneOf = (names) => (value) => (hasOwn(names, value) ? names[value] : plain(value));
const isPerson = (value) => isObject(value) && typeof value.name === "string" && typeof value.id === "string";

/** Any JSON value as words. */
function plain(value) {
  if (Array.isArray(value)) return value.map((item) => oneLine(plain(item))).join(", ");
  if (isPerson(value)) return value.name;
  if (isObject(value)) return Object.entries(value).map(([name, item]) => `${words(name)} ${plain(item)}`).join("; ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null ? "none" : String(value);
}

/** How many chose what; a choice that is new to this page comes last, under its own name. */
function votes(counts) {
  if (!isObject(counts)) return "too few to be told apart";
  const names = new Set([...Object.keys(CHOICES), ...Object.keys(counts)]);
  return [...names].map((name) => `${plain(counts[name] === undefined ? 0 : counts[name])} ${CHOICES[name] || words(name)}`).join(", ");
}

const rule = (policy) => (isObject(policy) ? `${plain(policy.pattern)} (entry ${plain(policy.entry)})` : plain(policy));
const onlyIfYes = (value) => (value === true ? "yes" : value === false ? "" : plain(value));
const hidden = () => "";

/** How each fact of an entry is called, and how it reads; "" leaves it out. */
const FACTS = {
  fills: ["", hidden], users: ["", hidden], warnings: ["", hidden], // said by other rows
  need: ["Signatures needed", (need) => (need === 0 ? "all" : plain(need))], roles: ["Roles that sign (ids)", plain],
  policy: ["By the policy", rule], untold: ["Waits until the client is told", onlyIfYes],
  ground: ["Why", oneOf(GROUNDS)], counts: ["Votes", votes], turnout: ["Voted", plain], quorum: ["Quorum", plain],
  poll: ["Poll", plain], ballot: ["Ballot", oneOf(BALLOTS)], stage: ["Stage", plain], late: ["Closed late", onlyIfYes], review: ["Look again on", (value) => (isDate(new Date(value)) ? utc(new Date(value)) : plain(value))],
  department: ["Owning department", (held) => (isObject(held) ? votes(held.counts) : plain(held))],
  pattern: ["Pieces", plain], maker_may_sign: ["The maker may sign", plain], disclosure: ["The client must be told", plain],
  format: ["Format", plain], shown: ["Entries in full", plain], total: ["Entries of the log", plain], count: ["Entries of the log", plain],
  head: ["Head", plain], sha256: ["SHA-256", plain], ballots: ["Votes in a second file", plain], ballots_sha256: ["Its SHA-256", plain],
  client_told: ["Client told", (value) => labelled("client_told", value)], changed: ["Changed", plain], by: ["Done by", oneOf(MAKERS)],
  message: ["Message (id)", plain], channel: ["Channel (id)", plain], id: ["Version", plain],
  title: ["Asked", plain], detail: ["In full", plain], note: ["Beside it", plain],
};

/** The facts in the order of FACTS, then those that it does not know. */
function factRows(facts) {
  const order = Object.keys(FACTS);
  const place = ([name]) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(facts).sort((a, b) => place(a) - place(b)).map(([name, value]) => {
    const [label, read] = hasOwn(FACTS, name) ? FACTS[name] : [capital(words(name)), plain];
    return [label, read(value)];
  });
}

/** What a part holds beside what is shown apart, so that entries of any kind are shown whole. */
function others(part, held, besides = []) {
  const known = [...SHOWN_APART[part], ...besides, "gone"];
  return Object.entries(held).filter(([name]) => !known.includes(name)).map(([name, value]) => [PARTS_SAY[name] || capital(words(name)), plain(value)]);
}

function rowsOf({ who, work }, body, text) {
  const kept = listed(work.kept).map((task) => (Array.isArray(task) ? `${plain(task[0])} (${plain(task[1])} to ${plain(task[2])})` : plain(task)));
  const dissent = listed(text.dissent).map((vote) => (isObject(vote) ? `for ${plain(vote.choice)}: ${oneLine(plain(vote.reason))}` : plain(vote)));
  const about = isObject(body.question) && body.type !== "question" ? [["Question", plain(body.question.id)]] : [];
  return [
    ["What AI did", labelled("uses", work.uses)], ["Tools", plain(work.tools ?? "")],
    ["Client told", labelled("client_told", work.client_told)], ["Flags", labelled("flags", work.flags)],
    ["The crew keeps this for people", kept.join(", ")], ["Asked to sign", listed(who.signers).map(plain).join(", ")],
    ["Dissent", dissent.join("\n")],
    ...others("work", work, work.piece ? [] : ["task"]), ...others("who", who), ...others("text", text),
    ...(isObject(body.facts) ? factRows(body.facts) : []), ...about,
  ];
}

/** The entries that an entry is about: `[[name, [[number, part], ...]], ...]`; the part is "" where all of it is meant. */
function refsOf({ refs }) {
  return Object.entries(isObject(refs) ? refs : {}).map(([name, value]) => {
    const targets = listed(value).map((item) => (Array.isArray(item) ? item : [item, ""]));
    return [name, targets.filter(([number]) => Number.isInteger(number))];
  }).filter(([name, targets], _, all) => targets.length && !(name === "request" && all.some(([other]) => other === "corrects" || other === "withdraws")));
}
