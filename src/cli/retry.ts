/** Patience with a vendor that fails for a moment. */
export const RETRY = { attempts: 5, firstDelayMs: 500, maxDelayMs: 30_000, random: Math.random };
