import { expect, it } from 'vitest';
import { readExamples } from './examples.mjs';

const source = `/**
 * Adds.
 * \`\`\`ts
 * not(an, example)
 * \`\`\`
 * @example
 * \`\`\`ts
 * add(1,
 *   2);
 * \`\`\`
 * or
 * \`\`\`tsx
 * <Sum />
 * \`\`\`
 */
export const add = 1;
  /**
   * @throws never
   * \`\`\`ts
   * neither()
   * \`\`\`
   */
`;

it('reads the fenced blocks after @example, with their lines and languages', () => {
  expect(readExamples(source)).toEqual([
    { code: 'add(1,\n  2);', line: 7, language: 'ts' },
    { code: '<Sum />', line: 12, language: 'tsx' },
  ]);
});
