import { beforeEach } from 'vitest';

const attach = 'There is no `attach`: HTTP servers of node:http have the host for Node, in Bun too.';
const target = 'Bun resolves the target of a request before it shows it, and takes the host from the header.';

/** Tests of the host for Node that this one does not pass, by the beginning of their titles, each with the reason. */
const notHere: Readonly<Record<string, string>> = {
  'keeps idle connections longer than proxies do': 'Bun sends no header Keep-Alive.',
  'tells an upgrade that lost its header on the way': attach,
  'MSG-2: a reader that stops costs a bounded amount': attach,
  'show what passes on the wire': 'Bun does not show the bytes of its WebSockets.',
  'attaches to an HTTP server': attach,
  'a server that was closed listens no more': attach,
  'an HTTP server that is attached twice': attach,
  'attach: ': attach,
  'HTTP-9: a server on loopback is not reached': target,
  'a proxy and the API agree on what /': target,
};

beforeEach(({ task, skip }) => {
  for (const [title, reason] of Object.entries(notHere)) if (task.name.startsWith(title)) skip(reason);
});
