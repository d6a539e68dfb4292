import { describe, expect, it } from 'vitest';
import type { Lines } from '../../shared/compare.js';
import { perLane } from './per-lane.js';
import { createTimeline } from './timeline.js';

const linesOf = (bytes: number): Lines => perLane(() => ({ up: bytes, down: 0, connections: 1 }));

describe('the timeline', () => {
  it('has the median of each second that is over, and a hole where nothing came', () => {
    const timeline = createTimeline();
    timeline.addLatency('stream', 100, 5);
    timeline.addLatency('stream', 200, 9);
    timeline.addLatency('stream', 900, 7);
    timeline.addLatency('polling', 1500, 400);
    timeline.addLatency('stream', 2500, 1);
    const { seconds, latencyMs } = timeline.plot(2600);
    expect(seconds).toEqual([0, 1]);
    expect(latencyMs.stream).toEqual([7, null]);
    expect(latencyMs.polling).toEqual([null, 400]);
  });

  it('divides what passed by the messages of the last ten seconds', () => {
    const timeline = createTimeline();
    timeline.addLines(linesOf(1000), 0);
    timeline.addLatency('stream', 100, 1);
    timeline.addLines(linesOf(1100), 1500);
    timeline.addLatency('stream', 1600, 1);
    timeline.addLines(linesOf(1400), 12_000);
    timeline.addLatency('stream', 12_100, 1);
    const { bytesPerMessage } = timeline.plot(13_000);
    expect(bytesPerMessage.stream).toEqual([0, 50, 300]);
    expect(bytesPerMessage.polling).toEqual([null, null, null]);
  });

  it('keeps two minutes', () => {
    const timeline = createTimeline();
    for (let second = 0; second < 300; second++) timeline.addLatency('stream', second * 1000, 1);
    const { seconds } = timeline.plot(300_000);
    expect(seconds).toHaveLength(120);
    expect(seconds[0]).toBe(180);
  });
});
