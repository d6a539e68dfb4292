import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/**
 * The packages are ES modules only: what a CommonJS importer would meet does not count. With `moduleResolution: node` types have
 * to be found all the same.
 */
function concernsModules(problem) {
  return problem.resolutionKind !== 'node16-cjs';
}

function describeProblem(problem) {
  const { title, docsUrl } = problemKindInfo[problem.kind];
  const where = [problem.entrypoint, problem.resolutionKind].filter((part) => part !== undefined).join(', ');
  return `${title}${where === '' ? '' : ` (${where})`}${docsUrl === undefined ? '' : `: ${docsUrl}`}`;
}

/**
 * Returns the complaints of publint and are-the-types-wrong about a tarball. A package without entries, such as a command, needs no types.
 * @param {Buffer} bytes
 * @param {any} manifest
 * @returns {Promise<string[]>}
 */
export async function judgeTarball(bytes, manifest) {
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  const problems = messages.map((message) => formatMessage(message, pkg, { color: false }));
  if (manifest.exports === undefined) return problems;

  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (analysis.types === false) problems.push('ships no types');
  else problems.push(...analysis.problems.filter(concernsModules).map(describeProblem));
  return problems;
}
