/** Time for the whole answer. */
const timeoutMs = 5_000;
/** A set of a hundred RSA keys with their certificates fits. */
export const maxDocumentBytes = 512 * 1024;

/**
 * Returns the JSON document at `url`. Rejects unless it comes with status 200, within 5 s and 512 KiB. A redirect is not followed:
 * whoever can answer with one would choose the keys.
 */
export async function fetchDocument(url: string): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { status, body } = response;
  if (status !== 200 || !body) {
    await body?.cancel();
    const isRedirect = status >= 300 && status < 400;
    throw new Error(isRedirect ? `It answers ${status}, and redirects are not followed.` : `It answers ${status}.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // The end of the loop lets go of the connection.
    if (bytes > maxDocumentBytes) throw new Error(`Its answer is longer than ${maxDocumentBytes} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    // The error of JSON.parse would quote the answer.
    throw new Error('Its answer is no JSON.');
  }
}
