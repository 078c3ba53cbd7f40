/**
 * Reads Base64 as its encoder writes it and in no other way: padded, no white space, no stray bits at the end. Thus the same
 * bytes have one text, and a changed text is another signature.
 *
 * @returns undefined when the text is none.
 * @see RFC 4648 sections 3.5 and 4
 */
export function tryDecodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
