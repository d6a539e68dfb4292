import { Agent, request } from 'node:http';

/** Every request of a client goes over a connection of its own, kept alive, as browsers do it for a poll. */
export class HttpClient {
  requests = 0;
  #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  #port;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   * @param {string} [body]
   * @returns {Promise<string>}
   */
  ask(method, path, body) {
    this.requests++;
    const headers =
      body === undefined ? {} : { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.#port, method, path, headers, agent: this.#agent },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece) => (text += piece));
          response.on('end', () => {
            if (response.statusCode === 200) resolve(text);
            else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
          });
          response.on('error', reject);
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
