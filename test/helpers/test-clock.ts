/** A clock that always says the same. */
export const TEST_CLOCK = { now: () => Date.parse("2026-03-01T12:00:00Z") };
