/** What people put between digits to read them more easily. See RFC 3966, section 5.1.1, and E.123. */
const SEPARATORS = /[\s().\-/]/g;

/** Whatever stands before them, numbers with other last digits are others; with fewer, it may be an extension. */
const TELLING_DIGITS = 6;

/**
 * Tells whether two texts name the same number, as far as they tell: their digits are compared, without the `+` or `00` that
 * begins an international one. No country or area code is guessed. Of a SIP or telephone address (`sip:+4930123456@host`,
 * `"A" <sip:…>`, `+4930123456@host`, `tel:+49-30-123456`) the number counts.
 *
 * @returns undefined when it cannot be told: `030 123456`, `+49 (0)30 123456`, the extension `3456` and the name of a
 * device, or `anonymous`, may all be +49 30 123456.
 * @see RFC 3261 section 19.1, RFC 3966 section 5
 */
export function sameNumber(one: string, other: string): boolean | undefined {
  const [user, otherUser] = [toUser(one), toUser(other)];
  if (user === otherUser) return true;
  const [first, second] = [tryParseNumber(user), tryParseNumber(otherUser)];
  if (first === undefined || second === undefined) return undefined;
  if (first.digits === second.digits) return true;
  if (first.isComplete && second.isComplete) return false;
  return mayBeOne(first.digits, second.digits) ? undefined : false;
}

/** Tells whether a text, or the user in an address, is a number that can be dialled. */
export function isPhoneNumber(text: string): boolean {
  return tryParseNumber(toUser(text)) !== undefined;
}

/** Takes the user out of an address; any other text is given back as it is. */
function toUser(text: string): string {
  const [, address = text] = /<([^<>]*)>/.exec(text) ?? [];
  const bare = address.trim().replace(/^(?:sips?|tel):/i, "");
  return bare.replace(/[@;].*$/s, "");
}

interface PhoneNumber {
  readonly digits: string;
  /** Whether it begins with its country, and has no digit in it that is dialled within that country alone. */
  readonly isComplete: boolean;
}

/** A name that has digits in it, such as `user_12`, is no number. */
function tryParseNumber(user: string): PhoneNumber | undefined {
  const [, prefix, digits] = /^(\+|00)?(\d+)$/.exec(user.replaceAll(SEPARATORS, "")) ?? [];
  return digits === undefined ? undefined : { digits, isComplete: prefix !== undefined && !user.includes("(0)") };
}

function mayBeOne(digits: string, otherDigits: string): boolean {
  const isShort = Math.min(digits.length, otherDigits.length) <= TELLING_DIGITS;
  return isShort || digits.slice(-TELLING_DIGITS) === otherDigits.slice(-TELLING_DIGITS);
}
