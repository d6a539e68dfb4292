import { type ClientCodec, type ReceivedFrame, createJsonClientCodec } from '@longwave/protocol';
import type { BugName } from './bugs.js';

type Frame = ReturnType<ClientCodec['decode']>[number];

/** Made for each client, for some count. */
const taps: Partial<Record<BugName, () => Tap>> = {
  'swap-two': () => ({ received: swapTwo(50) }),
  'foreign-acks': () => ({ receivedTogether: foreignAcks(20) }),
  'lose-last-of-quiet': () => ({ receivedTogether: (frames) => frames.filter((frame) => !isLostLast(frame)) }),
  'resume-one-late': () => ({ shift: 1 }),
  'resume-one-early': () => ({ shift: -1 }),
};

/** The codec that frames pass between the link and the client. Undefined: the client has its own. */
export function plantInCodec(bug: BugName | undefined): ClientCodec | undefined {
  const made = bug && taps[bug];
  return made && tap(made());
}

interface Tap {
  readonly received?: (frame: Frame) => Frame;
  readonly receivedTogether?: (frames: Frame[]) => Frame[];
  /** Shift of the offset from which a log is resumed. */
  readonly shift?: number;
}

function tap({ received = (frame) => frame, receivedTogether = (frames) => frames, shift = 0 }: Tap): ClientCodec {
  const inner = createJsonClientCodec();
  return {
    name: inner.name,
    join: (parts) => inner.join(parts),
    encode: (frame) => {
      const isResume = frame.type === 'subscribe' && frame.channel.startsWith('log/') && (frame.offset ?? 0) > 1;
      return inner.encode(isResume ? { ...frame, offset: frame.offset! + shift } : frame);
    },
    decode: (message) => receivedTogether(inner.decode(message).map(received)),
  };
}

function swapTwo(every: number): (frame: Frame) => Frame {
  const seen = { count: 0 };
  return (frame) => {
    if (frame.type !== 'message' || frame.ops.length < 2 || ++seen.count % every !== 0) return frame;
    const [first, second, ...rest] = frame.ops;
    return { ...frame, ops: [second!, first!, ...rest] };
  };
}

function foreignAcks(every: number): (frames: Frame[]) => Frame[] {
  const seen = { count: 0 };
  return (frames) => {
    const acks = frames.filter(isAck);
    const [first, second] = acks;
    if (!first || !second || ++seen.count % every !== 0) return frames;
    return frames.map((frame) => {
      if (frame === first) return { ...first, id: second.id };
      return frame === second ? { ...second, id: first.id } : frame;
    });
  };
}

/** Without the tops, only the next message would tell. */
function isLostLast(frame: Frame): boolean {
  if (frame.type !== 'message' && frame.type !== 'top') return false;
  return frame.channel.startsWith('quiet/') && (frame.type === 'top' || frame.offset % 2 === 1);
}

function isAck(frame: Frame): frame is Extract<ReceivedFrame, { type: 'ack' }> {
  return frame.type === 'ack';
}
