// Verdicts over time: stacked bars, and the same numbers as a table.

const DAY = 86400000;
const MOST_BARS = 40;
const LABEL = 72; // as wide as a day is written
const SPANS = [
  { days: 1, start: (date) => date.toISOString().slice(0, 10) },
  { days: 7, start: (date) => new Date(date - ((date.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10) },
  { days: 30, start: (date) => date.toISOString().slice(0, 7) },
  { days: 365, start: (date) => date.toISOString().slice(0, 4) },
];

/** Count verdicts by day, week, month or year, whichever makes a readable number of bars: `[[period, {verdict: n}]]`. */
function countVerdicts(entries) {
  const decided = entries.filter((entry) => entry.verdict && !Number.isNaN(entry.at.getTime()));
  if (!decided.length) return [];
  const times = decided.map((entry) => entry.at.getTime());
  const [first, last] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)], [times[0], times[0]]);
  const span = SPANS.find(({ days }) => (last - first) / DAY / days < MOST_BARS) || SPANS[SPANS.length - 1];
  const counted = new Map();
  for (let time = first; time < last + span.days * DAY && counted.size < 400; time += span.days * DAY / 2) counted.set(span.start(new Date(Math.min(time, last))), {});
  for (const entry of decided) {
    const period = span.start(entry.at);
    if (!counted.has(period)) counted.set(period, {});
    counted.get(period)[entry.verdict] = (counted.get(period)[entry.verdict] || 0) + 1;
  }
  return [...counted].sort(([a], [b]) => (a < b ? -1 : 1));
}

function drawChart(entries) {
  const periods = countVerdicts(entries);
  byId("chart-box").hidden = !periods.length;
  if (!periods.length) return;
  const found = new Set(periods.flatMap(([, counts]) => Object.keys(counts)));
  const verdicts = [...ORDER.filter((verdict) => found.has(verdict)), ...[...found].filter((verdict) => !ORDER.includes(verdict)).sort()];
  byId("chart").replaceChildren(bars(periods, verdicts));
  byId("legend").replaceChildren(...verdicts.map((verdict) => element("span", { class: styleOf(verdict) }, element("i"), verdictName(verdict))));
  const head = element("tr", {}, element("th", { scope: "col" }, "From"), ...verdicts.map((verdict) => element("th", { scope: "col" }, verdictName(verdict))));
  const rows = periods.filter(([, counts]) => Object.keys(counts).length).map(([period, counts]) =>
    element("tr", {}, element("th", { scope: "row" }, period), ...verdicts.map((verdict) => element("td", {}, String(counts[verdict] || 0)))));
  byId("chart-table").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
}

function bars(periods, verdicts) {
  const [height, floor, left] = [220, 190, 34];
  const width = Math.max(300, byId("chart").clientWidth); // as wide as it is shown, so that its words keep their size
  const sum = (counts) => Object.values(counts).reduce((all, count) => all + count, 0);
  const most = Math.max(...periods.map(([, counts]) => sum(counts)));
  const step = (width - left) / periods.length;
  const scale = (floor - 14) / most;
  const said = `${sum(Object.fromEntries(periods.map(([period, counts]) => [period, sum(counts)])))} verdicts from ${periods[0][0]} to ${periods[periods.length - 1][0]}; the table below has the numbers.`;
  const parts = [drawn("title", {}, said)];
  for (const mark of new Set([most, Math.round(most / 2)])) {
    const y = floor - mark * scale;
    parts.push(drawn("line", { x1: left, x2: width, y1: y, y2: y }), drawn("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, String(mark)));
  }
  parts.push(drawn("line", { x1: left, x2: width, y1: floor, y2: floor }));
  const every = Math.ceil(periods.length * 90 / width);
  periods.forEach(([period, counts], i) => {
    let y = floor;
    const x = left + i * step + Math.min(2, step * 0.1);
    for (const verdict of verdicts.filter((name) => counts[name])) {
      const tall = counts[verdict] * scale;
      y -= tall;
      parts.push(drawn("rect", { class: styleOf(verdict), x, y, width: Math.min(48, step * 0.8), height: tall }, drawn("title", {}, `${period}: ${counts[verdict]} ${verdictName(verdict)}`)));
    }
    if (i % every === 0 && x + LABEL <= width) parts.push(drawn("text", { x, y: floor + 16 }, period));
  });
  return drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, ...parts);
}
