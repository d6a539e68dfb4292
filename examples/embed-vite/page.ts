/// <reference lib="dom" />
import { connect } from 'longwave/client';
import type { channels } from './channels.js';

const client = connect<typeof channels>(location.origin);
const list = document.querySelector('ul')!;

client.channel('news').subscribe({ from: { last: 10 } }, ({ text }) => {
  list.append(Object.assign(document.createElement('li'), { textContent: text }));
});
