import { wireLimits } from '@longwave/protocol';
import { type Operation, answer, channel, idempotencyKey, publishRefusals, refusals, user } from './openapi-parts.js';

const queryText = (name: string, description: string, maxLength: number) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', minLength: 1, maxLength },
});

const offset = {
  name: 'offset',
  in: 'path',
  required: true,
  description: 'The place of the message in the log.',
  schema: { type: 'integer', minimum: 1 },
};
const epoch = queryText(
  'epoch',
  'The epoch of the log that is meant. Default: the log that there is now.',
  wireLimits.epochLength,
);
const reason = queryText('reason', 'Told to those who have the message.', wireLimits.reasonLength);
const responses = {
  '200': answer('Redacted: the position is that of the redaction.', 'Published'),
  ...refusals,
  '400': answer('The request is malformed, or wrong-mode: the channel is no redactable log.', 'Error'),
  '404': publishRefusals['404']!,
  '409': answer('epoch-changed: the log is another one now.', 'Error'),
  '410': answer('trimmed: the log does not retain the message.', 'Error'),
};

/** Taking the data of a stored message. */
export const redactionPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/channels/{channel}/messages/{offset}': {
    delete: {
      operationId: 'redact',
      summary: 'Take the data of a stored message, for good',
      description:
        "The message's place stays, and whoever has it is told. Only in a log that its contract calls redactable. " +
        'One that was redacted before is answered with duplicate.',
      parameters: [
        channel,
        offset,
        epoch,
        reason,
        queryText('user', 'The user in whose name it is redacted.', wireLimits.tokenLength),
        idempotencyKey,
      ],
      responses,
    },
  },
};

/** Likewise in an inbox. */
export const inboxRedactionPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/users/{user}/messages/{offset}': {
    delete: {
      operationId: 'redactInbox',
      summary: "Take the data of a message in a user's inbox, for good",
      description:
        "The message's place stays, and clients of the user that have it are told. Only where @me is redactable.",
      parameters: [user, offset, epoch, reason, idempotencyKey],
      responses,
    },
  },
};
