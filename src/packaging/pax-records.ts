/*
 * The records of a pax extended header: each its own length in decimal, a space, a keyword, "=", a value and a newline.
 */

/**
 * Writes pax records.
 *
 * @see POSIX.1-2017 pax, "pax Extended Header"
 */
export function toPaxRecords(values: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    Object.entries(values)
      .map(([keyword, value]) => toPaxRecord(`${keyword}=${value}`))
      .join(""),
  );
}

/** The length counts its own digits, too. */
function toPaxRecord(text: string): string {
  const rest = Buffer.byteLength(text) + 2;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length += 1;
  return `${length} ${text}\n`;
}

/**
 * Reads pax records; of those with the same keyword the last one counts.
 *
 * @returns undefined when they are not well-formed.
 */
export function tryParsePaxRecords(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const [, digits = ""] = /^([1-9]\d{0,7}) /.exec(bytes.toString("latin1", at, at + 9)) ?? [];
    const end = at + Number(digits);
    const text = bytes.toString("utf8", at + digits.length + 1, end - 1);
    const equals = text.indexOf("=");
    if (digits === "" || end > bytes.length || bytes[end - 1] !== 0x0a || equals < 1) return undefined;
    records.set(text.slice(0, equals), text.slice(equals + 1));
    at = end;
  }
  return records;
}
