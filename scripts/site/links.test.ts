import { describe, expect, it } from 'vitest';
import { anchorsOf, brokenLinks, mapLinks, slugOf } from './links.mjs';

describe('links of pages', () => {
  it('are replaced wherever they stand, and code stays as it is', () => {
    const page = [
      'See [one](a.md#x), ![two](b.png) and [`three()`](c.md "title").',
      '`[four](d.md)` is code, <img src="e.svg" alt="">',
      '```md',
      '[five](f.md)',
      '```',
      '[six]: g.md',
      '[seven](h_(i).md)',
    ].join('\n');
    const found: string[] = [];
    const same = mapLinks(page, (target: string) => {
      found.push(target);
      return target;
    });
    expect(same).toBe(page);
    expect(found).toEqual(['a.md#x', 'b.png', 'c.md', 'e.svg', 'g.md', 'h_(i).md']);
    expect(mapLinks('[a](b.md)', () => '/b')).toBe('[a](/b)');
  });

  it('lead to headings by the anchors that hosts of repositories give them', () => {
    expect(slugOf('The HTTP API')).toBe('the-http-api');
    expect([
      ...anchorsOf("# Cookies and `allowedOrigins: '*'`\n## A [link](x.md), twice\n## A link, twice\n```\n# no\n```"),
    ]).toEqual(['cookies-and-allowedorigins-', 'a-link-twice', 'a-link-twice-1']);
  });

  it('that lead nowhere are told', () => {
    const pages = new Map([
      [
        'docs/a.md',
        '# A\n[b](b.md#there) [c](c.md) [d](b.md#gone) [e](#a) [f](https://example.com) [g](../../x) [h](/b)',
      ],
      ['docs/b.md', '# B\n## There'],
    ]);
    expect(brokenLinks(pages, (place: string) => pages.has(place))).toEqual([
      "docs/a.md: there is no 'c.md'",
      "docs/a.md: 'b.md#gone' has no such anchor",
      "docs/a.md: '../../x' leaves the repository",
      "docs/a.md: '/b' is no relative link",
    ]);
  });
});
