const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Writes a length of time: `0:04.2`, `12:07`, `1:02:30`; tenths where they tell something. */
export function toDurationWords(seconds: number): string {
  const tenths = seconds < 60 ? 10 : 1;
  // Rounded once, so that 59.96 s is 1:00 and never 0:60.0.
  const rounded = Math.round(seconds * tenths) / tenths;
  const [hours, minutes] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60];
  const rest = (rounded % 60).toFixed(rounded < 60 ? 1 : 0).padStart(rounded < 60 ? 4 : 2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Writes a number of bytes as its magnitude, and exactly beside it: `1.5 MB (1,500,000 bytes)`. */
export function toByteWords(bytes: number): string {
  return bytes < 1000 ? toMagnitudeWords(bytes) : `${toMagnitudeWords(bytes)} (${toGroupedDigits(bytes)} bytes)`;
}

/** Writes how large a number of bytes is: `1.5 MB`. */
export function toMagnitudeWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return power === 0 ? `${toGroupedDigits(bytes)} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** Writes a number with its thousands set off by commas. */
export function toGroupedDigits(value: number): string {
  return value.toLocaleString("en-GB");
}

/** Writes how many there are of something. */
export function toCountWords(count: number, noun: string): string {
  return `${toGroupedDigits(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Writes an instant that is in UTC as it is read, and says that it is in UTC: `2026-01-05 08:00:00 UTC`. */
export function toInstantWords(instant: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(instant) ?? [];
  // What is no such instant is shown as it is: a package is not to be made to say what it does not.
  return day === undefined ? instant : `${day} ${time} UTC`;
}
