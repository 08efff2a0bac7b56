// One walk along the chain: every entry recomputed, every blank accounted for. The rules are those of
// `circle-take verify` and of verify.py; the first fault ends the walk.

var PARTS = ["who", "work", "text"];
var PART_NAMES = { who: "the person", work: "the work", text: "the text" };
var HEX64 = /^[0-9a-f]{64}$/;
var AT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
var CLOCKS_APART_MS = 5000;
var DISCORD_EPOCH_MS = 1420070400000;
var SAFE_INTEGER = 9007199254740991;
var LINE_LIMIT = 2 * 1024 * 1024; // bytes, its end included
var NESTING_LIMIT = 64;
var EDITED = "It was edited, or another program wrote it.";

/** What ends the walk: the number of the entry (0 if it is none), what is wrong there, and what that means. */
function Broken(entry, what, why) {
  this.entry = entry;
  this.message = what;
  this.why = why;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasOwn(record, key) {
  return Object.prototype.hasOwnProperty.call(record, key);
}

function hasKeys(record, keys) {
  return Object.keys(record).length === keys.length && keys.every(function (key) { return hasOwn(record, key); });
}

function isWhole(value) {
  return typeof value === "number" && Math.floor(value) === value && Math.abs(value) <= SAFE_INTEGER;
}

function brief(value) {
  return typeof value === "string" || typeof value === "number" ? JSON.stringify(value).slice(0, 20) : "something else";
}

/** Read JSON as the log writes it, without fractions, numbers too large to be exact, and nesting without end; throws for anything else. */
function readJson(text) {
  var bare = withoutStrings(text);
  var large = (bare.match(/\d{16,}/g) || []).some(function (digits) { return Number(digits) > SAFE_INTEGER; });
  if (large || /\d[.eE]/.test(bare)) throw new SyntaxError("the log keeps no such number");
  var level = 0;
  (bare.match(/[[\]{}]/g) || []).forEach(function (sign) {
    level += sign === "[" || sign === "{" ? 1 : -1;
    if (level > NESTING_LIMIT) throw new SyntaxError("the log is not nested as deeply");
  });
  return JSON.parse(text);
}

/** What stands between the strings of a JSON text. */
function withoutStrings(text) {
  var bare = "";
  for (var at = 0; ;) {
    var quote = text.indexOf('"', at);
    if (quote < 0) return bare + text.slice(at);
    bare += text.slice(at, quote) + '""';
    do {
      quote = text.indexOf('"', quote + 1);
      if (quote < 0) throw new SyntaxError("a string does not end");
      var slash = quote;
      while (text.charAt(slash - 1) === "\\") slash--;
    } while ((quote - slash) % 2);
    at = quote + 1;
  }
}

/** A line of the log as `{record, body, isStub}`; null if the bot would not read it. */
function readLine(line) {
  if (line.indexOf("\ufffd") >= 0) return null; // the mark that browsers leave where a file is no text
  if (line.length >= LINE_LIMIT / 3 && !fits(toUtf8(line))) return null;
  var record = jsonOrNull(line.replace(/^\ufeff/, ""));
  if (!isObject(record)) return null;
  return { record: record, body: jsonOrNull(record.body), isStub: !hasOwn(record, "body") };
}

function fits(bytes) {
  return bytes !== null && bytes.length < LINE_LIMIT;
}

/** What `readJson` reads; null for what it refuses. A browser that cannot read JSON at all is another matter. */
function jsonOrNull(text) {
  try {
    return typeof text === "string" ? readJson(text) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What a part that is here commits to, in hex; null for what is no such part. */
function commitment(shown) {
  var salt = isObject(shown) ? fromHex(shown.salt) : null;
  var value = salt && typeof shown.value === "string" ? toUtf8(shown.value) : null;
  return value && toHex(sha256(joined(salt, value)));
}

function Walk(total) {
  this.seq = this.shown = this.stubs = this.withheld = this.clock = 0;
  this.head = new Uint8Array(32);
  this.heads = new Uint8Array(32 * total); // of every entry, to compare pins with
  this.blank = [];
  this.listed = Object.create(null);
  this.warnings = [];
}

Walk.prototype = {
  start: function (manifest) {
    if (!isObject(manifest) || manifest.format !== FORMAT) throw new Broken(0, "The log does not begin with a manifest", EDITED);
    if (typeof manifest.log !== "string" || !/^[0-9a-f]{32}$/.test(manifest.log)) throw new Broken(0, "The manifest names no log", EDITED);
    this.log = manifest.log;
  },

  /** Check the next line, given as `readLine` returns it. */
  step: function (item) {
    this.seq++;
    if (!item) this.fail("its line cannot be read", "It is cut off or no proof at all.");
    if (item.isStub) this.stub(item.record);
    else this.entry(item.record, item.body);
    this.heads.set(this.head, (this.seq - 1) * 32);
  },

  stub: function (record) {
    if (record.seq !== this.seq) this.fail("missing or out of place", "The line says number " + brief(record.seq) + ".");
    var ok = hasKeys(record, ["seq", "digest"]) && typeof record.digest === "string" && HEX64.test(record.digest);
    if (!ok) this.fail("the stub is no digest", "A hidden entry leaves its number and 64 hex digits.");
    this.head = sha256(joined(this.head, fromHex(record.digest)));
    this.stubs++;
  },

  entry: function (record, body) {
    if (!hasKeys(record, ["body", "hash"].concat(PARTS))) this.fail("its line is incomplete or holds more", "An entry has its body, hash and three parts.");
    if (typeof record.body !== "string" || !isObject(body)) this.fail("its body cannot be read", EDITED);
    var bytes = toUtf8(record.body);
    if (!bytes) this.fail("it holds what is no text", "Half of a UTF-16 pair stands in it.");
    if (body.v !== 1) this.fail("it is of version " + brief(body.v), "This page knows version 1.");
    if (typeof body.type !== "string" || !isObject(body.refs)) this.fail("its body is incomplete", EDITED);
    if (body.log !== this.log) this.fail("it belongs to another log", "It was made on another server.");
    if (body.seq !== this.seq) this.fail("missing or out of place", "Entry " + brief(body.seq) + " stands there.");
    this.head = sha256(joined(this.head, sha256(bytes)));
    if (record.hash !== toHex(this.head)) this.fail("its hash does not match", "It, or an entry hidden just before it, is not what was hashed into the chain.");
    for (var i = 0; i < PARTS.length; i++) this.part(PARTS[i], body[PARTS[i]], record[PARTS[i]]);
    this.clocks(body.at, body.interaction);
    if (body.type === "erased") this.erasure(body.refs.erases);
    this.shown++;
  },

  part: function (name, committed, shown) {
    if (committed === null || committed === undefined) {
      if (shown !== null) this.fail(PART_NAMES[name] + " was added", "The entry was made without it.");
    } else if (shown === "withheld") this.withheld++;
    else if (shown === "erased") this.blank.push([this.seq, name]);
    else if (shown === null) this.fail(PART_NAMES[name] + " is missing without a word", "A blank is marked erased or withheld.");
    else if (commitment(shown) !== committed) this.fail(PART_NAMES[name] + " was changed", "It is not what the entry committed to.");
  },

  erasure: function (erases) {
    var pairs = Array.isArray(erases) ? erases : [null];
    for (var i = 0; i < pairs.length; i++) {
      var pair = Array.isArray(pairs[i]) && pairs[i].length === 2 ? pairs[i] : [];
      if (!isWhole(pair[0]) || pair[0] < 1 || pair[0] >= this.seq || PARTS.indexOf(pair[1]) < 0) this.fail("it erases what is not there", "An erasure lists earlier entries' parts.");
      this.listed[pair.join(" ")] = true;
    }
  },

  clocks: function (at, interaction) {
    var date = new Date(typeof at === "string" && AT.test(at) ? at : NaN);
    if (isNaN(date.getTime()) || date.toISOString() !== at) this.fail("its time cannot be read", EDITED);
    if (interaction !== null && interaction !== undefined) this.discordsClock(interaction, date.getTime());
    if (date.getTime() < this.clock) this.warnings.push("Entry " + this.seq + " is dated before the entry that precedes it.");
    this.clock = date.getTime();
  },

  discordsClock: function (interaction, at) {
    if (typeof interaction !== "string" || !/^\d{1,20}$/.test(interaction)) {
      this.warnings.push("Entry " + this.seq + " carries an interaction id that Discord never gave.");
      return;
    }
    var apart = Math.abs(snowflakeTime(interaction) - at);
    if (apart > CLOCKS_APART_MS) this.warnings.push("Entry " + this.seq + " is dated " + Math.round(apart / 1000) + " s away from Discord's own time for it.");
  },

  finish: function (manifest) {
    for (var i = 0; i < this.blank.length; i++) {
      var number = this.blank[i][0];
      if (!this.listed[this.blank[i].join(" ")]) throw new Broken(number, "Entry " + number + ": " + PART_NAMES[this.blank[i][1]] + " is blank", "No erasure entry accounts for it.");
    }
    var full = isWhole(manifest.shown) && isWhole(manifest.accounts) ? manifest.shown + manifest.accounts : null;
    compare("total", manifest.total, this.seq);
    compare("head", manifest.head, toHex(this.head));
    compare("number in full", full, this.shown);
  },

  headOf: function (seq) {
    return toHex(this.heads.subarray((seq - 1) * 32, seq * 32));
  },

  fail: function (what, why) {
    throw new Broken(this.seq, "Entry " + this.seq + ": " + what, why);
  },
};

function compare(name, claimed, found) {
  if (claimed !== found) throw new Broken(0, "The manifest says " + name + " " + brief(claimed) + ", the page holds " + brief(found), "Entries were removed, added or changed, or the manifest was.");
}

/** When Discord gave an id, in milliseconds: the id divided by 2^22, digit by digit, because it is too large for a number. */
function snowflakeTime(id) {
  var quotient = 0, rest = 0;
  for (var i = 0; i < id.length; i++) {
    rest = rest * 10 + Number(id.charAt(i));
    quotient = quotient * 10 + Math.floor(rest / 4194304);
    rest %= 4194304;
  }
  return quotient + DISCORD_EPOCH_MS;
}
