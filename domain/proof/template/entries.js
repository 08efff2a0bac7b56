// What the page shows of an entry. Whatever an entry holds, it is text here and never markup.

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

/** Note at each entry what later ones say of it: `later` is `[[name, number], ...]`. */
function noteLater(entries) {
  for (const { seq, refs = [] } of entries) {
    for (const [name, targets] of refs) {
      for (const number of new Set(targets.map(([target]) => target))) {
        const entry = entries[number - 1];
        if (entry && number < seq && (hasOwn(REFS, name) ? REFS[name][1] : null)) (entry.later ??= []).push([name, seq]);
      }
    }
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
  entry.refs = refsOf(body);
  const said = [seq, entry.piece, entry.person, entry.roles, entry.reason, entry.link, entry.hash, typeName(entry.type), verdictName(entry.verdict)];
  entry.text = [...said, ...entry.rows.map(([, value]) => value)].join("\n").toLocaleLowerCase();
  return entry;
}
