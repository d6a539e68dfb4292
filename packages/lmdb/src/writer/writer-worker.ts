import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { Batch } from './jobs.js';
import type { FromWriter, ToWriter } from './writer-messages.js';
import { Writer, type WriterOptions } from './writer.js';

/** The writer's thread: answers each batch in the order of their coming. */
function run(options: WriterOptions): void {
  const port = parentPort!;
  const reply = (message: FromWriter): void => port.postMessage(message);
  let writer: Writer | undefined;
  port.on('message', (message: ToWriter) => {
    if (message === 'close') {
      void Promise.resolve(writer?.close()).finally(() => process.exit());
      return;
    }
    reply(commit(message));
  });

  function commit(batch: Batch): FromWriter {
    try {
      writer ??= new Writer(options);
      return { done: writer.commit(batch) };
    } catch (error) {
      const { message, code, name } = error as { message: string; code?: string | number; name?: string };
      return { failed: { message, code, name } };
    }
  }
}

if (parentPort) run(workerData as WriterOptions);
