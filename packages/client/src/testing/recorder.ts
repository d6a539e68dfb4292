import type { MessageMeta, Position, ResetInfo } from '@longwave/protocol';
import type { SubscribeOptions } from '../api/api.js';
import { Harness, subscribedFrame } from './harness.js';

/** Records the callbacks of one subscription, in order. */
export function record(h: Harness, from: SubscribeOptions['from'] = 'now', channel = 'a') {
  const log: unknown[] = [];
  const resets: ResetInfo[] = [];
  const metas: MessageMeta[] = [];
  const subscription = h.client.channel(channel).subscribe(
    {
      from,
      onSubscribed: ({ position, recovering, reset }) =>
        log.push(`at ${position.offset} +${recovering} ${reset ?? ''}`.trim()),
      onReset: (reset) => {
        resets.push(reset);
        log.push(`${reset.reason} ${reset.position.offset}`);
      },
      onEnd: (error) => log.push(`end ${error.code}`),
    },
    (data, meta) => {
      metas.push(meta);
      log.push(data);
    },
  );
  return { log, resets, metas, subscription };
}

/** A client whose subscription to `a` stands at `offset`. */
export function live(from: SubscribeOptions['from'] = 'now', offset = 0) {
  const h = new Harness();
  const recorded = record(h, from);
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, offset));
  recorded.log.length = 0;
  return { h, ...recorded };
}

export const position = (offset: number, epoch = 'e1'): Position => ({ epoch, offset });
