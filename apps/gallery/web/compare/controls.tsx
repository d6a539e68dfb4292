import type { ReactElement } from 'react';
import { maxDelayMs } from '../../shared/compare-limits.js';
import type { Settings } from './comparison.js';

const rates = [0.2, 0.5, 1, 2, 5, 10, 20, 50] as const;

/** Bits as providers count them, bytes as the line does. */
const bandwidths = [
  { label: 'no limit', bytesPerSecond: null },
  { label: '10 Mbit/s', bytesPerSecond: 1_250_000 },
  { label: '1 Mbit/s', bytesPerSecond: 125_000 },
  { label: '256 kbit/s', bytesPerSecond: 32_000 },
  { label: '64 kbit/s', bytesPerSecond: 8000 },
] as const;

interface ControlsProps {
  readonly settings: Settings;
  readonly onChoose: (change: Partial<Settings>) => void;
}

export function Controls({ settings, onChoose }: ControlsProps): ReactElement {
  const { rate, pollSeconds, delayMs, bytesPerSecond } = settings;
  const rateIndex = rates.findIndex((each) => each >= rate);
  return (
    <div className="controls">
      <fieldset>
        <legend>The feed</legend>
        <Slider
          label="Messages"
          value={rateIndex}
          max={rates.length - 1}
          text={`${rate} a second`}
          onChange={(index) => onChoose({ rate: rates[index] ?? rate })}
        />
        <Slider
          label="Polling asks every"
          value={pollSeconds}
          min={1}
          max={10}
          text={`${pollSeconds} s`}
          onChange={(seconds) => onChoose({ pollSeconds: seconds })}
        />
      </fieldset>
      <fieldset>
        <legend>The network</legend>
        <Slider
          label="Added delay, each way"
          value={delayMs}
          max={maxDelayMs}
          step={25}
          text={`${delayMs} ms`}
          onChange={(ms) => onChoose({ delayMs: ms })}
        />
        <label className="control">
          <span className="control-name">Bandwidth of each lane</span>
          <select
            value={String(bytesPerSecond)}
            onChange={({ target }) =>
              onChoose({ bytesPerSecond: target.value === 'null' ? null : Number(target.value) })
            }
          >
            {bandwidths.map((each) => (
              <option key={each.label} value={String(each.bytesPerSecond)}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
    </div>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly step?: number;
  /** The value as a person would say it. */
  readonly text: string;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, min = 0, max, step = 1, text, onChange }: SliderProps): ReactElement {
  return (
    <label className="control">
      <span className="control-name">{label}</span>
      <span className="control-value" aria-hidden="true">
        {text}
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={text}
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    </label>
  );
}
