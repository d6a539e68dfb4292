import { chartOf, environmentOf, nameOf, readResults, remarksOn } from './results.mjs';
import { figure } from './svg.mjs';
import { table, tableOf } from './tables.mjs';

/**
 * Returns the generated parts of docs/benchmarks.md, each by the name of its mark in that file: text with a table, and the charts of the same
 * figures. A benchmark without results has none.
 * @returns {Map<string, { text: string, charts: Map<string, import('./svg.mjs').Chart> }>}
 */
export function sections() {
  const all = { fanOut, bursts, short, resume, poll, state, documents, rooms, stores, faults };
  const found = new Map();
  for (const [name, make] of Object.entries(all)) {
    const charts = new Map();
    const show = (id, chart) => {
      charts.set(id, chart);
      return `${picture(id, chart)}\n\n${tableOf(chart)}`;
    };
    const parts = make(show);
    found.set(name, { text: parts === undefined ? 'Not measured yet.' : parts.join('\n\n'), charts });
  }
  return found;
}

const picture = (id, { title }) => `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="charts/${id}-dark.svg">
  <img src="charts/${id}-light.svg" alt="${title}: the numbers of the table below">
</picture>`;

const source = (file, command, results) => `*\`${command}\`, [figures](../${file}): ${environmentOf(results)}.*`;
const servers = ['longwave', 'floor', 'bun', 'ws', 'socket.io'];
/** The run of its own has more peers measured beside each other; the short form has all. */
const live = ['longwave', 'floor', 'bun'];

function fanOut(show) {
  const run = readResults('fan-out');
  if (!run) return undefined;
  const common = { benchmark: 'fan-out', peers: live };
  const parts = [
    source('bench/results/fan-out.json', 'npm run bench -- --only fan-out,storm,depth --peers longwave,floor,bun', run),
    show('fan-out-cpu', chartOf(run, { ...common, title: 'CPU per delivery', unit: 'µs', key: 'cpuUs' })),
    show(
      'fan-out-p99',
      chartOf(run, { ...common, title: 'Latency, the slowest of 100', unit: 'ms, p99', key: 'p99Ms' }),
    ),
    tableOf(chartOf(run, { ...common, title: '', unit: 'ms, p50', key: 'p50Ms' })),
  ];
  parts.push(...remarksOn(run, ({ benchmark }) => benchmark === 'fan-out'));
  const all = readResults('short');
  if (all) {
    parts.push(
      `Everybody, from a run of the short form:`,
      tableOf(chartOf(all, { benchmark: 'fan-out', peers: servers, title: '', unit: 'µs per delivery', key: 'cpuUs' })),
    );
  }
  return parts;
}

function bursts(show) {
  const run = readResults('fan-out');
  if (!run?.rows.some(({ benchmark }) => benchmark === 'depth')) return undefined;
  return [
    show(
      'bursts-cpu',
      chartOf(run, {
        benchmark: 'depth',
        peers: live,
        title: 'CPU per delivery, server idle between bursts',
        unit: 'µs',
        key: 'cpuUs',
      }),
    ),
  ];
}

function short(show) {
  const run = readResults('short');
  if (!run) return undefined;
  const one = (id, benchmark, title, unit, key) =>
    show(
      id,
      chartOf(run, {
        benchmark,
        peers: servers,
        title,
        unit,
        key,
        label: (cell) => (benchmark === 'idle' ? 'idle' : cell),
      }),
    );
  return [
    source('bench/results/short.json', 'npm run bench', run),
    one('idle', 'idle', 'An idle connection with one subscription', 'KiB of memory', 'rssKib'),
    one('storm', 'storm', 'Connect, authenticate, subscribe', 'µs of CPU each', 'cpuUs'),
    one('small-rooms', 'rooms', '200 channels with 5 subscribers each', 'µs per delivery', 'cpuUs'),
    one('echo', 'echo', 'Echo (Longwave: a call)', 'µs of CPU each', 'cpuUs'),
    ...remarksOn(run, ({ benchmark }) => ['idle', 'storm', 'rooms', 'echo'].includes(benchmark)),
  ];
}

