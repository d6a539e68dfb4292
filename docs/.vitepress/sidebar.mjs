// The sidebar, in the order in which a newcomer reads. A page that does not exist is left out; one that exists and stands nowhere here
// is listed under "More". So a page needs its file alone, and a line here gives it its place.

/** Groups of routes. A route that ends in `*` takes all pages that begin so and stand nowhere else, by their titles. */
const groups = [
  { text: 'Start', routes: ['getting-started', 'concepts', 'channels', 'create', 'faq'] },
  {
    text: 'Channels',
    routes: [
      'log',
      'map',
      'value',
      'views',
      'presence',
      'calls',
      'payloads',
      'documents',
      'document-failures',
      'rooms',
    ],
  },
  { text: 'Guides', routes: ['guides/*'] },
  {
    text: 'Application',
    routes: [
      'authentication',
      'hooks',
      'react',
      'other-frameworks',
      'server',
      'embedding',
      'script',
      'runtimes',
      'errors',
      'testing',
    ],
  },
  {
    text: 'Operation',
    routes: ['deployment', 'operations', 'stores', 'proxies', 'scaling', 'http-api', 'cli', 'limits', 'security'],
  },
  { text: 'Moving here', routes: ['comparison', 'moving-from-*', 'dialects', 'benchmarks'] },
  { text: 'Reference', routes: ['options', 'api', 'reference/*', 'spec'] },
  { text: 'Inside', routes: ['architecture', 'decisions', 'authors', 'contributing', 'changelog'] },
  {
    text: 'Packages and programs',
    routes: ['packages/*', 'apps/*', 'examples', 'bench', 'chaos', 'conformance', 'proxies/*'],
  },
];

/**
 * @param {{ route: string, title: string }[]} pages
 */
export function sidebar(pages) {
  const rest = new Map(pages.filter(({ route }) => route !== 'index').map((page) => [page.route, page]));
  const named = new Set(groups.flatMap(({ routes }) => routes));
  const take = (pattern) => {
    const found = pattern.endsWith('*')
      ? [...rest.values()]
          .filter(({ route }) => route.startsWith(pattern.slice(0, -1)) && !named.has(route))
          .toSorted((a, b) => (a.title < b.title ? -1 : 1))
      : [rest.get(pattern)].filter((page) => page !== undefined);
    for (const { route } of found) rest.delete(route);
    return found.map(({ route, title }) => ({ text: title, link: `/${route}` }));
  };
  const items = groups.map(({ text, routes }) => ({ text, items: routes.flatMap(take) }));
  const more = [...rest.values()].map(({ route, title }) => ({ text: title, link: `/${route}` }));
  items.push({ text: 'More', items: more });
  return items.filter((group) => group.items.length > 0);
}
