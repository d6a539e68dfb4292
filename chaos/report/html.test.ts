import { expect, it } from 'vitest';
import type { RunResult } from '../run.js';
import { toHtml } from './html.js';

it('is one file in which what was found is data and never markup', () => {
  const result = { seed: '</script><img src=x>', violations: [] } as unknown as RunResult;
  const html = toHtml(result);
  expect(html).not.toContain('<img');
  expect(html).not.toMatch(/(?:src|href)="/);
  expect(html).not.toContain('innerHTML');
  const data = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(html)![1]!;
  expect(JSON.parse(data)).toEqual(result);
});
