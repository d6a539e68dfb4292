import { type CodecName, type Encoded, createClientCodec } from '@longwave/protocol';
import type { Link, LinkClose, Renewal } from '@longwave/client';
import type { TransportFixture } from './transport-fixture.js';

export type LinkEvent =
  | 'open'
  | 'lost'
  | 'renew'
  | { readonly message: Encoded }
  | { readonly close: LinkClose }
  /** Against the contract. */
  | { readonly misuse: string };

/** Message number `i`, as large as a frame of either codec that a test can tell from others. */
export function sample(codec: CodecName, i: number): Encoded {
  return codec === 'json' ? `{"n":${i},"é":"😀"}` : Uint8Array.of(3, i, 0, 255);
}

export const renewalOf = (codec: CodecName = 'json', fields: Partial<Renewal> = {}): Renewal => ({
  connect: codec === 'json' ? '{"connect":1}' : Uint8Array.of(1, 1),
  message: codec === 'json' ? '{"connect":1}\n{"subscribe":2}' : Uint8Array.of(1, 1, 1, 2),
  messageBytes: 65_536,
  atOnce: true,
  join: (messages) => createClientCodec(codec).join(messages),
  ...fields,
});

export interface Dialled {
  readonly link: Link;
  /** All events, in their order. */
  readonly log: readonly LinkEvent[];
  readonly messages: () => Encoded[];
  /** Resolves when what has come meets `enough`; throws when it came as it must not. */
  until(enough: (log: readonly LinkEvent[]) => boolean): Promise<void>;
}

export interface DialOptions {
  readonly codec?: CodecName;
  readonly url?: string;
  /** Called when the request that carries messages down has ended. */
  readonly onRenew?: (link: Link) => void;
}

/** A client's end of a link, which holds its events to the order that `Transport` promises. */
export function dial(fixture: TransportFixture, options: DialOptions = {}): Dialled {
  const { codec = 'json', url = fixture.url, onRenew = () => undefined } = options;
  const log: LinkEvent[] = [];
  const waiting: (() => void)[] = [];
  let returned = false;
  let within = false;
  const note = (event: LinkEvent, react: (to: Link) => void = () => undefined): void => {
    // Noted, not thrown: what is thrown in an event is the transport's to catch.
    if (!returned) log.push({ misuse: 'An event came before connect had returned.' });
    if (within) log.push({ misuse: 'An event came within another.' });
    within = true;
    log.push(event);
    if (returned) react(link);
    within = false;
    for (const wake of waiting.splice(0)) wake();
  };
  const link = fixture.transport.connect(url, codec, {
    onOpen: () => note('open'),
    onMessage: (message) => note({ message }),
    onLost: () => note('lost'),
    onRenew: () => note('renew', onRenew),
    onClose: (close) => note({ close }),
  });
  returned = true;
  const until = async (enough: (events: readonly LinkEvent[]) => boolean): Promise<void> => {
    while (!enough(log)) await new Promise<void>((resolve) => waiting.push(resolve));
    for (const event of log) if (typeof event === 'object' && 'misuse' in event) throw new Error(event.misuse);
  };
  const messages = (): Encoded[] =>
    log.flatMap((event) => (typeof event === 'object' && 'message' in event ? [event.message] : []));
  return { link, log, messages, until };
}

export function isClose(event: LinkEvent | undefined): boolean {
  return typeof event === 'object' && 'close' in event;
}
