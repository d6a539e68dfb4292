import type { ReactElement } from 'react';
import { defaultMarketRate, marketRates, viewRates } from '../../shared/ticker/limits.js';
import { Slider } from '../compare/controls.js';
import type { Ticker, TickerState } from './ticker.js';

interface TickerControlsProps {
  readonly ticker: Ticker;
  readonly state: TickerState;
}

/** One place to the right of the highest rate. */
const everyTick = viewRates.max + 1;

export function TickerControls({ ticker, state: { market, rate } }: TickerControlsProps): ReactElement {
  const marketRate = market?.rate ?? defaultMarketRate;
  const rateIndex = marketRates.findIndex((each) => each >= marketRate);
  return (
    <div className="controls">
      <fieldset>
        <legend>Your view, for this tab alone</legend>
        <Slider
          label="Update rate"
          value={rate ?? everyTick}
          min={viewRates.min}
          max={everyTick}
          text={rate === undefined ? 'every tick' : `${rate} a second`}
          onChange={(value) => ticker.choose({ rate: value === everyTick ? undefined : value })}
        />
      </fieldset>
      <fieldset>
        <legend>The market, for all visitors</legend>
        <Slider
          label="Speed of the market"
          value={rateIndex}
          max={marketRates.length - 1}
          text={marketRate === 0 ? 'stands still' : `${marketRate.toLocaleString('en')} updates a second`}
          onChange={(index) => ticker.setMarketRate(marketRates[index] ?? marketRate)}
        />
      </fieldset>
    </div>
  );
}
