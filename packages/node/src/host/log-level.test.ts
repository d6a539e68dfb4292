import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import { nodeTransport } from '../client/index.js';
import { createServer } from '../server/create-server.js';
import { type LogLevel, atLevel, logLevels } from './log-level.js';

function recorder() {
  const lines: string[] = [];
  const tell = (level: LogLevel) => (message: string, cause?: unknown) =>
    void lines.push([level, message, ...(typeof cause === 'string' ? [cause] : [])].join(' '));
  return {
    lines,
    full: { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') },
    small: { info: tell('info'), error: tell('error') },
  };
}

describe('a log level', () => {
  it.each(logLevels)('%s lets through itself and what is more serious', (level) => {
    const { lines, full } = recorder();
    const logger = atLevel(full, level);
    for (const name of logLevels) logger[name]?.('it', name === 'error' ? 'why' : undefined);
    const told = logLevels.slice(logLevels.indexOf(level));
    expect(lines).toEqual(told.map((name) => (name === 'error' ? 'error it why' : `${name} it`)));
  });

  it('brings what a logger has no method for to the next one', () => {
    const { lines, small } = recorder();
    const logger = atLevel(small, 'debug');
    logger.debug?.('a');
    logger.warn?.('b', 'why');
    expect(lines).toEqual(['info a', 'error b why']);
  });

  it('debug tells of each connection, with its id, its user and why it ended', async () => {
    const { lines, full } = recorder();
    let id = '';
    let onEnded!: () => void;
    const ended = new Promise<void>((resolve) => (onEnded = resolve));
    const server = createServer({
      channels: defineChannels({ a: log() }),
      authenticate: () => ({ user: 'ada' }),
      on: { connect: ({ connection }) => void (id = connection.id), disconnect: () => onEnded() },
      logger: full,
      logLevel: 'debug',
    });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const link: ReturnType<ReturnType<typeof nodeTransport>['connect']> = nodeTransport().connect(
      `http://127.0.0.1:${port}/longwave`,
      'json',
      {
        onOpen: () => link.send('{"type":"connect","version":1,"client":"c"}'),
        onMessage: () => link.close(1000, ''),
        onClose: () => undefined,
      },
    );
    await ended;
    await server.close();
    expect(lines.filter((line) => line.includes(id))).toEqual([
      expect.stringMatching(/^debug Connection .* of ada .*websocket/),
      expect.stringMatching(/^debug Connection .* ended: closed after \d+ ms/),
    ]);
  });

  it('is none of these: refused by its name', () => {
    expect(() => createServer({ channels: {}, logLevel: 'loud' as never })).toThrow(/logLevel is/);
  });
});
