import { describe, expect, it } from 'vitest';
import { companies, companyName, findCompanies, isSymbol } from './companies.js';

describe('the listing', () => {
  it('has 500 companies, each with a symbol of its own', () => {
    expect(companies).toHaveLength(500);
    expect(new Set(companies.map(({ symbol }) => symbol)).size).toBe(500);
    expect(new Set(companies.map(({ name }) => name)).size).toBe(500);
    for (const { symbol } of companies) expect(symbol).toMatch(/^[A-Z]{4}$/);
  });

  it('knows a symbol from what is none, and its company', () => {
    expect(isSymbol('CEDF')).toBe(true);
    expect(companyName('CEDF')).toBe('Cedar Foods');
    for (const bad of ['', 'cedf', 'XXXX', 'constructor']) expect(isSymbol(bad)).toBe(false);
    expect(companyName('XXXX')).toBe('');
  });

  it('is searched by symbol, by name and by each word of it', () => {
    expect(findCompanies('cedf', 5)).toEqual([{ symbol: 'CEDF', name: 'Cedar Foods' }]);
    expect(findCompanies(' cedar fo', 5).map(({ symbol }) => symbol)).toEqual(['CEDF']);
    expect(findCompanies('robo', 100)).toHaveLength(50);
    expect(findCompanies('robo', 3)).toHaveLength(3);
    expect(findCompanies('  ', 5)).toEqual([]);
    expect(findCompanies('zzz', 5)).toEqual([]);
  });
});
