import { expect, it } from 'vitest';
import { outputOfStep, runLanes, say } from './lanes.mjs';
import { run } from './run.mjs';

/** A step that says that it begins, waits until it is told to go on, and says that it ends. */
function makeStep(name: string) {
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const work = async (): Promise<void> => {
    say(`${name} begins`);
    await told;
    say(`${name} ends`);
  };
  return { work, goOn: () => goOn() };
}

it('runs lanes beside each other, and shows the first as it goes on, of the others a step at a time', async () => {
  const [a, b, c] = [makeStep('a'), makeStep('b'), makeStep('c')];
  let output = '';
  const over = runLanes(
    [[a], [b, c]],
    ({ work }) => work(),
    (text) => void (output += text),
  );
  expect(output).toBe('a begins\n');
  b.goOn();
  await expect.poll(() => output).toBe('a begins\nb begins\nb ends\n');
  a.goOn();
  await expect.poll(() => output).toBe('a begins\nb begins\nb ends\na ends\n');
  c.goOn();
  await over;
  expect(output).toBe('a begins\nb begins\nb ends\na ends\nc begins\nc ends\n');
});

it('holds what a command of a step says', async () => {
  const shown: string[] = [];
  const speak = async (word: string): Promise<void> => {
    outputOfStep()('> ');
    await run([process.execPath, '-e', `console.log('${word}')`], { echo: true });
  };
  await runLanes([[], ['one', 'two']], speak, (text) => void shown.push(text));
  expect(shown).toEqual(['> one\n', '> two\n']);
});
