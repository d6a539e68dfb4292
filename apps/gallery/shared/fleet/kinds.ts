export const vehicleKinds = ['ship', 'aircraft'] as const;
export type VehicleKind = (typeof vehicleKinds)[number];

/** The fleet's clock runs so many times as fast as the one on the wall: what moves is seen to move. */
export const timeScale = 60;

/** How many there are of each. */
export const fleetCounts: Readonly<Record<VehicleKind, number>> = { ship: 12_000, aircraft: 8000 };
