import { describe, expect, it } from 'vitest';
import { createServerCodec, utf8Encode } from '@longwave/protocol';
import type { Session } from '@longwave/core';
import { Host } from '../checking/host.js';
import { Random } from '../random.js';
import { ServerEnd } from './server-end.js';
import { VirtualClock } from '../virtual-clock.js';

function make(limitBytes = 10) {
  const clock = new VirtualClock(new Random(1));
  const log: string[] = [];
  const wire = { codec: createServerCodec('binary'), pack: (message: string | Uint8Array) => message as Uint8Array };
  const end = new ServerEnd(wire, new Host('server', clock, new Random('host')), limitBytes, {
    onSend: (chunks) => log.push(chunks.map((chunk) => new TextDecoder().decode(chunk)).join('+')),
    onClose: (code) => log.push(`close ${code}`),
    onOverrun: () => log.push('overrun'),
  });
  end.session = { drained: () => log.push('drained') } as unknown as Session;
  const write = (text: string) => end.write(utf8Encode(text));
  const run = () => {
    while (clock.step(clock.time + 1000));
  };
  return { end, log, write, run };
}

describe('ServerEnd', () => {
  it('sends at once what the link takes, and together what was corked', () => {
    const { end, log, write } = make();
    expect(write('a')).toBe(true);
    end.cork();
    write('b');
    write('c');
    expect(log).toEqual(['a']);
    end.uncork();
    expect(log).toEqual(['a', 'b+c']);
  });

  it('says when it is full, keeps what it took, and tells when it takes more', () => {
    const { end, log, write, run } = make();
    end.setSpeed(0);
    expect([write('12345'), write('67890')]).toEqual([true, false]);
    run();
    expect(log).toEqual([]);
    end.setSpeed(1);
    run();
    expect(log).toEqual(['12345', 'drained', '67890']);
    expect(write('more')).toBe(true);
  });

  it('counts what is corked', () => {
    const { end, write } = make();
    end.setSpeed(0);
    end.cork();
    expect([write('12345'), write('67890')]).toEqual([true, false]);
  });

  it('tells of a server that writes on', () => {
    const { end, log, write } = make();
    end.setSpeed(0);
    write('x'.repeat(10));
    write('x'.repeat(600));
    expect(log).toEqual(['overrun']);
  });

  it('closes behind what it took, and hears nothing of what comes later', () => {
    const { end, log, write, run } = make();
    end.setSpeed(0);
    write('last');
    end.close(4504, 'going-away');
    write('late');
    end.setSpeed(1);
    run();
    expect(log).toEqual(['last', 'close 4504']);
  });

  it('holds back what comes in while it does not read', () => {
    const { end, log, run } = make();
    end.pause();
    end.receive(() => log.push('one'));
    end.receive(() => log.push('two'));
    run();
    expect(log).toEqual([]);
    end.resume();
    run();
    expect(log).toEqual(['one', 'two']);
  });
});
