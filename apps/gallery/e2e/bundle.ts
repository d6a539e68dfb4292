import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A source with all that it imports, as one script for a page. */
export async function bundle(source: URL): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry: fileURLToPath(source), formats: ['es'], fileName: 'script' } },
  });
  const [output] = built as { output: readonly { code?: string }[] }[];
  return output!.output[0]!.code!;
}
