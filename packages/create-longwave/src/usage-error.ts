/** The command cannot be carried out as it was given: its message is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
