import { AsyncLocalStorage } from 'node:async_hooks';
import process from 'node:process';

/** @type {AsyncLocalStorage<(text: string) => void>} */
const sinks = new AsyncLocalStorage();

/**
 * Where the step that runs writes its output. Ask while the step begins its work: what it starts may write later.
 * @returns {(text: string) => void}
 */
export function outputOfStep() {
  return sinks.getStore() ?? ((text) => void process.stdout.write(text));
}

/** @param {string} line */
export function say(line) {
  outputOfStep()(`${line}\n`);
}

/**
 * Runs lanes of steps beside each other, and the steps of a lane in their order. The output of the first lane comes as it is
 * made; that of a step of another lane comes as a whole when the step has ended.
 * @template T
 * @param {readonly (readonly T[])[]} lanes
 * @param {(step: T) => Promise<void>} runStep
 * @param {(text: string) => void} [write] default: to stdout
 */
export async function runLanes(lanes, runStep, write = (text) => void process.stdout.write(text)) {
  const lane = async (steps, isFirst) => {
    for (const step of steps) {
      let held = '';
      await sinks.run(isFirst ? write : (text) => void (held += text), () => runStep(step));
      write(held);
    }
  };
  await Promise.all(lanes.map((steps, i) => lane(steps, i === 0)));
}
