import { type RedactOptions, type RulesOf, checkOptions, isPlainObject, option, wireLimits } from '@longwave/protocol';
import { textRule, userOption } from './server-arguments.js';

/** Options of a redaction by the server. */
export interface ServerRedactOptions extends RedactOptions {
  /** Message id: a redaction with the same id is stored once (PUB-3). */
  readonly id?: string;
  /** User in whose name the server redacts. Default: none. */
  readonly user?: string;
}

const redactRules: RulesOf<ServerRedactOptions> = {
  reason: textRule(wireLimits.reasonLength),
  id: textRule(wireLimits.messageIdLength),
  user: userOption,
};

/** Throws `TypeError` that names the argument. The target may be a message's whole `meta`. */
export function checkRedaction(target: unknown, options: unknown): void {
  const { epoch, offset } = isPlainObject(target) ? target : {};
  checkOptions(
    'redact',
    { epoch, offset },
    {
      epoch: textRule(wireLimits.epochLength),
      offset: { ...option.wholeNumber(1), required: true },
    },
  );
  checkOptions('redact', options, redactRules);
}
