import { checkEndpoint } from './endpoint.js';
import type { Finding, Transports } from './finding.js';
import { checkIdle } from './idle.js';
import { checkReach } from './reach.js';
import { type Report, toReport } from './report.js';
import { checkPoll, checkSend } from './wire/requests.js';
import { checkStream } from './streaming.js';
import { type Target, endpointUrl } from './wire/target.js';
import { checkTls } from './tls.js';
import { checkWebSocket } from './wire/web-socket.js';

export interface ExamineOptions {
  /** How long each transport is left alone, to see what cuts it. Default 0: not at all. */
  readonly idleMs?: number;
  /** A certificate that browsers refuse is told, and held against nothing. */
  readonly insecure?: boolean;
  /** Told of each finding as soon as it is there. */
  readonly onFinding?: (finding: Finding) => void;
}

const nothing: Transports = { websocket: false, stream: false, poll: false };

/** Looks at a server from where we stand, one thing after the other, in bounded time. Never rejects. */
export async function examine(target: Target, options: ExamineOptions = {}): Promise<Report> {
  const { idleMs = 0, insecure = false, onFinding } = options;
  const url = endpointUrl(target);
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]): void => {
    findings.push(...found);
    for (const finding of found) onFinding?.(finding);
  };

  const reach = await checkReach(target);
  tell(reach.findings);
  if (!reach.reached) return toReport(url, findings, nothing);
  const tls = target.secure ? await checkTls(target) : undefined;
  tell(tls?.findings ?? []);
  if (tls?.spoken === false) return toReport(url, findings, nothing);
  const endpoint = await checkEndpoint(target);
  tell(endpoint.findings);
  const { vendor, target: known } = endpoint;

  const webSocket = await checkWebSocket(known, vendor);
  tell(webSocket.findings);
  let works: Transports = { ...nothing, websocket: webSocket.works };
  if (endpoint.found) {
    const stream = await checkStream(known, vendor);
    tell(stream.findings);
    const poll = await checkPoll(known, vendor);
    tell(poll.findings);
    const send = await checkSend(known, vendor);
    tell(send.findings);
    works = { ...works, stream: stream.works && send.works, poll: poll.works && send.works };
  }
  if (idleMs > 0 && endpoint.admitted) tell(await checkIdle(known, { idleMs, works, vendor }));
  return toReport(url, findings, tls?.trusted === false && !insecure ? nothing : works);
}
