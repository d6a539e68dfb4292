import { expect, it } from 'vitest';
import { longwave, serve } from '../testing/run.js';

it('longwave doctor: prints findings and a summary without colour, and exits with 0', async () => {
  const { url } = await serve();
  const doctor = longwave('doctor', url);
  expect(await doctor.ended).toBe(0);
  expect(doctor.err.all).toEqual([]);
  expect(doctor.out.all.join('\n')).not.toContain('\u001B');
  expect(doctor.out.all).toContainEqual(expect.stringMatching(/^ok {5}websocket {2}opens in \d+ ms/));
  expect(doctor.out.all.at(-1)).toBe('All works: WebSocket, streaming and long polling.');
});

it('longwave doctor --json: prints a report for machines, and exits with 2 when nobody gets through', async () => {
  const { url, kill, ended } = await serve();
  kill('SIGTERM');
  await ended;
  const doctor = longwave('doctor', url, '--json');
  expect(await doctor.ended).toBe(2);
  expect(JSON.parse(doctor.out.all.join('\n'))).toMatchObject({
    url: `${url}/longwave`,
    exitCode: 2,
    transports: { websocket: false, stream: false, poll: false },
    findings: [{ area: 'tcp', verdict: 'fail' }],
  });
  const wrong = longwave('doctor', 'example.com');
  expect(await wrong.ended).toBe(1);
  expect(wrong.err.all).toEqual([expect.stringContaining("'example.com' is no address of a server")]);
});
