import { createHash } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ chat: log() }) });

const script = `
  const form = document.querySelector('form');
  const list = document.querySelector('ul');
  const client = longwave.connect('/');
  const chat = client.channel('chat');

  client.onState(({ status }) => { document.querySelector('output').value = status; });
  chat.subscribe({ from: { last: 50 } }, ({ text }) => {
    list.append(Object.assign(document.createElement('li'), { textContent: text }));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    chat.publish({ text: form.elements.text.value });
    form.reset();
  });
`;

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Chat</title>
  <ul></ul>
  <form><input name="text" aria-label="Message" required maxlength="500" autocomplete="off"> <button>Send</button></form>
  <p><output></output></p>
  <script src="/longwave.js"></script>
  <script>${script}</script>
</html>
`;

// The page may run its own two scripts and talk to its own server, and nothing else.
const hash = createHash('sha256').update(script).digest('base64');
const policy = `default-src 'none'; script-src 'self' 'sha256-${hash}'; connect-src 'self'; form-action 'none'`;

const http = createHttpServer((request, response) => {
  if (request.url !== '/') return void response.writeHead(404).end();
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Security-Policy', policy);
  response.end(page);
});

longwave.attach(http);

http.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});
