'use strict';
const result = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const left = 92;
const right = 12;

function element(parent, name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function draw(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

const whole = (number) => Math.round(number).toLocaleString('en');
const seconds = (ms) => ((ms - result.startedAt) / 1000).toFixed(1);
const lengthS = Math.max(1, ...result.seconds.map(({ at }) => at + 1));
/** Of the intervals, which count from a little before the workload began. */
const ofTime = (ms) => (ms - result.timelineFrom) / 1000;

function colourOf(kind) {
  if (/store|fail-over|disk/.test(kind)) return 'var(--store)';
  if (/node|clock|rolling/.test(kind)) return 'var(--node)';
  return /clients|one-way|half-open|balancer/.test(kind) ? 'var(--link)' : 'var(--other)';
}

function widthOf(holder) {
  return Math.max(holder.clientWidth || 320, Math.min(lengthS * 3, 6000));
}

function frame(holder, height) {
  holder.replaceChildren();
  const width = widthOf(holder);
  const svg = draw(holder, 'svg', { width, height, role: 'img' });
  const x = (second) => left + (second / lengthS) * (width - left - right);
  const step =
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600].find((each) => lengthS / each < (width - left) / 60) ?? 7200;
  for (let at = 0; at <= lengthS; at += step) {
    draw(svg, 'line', { class: 'grid', x1: x(at), x2: x(at), y1: 4, y2: height - 18 });
    draw(svg, 'text', { x: x(at), y: height - 4, 'text-anchor': 'middle' }, at >= 120 ? `${at / 60} min` : `${at} s`);
  }
  return { svg, x };
}

function markViolations(svg, x, height) {
  for (const { kind, where, at } of result.violations) {
    const second = Math.min(Math.max(0, ofTime(at)), lengthS);
    const line = draw(svg, 'line', { class: 'mark', x1: x(second), x2: x(second), y1: 4, y2: height - 18 });
    draw(line, 'title', {}, `${kind}: ${where}`);
  }
}

function drawFaults() {
  const targets = [...new Set(result.faults.map(({ target }) => target))].toSorted((a, b) => a.localeCompare(b));
  const rowHeight = 20;
  const height = Math.max(1, targets.length) * rowHeight + 26;
  const { svg, x } = frame(byId('faults'), height);
  for (const [row, target] of targets.entries()) {
    draw(svg, 'text', { x: left - 8, y: row * rowHeight + 18, 'text-anchor': 'end' }, target);
  }
  for (const fault of result.faults) {
    const row = targets.indexOf(fault.target);
    const from = x(ofTime(fault.from));
    const to = Math.max(x(ofTime(fault.to)), from + 4);
    const told = `${fault.kind} of ${fault.target}, from ${seconds(fault.from)} s for ${((fault.to - fault.from) / 1000).toFixed(2)} s${fault.amount ? `, ${fault.amount}` : ''}${fault.note ? `: ${fault.note}` : ''}`;
    const bar = draw(svg, 'rect', {
      class: 'bar',
      x: from,
      y: row * rowHeight + 6,
      width: to - from,
      height: rowHeight - 5,
      rx: 2,
    });
    bar.style.fill = colourOf(fault.kind);
    draw(bar, 'title', {}, told);
    for (const event of ['click', 'pointerenter'])
      bar.addEventListener(event, () => (byId('detail').textContent = told));
    if (to - from > fault.kind.length * 6.5) {
      const label = draw(svg, 'text', { x: from + 4, y: row * rowHeight + 18, 'pointer-events': 'none' }, fault.kind);
      label.style.fill = 'var(--paper)';
    }
  }
  markViolations(svg, x, height);
}

function drawLines(id, lines, isLogarithmic) {
  const height = 170;
  const holder = byId(id);
  const { svg, x } = frame(holder, height);
  const floor = height - 20;
  const most = Math.max(1, ...result.seconds.flatMap((second) => lines.map(({ of }) => second[of] ?? 0)));
  const scale = isLogarithmic ? (value) => Math.log10(Math.max(value, 0.1)) + 1 : (value) => value;
  const y = (value) => floor - (scale(value) / scale(most)) * (floor - 10);
  const ticks = isLogarithmic ? [0.1, 1, 10, 100, 1000, 10000].filter((tick) => tick <= most) : [0, most / 2, most];
  for (const tick of ticks) {
    draw(svg, 'line', { class: 'grid', x1: left, x2: x(lengthS), y1: y(tick), y2: y(tick) });
    draw(svg, 'text', { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, tick < 1 ? String(tick) : whole(tick));
  }
  markViolations(svg, x, height);
  for (const { of, colour } of lines) {
    let path = '';
    let isDown = false;
    for (const second of result.seconds) {
      const value = second[of];
      if (value === undefined || value === null) {
        isDown = false;
        continue;
      }
      path += `${isDown ? 'L' : 'M'}${x(second.at + 0.5).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
    }
    const line = draw(svg, 'path', { d: path, fill: 'none', 'stroke-width': 1.5 });
    line.style.stroke = colour;
  }
  const legend = byId(`${id}-legend`);
  legend.replaceChildren();
  for (const { name, colour } of lines) {
    const key = element(legend, 'span', name);
    key.className = 'key';
    key.style.setProperty('--of', colour);
  }
}

function fillTable(id, head, rows) {
  const table = byId(id);
  const top = element(table, 'tr');
  for (const name of head) element(top, 'th', name);
  for (const row of rows) {
    const line = element(table, 'tr');
    for (const cell of row) element(line, 'td', cell);
  }
}

function tell() {
  const { totals, tally, quiet, latencyMs } = result;
  byId('what').textContent =
    `Store ${result.store}, ${result.nodes} nodes, ${whole(result.subscriptions)} subscriptions, seed ${result.seed}, ${whole(result.durationMs / 1000)} s${result.bug ? `, with the planted bug ${result.bug}` : ''}.`;
  const counts = Object.entries(result.violationCounts);
  const total = counts.reduce((sum, [, count]) => sum + count, 0) + result.crashes.length;
  const verdict = byId('verdict');
  verdict.className = total === 0 ? 'good' : 'bad';
  verdict.textContent =
    total === 0
      ? 'Nothing lost without a word, duplicated or reordered, no silent gap, no needless reset.'
      : `${whole(total)} violations: ${[...counts.map(([kind, count]) => `${kind} ${count}`), ...result.crashes].join(', ')}`;
  const figures = {
    published: whole(totals.published),
    acknowledged: whole(totals.acked),
    delivered: whole(totals.delivered),
    faults: whole(result.faults.length),
    reconnects: whole(totals.reconnects),
    resets:
      Object.entries(tally.resets)
        .map(([reason, count]) => `${reason} ${whole(count)}`)
        .join(', ') || '0',
    'lost as announced': whole(tally.announcedLosses),
    'quiet sightings in calm': `${whole(quiet.checked)}, ${quiet.late.length} late`,
    'latency p50 / p99': `${latencyMs.p50?.toFixed(1) ?? '–'} / ${latencyMs.p99?.toFixed(1) ?? '–'} ms`,
  };
  for (const [name, value] of Object.entries(figures)) {
    const pair = element(byId('figures'), 'div');
    element(pair, 'dt', name);
    element(pair, 'dd', value);
  }
  if (result.violations.length === 0) byId('violations').textContent = 'None.';
  else {
    fillTable(
      'violations',
      ['at', 'what', 'where', ''],
      result.violations.map(({ kind, where, message, at }) => [`${seconds(at)} s`, kind, where, message]),
    );
  }
  fillTable(
    'fault-table',
    ['from', 'lasted', 'what', 'of', ''],
    [...result.faults]
      .sort((a, b) => a.from - b.from)
      .map((fault) => [
        `${seconds(fault.from)} s`,
        `${((fault.to - fault.from) / 1000).toFixed(2)} s`,
        fault.kind,
        fault.target,
        [fault.amount || '', fault.note ?? ''].join(' ').trim(),
      ]),
  );
}

function drawAll() {
  drawFaults();
  drawLines('rates', [
    { of: 'delivered', name: 'delivered', colour: 'var(--b)' },
    { of: 'published', name: 'published', colour: 'var(--c)' },
    { of: 'acked', name: 'acknowledged', colour: 'var(--a)' },
  ]);
  drawLines('returns', [
    { of: 'reconnects', name: 'reconnects', colour: 'var(--a)' },
    { of: 'resets', name: 'resets', colour: 'var(--bad)' },
  ]);
  drawLines(
    'latency',
    [
      { of: 'p50', name: 'p50', colour: 'var(--a)' },
      { of: 'p99', name: 'p99', colour: 'var(--c)' },
    ],
    true,
  );
}

tell();
// On a phone the height changes with each scroll, and nothing has to be drawn anew.
new ResizeObserver(drawAll).observe(document.querySelector('h1'));
