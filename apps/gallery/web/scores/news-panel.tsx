import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { headlineTags } from '../../shared/scores/limits.js';
import { ageWords } from '../lib/age-words.js';
import { useStore } from '../lib/store.js';
import { useNow } from '../lib/use-now.js';
import { useSession } from '../session/session-context.js';
import { createNews, shownHeadlines } from './news.js';
import { useOpened } from '../lib/use-opened.js';

export function NewsPanel(): ReactElement {
  const { client } = useSession();
  const news = useOpened(createNews, { client });
  const state = useStore(news.store);
  const now = useNow();
  const headlines = shownHeadlines(state);
  return (
    <section className="panel" aria-labelledby="news-title">
      <div className="panel-head">
        <h2 id="news-title">News</h2>
      </div>
      <div className="news-tags" role="group" aria-label="Which headlines">
        {[undefined, ...headlineTags].map((tag) => (
          <button
            key={tag ?? ''}
            type="button"
            className="news-tag"
            aria-pressed={state.tag === tag}
            onClick={() => news.choose(tag)}
          >
            {tag ?? 'all'}
          </button>
        ))}
      </div>
      <ul className="headlines" data-testid="headlines">
        {headlines.map(({ key, text, tag, match, time }) => (
          <li key={key} className="headline">
            <span className="quiet">
              {tag} · {ageWords(now - time)} ago
            </span>
            {match === undefined ? <p>{text}</p> : <Link href={`/scores/${match}`}>{text}</Link>}
          </li>
        ))}
      </ul>
      {headlines.length === 0 && <p className="empty">Nothing yet.</p>}
    </section>
  );
}
