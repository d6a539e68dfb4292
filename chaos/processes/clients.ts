// Hundreds of clients in one process, told by its parent what to do.
import process from 'node:process';
import { Collector } from '../workload/collector.js';
import { Layout } from '../workload/layout.js';
import { Population } from '../workload/population.js';
import type { ClientsCommand, ClientsConfig, ClientsReport, EndState } from './messages.js';

const lookEveryMs = 50;

const config = JSON.parse(process.argv[2]!) as ClientsConfig;
const report = (message: ClientsReport): void => {
  if (process.connected) process.send!(message);
};
const { patienceMs } = config;
const layout = new Layout(config.size);
const collector = new Collector(layout, config.levels, report);
const population = new Population(config, collector);

/** Waits until `isDone` holds. False: it did not within the time. */
async function waitFor(isDone: () => boolean, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (!isDone()) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return true;
}

async function stop(): Promise<void> {
  population.stop();
  await waitFor(() => collector.inflight === 0, patienceMs);
  for (const publish of population.pending) {
    collector.violations.report('unresolved', publish, `was not answered within ${patienceMs / 1000} s`);
  }
  const { written } = population.writer;
  report({ type: 'stopped', written, entered: population.members.map(({ entered }) => entered) });
}

async function settle(end: EndState): Promise<void> {
  if (config.index === 0) population.readAgain();
  await waitFor(() => population.unsettled(end).length === 0, patienceMs);
  for (const what of population.unsettled(end)) {
    const kind = what.startsWith('watcher') ? 'wrong-state' : 'stuck';
    collector.violations.report(kind, what, `after ${patienceMs / 1000} s without a fault${population.standing(what)}`);
  }
  report({ type: 'settled' });
}

async function obey(command: ClientsCommand): Promise<void> {
  switch (command.type) {
    case 'start':
      return population.start();
    case 'revoked':
      return population.revoke(command.user, command.at);
    case 'stop':
      return stop();
    case 'settle':
      return settle(command.end);
    case 'dump':
      population.close();
      collector.stop();
      for (const book of collector.books.values()) report({ type: 'channel', dump: book.dump() });
      return report({ type: 'dumped' });
  }
}

process.on('message', (command: ClientsCommand) => void obey(command));
process.on('disconnect', () => process.exit(0));
await Promise.all(population.subscribers.map(({ ready }) => ready));
report({ type: 'ready', subscriptions: population.subscriptions });
