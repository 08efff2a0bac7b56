// One walk along the chain: every entry recomputed, every blank accounted for. The rules are those of
// `circle-take verify` and of verify.py; the first fault ends the walk.

const PARTS = ["who", "work", "text"];
const NAMES = { who: "the person", work: "the work", text: "the text" };
const HEX64 = /^[0-9a-f]{64}$/;
const AT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const CLOCKS_APART_MS = 5000;
const DISCORD_EPOCH_MS = 1420070400000n;
const LINE_LIMIT = 2 * 1024 * 1024; // bytes, its end included
const BLANK_LINES_LIMIT = 1000;
const NESTING_LIMIT = 64;
const AT_ONCE = 200; // entries hashed before the next ones are read
const EDITED = "It was edited, or another program wrote it.";

class Broken extends Error {
  constructor(entry, what, why) {
    super(what);
    Object.assign(this, { entry, why });
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const hasKeys = (record, keys) => Object.keys(record).length === keys.length && keys.every((key) => Object.hasOwn(record, key));
const brief = (value) => (["string", "number"].includes(typeof value) ? JSON.stringify(value).slice(0, 20) : "something else");

/** Read JSON as the log writes it, without fractions, numbers too large to be exact, and nesting without end; throws for anything else. */
function readJson(text) {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const large = (bare.match(/\d{16,}/g) ?? []).some((digits) => !Number.isSafeInteger(Number(digits)));
  if (large || /\d[.eE]/.test(bare)) throw new SyntaxError("the log keeps no such number");
  let level = 0;
  for (const sign of bare.match(/[[\]{}]/g) ?? []) {
    level += "[{".includes(sign) ? 1 : -1;
    if (level > NESTING_LIMIT) throw new SyntaxError("the log is not nested as deeply");
  }
  return JSON.parse(text);
}

/** Wait until the page has shown what it has to show, if it has had no chance for a while. */
let shownAt = performance.now();
async function breathe() {
  if (performance.now() - shownAt < 12) return;
  await new Promise((go) => { setTimeout(go); });
  shownAt = performance.now();
}

class Walk {
  constructor(total) {
    this.seq = this.shown = this.stubs = this.withheld = this.clock = 0;
    this.head = new Uint8Array(32);
    this.heads = new Uint8Array(32 * total); // of every entry, to compare pins with
    this.blank = new Set();
    this.listed = new Set();
    this.warnings = [];
  }

  start(manifest) {
    if (!isObject(manifest) || manifest.format !== FORMAT) throw new Broken(0, "The log does not begin with a manifest", EDITED);
    if (typeof manifest.log !== "string" || !/^[0-9a-f]{32}$/.test(manifest.log)) throw new Broken(0, "The manifest names no log", EDITED);
    this.log = manifest.log;
  }

  /** Check the lines of the next entries, given as `{record, body}` or as null where a line could not be read. */
  async step(items) {
    const first = this.seq + 1;
    const digests = await Promise.all(items.map((item) => item && this.digests(item)));
    for (let i = 0; i < items.length; i++) {
      this.seq = first + i;
      if (!items[i]) this.fail("its line cannot be read", "It is cut off or no proof at all.");
      await (items[i].isStub ? this.stub(items[i]) : this.entry(items[i], digests[i]));
      this.heads.set(this.head, (this.seq - 1) * 32);
    }
  }

  /** All that can be hashed without knowing the entry before: the body, and each part with its salt. */
  digests({ record, isStub }) {
    if (isStub) return [];
    const body = typeof record.body === "string" ? sha256(encoder.encode(record.body)) : null;
    return Promise.all([body, ...PARTS.map((name) => commitment(record[name]))]);
  }

  async stub({ record }) {
    if (record.seq !== this.seq) this.fail("missing or out of place", `The line says number ${brief(record.seq)}.`);
    const ok = hasKeys(record, ["seq", "digest"]) && HEX64.test(record.digest);
    if (!ok) this.fail("the stub is no digest", "A hidden entry leaves its number and 64 hex digits.");
    this.head = await sha256(joined(this.head, fromHex(record.digest)));
    this.stubs++;
  }

  async entry({ record, body }, [digest, ...commitments]) {
    if (!hasKeys(record, ["body", "hash", ...PARTS])) this.fail("its line is incomplete or holds more", "An entry has its body, hash and three parts.");
    if (!isObject(body) || !digest) this.fail("its body cannot be read", EDITED);
    if (/\p{Surrogate}/u.test(record.body)) this.fail("it holds what is no text", "Half of a UTF-16 pair stands in it.");
    if (body.v !== 1) this.fail(`it is of version ${brief(body.v)}`, "This page knows version 1.");
    if (typeof body.type !== "string" || !isObject(body.refs)) this.fail("its body is incomplete", EDITED);
    if (body.log !== this.log) this.fail("it belongs to another log", "It was made on another server.");
    if (body.seq !== this.seq) this.fail("missing or out of place", `Entry ${brief(body.seq)} stands there.`);
    this.head = await sha256(joined(this.head, digest));
    if (record.hash !== toHex(this.head)) this.fail("its hash does not match", "It, or an entry hidden just before it, is not what was hashed into the chain.");
    PARTS.forEach((name, i) => this.part(name, body[name] ?? null, record[name], commitments[i]));
    this.clocks(body);
    if (body.type === "erased") this.erasure(body.refs.erases);
    this.shown++;
  }

  part(name, committed, shown, found) {
    if (committed === null) {
      if (shown !== null) this.fail(`${NAMES[name]} was added`, "The entry was made without it.");
    } else if (shown === "withheld") this.withheld++;
    else if (shown === "erased") this.blank.add(`${this.seq} ${name}`);
    else if (shown === null) this.fail(`${NAMES[name]} is missing without a word`, "A blank is marked erased or withheld.");
    else if (!found || toHex(found) !== committed) this.fail(`${NAMES[name]} was changed`, "It is not what the entry committed to.");
  }

  erasure(erases) {
    for (const pair of Array.isArray(erases) ? erases : [null]) {
      const [number, name] = Array.isArray(pair) && pair.length === 2 ? pair : [];
      if (!Number.isInteger(number) || number < 1 || number >= this.seq || !PARTS.includes(name)) this.fail("it erases what is not there", "An erasure lists earlier entries' parts.");
      this.listed.add(`${number} ${name}`);
    }
  }

  clocks({ at, interaction = null }) {
    const date = new Date(at);
    if (typeof at !== "string" || !AT.test(at) || Number.isNaN(date.getTime()) || date.toISOString() !== at) this.fail("its time cannot be read", EDITED);
    if (interaction !== null) this.discordsClock(interaction, date.getTime());
    if (date.getTime() < this.clock) this.warnings.push(`Entry ${this.seq} is dated before the entry that precedes it.`);
    this.clock = date.getTime();
  }

  discordsClock(interaction, at) {
    if (typeof interaction !== "string" || !/^\d{1,20}$/.test(interaction)) {
      this.warnings.push(`Entry ${this.seq} carries an interaction id that Discord never gave.`);
      return;
    }
    const apart = Math.abs(Number((BigInt(interaction) >> 22n) + DISCORD_EPOCH_MS) - at);
    if (apart > CLOCKS_APART_MS) this.warnings.push(`Entry ${this.seq} is dated ${Math.round(apart / 1000)} s away from Discord's own time for it.`);
  }

  finish(manifest) {
    const bare = [...this.blank].find((part) => !this.listed.has(part));
    if (bare) {
      const [number, name] = bare.split(" ");
      throw new Broken(Number(number), `Entry ${number}: ${NAMES[name]} is blank`, "No erasure entry accounts for it.");
    }
    const full = Number.isInteger(manifest.shown) && Number.isInteger(manifest.accounts) ? manifest.shown + manifest.accounts : null;
    const compare = (name, claimed, found) => {
      if (claimed !== found) throw new Broken(0, `The manifest says ${name} ${brief(claimed)}, the page holds ${brief(found)}`, "Entries were removed, added or changed, or the manifest was.");
    };
    compare("total", manifest.total, this.seq);
    compare("head", manifest.head, toHex(this.head));
    compare("number in full", full, this.shown);
  }

  headOf(seq) {
    return toHex(this.heads.subarray((seq - 1) * 32, seq * 32));
  }

  fail(what, why) {
    throw new Broken(this.seq, `Entry ${this.seq}: ${what}`, why);
  }
}

/** What a part that is here commits to: 32 bytes, or null for what is no such part. */
function commitment(shown) {
  const salt = isObject(shown) ? fromHex(shown.salt) : null;
  if (!salt || typeof shown.value !== "string" || /\p{Surrogate}/u.test(shown.value)) return null;
  return sha256(joined(salt, encoder.encode(shown.value)));
}
