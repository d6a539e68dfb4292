// As much of ava as the tests use.
import assert from 'node:assert/strict';

const timeoutMs = 15_000;

function createContext(teardowns, fail) {
  let asserted = 0;
  let planned;
  const check = (work) => {
    asserted++;
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };
  return {
    pass: () => check(() => undefined),
    fail: (message = 'fail()') => check(() => assert.fail(message)),
    is: (actual, expected) => check(() => assert.ok(Object.is(actual, expected), `${actual} is not ${expected}`)),
    not: (actual, expected) => check(() => assert.ok(!Object.is(actual, expected))),
    true: (value) => check(() => assert.equal(value, true)),
    false: (value) => check(() => assert.equal(value, false)),
    truthy: (value) => check(() => assert.ok(value)),
    falsy: (value) => check(() => assert.ok(!value)),
    assert: (value) => check(() => assert.ok(value)),
    deepEqual: (actual, expected) => check(() => assert.deepEqual(actual, expected)),
    notDeepEqual: (actual, expected) => check(() => assert.notDeepEqual(actual, expected)),
    regex: (text, pattern) => check(() => assert.match(text, pattern)),
    throws(work, expected) {
      let thrown;
      check(() =>
        assert.throws(
          work,
          (error) => ((thrown = error), !expected?.instanceOf || error instanceof expected.instanceOf),
        ),
      );
      return thrown;
    },
    /** Assertions that may fail: what they come to counts when it is committed. */
    async try(work) {
      let error;
      const inner = createContext(teardowns, (failure) => (error ??= failure));
      try {
        await work(inner);
      } catch (failure) {
        error ??= failure;
      }
      return {
        passed: error === undefined,
        errors: error === undefined ? [] : [error],
        commit: () => check(() => assert.ok(error === undefined, error?.message)),
        discard: () => undefined,
      };
    },
    plan: (count) => void (planned = count),
    timeout: () => undefined,
    log: () => undefined,
    teardown: (work) => void teardowns.push(work),
    verdict() {
      if (planned !== undefined && asserted !== planned) return `${asserted} assertions, not ${planned}`;
      return asserted === 0 ? 'no assertion' : undefined;
    },
  };
}

async function run(work) {
  const teardowns = [];
  let failure;
  const t = createContext(teardowns, (error) => (failure ??= error));
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(() => resolve('timeout'), timeoutMs)));
  try {
    const outcome = await Promise.race([Promise.resolve(work(t)).then(() => 'done'), late]);
    if (outcome === 'timeout') failure ??= new Error(`It did not end within ${timeoutMs} ms.`);
  } catch (error) {
    failure ??= error;
  }
  clearTimeout(timer);
  const verdict = failure?.message ?? t.verdict();
  for (const end of teardowns.reverse()) await end();
  return verdict;
}

export function test(title, work) {
  globalThis.judged.push({ title, run: () => run(work) });
}
test.skip = () => undefined;
