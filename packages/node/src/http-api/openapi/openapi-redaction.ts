import { wireLimits } from '@longwave/protocol';
import { type Operation, answer, channel, idempotencyKey, publishRefusals, refusals } from './openapi-parts.js';

const queryText = (name: string, description: string, maxLength: number) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', minLength: 1, maxLength },
});

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
        {
          name: 'offset',
          in: 'path',
          required: true,
          description: 'The place of the message in the log.',
          schema: { type: 'integer', minimum: 1 },
        },
        queryText(
          'epoch',
          'The epoch of the log that is meant. Default: the log that there is now.',
          wireLimits.epochLength,
        ),
        queryText('reason', 'Told to those who have the message.', wireLimits.reasonLength),
        queryText('user', 'The user in whose name it is redacted.', wireLimits.tokenLength),
        idempotencyKey,
      ],
      responses: {
        '200': answer('Redacted: the position is that of the redaction.', 'Published'),
        ...refusals,
        '400': answer('The request is malformed, or wrong-mode: the channel is no redactable log.', 'Error'),
        '404': publishRefusals['404']!,
        '409': answer('epoch-changed: the log is another one now.', 'Error'),
        '410': answer('trimmed: the log does not retain the message.', 'Error'),
      },
    },
  },
};
