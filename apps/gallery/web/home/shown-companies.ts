/** Some companies of the ticker; a test holds them to its list. */
export const shownCompanies = [
  { symbol: 'KESM', name: 'Kestrel Metals' },
  { symbol: 'OSPT', name: 'Osprey Telecom' },
  { symbol: 'NIMT', name: 'Nimbus Telecom' },
  { symbol: 'DRAP', name: 'Drake Pharma' },
] as const;
