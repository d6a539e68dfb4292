import { expect, it } from 'vitest';
import { companyName } from '../../shared/ticker/companies.js';
import { shownCompanies } from './shown-companies.js';
import { pointsOf } from './points.js';

it('shows companies that there are', () => {
  for (const { symbol, name } of shownCompanies) expect(companyName(symbol)).toBe(name);
});

it('draws the oldest value left, the least at the bottom', () => {
  expect(pointsOf([1, 3, 2])).toBe('0,34 60,2 120,18');
  expect(pointsOf([5, 5])).toBe('0,34 120,34');
  expect(pointsOf([5])).toBe('');
});
