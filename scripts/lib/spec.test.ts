import { describe, expect, it } from 'vitest';
import { compareSpec, rulesOf, titlesOf } from './spec.mjs';

const titles = (source: string) => titlesOf('x.test.ts', source).map(({ title }) => title);

describe('rulesOf', () => {
  it('reads the ids in their order', () => {
    expect(rulesOf('- **SUB-1** one\n- **WIRE-12** two, see SUB-1')).toEqual(['SUB-1', 'WIRE-12']);
  });

  it('refuses an id that is defined twice', () => {
    expect(() => rulesOf('**SUB-1** **SUB-1**')).toThrow('SUB-1 is defined twice');
  });
});

describe('titlesOf', () => {
  it('finds titles in every form of a test', () => {
    const source = `
      describe('SUB-1', () => {
        it('SUB-2: a', () => {});
        it.each([1])('SUB-3: %s', () => {});
        test.concurrent(\`SUB-4: \${x} b\`, async () => {});
        it.each\`a\`('SUB-5: c', () => {});
      });`;
    expect(titles(source)).toEqual(['SUB-1', 'SUB-2: a', 'SUB-3: %s', 'SUB-4: … b', 'SUB-5: c']);
  });

  it('does not count comments, strings, or what is skipped', () => {
    const source = `
      // it('SUB-1: no', () => {});
      const text = "it('SUB-2: no')";
      it.skip('SUB-3: no', () => {});
      it.todo('SUB-4: no');
      describe.skip('x', () => { it('SUB-5: no', () => {}); });
      other('SUB-6: no');`;
    expect(titles(source)).toEqual([]);
  });

  it('knows the line', () => {
    expect(titlesOf('x.test.ts', `\n\nit('a', () => {});`)).toEqual([{ title: 'a', line: 3 }]);
  });
});

describe('compareSpec', () => {
  const at = (title: string) => ({ file: 'x.test.ts', line: 1, title });

  it('names the rules that no test carries', () => {
    expect(compareSpec(['SUB-1', 'SUB-2', 'SUB-11'], [at('SUB-11, SUB-2: both')])).toEqual({
      missing: ['SUB-1'],
      foreign: [],
    });
  });

  it('names the ids that are no rules', () => {
    const { foreign } = compareSpec(
      ['SUB-1'],
      [at('SUB-1: a'), at('as SUB-9 says'), at('XYZ-1: b'), at('SUB-1, XYZ-2: c')],
    );
    expect(foreign.map(({ id }) => id)).toEqual(['SUB-9', 'XYZ-1', 'XYZ-2']);
  });

  it('takes UTF-8 for no rule', () => {
    expect(compareSpec(['SUB-1'], [at('SUB-1: UTF-8 and SHA-1')])).toEqual({ missing: [], foreign: [] });
  });
});
