'use client';

import { useMessages } from 'longwave/react';
import { useChannel } from './realtime';

export function News() {
  const { messages } = useMessages(useChannel('news'), { from: { last: 10 } });
  return (
    <ul>
      {messages.map(({ data, meta }) => (
        <li key={`${meta.epoch} ${meta.offset}`}>{data.text}</li>
      ))}
    </ul>
  );
}