function resume() {
  const run = readResults('short');
  const row = run?.rows.find(({ benchmark }) => benchmark === 'resume')?.figures;
  if (!row) return undefined;
  const slow = run.rows.filter(({ benchmark, cell }) => benchmark === 'slow' && cell === '1,000 stall');
  const calm = (peer) =>
    run.rows.find((one) => one.benchmark === 'slow' && one.cell === 'nobody stalls' && one.peer === peer).figures;
  return [
    table([
      ['1,000 clients that missed 500 messages each come back at once', ''],
      ['until all had everything', `${figure(row.allMs / 1000)} s`],
      ['CPU per delivery', `${figure(row.cpuUs)} µs`],
      ['lost, doubled, out of order', `${row.lost}, ${row.duplicated}, ${row.reordered}`],
    ]),
    table([
      ['1,000 of 5,000 subscribers stop reading', ...slow.map(({ peer }) => nameOf(peer))],
      ['growth of memory for each of them, KiB', ...slow.map(({ figures }) => figure(figures.growthPerStalledKib))],
      ['p99 of the others, ms', ...slow.map(({ figures }) => figure(figures.p99Ms))],
      ['the same while nobody stalls, ms', ...slow.map(({ peer }) => figure(calm(peer).p99Ms))],
      [
        'messages that they got in order when they read on',
        ...slow.map(({ figures }) => figures.stalledVerified.toLocaleString('en-US')),
      ],
    ]),
  ];
}

function poll(show) {
  const run = readResults('long-poll');
  if (!run) return undefined;
  const peers = ['longwave', 'engine.io'];
  return [
    source('bench/results/long-poll.json', 'npm run bench:poll', run),
    show(
      'long-poll',
      chartOf(run, {
        peers,
        cells: ['1 msg/s', '5 msg/s'],
        title: 'Long polling: CPU per delivery, 500 clients',
        unit: 'µs',
        key: 'cpuUsPerDelivery',
      }),
    ),
    tableOf(chartOf(run, { peers, title: '', unit: 'requests a minute of a client', key: 'requestsPerClientMinute' })),
  ];
}

function state() {
  const run = readResults('state');
  if (!run) return undefined;
  const {
    map,
    viewport: [view],
    presence: [members],
  } = run.results;
  return [
    source('bench/results/state.json', 'npm run bench:state', run),
    table([
      [
        'a map of 20,000 keys with 20,000 updates a second, watched whole at 4 updates a second',
        ...map.map(({ watchers }) => `${watchers.toLocaleString('en-US')} watchers`),
      ],
      ['of one core, %', ...map.map((one) => figure(one['cpu %']))],
      ['ns of CPU for an entry delivered', ...map.map((one) => figure(one['ns CPU per delivered entry']))],
      ['MB a second in all', ...map.map((one) => figure(one['MB/s in all']))],
      [
        'memory, idle and busy, MiB',
        ...map.map((one) => `${figure(one['rss idle MiB'])}, ${figure(one['rss busy MiB'])}`),
      ],
      ['all equal to the server at the end', ...map.map(({ equal }) => (equal ? 'yes' : 'no'))],
    ]),
    table([
      [`a view of 1 % of ${view.vehicles.toLocaleString('en-US')} moving vehicles`, ''],
      ['KB a second', figure(view['viewport KB/s'])],
      ['times the bytes of what lies in it', figure(view['viewport / ideal'])],
      ['KB a second without the view', figure(view['all KB/s'])],
    ]),
    table([
      [`${members.members.toLocaleString('en-US')} members join one channel, seen by ${members.watchers}`, ''],
      ['until everybody saw all, s', figure(members['joined and seen by all, s'])],
      [
        `events for ${members.drops.toLocaleString('en-US')} that drop and come back within the grace`,
        figure(members['events of drops within the grace']),
      ],
    ]),
  ];
}

