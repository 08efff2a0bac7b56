// The check, first and alone, in JavaScript that any browser reads: from the log in the page to a verdict, in slices that
// leave the page usable. What comes later, the list and the chart, is told when it has ended and cannot touch it.

var SLICE_MS = 12;
var BLANK_LINES_LIMIT = 1000;
var PIN = /^#?([1-9]\d{0,14}):([0-9a-f]{8,64})$/;
var UNFINISHED = "This browser could not finish the check, so nothing is known of the log. Check this file with circle-take verify FILE, or open it in a newer browser.";
var UNLISTED = "This browser cannot list the entries. The check above does not need the list; open the page in a newer browser to read it.";

var items = []; // the lines of the log; the manifest comes first
var listeners = [];
var walk = null;
var fault = null;
var ended = false, loaded = false, read = false;

function byId(id) {
  return document.getElementById(id);
}

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function say(state, title, why) {
  byId("proof").setAttribute("data-state", state);
  byId("verdict").textContent = title;
  byId("why").textContent = why;
}

function sayBroken(found) {
  fault = found;
  say("broken", found.entry ? "Broken at entry " + grouped(found.entry) : "Broken", found.message + ". " + found.why);
}

function sayIntact(pinned) {
  fault = null;
  var holds = walk.seq ? "The chain holds from entry 1 to " + grouped(walk.seq) : "The log is empty";
  if (pinned) {
    var rest = pinned < walk.seq ? " What came after entry " + grouped(pinned) + " is not pinned." : "";
    say("pinned", "Intact and pinned", holds + " and runs through the pin that was kept elsewhere." + rest);
  } else {
    say("intact", "Intact, but not pinned", holds + ". Nothing outside this page was compared: whoever runs the bot could have rewritten the whole log, or cut off its end, and it would look like this. Compare it with a receipt, an anchor message or an earlier export.");
  }
}

function comparePin(event) {
  event.preventDefault();
  var text = byId("pin").value.trim().toLowerCase();
  var match = PIN.exec(text);
  if (!text) return sayIntact(0);
  if (!match) {
    sayIntact(0);
    return say("intact", "That is no pin", "A pin is the number of an entry and the start of its hash, such as 12:9f86d081884c.");
  }
  var seq = Number(match[1]), hex = match[2];
  if (seq > walk.seq) return sayBroken(new Broken(seq, "Entry " + seq + " is pinned, but the chain ends at " + walk.seq, "This copy is older than the pin, or its end was cut off."));
  var head = walk.headOf(seq);
  if (head.slice(0, hex.length) !== hex) return sayBroken(new Broken(seq, "Entry " + seq + ": the pin says " + hex.slice(0, 12) + ", the chain " + head.slice(0, 12), "This entry, or one before it, was changed after the pin was kept."));
  sayIntact(seq);
}

function tellCounts() {
  byId("counts").textContent = grouped(walk.shown) + " of " + grouped(walk.seq) + " entries are here in full, " + grouped(walk.stubs) + " as sealed stubs. Parts erased, each with an entry that says so: " + grouped(walk.blank.length) + ". Parts withheld: " + grouped(walk.withheld) + ". Head " + walk.seq + ":" + toHex(walk.head);
  var warnings = walk.warnings.slice(0, 20);
  if (walk.warnings.length > 20) warnings.push(walk.warnings.length - 20 + " more warnings of this kind.");
  warnings.forEach(function (warning) {
    byId("warnings").appendChild(document.createElement("li")).textContent = warning;
  });
}

/** Call `step` until it returns false, in slices; then call `after`. Whatever either throws ends the check. */
function inSlices(step, after) {
  try {
    var until = Date.now() + SLICE_MS;
    while (step()) {
      if (Date.now() > until) {
        setTimeout(function () { inSlices(step, after); }, 0);
        return;
      }
    }
    after();
  } catch (error) {
    if (error instanceof Broken) sayBroken(error);
    else say("unchecked", "Not checked", UNFINISHED + " (" + error + ")");
    end();
  }
}

/** Read the lines of the log as the bot wrote them; blank ones are passed over, if there are no more than an editor leaves. */
function readLines(text) {
  var at = 0, blanks = 0;
  inSlices(function () {
    if (at >= text.length) return false;
    var stop = text.indexOf("\n", at);
    if (stop < 0) stop = text.length;
    var line = text.slice(at, stop);
    at = stop + 1;
    if (/[^ \t\r]/.test(line) || ++blanks > BLANK_LINES_LIMIT + 1) items.push(readLine(line)); // the page itself begins with one
    return true;
  }, checkItems);
}

function checkItems() {
  read = true;
  if (!items[0]) throw new Broken(0, items.length ? "Line 1 cannot be read" : "The page holds no log", "A proof begins with a manifest.");
  var total = items.length - 1;
  walk = new Walk(total);
  walk.start(items[0].record);
  inSlices(function () {
    if (walk.seq === total) return false;
    walk.step(items[walk.seq + 1]);
    if (walk.seq % 200 === 0) {
      byId("progress").value = walk.seq / total;
      byId("why").textContent = grouped(walk.seq) + " of " + grouped(total) + " entries recomputed in this browser.";
    }
    return true;
  }, function () {
    walk.finish(items[0].record);
    sayIntact(0);
    tellCounts();
    byId("pin-form").addEventListener("submit", comparePin);
    byId("pin-form").hidden = false;
    end();
  });
}

function end() {
  byId("progress").hidden = true;
  ended = true;
  tellListeners();
}

/** Tell what comes later that the check has ended; say so where it never came or fails. */
function tellListeners() {
  if (!ended || !loaded) return;
  if (!read || !listeners.length) sayUnlisted();
  else listeners.forEach(function (listener) {
    try {
      listener(items, sayUnlisted);
    } catch (error) {
      sayUnlisted();
    }
  });
}

function sayUnlisted() {
  byId("filters").hidden = true;
  byId("count").textContent = UNLISTED;
}

window.circleTake = {
  PARTS: PARTS, PART_NAMES: PART_NAMES, byId: byId, hasOwn: hasOwn, isObject: isObject,
  /** Have `listener` called with the lines of the log and with what to call if they cannot be shown, once the check has ended. */
  whenChecked: function (listener) { listeners.push(listener); },
  /** What is wrong with the log, as far as was checked; null if nothing is. */
  fault: function () { return fault; },
};
window.addEventListener("load", function () {
  loaded = true;
  tellListeners();
});
say("working", "Checking the chain", "Every entry is being recomputed in this browser.");
byId("progress").hidden = false;
readLines(byId("log").textContent);
