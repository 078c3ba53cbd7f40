/**
 * The end of a text of any length: it keeps the last `maxLength` characters, lines or not. A damaged file can make ffmpeg
 * print a line for each of its frames, and a program that is no ffmpeg can print one line that never ends.
 */
export class TextTail {
  readonly #maxLength: number;
  #text = "";
  #isCut = false;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  append(text: string): void {
    const all = this.#text + text;
    this.#isCut ||= all.length > this.#maxLength;
    this.#text = all.slice(-this.#maxLength);
  }

  /** Gives what was kept; when something was cut, from the beginning of a line if there is one. */
  toString(): string {
    const lineEnd = this.#isCut ? this.#text.indexOf("\n") : -1;
    return this.#text.slice(lineEnd + 1);
  }
}