function documents(show) {
  const run = readResults('docs');
  if (!run) return undefined;
  const peers = ['longwave', 'longwave-y', 'hocuspocus', 'y-websocket'];
  const chart = (id, cell, title, unit, key) =>
    show(id, { ...chartOf(run, { peers, cells: [cell], title, unit, key, label: () => '' }) });
  return [
    source('bench/results/docs.json', 'npm run bench:docs', run),
    chart('docs-open', 'open', 'A cold open of 100,000 operations', 'ms until the last byte', 'lastByteMs'),
    chart('docs-memory', 'memory', 'Memory of an open document', 'KB each, 1,000 open', 'rssKbPerDocument'),
    chart('docs-typing', 'typing', '100 editors in one document', 'µs of CPU per delivery', 'cpuUsPerDelivery'),
    chart('docs-typing-p99', 'typing', '100 editors in one document: latency', 'ms, p99', 'p99Ms'),
    'Longwave gathers what is typed into fewer deliveries, which costs latency and saves CPU. The bars that the project set itself, as a share of Hocuspocus (`y.` with clients of y-websocket), and whether they hold:',
    bars(run.ratios),
  ];
}

function rooms() {
  const run = readResults('rooms');
  if (!run) return undefined;
  const rows = run.rows.map(({ row, figures }) => {
    const [cell, peer] = row.split(' ');
    return [
      cell,
      nameOf(peer),
      ...['corePercent', 'bytesASecond', 'framesASecond', 'loopP99Ms'].map((key) => figure(figures[key])),
    ];
  });
  return [
    source('bench/results/rooms.json', 'npm run bench:rooms', run),
    table([
      ['cell', '', '% of a core', 'bytes a second of a player', 'frames a second of a player', 'event loop p99, ms'],
      ...rows,
    ]),
    bars(run.ratios),
  ];
}

function stores() {
  const run = readResults('stores');
  const rows = run?.results.publish;
  if (!rows) return undefined;
  const depths = [...new Set(rows.map(({ inFlight }) => inFlight))];
  const cell = (store, depth) => {
    const row = rows.find((one) => one.store === store && one.inFlight === depth);
    return row ? `${figure(row.perSecond)} (${figure(row.p99)})` : '–';
  };
  return [
    source('bench/results/stores.json', 'npm run bench:stores', run),
    table([
      ['a second (p99 ms), with so many in flight', ...depths.map((depth) => depth.toLocaleString('en-US'))],
      ...[...new Set(rows.map(({ store }) => store))].map((store) => [
        store,
        ...depths.map((depth) => cell(store, depth)),
      ]),
    ]),
  ];
}

function faults() {
  const runs = readResults('chaos/results/runs.json');
  if (!runs) return undefined;
  const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
  const number = (value) => value.toLocaleString('en-US');
  return [
    `*\`npm run chaos\`, [figures](../chaos/results/runs.json).*`,
    table([
      [
        'store',
        'minutes',
        'published, all acknowledged',
        'delivered',
        'faults',
        'kill -9 of nodes, of the store',
        'violations',
        'lost and told',
        'resets',
        'ack p99, s',
      ],
      ...runs.map(({ store, durationMs, totals, tally, faultCounts, violationCounts, ackMs }) => [
        store,
        figure(durationMs / 60_000),
        number(totals.published),
        number(totals.delivered),
        number(sum(faultCounts)),
        `${faultCounts['kill-node'] ?? 0}, ${faultCounts['kill-store'] ?? faultCounts['fail-over'] ?? 0}`,
        sum(violationCounts) === 0
          ? '0'
          : Object.entries(violationCounts)
              .map(([name, count]) => `${count} ${name}`)
              .join(', '),
        number(tally.announcedLosses),
        number(sum(tally.resets)),
        figure(ackMs.p99 / 1000),
      ]),
    ]),
    ...runs
      .filter(({ tally }) => tally.overtaken > 0)
      .map(
        ({ store, tally }) =>
          `In the run over ${store} ${tally.overtaken} of ${number(tally.stored)} publishes were stored after later ones of the same client, because the store had refused them at first. The client no longer does that, and newer runs excuse nothing from order.`,
      ),
    ...runs
      .filter(({ ackMs }) => ackMs.p99 > 60_000)
      .map(
        ({ store }) =>
          `Acknowledgements over ${store} came late in this run: nodes that restart every few seconds had to read all channels, and lost what they had read at the next fault.`,
      ),
  ];
}

function bars(ratios) {
  return table([
    ['', 'measured', 'bar', ''],
    ...Object.entries(ratios).map(([name, { ratio, bar, holds }]) => [
      name,
      figure(ratio),
      figure(bar),
      holds ? 'holds' : '**does not hold**',
    ]),
  ]);
}
