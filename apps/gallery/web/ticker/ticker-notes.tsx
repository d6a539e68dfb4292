import type { ReactElement } from 'react';

/** Explains the server's side of the page, and how far its figures can be trusted. */
export function TickerNotes(): ReactElement {
  return (
    <section className="panel notes" aria-labelledby="notes-title">
      <div className="panel-head">
        <h2 id="notes-title">What to look for</h2>
      </div>
      <dl>
        <div>
          <dt>A rate of your own</dt>
          <dd>
            Open a second tab at another rate. Each gets the latest price of every symbol as often as it asked, and when
            the market stands still both show the same: what was merged away was overtaken, and nothing else was.
          </dd>
        </div>
        <div>
          <dt>Nobody watches, nothing runs</dt>
          <dd>
            The simulator is told what is asked of its channels. It stores the quotes of the symbols that somebody looks
            at, no more often than the fastest viewer wants them, and stops when the last one leaves. Books and trades
            move for the companies that somebody has open.
          </dd>
        </div>
        <div>
          <dt>Merged away</dt>
          <dd>
            Every quote carries the number of its update. The page counts the numbers that it never saw, wherever a
            later one took their place: in the simulator, on the server, or in one frame.
          </dd>
        </div>
        <div>
          <dt>After “Kill the server”</dt>
          <dd>
            The market is invented by its process and stands in its memory alone. Another process opens another market,
            and the page is told so: its channels begin anew, with one reset each. The chat, which is on the disk, goes
            on where it was.
          </dd>
        </div>
        <div>
          <dt>Bytes and latency</dt>
          <dd>
            Bytes are what this page’s connection brings, frame headers included, for quotes, book and trades together.
            Latency is the time between a quote’s storing and its arrival, by the server’s clock as the page estimates
            it: at a low rate it is mostly the wait that you asked for.
          </dd>
        </div>
      </dl>
    </section>
  );
}
