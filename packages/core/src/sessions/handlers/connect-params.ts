import { isPlainObject, isWellFormed, utf8Length, wireLimits } from '@longwave/protocol';

/** Says why what came as `params` of a `connect` is refused; undefined where it is not (SES-17). */
export function faultOfParams(params: unknown): string | undefined {
  if (!isPlainObject(params)) return "'params' is no object.";
  const entries = Object.entries(params);
  if (entries.length > wireLimits.params) return `'params' has more than ${wireLimits.params} members.`;
  const wrong = entries.find(([name, value]) => typeof value !== 'string' || !isWellFormed(name + value));
  if (wrong) return `'params' has a member '${wrong[0].slice(0, 40)}' that is no text.`;
  if (utf8Length(JSON.stringify(params)) <= wireLimits.paramsBytes) return undefined;
  return `'params' takes more than ${wireLimits.paramsBytes} bytes as JSON.`;
}
