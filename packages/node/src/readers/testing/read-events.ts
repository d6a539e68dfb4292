import { type IncomingHttpHeaders, type IncomingMessage, get } from 'node:http';

/** An event as the HTML standard's EventSource would dispatch it. */
interface StreamEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** A stream that is being read; a subset of EventSource that does not come back by itself. */
export interface EventReading {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: StreamEvent[];
  readonly comments: string[];
  /** Where a browser would continue. */
  lastEventId: string;
  retryMs: number | undefined;
  /** The text that came, unchanged. */
  text: string;
  ended: boolean;
  /** Resolves when it has ended. */
  readonly end: Promise<void>;
  readonly response: IncomingMessage;
  /** Breaks it off. */
  kill(): void;
}

export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReading> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  let done: () => void;
  const reading: EventReading = {
    status: response.statusCode!,
    headers: response.headers,
    events: [],
    comments: [],
    lastEventId: headers['last-event-id'] ?? '',
    retryMs: undefined,
    text: '',
    ended: false,
    end: new Promise((resolve) => (done = resolve)),
    response,
    kill: () => response.destroy(),
  };
  let rest = '';
  let type = '';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) {
        reading.events.push({ type: type || 'message', data: data.join('\n'), lastEventId: reading.lastEventId });
      }
      type = '';
      data = [];
      return;
    }
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(text)!;
    if (field === '') reading.comments.push(value!);
    else if (field === 'event') type = value!;
    else if (field === 'data') data.push(value!);
    else if (field === 'id') reading.lastEventId = value!;
    else if (field === 'retry') reading.retryMs = Number(value);
  };
  response.setEncoding('utf8');
  response.on('data', (piece: string) => {
    reading.text += piece;
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const each of lines) line(each);
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    reading.ended = true;
    done();
  });
  return reading;
}
