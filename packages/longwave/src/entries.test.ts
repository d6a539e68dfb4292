import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as portable from './client.js';
import * as lazy from './client-lazy.js';
import * as node from './client-node.js';
import * as main from './index.js';

it('gives on Node what it gives elsewhere, with the same types', () => {
  expect(Object.keys(node).toSorted()).toEqual(Object.keys(portable).toSorted());
  const same: typeof portable = node;
  expect(same.LongwaveError).toBe(main.LongwaveError);
});

/** Where each name that an entry exports comes from. */
function originsOf(file: string): Map<string, string> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const exported = [...text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g)];
  return new Map(
    exported.flatMap(([, names, origin]) => [...names!.matchAll(/(\w+),/g)].map(([, name]) => [name!, origin!])),
  );
}

it('gives from the lazy entry what it gives from the other, with the same types', () => {
  expect(Object.keys(lazy).toSorted()).toEqual(Object.keys(portable).toSorted());
  const same: typeof portable = lazy;
  expect(same.LongwaveError).toBe(main.LongwaveError);
});

it('means the same by a name on the server and on the client', () => {
  const [onServer, onClient] = [originsOf('index.ts'), originsOf('client.ts')];
  const both = [...onServer.keys()].filter((name) => onClient.has(name));
  expect(both).toEqual(expect.arrayContaining(['Published', 'Message', 'HistoryPage', 'Entry', 'ChangeOptions']));
  for (const name of both) expect(`${name} of ${onServer.get(name)}`).toBe(`${name} of ${onClient.get(name)}`);
});
