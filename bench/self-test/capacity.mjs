import { raw } from '../drivers/raw.mjs';
import { generate } from '../harness/generate.mjs';
import { listPeers } from '../harness/peers.mjs';
import { startServer } from '../harness/server-process.mjs';
import { publishTo } from '../scenarios/publishing.mjs';

/**
 * Says how much of its core the generator needs for two million checked deliveries a second. Not asserted: it is a figure.
 */
export async function reportCapacity() {
  const floor = listPeers().find(({ name }) => name === 'floor');
  if (!floor) return;
  const server = await startServer(floor.command);
  try {
    const numbers = { rate: 2000, burst: 50, 'warmup-ms': 1000, 'window-ms': 2000, 'drain-ms': 3000 };
    const { window } = await generate(publishTo({ ...floor, driver: raw }, { subscribers: 1000, numbers }), server);
    const rate = Math.round(window.verified / window.seconds).toLocaleString('en');
    console.log(
      `generator: ${rate} checked deliveries/s at ${Math.round(window.generatorCpuShare * 100)} % of its core`,
    );
  } finally {
    await server.stop();
  }
}
