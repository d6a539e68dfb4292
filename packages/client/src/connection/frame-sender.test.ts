import {
  type ClientFrame,
  type Encoded,
  createServerCodec,
  createJsonClientCodec,
  wireLimits,
} from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Link, Renewal } from '../base/ports.js';
import { renewalOf } from './renewals.js';
import { FrameSender } from './frame-sender.js';

const server = createServerCodec('json');
const framesOf = (message: Encoded) => server.decode(message) as ClientFrame[];

/** A link that keeps what it is given; with `requests` it is made of them. */
function openLink(requests = false) {
  const sent: Encoded[] = [];
  const renewals: Renewal[] = [];
  const link: Link & { bufferedBytes: number } = {
    bufferedBytes: 0,
    send: (message) => void sent.push(message),
    close: () => undefined,
    ...(requests && { renew: (renewal: Renewal) => void renewals.push(renewal) }),
  };
  return { link, sent, renewals };
}

function setUp(requests = false) {
  const sender = new FrameSender({
    codec: createJsonClientCodec(),
    clientId: 'client-1',
    bytesPerSecond: 5,
    params: undefined,
  });
  const opened = openLink(requests);
  sender.attach(opened.link);
  return { sender, ...opened };
}

const ping: ClientFrame = { type: 'ping' };
const unsubscribe = (id: number): ClientFrame => ({ type: 'unsubscribe', id, channel: 'a' });

describe('frames', () => {
  it('go out one a message, or together where they are gathered', () => {
    const { sender, sent } = setUp();
    sender.send(ping);
    sender.gather(() => {
      sender.send(unsubscribe(1));
      sender.gather(() => sender.send(unsubscribe(2)));
      expect(sent).toHaveLength(1);
    });
    expect(sent.map((message) => framesOf(message).length)).toEqual([1, 2]);
  });

  it('go out although the work that sent them failed', () => {
    const { sender, sent } = setUp();
    const fail = () =>
      sender.gather(() => {
        sender.send(ping);
        throw new Error('afterwards');
      });
    expect(fail).toThrow('afterwards');
    expect(sent).toHaveLength(1);
  });

  it('WIRE-1: are as many in a message as the limits allow', () => {
    const { sender, sent } = setUp();
    const count = wireLimits.framesPerMessage + 1;
    sender.gather(() => {
      for (let id = 1; id <= count; id++) sender.send(unsubscribe(id));
    });
    expect(sent.map((message) => framesOf(message).length)).toEqual([wireLimits.framesPerMessage, 1]);
  });

  it('WIRE-1: take no more bytes in a message than the server takes, in whatever characters', () => {
    const { sender, sent } = setUp();
    sender.messageBytes = 500;
    const frames = Array.from({ length: 20 }, (_, i): ClientFrame => ({
      ...{ type: 'unsubscribe', id: i + 1, channel: `${'é'.repeat(i * 3)}x` },
    }));
    sender.gather(() => {
      for (const frame of frames) sender.send(frame);
    });
    expect(sent.flatMap(framesOf)).toEqual(frames);
    expect(sent.length).toBeGreaterThan(1);
    for (const message of sent) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(500);
  });

  it('that were gathered for a link die with it', () => {
    const { sender, sent } = setUp();
    const next = openLink();
    sender.gather(() => {
      sender.send(unsubscribe(1));
      sender.attach(next.link);
      sender.gather(() => sender.send(unsubscribe(2)));
    });
    expect(sent).toEqual([]);
    expect(next.sent.flatMap(framesOf)).toEqual([unsubscribe(2)]);
  });

  it('go nowhere without a link', () => {
    const { sender } = setUp();
    sender.attach(undefined);
    expect(() => sender.gather(() => sender.send(ping))).not.toThrow();
    expect([sender.linked, sender.open, sender.congested]).toEqual([false, false, false]);
  });
});

describe('a connect', () => {
  it('SES-4: has a later turn each time, and the token of the moment', () => {
    const { sender } = setUp();
    const first = sender.connectFrame();
    sender.token = 't';
    expect(first).toMatchObject({ type: 'connect', client: 'client-1', turn: 1, bytesPerSecond: 5, token: undefined });
    expect(sender.connectFrame()).toMatchObject({ turn: 2, token: 't' });
  });
});

describe('requests', () => {
  it('SES-2: may follow the connect at once, unless a message was too large for an unknown limit', () => {
    const { sender } = setUp();
    expect(sender.open).toBe(true);
    sender.cautious = true;
    expect(sender.open).toBe(false);
    sender.connected = true;
    expect(sender.open).toBe(true);
  });

  it('wait for the server where the link is made of requests', () => {
    const { sender } = setUp(true);
    expect([sender.renews, sender.open]).toEqual([true, false]);
    sender.connected = true;
    expect(sender.open).toBe(true);
  });

  it('CLI-8: that wait for an answer are not sent while the link is held', () => {
    const { sender } = setUp();
    sender.held = true;
    expect(sender.full).toBe(true);
    sender.attach(openLink().link);
    expect(sender.full).toBe(false);
  });

  it('are answered on their own link alone', () => {
    const { sender } = setUp();
    const answered: string[] = [];
    const id = sender.nextId();
    sender.request(id, ping, (answer) => answered.push(answer.type));
    sender.attach(openLink().link);
    sender.answers.settle(id, { type: 'done', id });
    sender.request(sender.nextId(), ping, (answer) => answered.push(answer.type));
    sender.answers.settle(id + 1, { type: 'done', id: id + 1 });
    expect(answered).toEqual(['done']);
  });
});

it('is congested when a mebibyte and more is unsent', () => {
  const { sender, link } = setUp();
  link.bufferedBytes = 1024 * 1024;
  expect(sender.congested).toBe(false);
  link.bufferedBytes++;
  expect(sender.congested).toBe(true);
});

describe('HTTP-3: a link made of requests', () => {
  it('is renewed with connect and all that is asked for, as one message', () => {
    const { sender, sent, renewals } = setUp(true);
    sender.messageBytes = 1234;
    const asked = sender.collect(() => sender.gather(() => sender.send(unsubscribe(7))));
    sender.renew(renewalOf(sender, asked, true));
    const [renewal] = renewals;
    expect(framesOf(renewal!.connect)).toMatchObject([{ type: 'connect', turn: 1 }]);
    expect(framesOf(renewal!.message)).toMatchObject([{ type: 'connect', turn: 1 }, unsubscribe(7)]);
    expect([renewal!.messageBytes, renewal!.atOnce, sent]).toEqual([1234, true, []]);
  });

  it('asks to be renewed soon, but not while it is', () => {
    const { sender } = setUp(true);
    let asked = 0;
    sender.onRenewal = () => void asked++;
    expect(sender.renewSoon()).toBe(true);
    sender.collect(() => expect(sender.renewSoon()).toBe(false));
    expect(asked).toBe(1);
    sender.attach(openLink().link);
    expect([sender.renewSoon(), asked]).toEqual([false, 1]);
  });
});
